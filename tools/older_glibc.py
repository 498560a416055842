"""Has what is linked with a newer glibc run with the 2.17 of 2012 and all later ones.

A function that glibc has moved or changed since is asked for in an older version, which the later
ones have too: its calls go through a stub, as the linker's --wrap has it.
"""

from __future__ import annotations

import platform
import re
import sys
from pathlib import Path

# The oldest version of each. Those of 2.34 were in libpthread before.
_VERSIONS = {
    "__libc_start_main": "2.2.5",
    "exp": "2.2.5",
    "log": "2.2.5",
    "pow": "2.2.5",
    "pthread_attr_setstacksize": "2.2.5",
    "pthread_condattr_setclock": "2.3.3",
    "pthread_create": "2.2.5",
    "pthread_detach": "2.2.5",
    "pthread_join": "2.2.5",
    "pthread_key_create": "2.2.5",
    "pthread_key_delete": "2.2.5",
    "pthread_kill": "2.2.5",
    "pthread_setspecific": "2.2.5",
    "pthread_sigmask": "2.2.5",
    "sem_destroy": "2.2.5",
    "sem_getvalue": "2.2.5",
    "sem_init": "2.2.5",
    "sem_post": "2.2.5",
    "sem_timedwait": "2.2.5",
    "sem_trywait": "2.2.5",
    "sem_wait": "2.2.5",
}

_STUB = """
    .globl __wrap_{name}
    .hidden __wrap_{name}
    .type __wrap_{name}, @function
    .symver older_{target}, {target}@GLIBC_{version}
__wrap_{name}:
    .cfi_startproc
{arguments}    jmp older_{target}@PLT
    .cfi_endproc
    .size __wrap_{name}, .-__wrap_{name}
"""

# stat(path, buffer) was __xstat(1, path, buffer).
_ARGUMENTS_OF_XSTAT = "    movq %rsi, %rdx\n    movq %rdi, %rsi\n    movl $1, %edi\n"


def is_possible() -> bool:
    """Whether it is known how here: with glibc, on x86-64."""
    is_x86_64 = platform.machine() == "x86_64" and sys.maxsize > 2**32
    return sys.platform == "linux" and is_x86_64 and platform.libc_ver()[0] == "glibc"


def link_options(folder: Path) -> list[str]:
    """What the compiler is given besides to link something; before the libraries, but after its own
    objects. The stubs go into the folder.
    """
    if not is_possible():
        return []
    source = folder / "older_glibc.s"
    source.write_text(_stubs(), "utf-8")
    wraps = [f"-Wl,--wrap={name}" for name in (*_VERSIONS, "stat")]
    # libpthread: a glibc before 2.34 has what is named here in it; later ones have it with nothing.
    library = ["-Wl,--push-state,--no-as-needed", "-l:libpthread.so.0", "-Wl,--pop-state"]
    return [str(source), *wraps, *library, "-lm"]


def needed_version(product: bytes) -> int:
    """The newest version 2.N of glibc that a program or library names, as N."""
    return max([int(number) for number in re.findall(rb"GLIBC_2\.(\d+)", product)], default=0)


def _stubs() -> str:
    texts = [
        _STUB.format(name=name, target=name, version=version, arguments="")
        for name, version in _VERSIONS.items()
    ]
    texts.append(
        _STUB.format(name="stat", target="__xstat", version="2.2.5", arguments=_ARGUMENTS_OF_XSTAT)
    )
    return "    .text" + "".join(texts) + '    .section .note.GNU-stack,"",@progbits\n'
