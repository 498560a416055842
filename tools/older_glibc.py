"""Has what is linked with a newer glibc run with the 2.17 of 2012 and all later ones.

A function that glibc has moved or changed since is asked for in an older version, which the later
ones have too: its calls go through a stub, as the linker's --wrap has it.
"""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST = 17

# What has versions that are newer than the oldest glibc with which it is to run. What became 2.34
# was in libpthread before.
_FUNCTIONS = (
    "__libc_start_main",
    "exp",
    "log",
    "pow",
    "pthread_attr_setstacksize",
    "pthread_condattr_setclock",
    "pthread_create",
    "pthread_detach",
    "pthread_join",
    "pthread_key_create",
    "pthread_key_delete",
    "pthread_kill",
    "pthread_setspecific",
    "pthread_sigmask",
    "sem_destroy",
    "sem_getvalue",
    "sem_init",
    "sem_post",
    "sem_timedwait",
    "sem_trywait",
    "sem_wait",
)

_STUB = """
    .globl __wrap_{name}
    .hidden __wrap_{name}
    .type __wrap_{name}, %function
    .symver older_{target}, {target}@GLIBC_{version}
__wrap_{name}:
    .cfi_startproc
{arguments}    {jump}
    .cfi_endproc
    .size __wrap_{name}, .-__wrap_{name}
"""


@dataclass(frozen=True)
class _Processor:
    """first: the version of glibc that was the first one for it, in which all was there that was
    not added later; later: the versions of what was. jump: to a function.
    arguments_of_xstat: instructions; stat(path, buffer) was __xstat(VERSION, path, buffer).
    """

    first: str
    later: dict[str, str]
    jump: str
    arguments_of_xstat: str

    def version(self, name: str) -> str:
        return self.later.get(name, self.first)


_PROCESSORS = {
    "x86_64": _Processor(
        first="2.2.5",
        later={"pthread_condattr_setclock": "2.3.3"},
        jump="jmp older_{target}@PLT",
        arguments_of_xstat="    movq %rsi, %rdx\n    movq %rdi, %rsi\n    movl $1, %edi\n",
    ),
    "aarch64": _Processor(
        first="2.17",
        later={},
        jump="b older_{target}",
        arguments_of_xstat="    mov x2, x1\n    mov x1, x0\n    mov w0, #0\n",
    ),
}


def processor_here() -> str:
    """The processor of this machine, as the names of wheels have it, if it is known how on it."""
    is_known = platform.machine() in _PROCESSORS and sys.maxsize > 2**32
    has_glibc = sys.platform == "linux" and platform.libc_ver()[0] == "glibc"
    return platform.machine() if is_known and has_glibc else ""


def link_options(folder: Path, processor: str) -> list[str]:
    """What the compiler is given besides to link something for a processor; before the libraries,
    but after its own objects. The stubs go into the folder. Nothing where the processor is "".
    """
    if not processor:
        return []
    source = folder / "older_glibc.s"
    source.write_text(_stubs(_PROCESSORS[processor]), "utf-8")
    wraps = [f"-Wl,--wrap={name}" for name in (*_FUNCTIONS, "stat")]
    # libpthread: a glibc before 2.34 has what is named here in it; later ones have it with nothing.
    library = ["-Wl,--push-state,--no-as-needed", "-l:libpthread.so.0", "-Wl,--pop-state"]
    return [str(source), *wraps, *library, "-lm"]


def needed_version(product: bytes) -> int:
    """The newest version 2.N of glibc that a program or library names, as N."""
    return max([int(number) for number in re.findall(rb"GLIBC_2\.(\d+)", product)], default=0)


def many_platforms(processor: str, newest: int) -> str:
    """What pip calls the platforms that something is for which needs no newer glibc than 2.N, under
    the old name too.  newest: that N. Empty for what needs a newer one than all of them have.
    """
    if not processor or not 0 < newest <= OLDEST:
        return ""
    return f"manylinux_2_{OLDEST}_{processor}.manylinux2014_{processor}"


def _stubs(processor: _Processor) -> str:
    targets = [(name, name, "") for name in _FUNCTIONS]
    targets.append(("stat", "__xstat", processor.arguments_of_xstat))
    texts = [
        _STUB.format(
            name=name,
            target=target,
            version=processor.version(target),
            arguments=arguments,
            jump=processor.jump.format(target=target),
        )
        for name, target, arguments in targets
    ]
    return "    .text" + "".join(texts) + '    .section .note.GNU-stack,"",%progbits\n'
