"""One global variable.

An int or a float lies in its cell without a box, so that a loop over global variables makes no
objects: it loads and stores numbers. What kind of value a cell holds changes rarely, and compiled
code is made for the kind that it finds.
"""

from mdvm.objects import W_Float, W_Int, w_empty
from mdvm.settings.optimisations import optimisations
from mdvm.system.jit import promote

BOXED_CELL, INT_CELL, FLOAT_CELL = range(3)


class GlobalCell(object):
    """name: str, UTF-8 bytes. The value is undefined, that is w_empty, at first.

    kind: int, which of the three fields holds the value: w_value, intval or floatval.
    """

    def __init__(self, name):
        self.name = name
        self.kind = BOXED_CELL
        self.w_value = w_empty
        self.intval = 0
        self.floatval = 0.0

    def load(self):
        """-> W_Value."""
        kind = promote(self.kind)
        if kind == INT_CELL:
            return W_Int(self.intval)
        if kind == FLOAT_CELL:
            return W_Float(self.floatval)
        return self.w_value

    def store(self, w_value):
        """w_value: W_Value."""
        if optimisations.unboxed_globals:
            if isinstance(w_value, W_Int):
                self._become(INT_CELL)
                self.intval = w_value.intval
                return
            if isinstance(w_value, W_Float):
                self._become(FLOAT_CELL)
                self.floatval = w_value.floatval
                return
        self._become(BOXED_CELL)
        self.w_value = w_value

    def _become(self, kind):
        if promote(self.kind) != kind:
            self.kind = kind
            self.w_value = w_empty  # a container that was there may take much memory
