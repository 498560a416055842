"""Every command explains itself, starts fast, and completes in a shell."""

from __future__ import annotations

import shutil
import sys

import click
import pytest

from pymdvm.commands import COMMANDS, mdvm
from tests.commands.command_line import command, environment, invoke, run, run_process


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str) -> None:
    outcome = invoke(name, "--help")
    assert outcome.status == 0
    assert outcome.out.startswith(f"Usage: mdvm {name} ")
    assert "Example" in outcome.out
    assert f"\n    mdvm {name}" in outcome.out or f"$(mdvm {name} " in outcome.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name: str) -> None:
    found = mdvm.get_command(click.Context(mdvm), name)
    assert found is not None
    assert found.name == name
    for parameter in found.params:
        assert not isinstance(parameter, click.Option) or parameter.help


def test_help_lists_the_commands_in_order() -> None:
    outcome = invoke("--help")
    listed = [line.split()[0] for line in outcome.out.partition("Commands:\n")[2].splitlines()]
    assert listed == list(COMMANDS)


def test_the_version() -> None:
    outcome = invoke("--version")
    assert outcome.status == 0
    assert outcome.out.startswith("mdvm ")


def test_an_unknown_command() -> None:
    outcome = run("fly")
    assert outcome.status == 2
    assert "No such command 'fly'" in outcome.err
    assert "Traceback" not in outcome.err


def test_no_program() -> None:
    outcome = invoke("run")
    assert outcome.status == 2
    assert "Missing argument 'PROGRAM'" in outcome.err


def test_running_imports_only_what_running_needs() -> None:
    """rich, the assembler and the verifier stay out of the way of `mdvm run`."""
    code = "import sys; from pymdvm.commands import mdvm; mdvm(['run', 'nosuch.mdbc'], standalone_mode=False)"
    check = (
        f"import sys\ntry:\n    exec({code!r})\nexcept SystemExit: pass\nprint(sorted(sys.modules))"
    )
    loaded = eval(run_process([sys.executable, "-c", check]).out)
    assert "pymdvm.commands.run" in loaded
    unwanted = {
        "rich",
        "pymdvm.assembler",
        "pymdvm.inspection.verifier",
        "pymdvm.commands.trace",
        "pymdvm.bytecode.codec",
    }
    assert not unwanted & set(loaded)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script(shell: str) -> None:
    if shell == "bash" and shutil.which("bash") is None:
        pytest.skip("there is no bash")
    outcome = invoke("completion", shell)
    assert outcome.status == 0
    assert f"_MDVM_COMPLETE={shell}_complete" in outcome.out


def test_an_unknown_shell() -> None:
    assert invoke("completion", "cmd").status == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mdvm ver", ["plain,verify"]),
        ("mdvm verify --j", ["plain,--json"]),
        ("mdvm completion z", ["plain,zsh"]),
        ("mdvm run exa", ["file,exa"]),
    ],
)
def test_what_bash_is_told(words: str, expected: list[str]) -> None:
    count = str(len(words.split()) - 1)
    outcome = run(
        changes={"_MDVM_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    )
    assert outcome.out.split() == expected


def test_the_same_as_a_module() -> None:
    assert command("--version")[1:3] == ["-m", "pymdvm"]
    assert run("--version").out == invoke("--version").out
    assert environment()["PYTHONPATH"]
