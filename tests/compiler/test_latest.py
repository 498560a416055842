"""Programs that need version 2 of the file format: by the plain evaluator, and at every level by the
VM; for the published VM they are refused.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mdvm import opcodes
from pymdvm.bytecode.codec import read
from pymdvm.compiler.driver import LEVELS, CompilerOptions, compile_source
from pymdvm.compiler.frontend.findings import Severity, SourceError, has_errors, show
from pymdvm.compiler.frontend.front import analyse

from . import evaluator
from .constructs.case import Case, read_cases
from .vm import run_bytecode

FOLDER = Path(__file__).parent / "constructs" / "latest"
CASES = [case for path in sorted(FOLDER.glob("*.cases")) for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_evaluator(case: Case) -> None:
    analysis = analyse(case.source, "case.md")
    assert not has_errors(analysis.findings), show(analysis.findings, case.source)
    assert evaluator.run(analysis.resolved().program) == evaluator.Outcome(
        case.stdout, case.value, case.error
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_compiled(case: Case) -> None:
    for level in LEVELS:
        compiled = compile_source(case.source, "case.md", CompilerOptions(level=level))
        outcome = run_bytecode(compiled.bytecode)
        assert (outcome.stdout, outcome.error) == (case.stdout, case.error), f"-O{level}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_for_the_published_vm(case: Case) -> None:
    """Refused, or compiled to what that VM has."""
    try:
        compiled = compile_source(case.source, "case.md", CompilerOptions(target="published"))
    except SourceError as error:
        errors = [finding for finding in error.findings if finding.severity is Severity.ERROR]
        assert {finding.code for finding in errors} == {"unsupported"}
    else:
        assert read(compiled.bytecode).version == opcodes.PUBLISHED


@pytest.mark.parametrize(
    ("source", "version"),
    [
        ("Say _1_.", opcodes.PUBLISHED),
        ('Say "a" in upper case.', opcodes.LATEST),
        ("Define `l` as List.\nAdd _1_ to `l`.\nSay `l`.", opcodes.LATEST),
        ("Say the function `len`.", opcodes.LATEST),
        ("Say _https://a.b/_.", opcodes.LATEST),
    ],
)
def test_version(source: str, version: int) -> None:
    assert read(compile_source(source, "case.md").bytecode).version == version


@pytest.mark.parametrize(
    "source", ['Say "a" in upper case.', "Say the function `len`.", "Define `s` as Set."]
)
def test_refused(source: str) -> None:
    with pytest.raises(SourceError):
        compile_source(source, "case.md", CompilerOptions(target="published"))


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("Define `d` as Named List.\nUpdate _1_ in `d` to _2_.", 2, "a Whole Number as a name"),
        ("Define `d` as Named List.\nRemove _1.5_ from `d`.", 2, "a Float as a name"),
        ("Define `d` as Named List.\nSet `d` to:\n- 1: _2_.", 3, "a Whole Number as a name"),
        (
            "Define `b` as Yes/No (default: Yes).\nDefine `d` as Named List.\nSay `d`'s `b`.",
            3,
            "a Yes/No as a name",
        ),
        ("Say _1_.\nSay [_1_] sorted.", 2, "call `sort`"),
        ('Say _1_.\nSay "abc" contains "b".', 2, "look for a text"),
        ("Define `x` as Float (default: _5.9_).\nSay `x` as Whole Number.", 2, "fraction"),
        ('Define `t` as Text (default: "a").\nSay the length of `t`.', 2, "count the characters"),
    ],
)
def test_refused_with_the_place(source: str, line: int, what: str) -> None:
    with pytest.raises(SourceError) as caught:
        compile_source(source, "case.md", CompilerOptions(target="published"))
    (finding,) = [each for each in caught.value.findings if each.code == "unsupported"]
    assert finding.place.line == line
    assert what in finding.message


# What is a key is not known before it runs.
OTHER_KEY = """
Utility `entry` with `d` as Named List, `key`:
> Give back `d`'s `key`.

Define `d` as Named List.
Set `d`'s a to _1_.
Say (`entry` with `d`, "a").
Say (`entry` with `d`, _2_) is Empty.
"""


@pytest.mark.parametrize("level", LEVELS)
def test_other_keys(level: int) -> None:
    latest = compile_source(OTHER_KEY, "case.md", CompilerOptions(level=level)).bytecode
    assert read(latest).version == opcodes.LATEST
    assert run_bytecode(latest).stdout == "1\ntrue\n"
    published = CompilerOptions(level=level, target="published")
    outcome = run_bytecode(compile_source(OTHER_KEY, "case.md", published).bytecode)
    assert outcome.error == "Type mismatch: expected string key, found int"


@pytest.mark.parametrize("level", LEVELS)
def test_removing_where_registers_are_spilled(level: int) -> None:
    names = [f"v{number}" for number in range(300)]
    source = "\n".join(
        [
            "Utility `f` with `l` as List, `i` as Whole Number:",
            "> Define `sum` as Whole Number (default: _0_).",
            *(f"> Define `{name}` as List (default: `l`)." for name in names),
            *(f"> Remove item `i` from `{name}`." for name in names[::7]),
            *(f"> Set `sum` to `sum` + the length of `{name}`." for name in names),
            "> Give back `sum`.",
            "",
            "Say (`f` with [_5_, _6_, _7_], _2_).",
        ]
    )
    compiled = compile_source(source, "case.md", CompilerOptions(level=level))
    assert run_bytecode(compiled.bytecode).stdout == f"{3 * 300 - len(names[::7])}\n"
