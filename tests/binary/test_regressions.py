"""What once went wrong: every program of tests/fuzz/regressions, compiled late, compiled at once,
and interpreted.

tests/programs.py tells what their comment lines mean.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binary.binary import DEFAULT, EAGER, FAILURE, JIT_OFF, SUCCESS, program, run
from tests.programs import Noted, name, read_all

SECONDS = 30.0  # a hang is one of the things that went wrong
UNBOXED_OFF = ("--without", "unboxed-loops")


@pytest.mark.parametrize("noted", read_all("fuzz/regressions"), ids=name)
def test_a_program_that_once_went_wrong(noted: Noted, tmp_path: Path) -> None:
    path = program(tmp_path, noted.source)
    expected = FAILURE if noted.fails is not None else SUCCESS
    for options in (JIT_OFF, DEFAULT, EAGER, UNBOXED_OFF):
        outcome = run(*options, path, seconds=SECONDS)
        assert outcome.status == expected, (options, outcome.short)
        assert outcome.out.decode() == noted.stdout, options
        assert outcome.err.decode().splitlines()[:1] == noted.stderr.splitlines(), options
