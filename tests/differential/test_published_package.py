"""The published package machine-dialect, unchanged, on both VMs: its VMRunner, its command line,
its REPL in a pseudo-terminal.
"""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

import pytest

from .oracle import TOP, oracle_python, reason_there_is_none

ENGINES = ["wheel", "native", "python"]

# In front of every script: which VM `import machine_dialect_vm` gives.
PREPARATION = """
import os, sys
if os.environ["PYMDVM_ENGINE"]:
    import pymdvm
    pymdvm.install_as_machine_dialect_vm()
"""

SOURCES = {
    "value": "Give back _42_.\n",
    "arithmetic": "Define `x` as Whole Number.\nSet `x` to _6_.\nSet `x` to `x` * _7_.\nSay `x`.\nGive back `x` + _0.5_.\n",
    "text": 'Define `name` as Text.\nSet `name` to _"world"_.\nSay _"hello"_ + _" "_ + `name`.\nGive back `name`.\n',
    "condition": "If _5_ > _3_ then:\n> Give back _1_.\nElse:\n> Give back _2_.\n",
    "error": "Give back _1_ / _0_.\n",
    "type error": 'Give back _"a"_ - _1_.\n',
}

VM_RUNNER = (
    PREPARATION
    + """
from machine_dialect.compiler.vm_runner import VMRunner
for optimize in (False, True):
    runner = VMRunner(optimize=optimize)
    for source in sys.argv[1:]:
        for _ in range(2):
            try:
                print(repr(runner.execute(source)), flush=True)
            except Exception as error:
                print(type(error).__name__, error, flush=True)
        print(runner.vm.instruction_count(), flush=True)
    runner.reset()
    print(runner.vm.instruction_count())
"""
)

COMMAND_LINE = (
    PREPARATION
    + """
from machine_dialect.__main__ import cli
cli.main(args=sys.argv[1:], prog_name="machine-dialect")
"""
)

REPL = (
    PREPARATION
    + """
from machine_dialect.repl.repl import REPL
sys.exit(REPL().run())
"""
)


@pytest.fixture(autouse=True)
def _the_published_package() -> None:
    if reason_there_is_none():
        pytest.skip(reason_there_is_none())


def environment(engine: str) -> dict[str, str]:
    """Of a process that runs on the wheel, or on pymdvm with one of its engines."""
    chosen = "" if engine == "wheel" else engine
    return {
        **os.environ,
        "PYTHONPATH": str(TOP),
        "PYMDVM_ENGINE": chosen,
        "TERM": "dumb",
        "PYTHONIOENCODING": "utf-8",
    }


def run(script: str, *arguments: str, engine: str, folder: Path) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a script under the Python that has the published
    package.
    """
    if engine == "native" and not (TOP / "libmdvm.so").exists():
        pytest.skip("there is no libmdvm")
    done = subprocess.run(
        [str(oracle_python()), "-c", script, *arguments],
        cwd=folder,
        env=environment(engine),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_vm_runner(engine: str, tmp_path: Path) -> None:
    expected = run(VM_RUNNER, *SOURCES.values(), engine="wheel", folder=tmp_path)
    assert "42\n42\n" in expected[1]
    assert "RuntimeError Runtime error: Division by zero\n" in expected[1]
    assert run(VM_RUNNER, *SOURCES.values(), engine=engine, folder=tmp_path) == expected


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_compile_and_run(engine: str, tmp_path: Path) -> None:
    for name, source in SOURCES.items():
        path = tmp_path / f"{name.replace(' ', '_')}.md"
        path.write_text(source)
        if run(COMMAND_LINE, "compile", str(path), engine="wheel", folder=tmp_path)[0]:
            continue
        for options in ([], ["--debug"]):
            arguments = ["run", str(path.with_suffix(".mdbc")), *options]
            expected = run(COMMAND_LINE, *arguments, engine="wheel", folder=tmp_path)
            assert "Debug mode enabled" in expected[1] or not options
            assert run(COMMAND_LINE, *arguments, engine=engine, folder=tmp_path) == expected


def converse(engine: str, lines: list[str]) -> str:
    """What the REPL shows in a pseudo-terminal when these lines are typed, each when it asks."""
    if engine == "native" and not (TOP / "libmdvm.so").exists():
        pytest.skip("there is no libmdvm")
    child, terminal = pty.fork()
    if child == 0:
        python = str(oracle_python())
        os.execve(python, [python, "-c", REPL], environment(engine))
    shown = ""
    deadline = time.monotonic() + 60
    prompt = re.compile(r"(md> |\.\.\. ?)$")
    waiting = list(lines)
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                data = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            shown += data.decode()
            continue
        if waiting and prompt.search(shown):
            os.write(terminal, waiting.pop(0).encode() + b"\n")
            shown += "\0"
    os.close(terminal)
    os.waitpid(child, 0)
    return shown.replace("\0", "")


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_the_repl_in_a_terminal(engine: str) -> None:
    lines = [
        "Define `x` as Whole Number.",
        "Set `x` to _20_.",
        "Say `x` + _1_.",
        "Give back `x` * _2_.",
        "reset",
        "Give back _1_ / _0_.",
        "reset",
        "If _5_ > _3_ then:",
        "> Say _42_.",
        "",
        "nonsense",
        "exit",
    ]
    expected = converse("wheel", lines)
    assert "Mode: Rust VM Execution Mode" in expected
    assert re.search(r"^  40\r?$", expected, re.MULTILINE)
    assert re.search(r"^21\r?$", expected, re.MULTILINE)
    assert "Execution Error: Runtime error: Division by zero" in expected
    assert converse(engine, lines) == expected
