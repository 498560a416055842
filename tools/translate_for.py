"""Translates mdvm for another platform on an x86-64 machine, into build/PLATFORM/mdvm-c and
libmdvm.so.

    python3 tools/translate_for.py PLATFORM --libffi FOLDER [--jit]

PLATFORM is aarch64, which takes

    apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static

or musl, the C library of Alpine, which takes `apt-get install musl-tools`. FOLDER has the libffi of
that platform: for aarch64 Debian's package of it, unpacked by

    dpkg --add-architecture arm64 && apt-get update && apt-get download libffi-dev:arm64
    dpkg -x libffi-dev_*_arm64.deb FOLDER

for musl what its source makes, by

    ./configure CC=musl-gcc --host=x86_64-linux-musl --disable-shared --with-pic \\
        --disable-exec-static-tramp --prefix=FOLDER && make install

For aarch64 the VM has no JIT without --jit: RPython 0.2.1 has none for that processor. A current
PyPy source tree has one (environment: RPYTHON, see docs/other-rpythons.md).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import translate
from layout import TOP, run_tool
from platforms import PLATFORMS


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("platform", choices=sorted(PLATFORMS), metavar="PLATFORM")
    parser.add_argument("--libffi", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--jit", action="store_true", help="with the JIT, by a PyPy source tree")
    arguments = parser.parse_args()
    platform = PLATFORMS[arguments.platform]
    script = platform.compiler_script(platform.folder, arguments.libffi.absolute())
    os.environ["CC"] = str(script)
    os.environ["PROCESSOR"] = platform.processor
    level = "--opt=jit --no__thread" if arguments.jit else ""
    if not platform.has_jit and not level:
        level = "--opt=2"
    os.environ["TRANSLATE_OPTIONS"] = f"{level} {os.environ.get('TRANSLATE_OPTIONS', '')}".strip()
    translate.translate(TOP, platform.folder, elsewhere=platform.folder, glibc_for=platform.glibc)
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
