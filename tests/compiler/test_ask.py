"""`Ask` in a program that `mdvm run` runs, and in the REPL."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pymdvm.compiler.frontend.front import analyse

SOURCE = """
Define `name` as Text.
Ask _"Who? "_ and store it in `name`.
Say "hello ", `name`.
Ask _"Again? "_ and store in `name`.
Say `name` is Empty.
Say (`random` with 3, 3).
"""


REPL_INPUT = """\
Define `name` as Text.
Ask "Who? " and store in `name`.
Ada
Say "hello ", `name`.
Ask "Again? " and store in `name`.
"""

MIXED = """
Define `all` as List.
Define `d` as Named List.
Define `x` as Text.
Ask "1 " and store in `x`.
While `x` is not "end" and `x` is not Empty:
> Add `x` to `all`.
> Ask "2 " and store it in `x`.
Ask "3 " and store in `d`'s name.
Add `d`'s name to `all`.
Ask "4 " and store in item 1 of `all`.
Say (`ask` with "5 ") as Whole Number + 1.
Ask "6 ".
Say `all` joined with ",".
"""


def mdvm(command: str, *arguments: str, given: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pymdvm", command, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_repl_asks_amid_its_input() -> None:
    status, output, errors = mdvm("repl", given=REPL_INPUT)
    assert (status, output) == (0, "Who? hello Ada\nAgain? "), errors


def test_answers_go_where_values_go(tmp_path: Path) -> None:
    program = tmp_path / "ask.md"
    program.write_text(MIXED, encoding="utf-8")
    status, output, errors = mdvm("run", str(program), given="a\nb\nend\nc\nd\n41\n")
    assert (status, output) == (0, "1 2 2 3 4 5 42\n6 d,b,c\n"), errors


def test_an_answer_is_no_number() -> None:
    analysis = analyse('Define `n` as Number.\nAsk "?" and store in `n`.\nSay `n`.', "ask.md")
    (finding,) = analysis.findings
    assert (finding.code, finding.place.line) == ("kind-mismatch", 2)
    assert finding.expected == "expected Set `n` to (`ask` with ...) as Float"


def test_ask(tmp_path: Path) -> None:
    program = tmp_path / "ask.md"
    program.write_text(SOURCE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pymdvm", "run", str(program)],
        input="Ada\r\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "Who? hello Ada\nAgain? true\n3\n"), done.stderr
