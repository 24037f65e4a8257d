"""What everything else uses: files, errors, seeds, the identity of a training, names of columns, words of messages.

May import: nothing else of the library.
"""
