"""The one exception that is meant for the user's eyes."""


class UserError(Exception):
    """A mistake that the user can mend: the message says what is wrong, where, what is allowed and what to do.

    Entry points print the message alone; any other exception is a defect of ours and keeps its traceback.
    """
