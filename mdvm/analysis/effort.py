"""How much work may be done on a program before it runs, and how it can be interrupted meanwhile.

Lowering happens within a run: a timeout and Ctrl-C must be heard. And what an analysis costs
depends on more than the size of the code, so each has a budget; code that exceeds it is lowered
without being analysed.
"""

from mdvm import errors
from mdvm.system.interruption import interruption_requested

_LOOK_EVERY = 1 << 15  # steps from one check for an interruption to the next

UNLIMITED = 1 << 62


class TooMuchEffort(Exception):
    """The budget is spent."""


class Effort(object):
    """A budget.  left: int, the steps that may still be done, each the work of some ten
    nanoseconds.
    """

    def __init__(self, limit=UNLIMITED):
        self.left = limit
        self._unseen = 0

    def spend(self, steps):
        """To be called before or after that many steps.  Raises TooMuchEffort, and RunError where
        the program is to end.
        """
        self.left -= steps
        if self.left < 0:
            raise TooMuchEffort
        self._unseen += steps
        if self._unseen >= _LOOK_EVERY:
            self._unseen = 0
            if interruption_requested():
                raise errors.interrupted()
