"""`mdvm repl` in a pseudo-terminal, on each engine that there is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pymdvm.engines.native import find_library

from .terminal import Terminal

ENGINES = [
    "python",
    pytest.param(
        "native", marks=pytest.mark.skipif(find_library() is None, reason="libmdvm is not built")
    ),
]


@pytest.fixture(params=ENGINES)
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    environment = {"PYMDVM_ENGINE": request.param, "MDVM_HISTORY": str(tmp_path / "history")}
    with Terminal([sys.executable, "-m", "pymdvm", "repl"], environment) as running:
        running.wait_for("mdvm>")
        yield running


def enter(terminal: Terminal, line: str, answer: str = "") -> None:
    """Type a line and wait until it has been answered; one without an answer is followed by one
    that has one.
    """
    terminal.type(line + "\r")
    if answer:
        terminal.wait_for(answer)
        terminal.wait_for("mdvm>")
    else:
        enter(terminal, "_30_ + _3_", "Int(33)")


def test_values_variables_and_errors(terminal: Terminal) -> None:
    enter(terminal, "Define `x` as Whole Number (default: _5_).")
    enter(terminal, "`x` * _2_", "Int(10)")
    enter(terminal, "Say _1_ / _0_.", "Runtime error: Division by zero")
    enter(terminal, "Say `nobody`.", "`nobody` is not defined")
    enter(terminal, ":vars", "`x`  Int(5)")
    terminal.type("\x04")
    assert terminal.wait() == 0


def test_a_block_ends_with_an_empty_line(terminal: Terminal) -> None:
    enter(terminal, "Define `n` as Whole Number (default: _0_).")
    terminal.type("While `n` < _3_:\r")
    terminal.wait_for("...")
    terminal.type("> Set `n` to `n` + _1_.\r")
    terminal.wait_for("...")
    enter(terminal, "")
    enter(terminal, "`n`", "Int(3)")


def test_ctrl_c_stops_a_loop_and_keeps_what_it_did(terminal: Terminal) -> None:
    enter(terminal, "Define `n` as Whole Number (default: _0_).")
    enter(terminal, "Define `steps` as Ordered List.")
    enter(terminal, "Set `steps` to blank.")
    terminal.type(
        "While _Yes_:\r> Set `n` to `n` + _1_.\r> Say `n` if `n` equals _7_ else _empty_.\r\r"
    )
    terminal.wait_for("\n7\n")
    terminal.type("\x03")
    terminal.wait_for("Interrupted")
    terminal.wait_for("mdvm>")
    enter(terminal, "`n` > _6_", "Bool(true)")
    enter(terminal, "`steps`", "Array([])")


def test_ctrl_c_at_the_prompt_drops_the_line(terminal: Terminal) -> None:
    terminal.type('Say _"never"_.\x03')
    terminal.wait_for("mdvm>")
    enter(terminal, "_1_ + _1_", "Int(2)")


def test_completion_and_history(terminal: Terminal) -> None:
    enter(terminal, "Define `balance` as Whole Number (default: _12_).")
    terminal.type("`bal\t")
    terminal.wait_for("`balance`")
    enter(terminal, "", "Int(12)")
    terminal.type("\x1b[A")  # the arrow up
    terminal.wait_for("`balance`")
    enter(terminal, "", "Int(12)")


def test_enter_runs_a_line_wherever_the_cursor_is(terminal: Terminal) -> None:
    terminal.type("_40_ + _2_\x1b[D\x1b[D\x1b[D\r")
    terminal.wait_for("Int(42)")
