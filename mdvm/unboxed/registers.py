"""Where the numbers and bools of the function that runs stand without boxes: two arrays of ints.

One says of what kind a register's value is, the other has the value. What is BOXED there, or stands
in both places, is in the registers of the frame; containers and strings are nowhere else. The
constants of the program stand before the registers, so that an operand, of which negative ones are
constants, is a distance in both cases. What a caller has there is saved while its callee runs.
"""

from mdvm.objects import W_Bool, W_Container, W_Float, W_Int, w_false, w_true
from mdvm.system.arithmetic import bits_to_float, float_to_bits
from mdvm.system.language import always_inline, never_inline

# What is known of a register or a constant. One bit each, so that two are compared by one AND.
BOXED = 0  # nothing: the register of the frame has it
CHANGED = 1  # beside a kind: the register of the frame has it not
INT = 2
FLOAT = 4
BOOL = 8
NUMBER = INT | FLOAT
WITHOUT_FRACTION = INT | BOOL

MOST_CONSTANTS = 2048
MOST_IN_FRAME = 64  # of larger frames, too many registers would have to be looked at
MOST_SAVED = 8192  # of all callers together; deeper calls find boxes in their callers

_kinds = [BOXED] * (MOST_CONSTANTS + MOST_IN_FRAME)
_values = [0] * (MOST_CONSTANTS + MOST_IN_FRAME)  # ints, the bits of floats, 0 or 1

_saved_kinds = [BOXED] * MOST_SAVED
_saved_values = [0] * MOST_SAVED


class Loaded(object):
    """What stands in the arrays.

    serial: int, that of the Code whose constants there are.
    count: int, how many registers have a meaning while something else is executed than
    instructions without boxes.
    saved: int, how many are saved.
    """

    def __init__(self):
        self.serial = -1
        self.count = 0
        self.saved = 0


loaded = Loaded()


@always_inline
def _place(operand):
    """operand: int -> int, where its kind and value are."""
    place = MOST_CONSTANTS + operand
    assert place >= 0
    return place


@always_inline
def kind_at(operand):
    """-> int, what is known of an operand without looking into the frame."""
    return _kinds[_place(operand)]


@always_inline
def value_of(operand):
    """-> int, the value of an operand that is not BOXED; of a float its bits."""
    return _values[_place(operand)]


@always_inline
def float_of(operand):
    """-> float, the value of a FLOAT."""
    return bits_to_float(value_of(operand))


@always_inline
def number_of(kind, operand):
    """kind: int, INT or FLOAT -> float, the value."""
    value = value_of(operand)
    return float(value) if kind & INT else bits_to_float(value)


@always_inline
def set_unboxed(target, kind, value):
    """kind, value: int, as kind_at and value_of have them, for a register."""
    place = _place(target)
    _kinds[place] = kind
    _values[place] = value


@always_inline
def write_unboxed(registers, target, kind, value):
    """The same for a register of which the frame may have a value: that is dropped, as a container
    may take much memory.
    """
    if kind_at(target) == BOXED:
        assert target >= 0
        registers[target] = None
    set_unboxed(target, kind, value)


@always_inline
def kind_of(registers, operand):
    """registers: list of W_Value, those of the frame -> int, the kind of an operand, whose value
    value_of then has unless it is BOXED.
    """
    kind = kind_at(operand)
    if kind == BOXED:
        return _unbox(registers, operand)
    return kind


@never_inline
def _unbox(registers, operand):
    if operand < 0:
        return BOXED
    w_value = registers[operand]
    if isinstance(w_value, W_Int):
        set_unboxed(operand, INT, w_value.intval)
        return INT
    if isinstance(w_value, W_Float):
        set_unboxed(operand, FLOAT, float_to_bits(w_value.floatval))
        return FLOAT
    if isinstance(w_value, W_Bool):
        set_unboxed(operand, BOOL, 1 if w_value.boolval else 0)
        return BOOL
    return BOXED


@always_inline
def boxed(registers, constants, operand):
    """-> W_Value, that of an operand which is BOXED."""
    if operand < 0:
        constant = -1 - operand
        assert constant >= 0
        return constants[constant]
    return registers[operand]


@always_inline
def set_boxed(registers, target, w_value):
    """Writes a register of the frame."""
    assert target >= 0
    registers[target] = w_value
    forget(target)


@always_inline
def forget(target):
    """What the register of the frame holds counts."""
    _kinds[_place(target)] = BOXED


@always_inline
def forget_all(count):
    """The same of the first registers."""
    target = 0
    while target < count:
        forget(target)
        target += 1


@always_inline
def share_container(w_value):
    """There is another reference to a value, or to nothing."""
    if isinstance(w_value, W_Container):
        w_value.shared = True


def load_constants(code):
    """Puts the constants of a Code, MOST_CONSTANTS at most, before the registers."""
    constants = code.constants
    for constant in range(len(constants)):
        w_value = constants[constant]
        place = MOST_CONSTANTS - 1 - constant
        assert place >= 0
        _kinds[place] = BOXED
        if isinstance(w_value, W_Int):
            _kinds[place] = INT
            _values[place] = w_value.intval
        elif isinstance(w_value, W_Float):
            _kinds[place] = FLOAT
            _values[place] = float_to_bits(w_value.floatval)
        elif isinstance(w_value, W_Bool):
            _kinds[place] = BOOL
            _values[place] = 1 if w_value.boolval else 0
    loaded.serial = code.serial


# ____________________________________________________________ saving


@always_inline
def can_save(count):
    """-> bool, whether there is room for so many registers more."""
    return loaded.saved + count <= MOST_SAVED


@always_inline
def save(count):
    """Saves what the first registers have.  -> int, for restore."""
    at = loaded.saved
    assert at >= 0
    register = 0
    while register < count:
        place = _place(register)
        _saved_kinds[at + register] = _kinds[place]
        _saved_values[at + register] = _values[place]
        register += 1
    loaded.saved = at + count
    return at


@always_inline
def saved_kind(at, register):
    """at: int, what save has returned -> int, as kind_at of a register then."""
    place = at + register
    assert place >= 0
    return _saved_kinds[place]


@always_inline
def saved_value(at, register):
    """-> int, as value_of of a register then."""
    place = at + register
    assert place >= 0
    return _saved_values[place]


@always_inline
def restore(at, count):
    """Gives the first registers back what they had when save returned `at`."""
    assert at >= 0
    register = 0
    while register < count:
        place = _place(register)
        _kinds[place] = _saved_kinds[at + register]
        _values[place] = _saved_values[at + register]
        register += 1
    loaded.saved = at


# ____________________________________________________________ boxes


def box(kind, value):
    """-> W_Value."""
    if kind & INT:
        return W_Int(value)
    if kind & FLOAT:
        return W_Float(bits_to_float(value))
    return w_true if value else w_false


@always_inline
def box_register(registers, register):
    """Gives the register of the frame its value, if it has it not.  Raises MemoryError."""
    kind = kind_at(register)
    if kind & CHANGED:
        assert register >= 0
        registers[register] = box(kind, value_of(register))
        set_unboxed(register, kind & ~CHANGED, value_of(register))


def box_all(registers, count):
    """Gives all registers of the frame their values, and forgets those here: what follows may read
    and write any of them.  Raises MemoryError.
    """
    register = 0
    while register < count:
        box_register(registers, register)
        forget(register)
        register += 1
