"""Finds a CPython 2.7 that works, or fetches Debian's own packages of it without needing root.

RPython is written in Python 2.7, and so is the translation. An interpreter is believed only after
it has run a small program: version managers leave a `python2.7` on PATH that merely prints an
error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import debian
from layout import ToolchainError, say

# What of Debian's Python 2.7 the interpreter needs. The two libraries are for the modules ctypes
# and hashlib; newer releases of Debian have other versions of them.
PACKAGES = (
    "python2.7-minimal",
    "libpython2.7-minimal",
    "libpython2.7-stdlib",
    "libffi7",
    "libssl1.1",
)

SMOKE_TEST = """
import sys, ctypes, hashlib, subprocess
assert sys.version_info[:2] == (2, 7), 'this is Python %d.%d' % sys.version_info[:2]
assert sys.maxint > 2 ** 32, 'this is a 32-bit Python'
hashlib.sha256(b'').hexdigest()
ctypes.CDLL(None)
subprocess.check_call([sys.executable, '-c', 'import ctypes, hashlib'])
print('works')
"""

# The interpreter's libraries must be found by it alone, so its environment is put back to what it
# was as soon as it runs (the loader has read LD_LIBRARY_PATH by then), and children that it starts
# go through the wrapper again.
WRAPPER = """#!/bin/sh
# Runs the Python 2.7 beside this file with its own shared libraries. Works wherever the folder is
# moved.
here=$(dirname "$(readlink -f "$0")")
MDVM_PYTHON2_WRAPPER="$here/python2.7"
MDVM_PYTHON2_HAD_PATH="${LD_LIBRARY_PATH-}"
LD_LIBRARY_PATH="$here/LIBRARIES${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export MDVM_PYTHON2_WRAPPER MDVM_PYTHON2_HAD_PATH LD_LIBRARY_PATH
exec "$here/usr/bin/python2.7" "$@"
"""
SITECUSTOMIZE = """# Written by tools/python2.py; see there.
import os, sys
sys.executable = os.environ.pop('MDVM_PYTHON2_WRAPPER', sys.executable)
before = os.environ.pop('MDVM_PYTHON2_HAD_PATH', '')
if before:
    os.environ['LD_LIBRARY_PATH'] = before
else:
    os.environ.pop('LD_LIBRARY_PATH', None)
"""

HOW_TO_GET_ONE = """Either install a CPython 2.7 and say where it is:
    make PYTHON2=/path/to/python2.7
or run this where apt-get and a network are at hand (Debian or a relative of it; root is not
needed)."""


def why_unusable(interpreter: str) -> str:
    """Empty when `interpreter` is a Python 2.7 that works, else the reason why not, in one line."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "PYTHONHOME")
    }
    try:
        result = subprocess.run(
            [interpreter, "-c", SMOKE_TEST],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=60,
            env=environment,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if result.returncode == 0 and result.stdout == "works\n":
        return ""
    lines = (result.stderr or result.stdout).strip().splitlines()
    return lines[-1] if lines else f"exit status {result.returncode}"


def find_or_fetch_python2(toolchain: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """The Python 2.7 to use: the one asked for, else an installed one, else a fetched one."""
    asked = environment.get("PYTHON2", "")
    if asked:
        return _asked_for(asked, environment)
    if environment.get("MDVM_FETCH_PYTHON2", "") in ("", "0"):
        for candidate in installed_candidates(environment):
            if not why_unusable(str(candidate)):
                return candidate
    return fetched_python2(toolchain)


def _asked_for(asked: str, environment: Mapping[str, str]) -> Path:
    found = shutil.which(asked, path=environment.get("PATH", ""))
    reason = why_unusable(found) if found else "there is no such program"
    if not found or reason:
        raise ToolchainError(f"PYTHON2={asked} is not a Python 2.7 that works: {reason}")
    return Path(found).absolute()


def installed_candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """Every place where a Python 2.7 may be installed, the likeliest first. None of them need
    work.
    """
    for folder in environment.get("PATH", "").split(os.pathsep):
        candidate = Path(folder) / "python2.7"
        if folder and os.access(candidate, os.X_OK) and candidate.is_file():
            yield candidate.absolute()
    root = environment.get("PYENV_ROOT", "") or os.path.join(environment.get("HOME", ""), ".pyenv")
    yield from sorted(Path(root).glob("versions/2.7*/bin/python2.7"), reverse=True)


def fetched_python2(toolchain: Path) -> Path:
    """The Python 2.7 fetched from Debian, from an earlier run or by fetching it now."""
    wrapper = toolchain / "python2.7" / "python2.7"
    if wrapper.exists() and not why_unusable(str(wrapper)):
        return wrapper
    fetch_python2(toolchain / "python2.7")
    return wrapper


def fetch_python2(destination: Path) -> None:
    """Download Debian's packages of Python 2.7 and unpack them into `destination`, all of it or
    nothing.
    """
    if not debian.is_possible():
        raise ToolchainError(
            f"no Python 2.7 works here, and there is no apt-get to fetch one.\n{HOW_TO_GET_ONE}"
        )
    say("fetching Python 2.7 (no Python 2.7 that works is installed, or a fetch was asked for)")
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="python2.7-", dir=destination.parent) as scratch:
        try:
            root = debian.fetch_packages(PACKAGES, Path(scratch))
        except ToolchainError as error:
            raise ToolchainError(
                f"no Python 2.7 works here, and none was fetched.\n{HOW_TO_GET_ONE}\n{error}"
            ) from None
        _add_wrapper(root)
        reason = why_unusable(str(root / "python2.7"))
        if reason:
            raise ToolchainError(
                f"the fetched Python 2.7 does not run here: {reason}\n{HOW_TO_GET_ONE}"
            )
        shutil.rmtree(destination, ignore_errors=True)
        os.rename(root, destination)


def _add_wrapper(root: Path) -> None:
    libraries = sorted((root / "usr" / "lib").glob("*-linux-*"))
    if not libraries:
        raise ToolchainError(
            "the fetched packages of Python 2.7 do not look as expected: no library folder"
        )
    wrapper = root / "python2.7"
    wrapper.write_text(WRAPPER.replace("LIBRARIES", str(libraries[0].relative_to(root))))
    wrapper.chmod(0o755)
    hook = root / "usr" / "lib" / "python2.7" / "sitecustomize.py"
    hook.unlink(missing_ok=True)  # Debian's is a link to a file under /etc
    hook.write_text(SITECUSTOMIZE)
