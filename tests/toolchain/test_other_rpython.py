"""The VM from another RPython: it builds from the same sources, and passes what the usual build
passes.

MDVM_RPYTHON_TREE names the tree, a folder with PyPy's `rpython/` and what that imports. The build
takes a quarter of an hour and stays in build/toolchain, where only what has changed is built anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import translator
from layout import BUILD, TOOLCHAIN, TOP

TREE = os.environ.get("MDVM_RPYTHON_TREE", "")
HERE = BUILD / "toolchain"
NOT_COPIED = (
    ".git",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".toolchain",
    "__pycache__",
    "build",
    "dist",
    "libmdvm.so",
    "mdvm-c",
)

pytestmark = pytest.mark.skipif(not TREE, reason="MDVM_RPYTHON_TREE names no tree of RPython")


def _copy(source: Path, target: Path) -> None:
    """Make the target hold the files of the source, dated as they are; of one that is there already
    nothing is touched.
    """
    target.mkdir(parents=True, exist_ok=True)
    names = {path.name for path in source.iterdir() if path.name not in NOT_COPIED}
    for path in target.iterdir():
        if path.name not in names and path.name not in NOT_COPIED:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in names:
        here, there = source / name, target / name
        if here.is_dir():
            _copy(here, there)
        elif not there.exists() or here.stat().st_mtime != there.stat().st_mtime:
            shutil.copy2(here, there)


def _link(path: Path, target: Path) -> None:
    if target.exists() and not path.exists():
        path.symlink_to(target)


@pytest.fixture(scope="module")
def checkout() -> Path:
    """A copy of the project with the VM built by that RPython."""
    copy = HERE / "mdvm"
    _copy(TOP, copy)
    _link(copy / ".toolchain", TOOLCHAIN)
    _link(HERE / "shared", TOP.parent / "shared")
    subprocess.run(["make", f"PYTHON={sys.executable}"], cwd=copy, env=_environment(), check=True)
    return copy


def _environment() -> dict[str, str]:
    script = Path(TREE).expanduser().absolute() / "rpython" / "bin" / "rpython"
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    for name in ("MAKEFLAGS", "MAKELEVEL", "MDVM_RPYTHON_TREE", "MDVM_BINARY"):
        own.pop(name, None)
    return {**own, "RPYTHON": str(script)}


def test_the_version_names_the_tree(checkout: Path, tmp_path: Path) -> None:
    command = [str(checkout / "mdvm-c"), "--version"]
    version = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    tools = translator(base=_environment())
    asking = "from translation.tree import tree_name; print(tree_name())"
    name = subprocess.run(
        [str(tools.python2), "-c", asking],
        cwd=checkout,
        env=tools.environment(scratch=tmp_path),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert name.startswith("RPython ")
    assert f"({name}, " in version


@pytest.mark.parametrize("suite", ["binary", "jit", "conformance"])
def test_the_suite_passes(checkout: Path, suite: str) -> None:
    if suite == "conformance" and not (HERE / "shared" / "conformance").exists():
        pytest.skip("there is no ../shared/conformance here")
    command = [sys.executable, "tools/run_tests.py", suite]
    run = subprocess.run(
        command, cwd=checkout, env=_environment(), capture_output=True, text=True, errors="replace"
    )
    last = run.stdout.strip().splitlines()[-1]
    assert run.returncode == 0 and " 0 failed" in last, run.stdout[-5000:] + run.stderr
