"""What the names in a statement held when it failed, and with which arguments it was called."""

from __future__ import annotations

from pathlib import Path

import pytest

from pymdvm.commands.failing_values import FailingValues, counted_from_one, failing_values, shown
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


def told(folder: Path, source: str, level: int = LEVELS[-1]) -> FailingValues:
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
    assert told(tmp_path, source, level).names == values


@pytest.mark.parametrize("source", [RECURSIVE, SKIPPING, 'Say 1 - "a".'])
def test_nothing_is_told_that_is_not_certain(tmp_path: Path, source: str) -> None:
    assert told(tmp_path, source).names == ""


OUTER = """\
Utility `inner` with `b`, `c` = 0:
> Define `q` as Number.
> Set `q` to `b` / `c`.
> Give back `q`.

Utility `outer` with `n`, `names`:
> If `n` is 0, give back 0.
> Define `r` as Number.
> Set `r` to (`inner` with `n`, 1).
> Set `n` to `n` - 1.
> For each `name` in `names`:
>> Set `r` to `r` + (`inner` with `n`).
> Give back `r`.

Say (`outer` with 7, [1, 2]).
"""


@pytest.mark.parametrize("level", LEVELS)
def test_arguments_of_the_calls(tmp_path: Path, level: int) -> None:
    values = told(tmp_path, OUTER, level)
    assert values.names == "`b` is 6, `c` is 0"
    assert values.arguments == ("`b` is 6, `c` is 0", "`n` is 7, `names` is [1, 2]", "")


def test_arguments_of_a_recursion(tmp_path: Path) -> None:
    arguments = told(tmp_path, RECURSIVE).arguments
    assert arguments[:2] == ("`n` is 21", "`n` is 22")


def test_arguments_of_a_stack_that_leaves_outer_calls_out(tmp_path: Path) -> None:
    source = (
        "Utility `down` with `n`:\n> If `n` is 0, give back 1 / `n`.\n"
        "> Give back 1 + (`down` with `n` - 1).\n\nSay (`down` with 300).\n"
    )
    arguments = told(tmp_path, source).arguments
    assert arguments[:2] == ("`n` is 0", "`n` is 1")
    assert arguments[9:12] == ("`n` is 9", "", "`n` is 90")
    assert arguments[-2:] == ("`n` is 99", "")


def test_arguments_where_a_call_took_the_place_of_its_caller(tmp_path: Path) -> None:
    source = (
        "Utility `last` with `n`:\n> Give back 1 / `n`.\n\n"
        "Utility `first` with `n`:\n> Give back (`last` with `n` - 1).\n\nSay (`first` with 1).\n"
    )
    assert told(tmp_path, source, 2).arguments == ("`n` is 0", "`n` is 1", "")
    assert told(tmp_path, source, 0).arguments == ("`n` is 0", "`n` is 1", "")


def test_positions() -> None:
    assert counted_from_one("Index out of bounds: index 4 for length 2") == "position 5 of 2"
    assert counted_from_one("Index out of bounds: index -1 for length 0") == ""
    assert counted_from_one("Division by zero") == ""


def test_values_are_written_as_in_a_program() -> None:
    assert shown([1, "a", None, True, {"k": 1.5}]) == '[1, "a", empty, Yes, {k: 1.5}]'
    assert shown("x" * 100) == '"' + "x" * 56 + "..."
