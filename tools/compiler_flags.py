"""What the C compiler is told about the VM beside what RPython tells it.

Both are for the loop that executes programs with the JIT off (docs/architecture.md). GCC keeps
pairs of its variables in vector registers, out of which it takes them for each instruction; and it
clears the registers of a frame, a few words, by the processor's string instruction, which takes
longer to begin than a call of memset to end. Without both the loop takes a tenth less time.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping

WANTED = ("-fno-tree-slp-vectorize", "-mmemset-strategy=libcall:-1:noalign")


def compiler_flags(base: Mapping[str, str] = os.environ) -> str:
    """What CFLAGS shall be: those of WANTED that the compiler, `cc` or CC, knows, and then what
    CFLAGS is.
    """
    compiler = shlex.split(base.get("CC", "")) or ["cc"]
    known = [option for option in WANTED if _is_known(compiler, option)]
    return " ".join([*known, *base.get("CFLAGS", "").split()])


def _is_known(compiler: list[str], option: str) -> bool:
    command = [*compiler, "-Werror", option, "-c", "-x", "c", os.devnull, "-o", os.devnull]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
