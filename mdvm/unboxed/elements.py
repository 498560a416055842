"""Elements of arrays, and global variables, as operands without boxes.

Only the plain case is here, as in arithmetic.py: a function says that it has not done it where the
index is out of bounds, the array is shared, or an element or a variable changes its type.
"""

from mdvm.objects import w_empty, w_false, w_true
from mdvm.opcodes import LAST_USE, REGISTER_MASK, op
from mdvm.system.arithmetic import float_to_bits
from mdvm.system.language import always_inline, never_inline
from mdvm.unboxed.registers import (
    BOOL,
    BOXED,
    CHANGED,
    FLOAT,
    INT,
    float_of,
    boxed,
    kind_at,
    kind_of,
    set_boxed,
    write_unboxed,
    share_container,
    value_of,
)
from mdvm.values.array_base import W_Array, W_ObjectArray
from mdvm.values.arrays import W_UnfilledArray
from mdvm.values.dicts import W_Dict
from mdvm.values.global_cell import BOXED_CELL, FLOAT_CELL, INT_CELL
from mdvm.values.growing_arrays import (
    W_GrowingBoolArray,
    W_GrowingFloatArray,
    W_GrowingIntArray,
    W_GrowingObjectArray,
)
from mdvm.values.strings import W_Str
from mdvm.values.unboxed_arrays import (
    BOOL_HOLE,
    FALSE,
    INT_HOLE,
    TRUE,
    W_BoolArray,
    W_BoolArrayWithHoles,
    W_FloatArray,
    W_FloatArrayWithHoles,
    W_IntArray,
    W_IntArrayWithHoles,
    is_float_hole,
)


def _make_storage(kind, W_Plain, W_WithHoles, W_Growing, is_hole, item_of, bits_of):
    """-> (function, function), which load and store an element of an array of nothing but ints,
    floats or bools.  Each -> bool, whether it is done.

    W_Plain, W_WithHoles, W_Growing: the classes of these arrays. is_hole: whether an item is none;
    item_of: the item that an operand of the kind is; bits_of: what value_of has of an item.
    """

    @always_inline
    def load(registers, target, w_array, index):
        if isinstance(w_array, W_Plain):
            if index >= len(w_array.items):
                return False
            item = w_array.items[index]
        elif isinstance(w_array, W_WithHoles):
            if index >= len(w_array.items):
                return False
            item = w_array.items[index]
            if is_hole(item):
                return False
        elif isinstance(w_array, W_Growing):
            if index >= w_array.count:
                return False
            item = w_array.items[index]
        else:
            return False
        write_unboxed(registers, target, kind | CHANGED, bits_of(item))
        return True

    @always_inline
    def store(w_array, index, operand):
        item = item_of(operand)
        if isinstance(w_array, W_Plain):
            if index >= len(w_array.items):
                return False
            w_array.items[index] = item
            return True
        if isinstance(w_array, W_WithHoles):
            if index >= len(w_array.items) or is_hole(item):
                return False
            if index == w_array.filled:
                if index + 1 == len(w_array.items):
                    return False
                w_array.filled = index + 1
            w_array.items[index] = item
            return True
        if isinstance(w_array, W_Growing):
            if index >= w_array.count:
                return False
            w_array.items[index] = item
            return True
        return False

    return load, store


_load_int, _store_int = _make_storage(
    INT,
    W_IntArray,
    W_IntArrayWithHoles,
    W_GrowingIntArray,
    lambda item: item == INT_HOLE,
    value_of,
    lambda item: item,
)
_load_float, _store_float = _make_storage(
    FLOAT,
    W_FloatArray,
    W_FloatArrayWithHoles,
    W_GrowingFloatArray,
    is_float_hole,
    float_of,
    float_to_bits,
)
_load_bool, _store_bool = _make_storage(
    BOOL,
    W_BoolArray,
    W_BoolArrayWithHoles,
    W_GrowingBoolArray,
    lambda item: item == BOOL_HOLE,
    lambda operand: TRUE if value_of(operand) else FALSE,
    lambda item: 1 if item == TRUE else 0,
)


