"""One global variable.

An int or a float lies in its cell without a box, so that a loop over global variables makes no
objects: it loads and stores numbers. What kind of value a cell holds changes rarely, and compiled
code is made for the kind that it finds.
"""

from mdvm.objects import W_Float, W_Int, w_empty
from mdvm.settings.optimisations import optimisations
from mdvm.system.jit import promote

_BOXED, _INT, _FLOAT = range(3)


class GlobalCell(object):
    """name: str, UTF-8 bytes. The value is undefined, that is w_empty, at first.

    _kind: int, which of the three fields holds the value.
    """

    def __init__(self, name):
        self.name = name
        self._kind = _BOXED
        self._w_value = w_empty
        self._intval = 0
        self._floatval = 0.0

    def load(self):
        """-> W_Value."""
        kind = promote(self._kind)
        if kind == _INT:
            return W_Int(self._intval)
        if kind == _FLOAT:
            return W_Float(self._floatval)
        return self._w_value

    def store(self, w_value):
        """w_value: W_Value."""
        if optimisations.unboxed_globals:
            if isinstance(w_value, W_Int):
                self._become(_INT)
                self._intval = w_value.intval
                return
            if isinstance(w_value, W_Float):
                self._become(_FLOAT)
                self._floatval = w_value.floatval
                return
        self._become(_BOXED)
        self._w_value = w_value

    def _become(self, kind):
        if promote(self._kind) != kind:
            self._kind = kind
            self._w_value = w_empty  # a container that was there may take much memory
