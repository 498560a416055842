"""What pip fetches: the RPython source, the packages for Python 2.7, and the Python 3 environments.

Versions and file hashes are pinned in tools/requirements/. Each thing fetched is a folder with a
mark in it, written last, that names the requirements it was made from: without the mark, or with
another one, it is made again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from layout import REQUIREMENTS, ToolchainError, say

MARK = ".complete"
NETWORK_HELP = (
    "Is there a network? A package mirror can be named with PIP_INDEX_URL. "
    "Nothing was changed; try again."
)
WRONG_HASH_HELP = (
    "What came is not what this project trusts, so it was not used. Is a "
    "mirror in between that changes files?"
)
NO_VARIABLES: Mapping[str, str] = {}
VENV_HELP = "On Debian: apt-get install python3-venv"


def requirements_file(name: str) -> Path:
    return REQUIREMENTS / f"{name}.txt"


def pinned(name: str) -> tuple[str, str, set[str]]:
    """Project, version and accepted SHA-256 sums of a requirements file with a single
    requirement.
    """
    text = requirements_file(name).read_text()
    requirement = re.search(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)
    assert requirement, f"{name}.txt pins nothing"
    return (
        requirement.group(1),
        requirement.group(2),
        set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text)),
    )


def key_of(*names: str) -> str:
    """What a folder made from these requirements files carries as its mark."""
    contents = b"".join(requirements_file(name).read_bytes() for name in names)
    return hashlib.sha256(contents).hexdigest()


def is_complete(folder: Path, key: str) -> bool:
    try:
        return (folder / MARK).read_text() == key
    except OSError:
        return False


def mark_complete(folder: Path, key: str) -> None:
    """Written last and in one step: a folder whose making was interrupted has no mark."""
    draft = folder / f"{MARK}.new"
    draft.write_text(key)
    os.replace(draft, folder / MARK)


def put_in_place(made: Path, destination: Path) -> None:
    """Give a finished folder its final name, in the place of an older one if there is one."""
    if destination.exists():
        shutil.rmtree(destination)
    os.rename(made, destination)


def environment(toolchain: Path, name: str) -> Path:
    """The Python of a virtual environment with the packages of requirements/NAME.txt; made if
    need be.
    """
    folder = toolchain / name
    python = folder / "bin" / "python"
    if is_complete(folder, key_of(name)) and python.exists():
        return python
    say(f"making the Python environment {folder.name}")
    toolchain.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    _make_empty_environment(folder)
    options = [
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "-r",
        str(requirements_file(name)),
    ]
    run_pip(python, ["install", *options], getting=f"the packages of {name}")
    mark_complete(folder, key_of(name))
    return python


def _make_empty_environment(folder: Path) -> None:
    try:
        import ensurepip  # noqa: F401  Debian splits it off, and `venv` then fails with a long text
        import venv  # noqa: F401
    except ImportError:
        raise ToolchainError(
            f"{sys.executable} has no modules venv and ensurepip.\n{VENV_HELP}"
        ) from None
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(folder)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        tail = "\n".join((made.stdout + made.stderr).strip().splitlines()[-6:])
        raise ToolchainError(f"{sys.executable} -m venv failed:\n{tail}\n{VENV_HELP}")


def run_pip(
    python: Path,
    arguments: Sequence[str],
    getting: str,
    variables: Mapping[str, str] = NO_VARIABLES,
) -> None:
    """Run pip; where it fails, say what could not be had and what pip said last.  variables: of the
    environment, besides.
    """
    result = subprocess.run(
        [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", **variables},
    )
    if result.returncode == 0:
        return
    lines = [line for line in result.stdout.strip().splitlines() if not line.startswith("WARNING")]
    tail = "\n".join(f"    {line}" for line in lines[-12:])
    advice = WRONG_HASH_HELP if "DO NOT MATCH THE HASHES" in result.stdout else NETWORK_HELP
    raise ToolchainError(f"pip could not get {getting}. Its last words:\n{tail}\n{advice}")


def source_package(toolchain: Path, name: str, scratch: Path) -> Path:
    """Download the source archive of NAME.txt into `scratch`; refuse it unless its hash is
    pinned.
    """
    project, version, _ = pinned(name)
    # pip runs a source package's setup.py to learn its name, and would fetch the newest setuptools
    # for that each time. The environment `fetcher` has a pinned one instead.
    python = environment(toolchain, "fetcher")
    options = ["--no-deps", "--no-build-isolation", f"--no-binary={project}", "--require-hashes"]
    wanted = ["-r", str(requirements_file(name)), "-d", str(scratch)]
    run_pip(python, ["download", *options, *wanted], getting=f"{project} {version}")
    archives = list(scratch.glob(f"{project}-*.tar.gz"))
    if len(archives) != 1:
        raise ToolchainError(f"pip downloaded no source archive of {project} {version}")
    verify(archives[0], name)
    return archives[0]


def verify(archive: Path, name: str) -> None:
    """Refuse a file whose SHA-256 is not one that requirements/NAME.txt lists."""
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    expected = pinned(name)[2]
    if found not in expected:
        raise ToolchainError(
            f"{archive.name} is not the file that this project trusts: its SHA-256 is\n    "
            f"{found}, not\n"
            f"    {' or '.join(sorted(expected))}\nIt was not unpacked."
        )


def unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as content:
        if hasattr(tarfile, "data_filter"):
            content.extractall(folder, filter="data")
        else:
            content.extractall(folder)


def rpython_source(toolchain: Path, python2: Path) -> Path:
    """The folder that holds the package `rpython`; fetched and byte-compiled if need be."""
    project, version, _ = pinned("rpython")
    folder = toolchain / f"{project}-{version}"
    if is_complete(folder, key_of("rpython")):
        return folder
    say(f"fetching {project} {version}")
    toolchain.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="rpython-", dir=toolchain) as scratch:
        archive = source_package(toolchain, "rpython", Path(scratch))
        unpack(archive, Path(scratch))
        put_in_place(Path(scratch) / folder.name, folder)
    _byte_compile(folder, python2)
    mark_complete(folder, key_of("rpython"))
    return folder


def _byte_compile(folder: Path, python2: Path) -> None:
    """Once here, since translations and tests run with PYTHONDONTWRITEBYTECODE to leave no .pyc
    among the sources.

    A file that does not compile (there are some, meant for tests) or a failure costs only time
    later.
    """
    command = [str(python2), "-m", "compileall", "-q", "-x", "/test/", str(folder / "rpython")]
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)


def python2_packages(toolchain: Path) -> Path:
    """A folder for PYTHONPATH with the packages for Python 2.7; made if need be."""
    folder = toolchain / "python2-packages"
    key = key_of("python2", "python2-scandir")
    if is_complete(folder, key):
        return folder
    say("fetching the packages for Python 2.7")
    toolchain.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="packages-", dir=toolchain) as scratch:
        made = Path(scratch) / "made"
        _install_for_python2(environment(toolchain, "fetcher"), made)
        _add_pure_module(toolchain, "python2-scandir", Path(scratch), made)
        mark_complete(made, key)
        put_in_place(made, folder)
    return folder


def _install_for_python2(python: Path, folder: Path) -> None:
    # pip compares some packages' required Python with the one that it runs under, not with the one
    # asked for.
    platform = [
        "--python-version",
        "2.7",
        "--implementation",
        "cp",
        "--only-binary=:all:",
        "--ignore-requires-python",
    ]
    options = ["--no-deps", "--no-compile", "--require-hashes", "--target", str(folder)]
    wanted = ["-r", str(requirements_file("python2"))]
    run_pip(
        python, ["install", *platform, *options, *wanted], getting="the packages for Python 2.7"
    )


def _add_pure_module(toolchain: Path, name: str, scratch: Path, folder: Path) -> None:
    """For a package with no wheel: take its one pure-Python module out of the source archive."""
    project, version, _ = pinned(name)
    unpack(source_package(toolchain, name, scratch), scratch)
    shutil.copy(scratch / f"{project}-{version}" / f"{project}.py", folder)