@always_inline
def _index(registers, operand):
    """-> int, an index, or -1."""
    return value_of(operand) if kind_of(registers, operand) & INT else -1


@always_inline
def get_element(opcode, registers, ops, pc):
    """-> bool, whether it is done. Arrays of nothing but ints or floats take no call."""
    register = ops[pc + 2]
    if register < 0 or kind_at(register) != BOXED:
        return False
    index = _index(registers, ops[pc + 3])
    w_array = registers[register]
    if isinstance(w_array, W_IntArray):
        if not 0 <= index < len(w_array.items):
            return False
        write_unboxed(registers, ops[pc + 1], INT | CHANGED, w_array.items[index])
        return True
    if isinstance(w_array, W_FloatArray):
        if not 0 <= index < len(w_array.items):
            return False
        bits = float_to_bits(w_array.items[index])
        write_unboxed(registers, ops[pc + 1], FLOAT | CHANGED, bits)
        return True
    return _get_other(opcode, registers, ops[pc + 1], w_array, index)


@never_inline
def _get_other(opcode, registers, target, w_array, index):
    if index < 0 or not isinstance(w_array, W_Array):
        return False
    shares = opcode == op.ARRAY_GET or (opcode == op.ARRAY_GET_OWNED and w_array.shared)
    return _get(registers, target, w_array, index, shares)


@always_inline
def _get(registers, target, w_array, index, shares):
    """Loads an element of any array into a register.  -> bool, whether it is done.

    shares: bool, whether there is another reference to the element then.
    """
    if isinstance(w_array, W_ObjectArray):
        if index >= len(w_array.items):
            return False
        w_value = w_array.items[index]
        if shares:
            share_container(w_value)
        set_boxed(registers, target, w_value)
        return True
    if isinstance(w_array, W_GrowingObjectArray):
        if index >= w_array.count:
            return False
        w_value = w_array.items[index]
        if shares:
            share_container(w_value)
        set_boxed(registers, target, w_value)
        return True
    if isinstance(w_array, W_UnfilledArray):
        if index >= w_array.size:
            return False
        set_boxed(registers, target, w_empty)
        return True
    return (
        _load_int(registers, target, w_array, index)
        or _load_float(registers, target, w_array, index)
        or _load_bool(registers, target, w_array, index)
    )


@always_inline
def set_element(registers, ops, pc):
    """-> bool, whether it is done. Arrays of nothing but ints or floats take no call."""
    register = ops[pc + 1]
    assert register >= 0
    if kind_at(register) != BOXED:
        return False
    index = _index(registers, ops[pc + 2])
    w_array = registers[register]
    operand = ops[pc + 3]
    if operand >= 0:
        operand &= REGISTER_MASK
    if isinstance(w_array, W_IntArray):
        if w_array.shared or not 0 <= index < len(w_array.items):
            return False
        if not kind_of(registers, operand) & INT:
            return False
        w_array.items[index] = value_of(operand)
        return True
    if isinstance(w_array, W_FloatArray):
        if w_array.shared or not 0 <= index < len(w_array.items):
            return False
        if not kind_of(registers, operand) & FLOAT:
            return False
        w_array.items[index] = float_of(operand)
        return True
    return _set_other(registers, w_array, index, ops[pc + 3])


@never_inline
def _set_other(registers, w_array, index, operand):
    if index < 0 or not isinstance(w_array, W_Array) or w_array.shared:
        return False
    return _set(registers, w_array, index, operand, w_array)


