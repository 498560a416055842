"""What the C compiler is told about the VM beside what RPython tells it.

Both are for the loop that executes programs with the JIT off (docs/architecture.md). GCC keeps
pairs of its variables in vector registers, out of which it takes them for each instruction; and it
clears the registers of a frame, a few words, by the processor's string instruction, which takes
longer to begin than a call of memset to end. Without both the loop takes a tenth less time.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from c_compiler import SMALL_PROGRAM, compiler_command, complaint_about

WANTED = ("-fno-tree-slp-vectorize", "-mmemset-strategy=libcall:-1:noalign")


def compiler_flags(base: Mapping[str, str] = os.environ) -> str:
    """What CFLAGS shall be: those of WANTED that the compiler knows, and then what CFLAGS is."""
    command = [*compiler_command(base), "-fsyntax-only", "-Werror"]
    known = [
        option for option in WANTED if not complaint_about([*command, option], SMALL_PROGRAM, base)
    ]
    return " ".join([*known, *base.get("CFLAGS", "").split()])
