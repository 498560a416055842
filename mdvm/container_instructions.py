"""The instructions of arrays, dicts and sets: one function per opcode, named as it is, made as those
in instructions.py.
"""

from mdvm import errors
from mdvm.frame import move_operand, read_operand
from mdvm.objects import share, wrap_bool
from mdvm.shapes import binary, comparison, instruction, unary
from mdvm.values import arrays, containers
from mdvm.values.dicts import new_dict
from mdvm.values.scalars import as_scalar
from mdvm.values.sets import new_set
from mdvm.values.strings import W_Str

# ____________________________________________________________ arrays


NEW_ARRAY = unary(containers.array_of_size)
ARRAY_GET = binary(containers.element)
ARRAY_GET_OWNED = binary(containers.owned_element)
ARRAY_GET_BORROWED = binary(containers.borrowed_element)
ARRAY_LEN = unary(containers.array_length)


def _own_array(w_array):
    """-> W_Array, w_array itself, or a copy if there is another reference to it."""
    return containers.copy_of_array(w_array) if w_array.shared else w_array


@instruction
def ARRAY_SET(frame, function, register, index, value):
    w_array = containers.as_array(frame.read(register))
    checked_index = containers.index_into(w_array, read_operand(frame, function, index))
    w_value = move_operand(frame, function, value)
    frame.write(register, _own_array(w_array).set(checked_index, w_value))


# What follows changes the length of an array. All is checked before anything changes.


@instruction
def ARRAY_PUSH(frame, function, register, value):
    w_array = containers.as_array(frame.read(register))
    w_value = move_operand(frame, function, value)
    frame.write(register, arrays.pushed(_own_array(w_array), w_value))


@instruction
def ARRAY_POP(frame, function, target, register):
    w_array = containers.as_array(frame.read(register))
    w_array = _own_array(containers.not_empty(w_array))
    w_last = w_array.get(w_array.length() - 1)
    frame.write(register, arrays.without_last(w_array))
    frame.write(target, w_last)


@instruction
def ARRAY_INSERT(frame, function, register, index, value):
    w_array = containers.as_array(frame.read(register))
    checked_index = containers.limit_in(w_array, read_operand(frame, function, index))
    w_value = move_operand(frame, function, value)
    frame.write(register, arrays.inserted(_own_array(w_array), checked_index, w_value))


@instruction
def ARRAY_REMOVE(frame, function, target, register, index):
    w_array = containers.as_array(frame.read(register))
    checked_index = containers.index_into(w_array, read_operand(frame, function, index))
    w_array = _own_array(w_array)
    w_element = w_array.get(checked_index)
    frame.write(register, arrays.without(w_array, checked_index))
    frame.write(target, w_element)


ARRAY_FIND = binary(containers.find_element)
ARRAY_CONCAT = binary(containers.joined)


@instruction
def ARRAY_SLICE(frame, function, target, source, first, end):
    w_array = containers.as_array(read_operand(frame, function, source))
    w_first = read_operand(frame, function, first)
    w_end = read_operand(frame, function, end)
    frame.write(target, containers.part_of(w_array, w_first, w_end))


# ____________________________________________________________ dicts


def _owned_dict(frame, register, w_dict):
    """-> W_Dict, the register's own: w_dict itself, or a copy that has taken its place if there is
    another reference to w_dict.
    """
    if w_dict.shared:
        w_dict = containers.copy_of_dict(w_dict)
        frame.write(register, w_dict)
    return w_dict


def _as_key(function, w_value):
    """-> w_value, which can be a key in this program's dicts."""
    if isinstance(w_value, W_Str):
        return w_value
    if not function.code.has_scalar_keys:
        raise errors.type_mismatch("string key", w_value.found_name)
    return as_scalar(w_value)


@instruction
def DICT_GET(frame, function, target, source, key):
    w_dict = containers.as_dict(read_operand(frame, function, source))
    w_key = _as_key(function, read_operand(frame, function, key))
    frame.write(target, share(w_dict.get(w_key)))


@instruction
def DICT_GET_OWNED(frame, function, target, source, key):
    w_dict = containers.as_dict(read_operand(frame, function, source))
    w_key = _as_key(function, read_operand(frame, function, key))
    frame.write(target, containers.owned_entry(w_dict, w_key))


@instruction
def DICT_GET_BORROWED(frame, function, target, source, key):
    w_dict = containers.as_dict(read_operand(frame, function, source))
    w_key = _as_key(function, read_operand(frame, function, key))
    frame.write(target, w_dict.get(w_key))


@instruction
def DICT_CONTAINS(frame, function, target, source, key):
    w_dict = containers.as_dict(read_operand(frame, function, source))
    w_key = _as_key(function, read_operand(frame, function, key))
    frame.write(target, wrap_bool(w_dict.contains(w_key)))


DICT_KEYS = unary(containers.dict_keys)
DICT_VALUES = unary(containers.dict_values)
DICT_LEN = unary(containers.dict_length)


@instruction
def DICT_NEW(frame, function, target):
    frame.write(target, new_dict())


@instruction
def DICT_SET(frame, function, register, key, value):
    w_dict = containers.as_dict(frame.read(register))
    w_key = _as_key(function, read_operand(frame, function, key))
    w_value = move_operand(frame, function, value)
    _owned_dict(frame, register, w_dict).set(w_key, w_value)


@instruction
def DICT_REMOVE(frame, function, register, key):
    w_dict = containers.as_dict(frame.read(register))
    w_key = _as_key(function, read_operand(frame, function, key))
    _owned_dict(frame, register, w_dict).remove(w_key)


@instruction
def DICT_CLEAR(frame, function, register):
    containers.as_dict(read_operand(frame, function, register))
    frame.write(register, new_dict())


# ____________________________________________________________ sets


SET_CONTAINS = comparison(containers.has_member)
SET_LEN = unary(containers.set_length)
SET_VALUES = unary(containers.set_values)


def _own_set(w_set):
    """-> W_Set, w_set itself, or a copy if there is another reference to it."""
    return containers.copy_of_set(w_set) if w_set.shared else w_set


@instruction
def SET_NEW(frame, function, target):
    frame.write(target, new_set())


@instruction
def SET_ADD(frame, function, register, value):
    w_set = containers.as_set(frame.read(register))
    w_value = as_scalar(read_operand(frame, function, value))
    frame.write(register, _own_set(w_set).add(w_value))


@instruction
def SET_REMOVE(frame, function, register, value):
    w_set = containers.as_set(frame.read(register))
    w_value = as_scalar(read_operand(frame, function, value))
    w_set = _own_set(w_set)
    w_set.remove(w_value)
    frame.write(register, w_set)
