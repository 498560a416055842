"""The house style: what it does to lines, that the program stays the same, and the command."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

from pymdvm.commands.format import command
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.formatter import NotFormatted, formatted
from pymdvm.compiler.frontend.parser import parse

from .constructs import ALL_CASES
from .constructs.case import read_cases
from .printer import print_program
from .random_programs import programs

FILE = "program.md"
EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.md"))
SOURCES = [
    *((str(case), case.source) for case in ALL_CASES),
    *(
        (str(case), case.source)
        for path in sorted((Path(__file__).parent / "constructs" / "latest").glob("*.cases"))
        for case in read_cases(path)
    ),
    *((path.name, path.read_text(encoding="utf-8")) for path in EXAMPLES),
]

UGLY = """\
\ufeff---
title: x


---


# Title

Prose   with  two   blanks
and two lines.


define `x` as Number.   SET  `x` to   _1_ .  # why   not
If `x`  equals (  _1_ ) :\r
>If _Yes_:\t
>>  say `x`  +   -_1_ ,\tx .
>
>   Say _3_ <!-- why --> .

```text


  kept
```

Say _\"""a


  b  \"""_ .
If _Yes_:
> Define `l` as List.
> Set `l` to:
> - - _1_.
>   - _2_.
> -   _3_.

"""
NEAT = """\
---
title: x


---

# Title

Prose   with  two   blanks
and two lines.

Define `x` as Number.
Set `x` to _1_.  # why   not
If `x` equals (_1_):
> If _Yes_:
> > Say `x` + -_1_, x.
>
> Say _3_ <!-- why --> .

```text


  kept
```

Say _\"""a


  b  \"""_ .
If _Yes_:
> Define `l` as List.
> Set `l` to:
> - - _1_.
>   - _2_.
> - _3_.
"""


def test_the_style() -> None:
    assert formatted(UGLY, FILE) == NEAT


@pytest.mark.parametrize(("name", "source"), SOURCES)
def test_a_fixed_point(name: str, source: str) -> None:
    made = formatted(source, FILE)
    assert parse(made, FILE)[0] == parse(source, FILE)[0]
    assert formatted(made, FILE) == made


@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_printed_programs(program: syntax.Program) -> None:
    made = formatted(print_program(program), FILE)
    assert parse(made, FILE)[0] == program
    assert formatted(made, FILE) == made


def test_errors_are_not_formatted() -> None:
    with pytest.raises(NotFormatted) as caught:
        formatted("Say _1_ _2_.", FILE)
    assert [finding.place for finding in caught.value.findings] == [(1, 9)]


def test_the_command(tmp_path: Path) -> None:
    ugly, neat, wrong = tmp_path / "ugly.md", tmp_path / "neat.md", tmp_path / "wrong.md"
    ugly.write_text("say   _1_ .\n")
    neat.write_text("Say _1_.\n")
    wrong.write_text("Say.\n")
    checked = CliRunner().invoke(command, ["--check", str(ugly), str(neat)])
    assert (checked.exit_code, checked.output) == (1, f"{ugly}: would change\n")
    assert ugly.read_text() == "say   _1_ .\n"
    assert CliRunner().invoke(command, ["--check", str(neat)]).exit_code == 0
    assert CliRunner().invoke(command, [str(ugly), str(neat)]).exit_code == 0
    assert ugly.read_text() == "Say _1_.\n"
    failed = CliRunner().invoke(command, [str(wrong), str(ugly)])
    assert failed.exit_code == 1
    assert f"{wrong}: not formatted: the document has errors" in failed.output
    assert wrong.read_text() == "Say.\n"
