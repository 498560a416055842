"""What goes between a campaign and its worker: jobs one way and outcomes the other, pickled, each
behind its length.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass, field
from typing import IO, Any

from .settings import Setting

VALUE = "value"
RUN_ERROR = "run error"
LOAD_ERROR = "load error"
LIMIT = "limit"
# The VM has said that it cannot go on, or Python was given something that is no answer.
BROKEN = "broken"
# The error of a broken outcome: the value is one that Python cannot hold.
INDISTINGUISHABLE = "ValueError"

LENGTH = struct.Struct("<I")


@dataclass(frozen=True)
class Job:
    """A program and how to run it.

    data: a .mdbc file. limits: further options of Program.run; those that it does not know are left
    out. padding: whether bytes may be added at the end of the file, so that it is another one in
    each setting and shares no machine code.
    """

    data: bytes
    settings: tuple[Setting, ...]
    limits: dict[str, Any] = field(default_factory=dict)
    padding: bool = True


@dataclass(frozen=True)
class Outcome:
    """What running it came to.

    ending: one of the above, or those of runner.py. value: described, with VALUE. error: the text
    of an error. stack: (function, instruction) from the innermost. output: what was printed. count:
    instructions, -1 if they were not counted.
    """

    ending: str
    value: str = ""
    error: str = ""
    stack: tuple[tuple[str, int], ...] = ()
    output: str = ""
    count: int = -1


def send(stream: IO[bytes], message: object) -> None:
    """Write one message."""
    data = pickle.dumps(message)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message; None at the end."""
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    return pickle.loads(stream.read(LENGTH.unpack(header)[0]))
