"""What instructions do with containers, whose operands may be of any type."""

from mdvm import errors
from mdvm.objects import W_Int, share
from mdvm.run_state import charged_until, count_copy
from mdvm.system.heap import heap
from mdvm.system.jit import dont_look_inside
from mdvm.values import arrays
from mdvm.values.arrays import W_Array, W_IntArray, new_array
from mdvm.values.dicts import W_Dict
from mdvm.values.growing_arrays import BYTES_PER_ELEMENT, W_GrowingIntArray
from mdvm.values.equality import equal
from mdvm.values.scalars import as_scalar
from mdvm.values.sets import W_Set

# Nobody is asked whether memory can hold an array of no more elements than that: compiled code makes
# it without a call.
_FEW = 1024


# ____________________________________________________________ arrays


def as_array(w_value):
    if not isinstance(w_value, W_Array):
        raise errors.type_mismatch("array", w_value.found_name)
    return w_value


def index_into(w_array, w_index):
    """-> int, an index that the array has."""
    if not isinstance(w_index, W_Int):
        raise errors.type_mismatch("integer index", w_index.found_name)
    index = w_index.intval
    if not 0 <= index < w_array.length():
        raise errors.index_out_of_bounds(index, w_array.length())
    return index


def array_of_size(w_size):
    if not isinstance(w_size, W_Int):
        raise errors.type_mismatch("integer", w_size.found_name)
    if w_size.intval < 0:
        raise errors.invalid_operation("create array", "negative size: %d" % w_size.intval)
    size = w_size.intval
    if size > _FEW and size > heap.largest() // BYTES_PER_ELEMENT:
        raise errors.out_of_memory()
    return new_array(size)


def borrowed_element(w_container, w_index):
    w_array = as_array(w_container)
    return w_array.get(index_into(w_array, w_index))


def element(w_container, w_index):
    return share(borrowed_element(w_container, w_index))


def owned_element(w_container, w_index):
    w_array = as_array(w_container)
    w_value = w_array.get(index_into(w_array, w_index))
    if w_array.shared:
        share(w_value)
    return w_value


@dont_look_inside
def copy_of_array(w_array):
    """-> W_Array, to be stored into in the place of w_array, which is shared."""
    count_copy(w_array.length())
    return w_array.copy()


def array_length(w_container):
    return W_Int(as_array(w_container).length())


def not_empty(w_array):
    """-> w_array, if it has a last element."""
    if w_array.length() == 0:
        raise errors.index_out_of_bounds(-1, 0)
    return w_array


def limit_in(w_array, w_index):
    """-> int, an index that the array has or its length."""
    if not isinstance(w_index, W_Int):
        raise errors.type_mismatch("integer index", w_index.found_name)
    index = w_index.intval
    if not 0 <= index <= w_array.length():
        raise errors.index_out_of_bounds(index, w_array.length())
    return index


def find_element(w_container, w_value):
    return W_Int(index_of(as_array(w_container), w_value, 0))


@dont_look_inside
def index_of(w_array, w_value, start):
    """-> int, the index from start on of the first element that equals w_value, or -1."""
    if isinstance(w_value, W_Int):
        if isinstance(w_array, W_IntArray):
            return _index_of_int(w_array.items, w_value.intval, start, w_array.length())
        if isinstance(w_array, W_GrowingIntArray):
            return _index_of_int(w_array.items, w_value.intval, start, w_array.length())
    size = w_array.length()
    while start < size:
        stop = charged_until(start, size)
        for index in range(start, stop):
            if equal(w_array.get(index), w_value):
                return index
        start = stop
    return -1


def _index_of_int(items, value, start, size):
    while start < size:
        stop = charged_until(start, size)
        for index in range(start, stop):
            if items[index] == value:
                return index
        start = stop
    return -1


def part_of(w_array, w_first, w_end):
    """-> W_Array of the elements from first to before end."""
    first = limit_in(w_array, w_first)
    end = limit_in(w_array, w_end)
    return w_array.part(first, end) if first < end else new_array(0)


def joined(w_left, w_right):
    """-> W_Array of the elements of both."""
    return arrays.joined(as_array(w_left), as_array(w_right))


# ____________________________________________________________ dicts


def as_dict(w_value):
    if not isinstance(w_value, W_Dict):
        raise errors.type_mismatch("dict", w_value.found_name)
    return w_value


def owned_entry(w_dict, w_key):
    w_value = w_dict.get(w_key)
    if w_dict.shared:
        share(w_value)
    return w_value


@dont_look_inside
def copy_of_dict(w_dict):
    """-> W_Dict, to be stored into in the place of w_dict, which is shared."""
    count_copy(w_dict.length())
    return w_dict.copy()


def dict_keys(w_container):
    return as_dict(w_container).key_array()


def dict_values(w_container):
    return as_dict(w_container).value_array()


def dict_length(w_container):
    return W_Int(as_dict(w_container).length())


# ____________________________________________________________ sets


def as_set(w_value):
    if not isinstance(w_value, W_Set):
        raise errors.type_mismatch("set", w_value.found_name)
    return w_value


@dont_look_inside
def copy_of_set(w_set):
    """-> W_Set, to be stored into in the place of w_set, which is shared."""
    count_copy(w_set.length())
    return w_set.copy()


def has_member(w_container, w_value):
    return as_set(w_container).contains(as_scalar(w_value))


def set_length(w_container):
    return W_Int(as_set(w_container).length())


def set_values(w_container):
    return as_set(w_container).member_array()
