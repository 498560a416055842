"""What running a file came to, in a form in which two VMs can be compared."""

from __future__ import annotations

import math
from dataclasses import dataclass

VALUE = "value"
RUNTIME_ERROR = "runtime error"
LOAD_ERROR = "load error"
CRASH = "crash"
HANG = "hang"

# The ways of running a file: as it is, in debug mode, with its instructions counted, and with the
# JIT in such a hurry that even short loops are compiled. To the published VM the last is like the
# first.
PLAIN = "plain"
TRACED = "traced"
COUNTED = "counted"
COMPILED = "compiled"

# How a program without a value ends: as one that returns Empty, because Python's None stands for
# both.
NO_VALUE = "Empty"


@dataclass(frozen=True)
class Outcome:
    """What was printed, how it ended (one of the above), and the described value, the error's text
    or the crash's trace.

    count: how many instructions were executed, if they were counted.
    """

    stdout: str
    ending: str
    detail: str
    count: int | None = None

    def show(self) -> str:
        """A few lines for a person."""
        counted = "" if self.count is None else f" after {self.count} instructions"
        printed = "".join(f"    | {line}\n" for line in self.stdout.splitlines())
        return f"    {self.ending}{counted}: {self.detail}\n{printed}"


def describe(value: object) -> str:
    """One text for each value: types, the bits of a float and strings are kept, the order of a
    dict's entries is not.
    """
    if value is None:
        return NO_VALUE
    if isinstance(value, bool):
        return f"Bool({value})"
    if isinstance(value, int):
        return f"Int({value})"
    if isinstance(value, float):
        # Python cannot tell the NaNs that Rust may return apart, and no instruction can either.
        return "Float(NaN)" if math.isnan(value) else f"Float({value.hex()})"
    if isinstance(value, str):
        return f"String({value!a})"
    if isinstance(value, list):
        return "[" + ", ".join(describe(item) for item in value) + "]"
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(sorted(f"{key!a}: {describe(item)}" for key, item in value.items()))
            + "}"
        )
    raise TypeError(f"a program cannot return {value!r}")
