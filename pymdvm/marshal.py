"""Python values to the VM's and back, as the bytes that mdvm.embedding.protocol describes.

None is Empty; bool, int in 64 bits, float, str, and dict with str keys are what they say; list and
tuple are arrays, which come back as lists. Programs of version 2 have URLs, functions, sets, and
dicts with any scalars as keys too.

Containers go both ways in the format of Python's own marshal module, which is written in C. What
that does not know, or what the VM refuses in it, goes as tagged_encoder.py writes it, which is
slower by far and knows all types and errors.
"""

from __future__ import annotations

import marshal
import struct
import sys
from array import array
from collections.abc import Callable, Sequence
from types import CoroutineType
from typing import Any, Union

from mdvm.embedding import protocol
from pymdvm.array_reader import ArrayReader, may_have_array
from pymdvm.buffers import view_of
from pymdvm.lent_arrays import LEAST, Lent, is_large, joined
from pymdvm.tagged_decoder import TaggedDecoder
from pymdvm.tagged_encoder import (
    PADDING,
    SINGLE,
    TOO_LARGE,
    Receiver,
    TaggedEncoder,
    index_of_too_large,
)
from pymdvm.values import Function

Value = Union[
    None,
    bool,
    int,
    float,
    str,
    Function,
    "list[Any]",
    "dict[Any, Any]",
    "set[Any]",
    "memoryview[Any]",
]

_TWO_WORDS = struct.Struct("<qq")
_pack_two = _TWO_WORDS.pack
_unpack_two = _TWO_WORDS.unpack_from
_HEAD = _TWO_WORDS.size
_FLOAT = struct.Struct("<qd")
_CONTAINERS = frozenset((list, tuple, dict))
_NUMBERS = frozenset((int, float))
_FORMAT = 4  # of marshal
_MOST_COLUMNS = 1000
_type: Callable[[object], object] = type


class Refused(Exception):
    """The VM wants the values as encode_tagged gives them."""


def encode_all(values: Sequence[Any], receiver: Receiver, may_lend: bool = False) -> bytes:
    """The bytes of several values, one after the other, which the VM may refuse.

    may_lend: whether the VM may be told where large arrays of the buffer protocol lie. Then the
    bytes may be Lent, and must be there until the run whose arguments they are is over.
    Raises what encode_tagged does.
    """
    if len(values) == 1:
        return _encode(values[0], receiver, may_lend)
    try:
        parts = [_encode(value, receiver, may_lend) for value in values]
    except (TypeError, ValueError, OverflowError):
        # It is to say which of them it is.
        return encode_tagged(values, receiver, may_lend)
    if not may_lend or Lent not in map(_type, parts):
        return b"".join(parts)
    return joined(parts, [view for part in parts for view in getattr(part, "views", ())])


def _encode(value: Any, receiver: Receiver, may_lend: bool) -> bytes:
    """The same of one value."""
    kind = type(value)
    if kind is int:
        try:
            return _pack_two(protocol.INT, value)
        except struct.error:
            raise OverflowError(TOO_LARGE) from None
    if kind is str:
        try:
            text: bytes = value.encode("utf-8")
        except UnicodeEncodeError:
            return encode_tagged((value,), receiver)
        size = len(text)
        return _pack_two(protocol.STRING, size) + text + PADDING[size % protocol.WORD]
    if kind is float:
        return _FLOAT.pack(protocol.FLOAT, value)
    if kind is bool or value is None:
        return SINGLE[value]
    if kind not in _CONTAINERS:
        return encode_tagged((value,), receiver, may_lend)
    if (
        kind is not dict
        and value
        and type(value[0]) in _NUMBERS
        and len(set(map(_type, value))) == 1
    ):
        return _encode_numbers(value)
    try:
        data = marshal.dumps(value, _FORMAT)
    except ValueError:
        return encode_tagged((value,), receiver, may_lend)
    size = len(data)
    if may_lend and size >= LEAST and _has_large_array(value):
        return encode_tagged((value,), receiver, True)
    return b"".join((_pack_two(protocol.MARSHALLED, size), data, PADDING[size % protocol.WORD]))


def _has_large_array(value: Any) -> bool:
    """Whether a value of few elements has one to be lent.  marshal takes what has the buffer
    protocol for bytes, which the VM refuses; to find it here is to write it once less.
    """
    return len(value) <= _MOST_COLUMNS and any(
        is_large(item) for item in (value.values() if type(value) is dict else value)
    )


def _encode_numbers(value: list[Any] | tuple[Any, ...]) -> bytes:
    """The bytes of an array that holds only ints, or only floats."""
    is_of_ints = type(value[0]) is int
    try:
        numbers = array("q" if is_of_ints else "d", value)
    except OverflowError:
        raise OverflowError(f"{TOO_LARGE}, at [{index_of_too_large(value)}]") from None
    if sys.byteorder != "little":
        numbers.byteswap()
    head = _pack_two(protocol.INTS if is_of_ints else protocol.FLOATS, len(value))
    return head + numbers.tobytes()


def encode_tagged(values: Sequence[Any], receiver: Receiver, may_lend: bool = False) -> bytes:
    """The bytes of several values, which the VM does not refuse.  may_lend: as for encode_all.

    Raises TypeError for a value of another type and for a dict with other keys, OverflowError for
    an int outside 64 bits, ValueError for a str with surrogates and for a container that contains
    itself. Each says where in the values that is.
    """
    if not values:
        return b""
    encoder = TaggedEncoder(receiver, may_lend)
    return joined(encoder.encode(values), encoder.views)


def encode_result(
    value: Any,
    function: str,
    receiver: Receiver,
    encode: Callable[[Sequence[Any], Receiver], bytes] = encode_all,
) -> bytes:
    """The bytes of what a function of the host has given.  Raises what encode_tagged does, with the
    function's name.
    """
    try:
        return encode((value,), receiver)
    except (TypeError, ValueError, OverflowError) as error:
        if type(error) not in (TypeError, ValueError, OverflowError):
            raise  # of the value's own
        if isinstance(value, CoroutineType):
            value.close()
            raise TypeError(
                f"the function {function!r} is a coroutine function, for which only arun and acall "
                "wait"
            ) from None
        raise type(error)(f"{error}, in what the function {function!r} gives") from None


def decode(data: bytes, program: object = None) -> Value:
    """The value that the bytes, all of them, stand for.  program: the pymdvm.Program or
    pymdvm.Instance that functions belong to.
    """
    tag = data[0]
    if tag == protocol.INT:
        number: int = _unpack_two(data)[1]
        return number
    if tag == protocol.STRING:
        return data[_HEAD : _HEAD + _unpack_two(data)[1]].decode("utf-8")
    value: Value
    if tag == protocol.MARSHALLED:
        value = marshal.loads(memoryview(data)[_HEAD:])
    else:
        value = TaggedDecoder(data, program).read()
    return value


def decode_with_views(data: bytes, program: object, is_deep: bool) -> Value:
    """The same with a memoryview in the place of an array of only ints, only floats or only bools,
    if that is all of the value; is_deep: also of each within it.
    """
    value: Value = view_of(data)
    if value is None and is_deep and data[0] != protocol.MARSHALLED:
        value = TaggedDecoder(data, program, True).read()
    elif value is None and is_deep and may_have_array(data):
        value = ArrayReader(data, _HEAD).read()
    elif value is None:
        value = decode(data, program)
    return value
