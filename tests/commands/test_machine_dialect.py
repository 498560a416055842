"""`mdvm machine-dialect`: the published command line on this VM, where the published package is
installed.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from tests.commands.command_line import TOP, assembled, invoke, run


def is_installed() -> bool:
    """Whether the published command line is there with all that it needs."""
    try:
        importlib.import_module("machine_dialect.__main__")
    except ImportError:
        return False
    return True


needs_machine_dialect = pytest.mark.skipif(
    not is_installed(), reason="the package machine-dialect is not installed"
)
HELLO = '    LOAD_CONST r0, "hello"\n    DEBUG_PRINT r0\n    LOAD_CONST r1, 42\n    RETURN r1\n'


@needs_machine_dialect
def test_running_a_file(tmp_path: Path) -> None:
    outcome = run("machine-dialect", "run", assembled(tmp_path, HELLO))
    assert outcome.status == 0, outcome.err
    assert "hello" in outcome.out.splitlines()


@needs_machine_dialect
def test_what_the_published_vm_refuses_runs(tmp_path: Path) -> None:
    """The published VM rejects every file with an ASSERT: so it is this VM that runs."""
    path = assembled(
        tmp_path,
        '    LOAD_CONST r0, "ours"\n    ASSERT r0, truthy, "m"\n    DEBUG_PRINT r0\n    RETURN\n',
    )
    outcome = run("machine-dialect", "run", path)
    assert "ours" in outcome.out.splitlines(), outcome


@needs_machine_dialect
def test_compiling_and_running(tmp_path: Path) -> None:
    source = tmp_path / "text_output.md"
    source.write_bytes(
        (TOP / "tests" / "differential" / "compiled" / "text_output.md").read_bytes()
    )
    assert run("machine-dialect", "compile", source).status == 0
    outcome = run("machine-dialect", "run", source.with_suffix(".mdbc"))
    assert outcome.status == 0, outcome.err
    assert "Hello, Wörld" in outcome.out


@needs_machine_dialect
def test_options_go_to_the_published_command_line() -> None:
    outcome = run("machine-dialect", "compile", "--help")
    assert outcome.status == 0
    assert outcome.out.startswith("Usage: mdvm machine-dialect compile [OPTIONS] SOURCE_FILE")


@needs_machine_dialect
def test_its_errors_and_exit_status_are_kept(tmp_path: Path) -> None:
    outcome = run("machine-dialect", "run", tmp_path / "nosuch.mdbc")
    assert outcome.status == 2
    assert "does not exist" in outcome.err


def test_without_the_published_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "machine_dialect", None)
    monkeypatch.setitem(sys.modules, "machine_dialect.__main__", None)
    modules = dict(sys.modules)
    outcome = invoke("machine-dialect", "run", "x.mdbc")
    for name in set(sys.modules) - set(modules):
        del sys.modules[name]
    assert outcome.status == 1
    assert outcome.err.startswith("Error: the package machine-dialect is not there as a whole (")
    assert outcome.err.endswith("): pip install machine-dialect==0.1.0a2\n")
