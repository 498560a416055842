"""Translates mdvm for aarch64 on an x86-64 machine, into build/aarch64/mdvm-c and libmdvm.so.

    python3 tools/translate_for_aarch64.py --libffi FOLDER [--jit]

The C compiler is a cross compiler; the small programs by which RPython finds out about the machine
run in an emulator. `apt-get install gcc-aarch64-linux-gnu qemu-user-static` installs both. FOLDER
is where libffi's package for that machine has been unpacked, by

    dpkg --add-architecture arm64 && apt-get update && apt-get download libffi-dev:arm64
    dpkg -x libffi-dev_*_arm64.deb FOLDER

Without --jit the VM has no JIT: RPython 0.2.1 has none for aarch64. A current PyPy source tree has
one (environment: RPYTHON, see docs/other-rpythons.md).
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
from pathlib import Path

import translate
from layout import BUILD, TOP, ToolchainError, run_tool

COMPILER = "aarch64-linux-gnu-gcc"
EMULATORS = ("qemu-aarch64-static", "qemu-aarch64")
SYSTEM = "/usr/aarch64-linux-gnu"  # where Debian's cross compiler has the C library
HEADERS = "usr/include/aarch64-linux-gnu"  # in the unpacked package
LIBRARY = "usr/lib/aarch64-linux-gnu/libffi.a"

# A program that RPython is going to run is put aside, and a script that runs it takes its place.
# The folders in the environment are those of the libffi of this machine.
_COMPILE = """#!/bin/bash
unset CPATH LIBRARY_PATH
{compiler} -I{headers} -L{libraries} "$@" || exit $?
output=a.out
before=
for argument in "$@"; do
    case "$before" in -o) output=$argument ;; esac
    case "$argument" in -c | -shared | -E | -S) exit 0 ;; esac
    before=$argument
done
case "$PWD/$output" in
*platcheck* | *gcctest*)
    if [ -f "$output" ]; then
        mv "$output" "$output.aarch64"
        program=$(realpath "$output.aarch64")
        printf '#!/bin/sh\\nexec {emulator} -L {system} "%s" "$@"\\n' "$program" >"$output"
        chmod +x "$output"
    fi
    ;;
esac
exit 0
"""


def compiler_script(folder: Path, libffi: Path) -> Path:
    """The C compiler for RPython, made in a folder.

    libffi: where its package is unpacked. Raises ToolchainError if a tool is missing.
    """
    headers, library = libffi / HEADERS, libffi / LIBRARY
    for needed in (headers / "ffi.h", library):
        if not needed.exists():
            raise ToolchainError(f"there is no {needed}: --libffi names no unpacked package")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(library, folder)
    text = _COMPILE.format(
        compiler=_tool(COMPILER),
        headers=shlex.quote(str(headers)),
        libraries=shlex.quote(str(folder)),
        emulator=_tool(*EMULATORS),
        system=SYSTEM,
    )
    script = folder / "cc"
    script.write_text(text)
    script.chmod(0o755)
    return script


def _tool(*names: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise ToolchainError(
        f"{names[0]} not found. On Debian: apt-get install gcc-aarch64-linux-gnu qemu-user-static"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--libffi", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--jit", action="store_true", help="with the JIT, by a PyPy source tree")
    arguments = parser.parse_args()
    folder = BUILD / "aarch64"
    os.environ["CC"] = str(compiler_script(folder, arguments.libffi.absolute()))
    os.environ["PROCESSOR"] = "aarch64"
    level = "--opt=jit --no__thread" if arguments.jit else "--opt=2"
    os.environ["TRANSLATE_OPTIONS"] = f"{level} {os.environ.get('TRANSLATE_OPTIONS', '')}"
    translate.translate(TOP, folder, elsewhere=folder)
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
