"""Guest values for tests: from the model's Python values to W_Values and back, and hypothesis
strategies for them.
"""

import struct

from hypothesis import strategies as st

from mdvm.values.arrays import INT_HOLE, W_Array, new_array
from mdvm.values.dicts import W_Dict, new_dict
from mdvm.objects import W_Bool, W_Float, W_Int
from mdvm.values.strings import W_Str
from tests.unit.model import Dict
from tests.unit.programs import wrap

I64_MIN = -(2**63)
I64_MAX = 2**63 - 1

EDGE_INTS = (
    0,
    1,
    -1,
    2,
    -2,
    3,
    10,
    -7,
    2**31,
    -(2**31),
    2**32,
    2**53,
    2**53 + 1,
    -(2**53) - 1,
    2**62,
    -(2**62),
    3037000500,
    I64_MAX,
    I64_MAX - 1,
    I64_MIN,
    I64_MIN + 1,
    INT_HOLE,
)
NAN = float("nan")
EDGE_FLOATS = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.5,
    -4.0,
    5e-324,
    1e-320,
    1e-4,
    9.9e-5,
    1e15,
    9999999999999998.0,
    1e16,
    1e23,
    2.0**53,
    9007199254740992.0,
    2.0**63,
    -(2.0**63),
    2.0**63 - 1024,
    2.0**63 + 2048,
    1.7976931348623157e308,
    -1e308,
    float("inf"),
    float("-inf"),
    NAN,
)
STRINGS = ("", "a", "b", "ab", "0", " ", "false", "\0", "\xc3\xa9", "x" * 300)

ints = st.sampled_from(EDGE_INTS) | st.integers(I64_MIN, I64_MAX) | st.integers(-10, 10)
floats = st.sampled_from(EDGE_FLOATS) | st.floats()
strings = st.sampled_from(STRINGS) | st.text(alphabet="abc", max_size=4).map(str)
atoms = st.one_of(st.none(), st.booleans(), ints, floats, strings)
numbers = ints | floats


def _dict_of(pairs):
    made = Dict()
    for key, value in pairs:
        made = made.with_entry(key, value)
    return made


def _containers(elements):
    return st.lists(elements, max_size=4).map(tuple) | st.lists(
        st.tuples(st.sampled_from(("a", "b", "c", "")), elements), max_size=4
    ).map(_dict_of)


values = st.recursive(atoms, _containers, max_leaves=8)

# One of each type.
SAMPLES = (None, True, 1, 2.5, "a", (1,), Dict([("k", 1)]))
EVERYTHING = (
    (None, True, False, "", (), (None,), Dict(), Dict([("k", None)]))
    + EDGE_INTS
    + EDGE_FLOATS
    + STRINGS
)


def to_guest(value):
    """A value of the model -> W_Value of its own."""
    if isinstance(value, tuple):
        w_array = new_array(len(value))
        for index, item in enumerate(value):
            w_array = w_array.set(index, to_guest(item))
        return w_array
    if isinstance(value, Dict):
        w_dict = new_dict()
        for key, item in value.entries:
            w_dict.set(W_Str(key), to_guest(item))
        return w_dict
    return wrap(value)


def from_guest(w_value):
    """W_Value -> the value of the model."""
    if isinstance(w_value, W_Array):
        return tuple([from_guest(w_value.get(index)) for index in range(w_value.length())])
    if isinstance(w_value, W_Dict):
        keys = w_value.key_array()
        names = [keys.get(index).text() for index in range(keys.length())]
        return Dict([(name, from_guest(w_value.get(W_Str(name)))) for name in names])
    if isinstance(w_value, W_Int):
        return w_value.intval
    if isinstance(w_value, W_Float):
        return w_value.floatval
    if isinstance(w_value, W_Bool):
        return w_value.boolval
    return w_value.text() if isinstance(w_value, W_Str) else None


def same(left, right):
    """Whether two values of the model are the same in type and in every bit, but for which NaN
    it is.
    """
    if isinstance(left, float) and isinstance(right, float):
        return struct.pack("<d", left) == struct.pack("<d", right) or (
            left != left and right != right
        )
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(same(one, other) for one, other in zip(left, right))
    if isinstance(left, Dict) and isinstance(right, Dict):
        return same(
            tuple([key for key, _ in left.entries]), tuple([key for key, _ in right.entries])
        ) and same(
            tuple([value for _, value in left.entries]),
            tuple([value for _, value in right.entries]),
        )
    if isinstance(left, (bool, float)) or isinstance(right, (bool, float)):
        return type(left) is type(right) and left == right
    return (
        type(left) in (type(right), int, type(2**70))
        and type(right) in (type(left), int, type(2**70))
        and left == right
    )
