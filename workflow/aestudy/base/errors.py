"""The one exception whose message is meant for the user."""


class UserError(Exception):
    """A mistake that the user can correct: the message says what is wrong, where, what is allowed and what to do.

    Entry points print the message alone; any other exception is a defect of ours and keeps its traceback.
    """
