"""What RPython needs for its C side: a compiler, make, and libffi with its header.

The JIT generator asks the C compiler about libffi's constants; the finished VM does not use libffi.
Where the library is not installed for development, Debian's package of it is fetched, which needs
no root.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import debian
from layout import ToolchainError, say

SMALL_PROGRAM = "#include <stdio.h>\n#include <pthread.h>\nint main(void) { return 0; }\n"
FFI_PROGRAM = "#include <ffi.h>\nint main(void) { return ffi_type_void.size == 2; }\n"
INSTALL_COMPILER = "On Debian: apt-get install gcc libc6-dev make"
INSTALL_LIBFFI = "On Debian: apt-get install libffi-dev pkg-config"


def require_c_compiler(environment: Mapping[str, str] = os.environ) -> None:
    """Fail at once and in plain words, rather than after minutes of translation."""
    compiler = compiler_command(environment)
    missing = [tool for tool in (compiler[0], "make") if not _which(tool, environment)]
    if missing:
        names = " and ".join(missing)
        raise ToolchainError(
            f"{names} not found; a C compiler and make are needed.\n{INSTALL_COMPILER}"
        )
    complaint = complaint_about([*compiler, "-fsyntax-only"], SMALL_PROGRAM, environment)
    if complaint:
        raise ToolchainError(
            f"{compiler[0]} cannot compile a small C program:\n{complaint}\n{INSTALL_COMPILER}"
        )


def libffi(toolchain: Path, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of a fetched libffi, for `with_libffi`; None where the installed one does."""
    folder = toolchain / "libffi"
    if folder.exists():
        return folder
    if _libffi_is_installed(environment):
        return None
    _fetch_libffi(folder)
    return folder


def with_libffi(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which the C compiler and RPython find the fetched libffi."""
    additions = {
        "CPATH": folder / "include",
        "LIBRARY_PATH": folder / "lib",
        "PATH": folder / "bin",
    }
    changed = dict(environment)
    for name, value in additions.items():
        changed[name] = os.pathsep.join(filter(None, (str(value), environment.get(name, ""))))
    return changed


def _libffi_is_installed(environment: Mapping[str, str]) -> bool:
    """RPython also insists on pkg-config, or else on a folder that Debian does not have."""
    if not _which("pkg-config", environment):
        return False
    with tempfile.TemporaryDirectory() as scratch:
        program = str(Path(scratch) / "program")
        return not complaint_about(
            [*compiler_command(environment), "-o", program], FFI_PROGRAM, environment, ["-lffi"]
        )


def _fetch_libffi(destination: Path) -> None:
    if not debian.is_possible():
        raise ToolchainError(f"libffi's header or pkg-config is missing.\n{INSTALL_LIBFFI}")
    say("fetching libffi (its header or pkg-config is not installed)")
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="libffi-", dir=destination.parent) as scratch:
        try:
            root = debian.fetch_packages(["libffi-dev"], Path(scratch))
        except ToolchainError as error:
            raise ToolchainError(
                f"libffi's header or pkg-config is missing.\n{INSTALL_LIBFFI}\n{error}"
            ) from None
        os.rename(_arrange(root, Path(scratch) / "made"), destination)


def _arrange(root: Path, made: Path) -> Path:
    """Take the headers and the static library (which nothing has to find when a program runs) out
    of the package.
    """
    for pattern, folder in (("usr/include/**/ffi*.h", "include"), ("usr/lib/**/libffi.a", "lib")):
        (made / folder).mkdir(parents=True)
        for file in root.glob(pattern):
            shutil.copy(file, made / folder)
    # All that RPython asks pkg-config for is where libffi is; "nowhere in particular" is a good
    # answer.
    stand_in = made / "bin" / "pkg-config"
    stand_in.parent.mkdir()
    stand_in.write_text("#!/bin/sh\nexit 0\n")
    stand_in.chmod(0o755)
    return made


def compiler_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The command that compiles C: what CC says, or gcc, as RPython has it."""
    return shlex.split(environment.get("CC", "")) or ["gcc"]


def _which(tool: str, environment: Mapping[str, str]) -> str | None:
    return shutil.which(tool, path=environment.get("PATH", ""))


def complaint_about(
    command: list[str],
    program: str,
    environment: Mapping[str, str],
    libraries: list[str] | None = None,
) -> str:
    """Compile a program from stdin; empty if that worked, else the end of what the compiler
    said.
    """
    whole = [*command, "-x", "c", "-", *(libraries or [])]
    tried = subprocess.run(
        whole, input=program, capture_output=True, text=True, env=dict(environment)
    )
    if tried.returncode == 0:
        return ""
    return "\n".join(tried.stderr.strip().splitlines()[-4:]) or f"exit status {tried.returncode}"
