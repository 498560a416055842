"""Builds pymdvm/engines/_callers, the module in C that calls of programs from Python go through,
and calls of Python functions from programs.

    python3 tools/callers.py [--fetch] [--for PLATFORM]

It is for CPython 3.10 and all later ones, whichever of them builds it. Where it cannot be built,
for lack of Python.h, that is said and no error: calls then go through ctypes. --fetch: get Python.h
from Debian into .toolchain/ where it is not installed, which needs no root. --for: build it for
another platform, one of tools/platforms.py, into build/PLATFORM; what it needs of Python.h is the
same.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import debian
from c_compiler import compiler_command
from layout import TOOLCHAIN, TOP, ToolchainError, say
from platforms import PLATFORMS

FOLDER = TOP / "pymdvm" / "engines"
PRODUCT = FOLDER / "_callers.abi3.so"
SOURCE = FOLDER / "callers.c"
PROTOCOL = TOP / "mdvm" / "embedding" / "protocol.py"
INCLUDED = (TOP / "mdvm" / "embedding", TOP / "mdvm" / "system")
# What the module needs to know of mdvm/embedding/protocol.py.
NUMBERS = (
    "EMPTY",
    "FALSE",
    "TRUE",
    "INT",
    "FLOAT",
    "STRING",
    "INTS",
    "MARSHALLED",
    "NO_VALUE",
    "VALUE",
    "HOST_CALL",
    "MOST_ARGUMENTS",
)
# Headers of the oldest CPython that the module can be for, or later; what is built is the same.
HEADERS_SUITE, HEADERS_PACKAGE = "bookworm", "libpython3.11-dev"
HEADERS = TOOLCHAIN / "python-headers"
HINT = "With Python.h (python3-dev on Debian) and `make callers` they take a quarter of the time."


class NotBuilt(Exception):
    """There can be no module; the text says why."""


def build(may_fetch: bool, product: Path, compiler: list[str]) -> None:
    """Build it, unless it is there and as new as what it is made of.  Raises NotBuilt."""
    inputs = (SOURCE, PROTOCOL, INCLUDED[0] / "embedding.h", Path(__file__))
    newest = max(path.stat().st_mtime for path in inputs)
    if product.exists() and product.stat().st_mtime >= newest:
        return
    product.unlink(missing_ok=True)
    if shutil.which(compiler[0]) is None:
        raise NotBuilt(f"there is no {compiler[0]}")
    sys.path.insert(0, str(TOP))
    from mdvm.embedding import protocol

    numbers = [f"-DPROTOCOL_{name}={getattr(protocol, name)}" for name in NUMBERS]
    folders = [f"-I{folder}" for folder in (*INCLUDED, *_headers(may_fetch))]
    unfinished = product.with_suffix(f".{os.getpid()}")
    options = ["-O2", "-Wall", "-shared", "-fPIC", "-fvisibility=hidden", "-s"]
    done = subprocess.run(
        [*compiler, *options, *numbers, *folders, str(SOURCE), "-o", str(unfinished)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        unfinished.unlink(missing_ok=True)
        last = "\n".join(done.stderr.strip().splitlines()[-4:])
        raise NotBuilt(f"the C compiler says:\n{last}")
    unfinished.rename(product)


def _headers(may_fetch: bool) -> list[Path]:
    """The folders of Python.h."""
    own = Path(sysconfig.get_path("include"))
    is_suitable = (
        sys.implementation.name == "cpython"
        and sys.version_info >= (3, 10)
        and not sysconfig.get_config_var("Py_GIL_DISABLED")
    )
    if is_suitable and (own / "Python.h").exists():
        return [own]
    if not HEADERS.exists():
        if not may_fetch or not debian.is_possible():
            raise NotBuilt("there is no Python.h of CPython 3.10 or later")
        _fetch_headers()
    return [*HEADERS.glob("python3*"), HEADERS]


def _fetch_headers() -> None:
    say("fetching Python.h (it is not installed)")
    TOOLCHAIN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="python-headers-", dir=TOOLCHAIN) as scratch:
        try:
            root = debian.fetch_packages([HEADERS_PACKAGE], Path(scratch), HEADERS_SUITE)
        except ToolchainError as error:
            raise NotBuilt(f"there is no Python.h, and {error}") from None
        os.rename(root / "usr" / "include", HEADERS)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fetch", action="store_true", help="get Python.h where it is missing")
    parser.add_argument("--for", dest="platform", choices=sorted(PLATFORMS), metavar="PLATFORM")
    arguments = parser.parse_args()
    product, compiler = PRODUCT, compiler_command()
    if arguments.platform:
        platform = PLATFORMS[arguments.platform]
        product, compiler = platform.folder / PRODUCT.name, [platform.command()]
        product.parent.mkdir(parents=True, exist_ok=True)
    try:
        build(arguments.fetch, product, compiler)
    except NotBuilt as problem:
        say(f"calls from Python go through ctypes: {problem}\n{HINT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
