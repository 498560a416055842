"""What a run gives to Python, or raises, of the status and the answer that it has ended with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mdvm.embedding import protocol
from pymdvm.marshal import Refused, Value, decode, decode_with_views
from pymdvm.run_errors import run_error
from pymdvm.run_options import NESTED, RunOptions

# Answers for which nobody has to look up whose functions are in them.
_WITHOUT_FUNCTIONS = frozenset(
    (protocol.INT, protocol.MARSHALLED, protocol.STRING, protocol.FLOAT, protocol.TRUE)
)


def result_of(
    end: tuple[int, bytes],
    programs: Mapping[int, Any],
    program: int,
    options: RunOptions,
    has_memory_of_its_own: bool,
) -> Value:
    """end: the status and the answer. programs, has_memory_of_its_own: see pymdvm.session.Session.
    program: the handle of the one that has run.

    Raises RunError, and Refused where an argument was not to be MARSHALLED.
    """
    status, data = end
    if status == protocol.VALUE:
        if options.arrays:
            return decode_with_views(data, programs.get(program), options.arrays == NESTED)
        if data[0] in _WITHOUT_FUNCTIONS:
            return decode(data)
        return decode(data, programs.get(program))
    if status == protocol.NO_VALUE:
        return None
    if status == protocol.REFUSED:
        raise Refused
    raise run_error(status, decode(data), options.timeout, has_memory_of_its_own)
