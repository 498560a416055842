"""What a .mdbc file must do, written from the contract alone: nothing here imports the VM, its
tables or its tests.

`values` has the text forms and comparisons, `decode` reads files, `machine` executes them.
Everything is done in the most naive way that is fast enough to judge some ten million instructions
a minute: containers are never changed in place.
"""

from .decode import LoadFailure, Module, can_judge, decode
from .machine import OUT_OF_BUDGET, TOO_DEEP, Judgement, evaluate

__all__ = [
    "OUT_OF_BUDGET",
    "TOO_DEEP",
    "Judgement",
    "LoadFailure",
    "Module",
    "can_judge",
    "decode",
    "evaluate",
]
