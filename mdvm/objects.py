"""The boxed values that have no parts: W_Empty, W_Bool, W_Int, W_Float, and the base classes of all
values.

A register, a global variable and an element of a container hold a W_Value. The values here never
change once made, so any number of places may hold the same box; the JIT keeps most of them out of
memory altogether. Strings, arrays and dicts stand in strings.py, arrays.py and dicts.py.
"""

NO_TYPE = -1  # the type_id of W_Value itself: no number that an instruction can name


class W_Value(object):
    """Any value.

    type_name: str, as in `found Int and Bool`; found_name: str, as in `expected array, found int`;
    type_id: int, the number that CHECK_TYPE compares with; those of containers are known to files
    of version 2 only, see opcodes.type_names.
    """

    _attrs_ = []
    type_name = "Unknown"
    found_name = "unknown"
    type_id = NO_TYPE

    def is_truthy(self):
        """-> bool, what JUMP_IF and the logical instructions see."""
        raise NotImplementedError


class W_Empty(W_Value):
    """The value of whatever has not been set."""

    _attrs_ = []
    type_name = "Empty"
    found_name = "empty"
    type_id = 0

    def is_truthy(self):
        return False


class W_Bool(W_Value):
    """true or false; there are only two of them, w_true and w_false."""

    _attrs_ = _immutable_fields_ = ["boolval"]
    type_name = "Bool"
    found_name = "bool"
    type_id = 1

    def __init__(self, boolval):
        self.boolval = boolval

    def is_truthy(self):
        return self.boolval


class W_Int(W_Value):
    """intval: int of 64 bits, signed."""

    _attrs_ = _immutable_fields_ = ["intval"]
    type_name = "Int"
    found_name = "int"
    type_id = 2

    def __init__(self, intval):
        self.intval = intval

    def is_truthy(self):
        return self.intval != 0


class W_Float(W_Value):
    """floatval: float, IEEE 754 double."""

    _attrs_ = _immutable_fields_ = ["floatval"]
    type_name = "Float"
    found_name = "float"
    type_id = 3

    def __init__(self, floatval):
        self.floatval = floatval

    def is_truthy(self):
        # NaN is falsy, and is the only float that differs from itself.
        return self.floatval != 0.0 and self.floatval == self.floatval


class W_Container(W_Value):
    """An array or a dict: a value with parts, which a store may change in place as long as only one
    place holds it.

    shared: bool, whether more than one register, global or element may hold this very object. It is
    set when a second reference appears and never cleared; a store into a shared container
    stores into a copy of its own.
    """

    _attrs_ = ["shared"]

    def __init__(self):
        self.shared = False


w_empty = W_Empty()
w_true = W_Bool(True)
w_false = W_Bool(False)


def wrap_bool(boolval):
    """boolval: bool -> w_true or w_false."""
    return w_true if boolval else w_false


def share(w_value):
    """Marks w_value as held by more than one place, if that makes a difference to it.  Returns
    w_value.
    """
    if isinstance(w_value, W_Container):
        w_value.shared = True
    return w_value
