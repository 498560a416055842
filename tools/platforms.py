"""The platforms that mdvm is translated for on an x86-64 machine with Debian, besides its own, and
the C compiler by which RPython does that.

A cross compiler makes what is for another processor; the small programs by which RPython finds out
about the machine run in an emulator. What is for musl runs here as it is, once musl is installed.
"""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from layout import BUILD, ToolchainError

# A program that RPython is going to run is put aside, and a script that runs it takes its place.
# The folders in the environment are those of the libffi of this machine.
_COMPILE = """#!/bin/bash
unset CPATH LIBRARY_PATH
{compiler} -I{headers} -L{libraries} "$@" || exit $?
"""
_RUN_IN_EMULATOR = """output=a.out
before=
for argument in "$@"; do
    case "$before" in -o) output=$argument ;; esac
    case "$argument" in -c | -shared | -E | -S) exit 0 ;; esac
    before=$argument
done
case "$PWD/$output" in
*platcheck* | *gcctest*)
    if [ -f "$output" ]; then
        mv "$output" "$output.elsewhere"
        program=$(realpath "$output.elsewhere")
        printf '#!/bin/sh\\nexec {emulator} -L {system} "%s" "$@"\\n' "$program" >"$output"
        chmod +x "$output"
    fi
    ;;
esac
exit 0
"""


@dataclass(frozen=True)
class Platform:
    """name: as the command line has it. processor: as RPython calls it. compiler: its program.
    packages: of Debian, which have all that this takes but libffi. has_jit: whether RPython 0.2.1
    has a JIT for the processor. glibc: the processor as tools/older_glibc.py has it, "" where the C
    library is another. wheel: what pip calls the platform. strip: the program.
    headers, library: where libffi's are in a folder that holds an unpacked package or an
    installation. emulators: programs one of which runs what is made; none if it runs as it is.
    system: for the emulator, where the C library is.
    """

    name: str
    processor: str
    compiler: str
    packages: str
    has_jit: bool
    wheel: str
    glibc: str
    strip: str
    headers: str
    library: str
    emulators: tuple[str, ...] = ()
    system: str = ""

    @property
    def folder(self) -> Path:
        """Where what is translated for it lies."""
        return BUILD / self.name

    def command(self) -> str:
        """The C compiler.  Raises ToolchainError where it is not installed."""
        return self._tool(self.compiler)

    def compiler_script(self, folder: Path, libffi: Path) -> Path:
        """The C compiler for RPython, made in a folder.

        libffi: where its package is unpacked. Raises ToolchainError if a tool is missing.
        """
        headers, library = libffi / self.headers, libffi / self.library
        for needed in (headers / "ffi.h", library):
            if not needed.exists():
                raise ToolchainError(
                    f"there is no {needed}: --libffi names no libffi for {self.name}"
                )
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, folder)
        text = _COMPILE.format(
            compiler=self.command(),
            headers=shlex.quote(str(headers)),
            libraries=shlex.quote(str(folder)),
        )
        if self.emulators:
            text += _RUN_IN_EMULATOR.format(
                emulator=self._tool(*self.emulators), system=self.system
            )
        script = folder / "cc"
        script.write_text(text)
        script.chmod(0o755)
        return script

    def _tool(self, *names: str) -> str:
        for name in names:
            found = shutil.which(name)
            if found:
                return found
        raise ToolchainError(f"{names[0]} not found. On Debian: apt-get install {self.packages}")


AARCH64 = Platform(
    name="aarch64",
    processor="aarch64",
    compiler="aarch64-linux-gnu-gcc",
    packages="gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static",
    has_jit=False,
    wheel="linux_aarch64",
    glibc="aarch64",
    strip="aarch64-linux-gnu-strip",
    headers="usr/include/aarch64-linux-gnu",
    library="usr/lib/aarch64-linux-gnu/libffi.a",
    emulators=("qemu-aarch64-static", "qemu-aarch64"),
    system="/usr/aarch64-linux-gnu",
)

MUSL = Platform(
    name="musl",
    processor="x86-64",
    compiler="musl-gcc",
    packages="musl-tools",
    has_jit=True,
    wheel="musllinux_1_2_x86_64",
    glibc="",
    strip="strip",
    headers="include",
    library="lib/libffi.a",
)

PLATFORMS = {platform.name: platform for platform in (AARCH64, MUSL)}
