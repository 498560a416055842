"""The format of CPython's marshal module, which that reads and writes many times as fast as anything
written in Python: containers of texts, numbers, bools and None, nested in each other.

It is the one of marshal.dumps(value, 4), which every Python 3.9 and later has. What it cannot say,
or what only files of version 2 know, goes as protocol.py has it: here that is NotPlain.
"""

# How deep Python's marshal may be: it recurses, and refuses 2000.
MOST_NESTED = 500
MOST_BYTES = 0x7FFFFFFF  # of a text, and elements of a list
FLAG_REF = 0x80  # this object is referred to later
DIGIT = 15  # bits of a digit of a long int
LOWEST = -0x8000000000000000  # of all ints


class NotPlain(Exception):
    """The value is to be written, or was to be written, in the other format."""
