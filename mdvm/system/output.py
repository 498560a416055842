"""Where a program's output goes, and how much of it there may be."""

from mdvm import errors
from mdvm.system.limit_kinds import UNLIMITED


class Output(object):
    """Takes what a program prints.

    limit: int, how many bytes a program may print.
    left: int, how many of them it has not printed yet.
    """

    def __init__(self):
        self.limit = UNLIMITED
        self.left = UNLIMITED

    def allow(self, limit):
        """A program begins.  limit: int, how many bytes it may print."""
        self.limit = limit
        self.left = limit

    def write(self, text):
        """text: str, UTF-8, one byte a character.  Raises RunError beyond the limit."""
        self._charge(len(text))
        self.put(text)

    def write_line(self, text):
        """The same with the end of a line behind the text, both or nothing."""
        self._charge(len(text) + 1)
        self.put_line(text)

    def _charge(self, size):
        if size > self.left:
            raise errors.too_much_output(self.limit)
        self.left -= size

    def put(self, text):
        """As `write`, without a limit."""
        raise NotImplementedError

    def put_line(self, text):
        """As `write_line`, without a limit.  In one step where the sink could be
        ended in between.
        """
        self.put(text + "\n")
