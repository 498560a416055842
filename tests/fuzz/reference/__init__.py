"""What a .mdbc file must do, written from the contract alone: nothing here imports the VM, its
tables or its tests.

`values` has the text forms and equality, `arithmetic` what its name says, `latest` and `builtins` what only version 2
has, `decode` reads files, `machine` executes them.
Everything is done in the most naive way that is fast enough to judge some ten million instructions
a minute: containers are never changed in place.
"""

from .decode import LoadFailure, Module, decode
from .machine import OUT_OF_BUDGET, TOO_DEEP, Judgement, evaluate

__all__ = [
    "OUT_OF_BUDGET",
    "TOO_DEEP",
    "Judgement",
    "LoadFailure",
    "Module",
    "decode",
    "evaluate",
]
