"""What the published parser accepts means the same here.

Generated programs and mutated ones: where the published parser (published_parser.py) reads a
program, and its names are defined, the compiler's own parser makes the same tree of it. Mutations
take line ends and quotes apart as no person does; in those layouts the two may differ, and
_LAYOUTS names each.

MDVM_PARSER_PROGRAMS says how many programs are mutated.
"""

from __future__ import annotations

import os
import random
import re

import pytest
from hypothesis import HealthCheck, given, settings

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.findings import has_errors, show
from pymdvm.compiler.frontend.names import resolve
from pymdvm.compiler.frontend.parser import parse

pytest.importorskip("machine_dialect")

from . import published_parser  # noqa: E402
from .constructs import ALL_CASES
from .printer import print_program
from .random_programs import programs, with_named_arguments
from .test_damaged_sources import _damaged

COUNT = int(os.environ.get("MDVM_PARSER_PROGRAMS", "1200"))
SHARES = 6
FILE = "program.md"

# Layouts that the published parser takes and nobody writes, which are read otherwise or refused.
_LAYOUTS = {
    "marks, a heading or an Else behind something else on its line": re.compile(
        r"\S[^\S\n]*(?<![>\s])[^\S\n]*>[^\S\n]*\w|[^\s#][^\S\n]*#{1,6}|[^\s>][^\S\n]*(Else|Otherwise)"
    ),
    "a quote that nothing closes": re.compile(r"(?<!_)[\"']"),
    "a line of a block that goes on behind an empty line, or in another block": re.compile(
        r"[^\s.:>][^\S\n]*\n(\s*\n)*[> \t]*[^\s>#]"
    ),
    "a colon in front of a period": re.compile(r":\s*\."),
    "a dash or a number in front of what is no item": re.compile(
        r"(^|\n)[> \t]*(- |--|-\n|\d+\.?\s*$|\d+\s|\d+\. *[`_\"'])"
    ),
    "a value on the line behind its number": re.compile(r"(^|\n)\d+\.[^\S\n]*\n"),
    "items with an indent": re.compile(r"\n[ \t]+-"),
    "a dash behind a dash": re.compile(r"- -"),
    "a period in front of a word or a mark": re.compile(r"\.[\w>]|\n\."),
    "a comma in For each": re.compile(r"For\W+.*each", re.IGNORECASE),
    "words that are prose": re.compile(r"\A[\s\w'-]*\Z"),
    "words between statements": re.compile(r"(^|\n)[^\W\d_]+[^\S\n]*(\n|\Z)"),
}


def _read_by_both(source: str) -> tuple[syntax.Program, syntax.Program | None, str] | None:
    """The trees, and what is wrong with the source here; None if the published parser, or the check
    of names behind it, refuses the source.
    """
    theirs, _ = published_parser.parse(source, FILE)
    if theirs is None or has_errors(resolve(theirs, FILE).findings):
        return None
    ours, findings = parse(source, FILE)
    return theirs, ours, show(findings, source)


def _layout(source: str) -> str:
    return next((name for name, form in _LAYOUTS.items() if form.search(source)), "")


@pytest.mark.parametrize(
    "case", [case for case in ALL_CASES if not str(case).startswith("documents")], ids=str
)
def test_constructs(case: object) -> None:
    read = _read_by_both(case.source)  # type: ignore[attr-defined]
    if read is not None:
        theirs, ours, text = read
        assert ours == theirs, text


@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_generated_programs(program: syntax.Program) -> None:
    for source in (print_program(program), print_program(with_named_arguments(program))):
        read = _read_by_both(source)
        assert read is not None
        theirs, ours, text = read
        assert ours == theirs, text + "\n" + source


@pytest.mark.parametrize("share", range(SHARES))
def test_mutated_programs(share: int) -> None:
    chance = random.Random(share)
    cases = [case for case in ALL_CASES if not str(case).startswith("documents")]
    compared = 0
    for _ in range(COUNT // SHARES):
        source = _damaged(chance.choice(cases).source, chance)
        read = _read_by_both(source)
        if read is None:
            continue
        theirs, ours, text = read
        compared += 1
        assert ours == theirs or _layout(source), text + "\n" + source
    assert compared > COUNT // SHARES // 20
