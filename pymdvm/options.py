"""The options of a run, checked, and what they ask of the engine."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mdvm import protocol
from pymdvm.sinks import Destination, Sink, check_destination, sink_of, to_descriptor_1

NO_LIMIT = 2 ** 62
_MOST_SECONDS = 1e8


@dataclass(frozen=True)
class RunOptions:
    """What a run is to be like.

    sink: where output goes.  variant: int, bits of mdvm.protocol.  max_instructions, max_depth: int, NO_LIMIT for none of the
    program's own; has_limits: whether there is one of these two.  timeout: seconds, None for no limit.  jit: str, parameters
    of the JIT, "default" for the usual ones.
    """

    sink: Sink = to_descriptor_1
    variant: int = 0
    max_instructions: int = NO_LIMIT
    max_depth: int = NO_LIMIT
    timeout: float | None = None
    jit: str = "default"
    has_limits: bool = False


DEFAULT = RunOptions()


def run_options(
    stdout: Destination | None = None,
    max_instructions: int | None = None,
    max_depth: int | None = None,
    timeout: float | None = None,
    jit: bool | str | None = None,
    variant: int = 0,
) -> RunOptions:
    """The options as Program.run has them.  Raises TypeError and ValueError, naming the option."""
    sink: Sink = to_descriptor_1
    if stdout is not None:
        check_destination(stdout)
        sink = sink_of(stdout)
    if max_instructions is not None:
        variant |= protocol.COUNT | protocol.LIMIT_INSTRUCTIONS
    if max_depth is not None:
        variant |= protocol.LIMIT_DEPTH
    parameters = _jit_parameters(jit)
    if parameters == "off":
        variant |= protocol.OWN_COMPILED_CODE
    elif parameters != "default":
        variant |= protocol.TUNED_CODE
    return RunOptions(
        sink,
        variant,
        _count("max_instructions", max_instructions),
        _count("max_depth", max_depth),
        _seconds(timeout),
        parameters,
        max_instructions is not None or max_depth is not None,
    )


def _count(name: str, value: object) -> int:
    if value is None:
        return NO_LIMIT
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if value < 0:
        raise ValueError(f"{name} must not be negative, as {value} is")
    return min(value, NO_LIMIT)


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise TypeError(f"timeout must be a number of seconds, not {type(value).__name__}")
    if not value > 0 or math.isnan(value):
        raise ValueError(f"timeout must be more than 0 seconds, which {value} is not")
    return min(float(value), _MOST_SECONDS)


def _jit_parameters(value: object) -> str:
    if value is None or value is True:
        return "default"
    if value is False:
        return "off"
    if not isinstance(value, str):
        raise TypeError(f"jit must be a bool or a str, not {type(value).__name__}")
    if "\0" in value or not value.isascii():
        raise ValueError(f"jit={value!r} is not a list of NAME=VALUE")
    return value or "default"
