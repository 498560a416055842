"""`Ask` in a program that `mdvm run` runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SOURCE = """
Define `name` as Text.
Ask _"Who? "_ and store it in `name`.
Say "hello ", `name`.
Ask _"Again? "_ and store in `name`.
Say `name` is Empty.
Say (`random` with 3, 3).
"""


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