@always_inline
def _set(registers, w_array, index, operand, w_container):
    """Stores an operand as an element of any array that is not shared, which w_container is or
    has.  -> bool, whether it is done.
    """
    last_use = True
    if operand >= 0:
        last_use = operand & LAST_USE != 0
        operand &= REGISTER_MASK
    kind = kind_of(registers, operand)
    if kind & INT:
        return _store_int(w_array, index, operand)
    if kind & FLOAT:
        return _store_float(w_array, index, operand)
    if kind & BOOL:
        return _store_bool(w_array, index, operand)
    if operand < 0 or not isinstance(w_array, W_ObjectArray) or index >= len(w_array.items):
        return False
    w_value = registers[operand]
    if w_value is w_container:
        return False
    if not last_use:
        share_container(w_value)
    w_array.items[index] = w_value
    return True


@always_inline
def _known_place(registers, constants, register, key):
    """-> int, the place of the key in the dict, -1 if it takes a search, or these are none."""
    if register < 0 or kind_at(register) != BOXED or kind_at(key) != BOXED:
        return -1
    w_dict = registers[register]
    w_key = boxed(registers, constants, key)
    if not isinstance(w_dict, W_Dict) or not isinstance(w_key, W_Str):
        return -1
    return w_dict.known_place(w_key)


@never_inline
def get_entry(opcode, registers, constants, ops, pc):
    """-> bool, whether it is done."""
    register = ops[pc + 2]
    place = _known_place(registers, constants, register, ops[pc + 3])
    if place < 0:
        return False
    w_dict = registers[register]
    assert isinstance(w_dict, W_Dict)
    shares = opcode == op.DICT_GET or (opcode == op.DICT_GET_OWNED and w_dict.shared)
    return _get(registers, ops[pc + 1], w_dict.w_contents, place, shares)


@never_inline
def set_entry(registers, constants, ops, pc):
    """-> bool, whether it is done."""
    register = ops[pc + 1]
    place = _known_place(registers, constants, register, ops[pc + 2])
    if place < 0:
        return False
    w_dict = registers[register]
    assert isinstance(w_dict, W_Dict)
    if w_dict.shared:
        return False
    return _set(registers, w_dict.w_contents, place, ops[pc + 3], w_dict)


@always_inline
def share_if_same(registers, left, right):
    """As the instruction."""
    assert left >= 0
    assert right >= 0
    if kind_at(left) == BOXED and kind_at(right) == BOXED:
        w_value = registers[left]
        if w_value is registers[right]:
            share_container(w_value)


@always_inline
def load_global(opcode, registers, cells, ops, pc):
    target = ops[pc + 1]
    cell_number = ops[pc + 2]
    assert cell_number >= 0
    cell = cells[cell_number]
    if cell.kind == INT_CELL:
        write_unboxed(registers, target, INT | CHANGED, cell.intval)
    elif cell.kind == FLOAT_CELL:
        write_unboxed(registers, target, FLOAT | CHANGED, float_to_bits(cell.floatval))
    else:
        w_value = cell.w_value
        if opcode == op.LOAD_GLOBAL:
            share_container(w_value)
        set_boxed(registers, target, w_value)


@always_inline
def store_global(registers, constants, cells, ops, pc):
    """-> bool, whether it is done."""
    operand = ops[pc + 1]
    last_use = True
    if operand >= 0:
        last_use = operand & LAST_USE != 0
        operand &= REGISTER_MASK
    cell_number = ops[pc + 2]
    assert cell_number >= 0
    cell = cells[cell_number]
    kind = kind_of(registers, operand)
    if kind & INT and cell.kind == INT_CELL:
        cell.intval = value_of(operand)
        return True
    if kind & FLOAT and cell.kind == FLOAT_CELL:
        cell.floatval = float_of(operand)
        return True
    if cell.kind != BOXED_CELL:
        return False
    if kind & BOOL:
        cell.w_value = w_true if value_of(operand) else w_false
        return True
    if kind != BOXED:
        return False
    w_value = boxed(registers, constants, operand)
    if not last_use:
        share_container(w_value)
    cell.w_value = w_value
    return True
