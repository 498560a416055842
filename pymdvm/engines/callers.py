"""What programs, instances and functions inherit to be called fast, and what calls the functions
that a program was given: both from the module _callers, which callers.c becomes where the package
was built with Python.h, and which costs a fifth of ctypes.

Everything works without it: then these classes only hold what a call needs. The environment
variable PYMDVM_CALLS=ctypes leaves it out, which the tests do.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from mdvm.embedding import protocol

CHOICE = "PYMDVM_CALLS"
CTYPES = "ctypes"

_MORE = -1  # of callers.c
_INTERFACE = 2  # the same; to be counted up there with each change of what the two call

Class = TypeVar("Class", bound=type)


def _module() -> ModuleType | None:
    """None where there is none for this Python."""
    if os.environ.get(CHOICE) == CTYPES or sys.version_info < (3, 10):
        return None
    try:
        module = importlib.import_module("pymdvm.engines._callers")
    except ImportError:
        return None
    # In a checkout it may be one of an older source until the next `make`.
    return module if getattr(module, "INTERFACE", 0) == _INTERFACE else None


_callers = _module()

if TYPE_CHECKING or _callers is None:

    class CallsByName:
        """A base of what calls functions by their names.

        _entry: how the VM is called, see `entry`
        _handle: what the engine calls the program or instance
        _numbers: those of its functions by their names, None while nobody has asked

        A subclass has the methods `call`; `_end_call`, for what is left of a call that has begun,
        but to leave the VM; `_result_of`, for what the call then gives; and `_decode`, for a result
        that is no scalar.
        """

        __slots__ = ("_entry", "_handle", "_numbers")

        _entry: object
        _handle: int
        _numbers: dict[str, int] | None

    class CallsOne:
        """The same of what calls one function: `__call__`.

        _number: that of the function
        """

        __slots__ = ("_entry", "_handle", "_number")

        _entry: object
        _handle: int
        _number: int

else:
    CallsByName, CallsOne = _callers.CallsByName, _callers.CallsOne


def entry(addresses: tuple[int, ...] | None, ended_handles: object, keeper: object) -> object:
    """How a VM is called by the module; None if it is not there, or not for this VM.

    addresses: see pymdvm.engines.base.Engine. ended_handles: something without elements as long as
    a call need not look after what has ended. keeper: what keeps the library loaded.
    """
    if _callers is None or addresses is None:
        return None
    return _callers.make_entry(addresses, ended_handles, keeper)


def set_plain(entry: object, is_plain: bool) -> None:
    """Say whether programs run with the JIT's usual parameters: else no call is one for the
    module.
    """
    if entry is not None:
        assert _callers is not None
        _callers.set_plain(entry, is_plain)


def serve_calls(
    entry: object, functions: tuple[Callable[..., Any], ...], encode: Callable[[Any, int], bytes]
) -> int:
    """Go on with a run that has paused for a function, as long as it pauses for nothing else and
    the arguments are scalars. The next status: protocol.HOST_CALL for a call that the caller is to
    serve, as all are where the module is not there.

    functions: by their numbers. encode: gives the bytes of a result of the function of a number.
    Raises what these raise, and what the handlers of signals do.
    """
    if entry is None:
        return protocol.HOST_CALL
    assert _callers is not None
    status: int = _MORE
    while status == _MORE:
        status = _callers.serve_calls(entry, functions, encode)
    return status


def with_fast_call(made: Class) -> Class:
    """Decorates a subclass of CallsByName or CallsOne: its `call`, or `__call__`, becomes what the
    module calls where it cannot do a call itself.
    """
    if _callers is None:
        return made
    changed: Any = made
    if issubclass(made, CallsOne):
        changed._call_slowly = changed.__call__
        changed.__call__ = CallsOne.__call__  # type: ignore[operator,unused-ignore]
    else:
        slow = changed._call_slowly = changed.call
        text = f"call($self, function, /, *arguments, **options)\n--\n\n{slow.__doc__}"
        changed.call = _callers.method_of(made, text)
    return made
