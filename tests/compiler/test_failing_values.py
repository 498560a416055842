"""What the names in a statement held when it failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pymdvm.commands.failing_values import counted_from_one, failing_values, shown
from pymdvm.compiler.driver import LEVELS, CompilerOptions, compile_source
from pymdvm.errors import RunError
from pymdvm.program import loads

TOP = """\
Define `total` as Number (default: 10).
Define `parts` as List.
For each `i` from 3 down to 0:
> Add `total` / `i` to `parts`.
"""
IN_A_FUNCTION = """\
Define `l` as List.
Set `l` to ["a", "b"].

Utility `pick` with `n`:
> If `n` is 1, give back "one".
> Give back item `n` of `l`.

Say (`pick` with 1).
Say (`pick` with 2).
Say (`pick` with 5).
"""
CONDITION = """\
Define `n` as Whole Number (default: 0).
While `n` + 1 < 5 and item `n` + 1 of [1, 2, 3] is less than 9:
> Set `n` to `n` + 1.
"""
SKIPPING = CONDITION + "> Skip.\n"
BRANCH = """\
Define `x` as Any (default: 2).
Define `t` as Any (default: "abc").
If `x` is 1:
> Say 1.
Else if `t` - `x` is 3:
> Say 2.
"""
RECURSIVE = """\
Utility `fact` with `n` as Whole Number:
> If `n` is at most 1, give back 1.
> Give back `n` * (`fact` with `n` - 1).

Say (`fact` with 30).
"""
CALLING = """\
Utility `half` with `n`:
> Give back `n` / 2.

Utility `f` with `a`, `b`:
> Give back (`half` with `a`) - `b`.

Say (`f` with 8, 1).
Say (`f` with 6, "x").
"""


def told(folder: Path, source: str, level: int = LEVELS[-1]) -> str:
    path = folder / "program.md"
    path.write_text(source, encoding="utf-8")
    compiled = compile_source(source, str(path), CompilerOptions(level))
    program = loads(compiled.bytecode, compiled.metadata)
    with pytest.raises(RunError) as failed:
        program.run(stdout=lambda line: None)
    return failing_values(str(path), program.describe(failed.value), failed.value.text)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "source, values",
    [
        (TOP, "`parts` is [3, 5, 10], `total` is 10, `i` is 0"),
        (IN_A_FUNCTION, '`l` is ["a", "b"], `n` is 5'),
        (CONDITION, "`n` is 3"),
        (BRANCH, '`t` is "abc", `x` is 2'),
        (CALLING, '`a` is 6, `b` is "x"'),
    ],
)
def test_values(tmp_path: Path, source: str, values: str, level: int) -> None:
    assert told(tmp_path, source, level) == values


@pytest.mark.parametrize("source", [RECURSIVE, SKIPPING, 'Say 1 - "a".'])
def test_nothing_is_told_that_is_not_certain(tmp_path: Path, source: str) -> None:
    assert told(tmp_path, source) == ""


def test_positions() -> None:
    assert counted_from_one("Index out of bounds: index 4 for length 2") == "position 5 of 2"
    assert counted_from_one("Index out of bounds: index -1 for length 0") == ""
    assert counted_from_one("Division by zero") == ""


def test_values_are_written_as_in_a_program() -> None:
    assert shown([1, "a", None, True, {"k": 1.5}]) == '[1, "a", empty, Yes, {k: 1.5}]'
    assert shown("x" * 100) == '"' + "x" * 56 + "..."
