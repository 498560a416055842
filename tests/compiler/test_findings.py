"""Errors and warnings: what is found, where, and how it is shown."""

from __future__ import annotations

import sys
from typing import NamedTuple

import pytest

from pymdvm.compiler.frontend.findings import Finding, Severity, SourceError, show
from pymdvm.compiler.frontend.front import analyse
from pymdvm.compiler.frontend.scopes import Known
from pymdvm.compiler.frontend.syntax import Place

FILE = "program.md"

_BODY = "### **Utility**: `f`\n\n<details>\n\n> Say _1_.\n\n</details>\n\n"

_VARIABLES = (
    "Define `x` as Whole Number (default: _1_). Define `l` as List. Define `d` as Named List. "
    'Define `t` as Text (default: _"t"_).\n'
)


class Expected(NamedTuple):
    """A source whose first line is _VARIABLES, and what is found in it: line and column (of the
    rest, from 1), words of the message and of the expectation.
    """

    source: str
    line: int
    column: int
    message: str
    expected: str


SYNTAX_ERRORS = (
    Expected("Set `x` to _1_ _2_.", 1, 16, "unexpected _2_", "period"),
    Expected("Give back _1_ `x`.", 1, 15, "unexpected `x`", "period"),
    Expected("Add _1_ `x` to `l`.", 1, 9, "unexpected `x`", "`to`"),
    Expected("Add _1_ + `x` `x` to `l`.", 1, 15, "unexpected `x`", "`to`"),
    Expected("Set `x` to _1_\nSay `x`.", 1, 15, "no end", "period"),
    Expected("Say _1_ + .", 1, 11, "unexpected .", "expected a value"),
    Expected("Say * _2_.", 1, 5, "unexpected *", "expected a value"),
    Expected("Say (_1_ + _2_.", 1, 15, "unexpected .", "closing parenthesis"),
    Expected("Say the first of `l`.", 1, 15, "unexpected of", "item of"),
    Expected("Say item _1_ in `l`.", 1, 14, "unexpected in", "of"),
    Expected("Say _1_ if `x`.", 1, 15, "unexpected .", "else"),
    Expected("Say `x` is a Foo.", 1, 14, "unexpected Foo", "expected a kind"),
    Expected("Say `d`'s _1_.", 1, 11, "unexpected _1_", "name written out"),
    Expected("Set `x` _1_.", 1, 9, "unexpected _1_", "`to` or `using`"),
    Expected("Set to _1_.", 1, 5, "unexpected to", "variable in backticks"),
    Expected("Say `x.", 1, 5, "unexpected `", "backticks"),
    Expected("Say _1.", 1, 5, "unexpected _1", "whole literal"),
    Expected('Say _"abc.', 1, 5, 'unexpected _"abc.', "whole literal"),
    Expected("Say ~.", 1, 5, "unexpected ~", "expected a value"),
    Expected("Print _1_.", 1, 1, "unexpected Print", "did you mean Say?"),
    Expected("Take _1_.", 1, 1, "unexpected Take", "no meaning"),
    Expected("### Template: `y`\n", 1, 5, "unexpected Template", "no meaning"),
    Expected("\nIntroduction of `x`.", 2, 1, "unexpected Introduction", "prose"),
    Expected("Give back.", 1, 10, "unexpected .", "expected a value"),
    Expected("Define `y` as Whole.", 1, 15, "unexpected Whole", "Whole Number"),
    Expected("Define `y`.", 1, 11, "unexpected .", "`as` and a kind"),
    Expected("Define `y` as Text (_1_).", 1, 21, "unexpected _1_", "default"),
    Expected("Define `y` as Text `x`.", 1, 20, "unexpected `x`", "period"),
    Expected("Add _1_ to _2_.", 1, 12, "unexpected _2_", "name of a variable"),
    Expected("Use with _1_.", 1, 5, "unexpected with", "name of a function"),
    Expected("Use `f` with _1_ + .", 1, 20, "unexpected .", "value"),
    Expected("Use `f` with (_1_.", 1, 18, "unexpected .", "closing parenthesis"),
    Expected("Use `f` with _1_ _2_.", 1, 18, "unexpected _2_", "comma"),
    Expected("Use `f` with .", 1, 14, "unexpected .", "argument"),
    Expected("Use `f` `x`.", 1, 9, "unexpected `x`", "period"),
    Expected("Set `x` using `f` `x`.", 1, 19, "unexpected `x`", "period"),
    Expected("While `x` > _1_\n> Say _1_.", 1, 16, "the header has no end", "colon"),
    Expected("\nSya _1_.", 2, 1, "unexpected Sya", "did you mean Say?"),
    Expected("\ny = 5.", 2, 3, "unexpected =", "Set `y` to"),
    Expected("If `x` = _1_:\n> Say _1_.", 1, 8, "unexpected =", "`equals`"),
    Expected("Define `y` as Integr.", 1, 15, "unexpected Integr", "did you mean Integer?"),
    Expected("For `y` in `l`:\n> Say `y`.", 1, 5, "unexpected `y`", "`each`"),
    Expected("Set up the machine.", 1, 19, "unexpected .", "heading"),
    Expected("Say area with _1_.", 1, 10, "unexpected with", "(`area` with ...)"),
    Expected("If `x` > _1_ Say _1_.", 1, 14, "unexpected Say", "colon after the condition"),
    Expected("If `x`:\nSay _1_.", 2, 1, "unexpected Say", "expected a block"),
    Expected("While `x`:\n\nSay _1_.", 3, 1, "unexpected Say", "expected a block"),
    Expected("If `x`:\n> > Say _1_.", 2, 5, "unexpected Say", "expected 1 >"),
    Expected("Else:\n> Say _1_.", 1, 1, "unexpected Else", "expected a statement"),
    Expected("If `x`:\n> Say _1_.\n> Else:\n> > Say _2_.\n", 3, 3, "unexpected Else", "same depth"),
    Expected(
        "If `x`:\n> Say _1_.\n\nElse `x`:\n> Say _2_.", 4, 6, "unexpected `x`", "colon after Else"
    ),
    Expected("For each `y` `l`:\n> Say _1_.", 1, 14, "unexpected `l`", "in"),
    Expected("Set `l` to:\n- _1_ _3_\n- _2_.\n", 2, 7, "unexpected _3_", "period"),
    Expected("Set `l` to:\nSay _1_.", 2, 1, "unexpected Say", "items of a list"),
    Expected("Set `d` to:\n- k: _1_.\n- _2_.\n", 3, 3, "unexpected _2_", "key"),
    Expected("### **Function**: `f`\n", 1, 5, "unexpected", "Utility"),
    Expected("### **Utility** `f`\n", 1, 17, "unexpected `f`", "colon"),
    Expected("### **Utility**: `f`\n\n> Say _1_.\n", 1, 5, "`f` has no body", "<details>"),
    Expected(
        "### **Utility**: `f`\n\n<details>\n\nSay _1_.\n\n</details>\n",
        5,
        1,
        "unexpected Say",
        "</details>",
    ),
    Expected(_BODY + "#### Inputs:\n- `a` **as** Foo\n", 10, 14, "unexpected Foo", "kind"),
    Expected(_BODY + "#### Inputs:\n- `a` Text\n", 10, 7, "unexpected Text", "as"),
    Expected(
        _BODY + "#### Inputs:\n- `a` as Text (maybe)\n", 10, 16, "unexpected maybe", "(required)"
    ),
)

NAME_ERRORS = (
    Expected("Say `y`.", 1, 5, "`y` is not defined", "Define `y`"),
    Expected("Set `y` to _1_.", 1, 5, "`y` is not defined", "Define `y`"),
    Expected(
        "Define `count` as Number. Say `cuont`.",
        1,
        31,
        "`cuont` is not defined",
        "did you mean `count`?",
    ),
    Expected("Add _1_ to `y`.", 1, 12, "`y` is not defined", ""),
    Expected("Say `y`. Define `y` as Text.", 1, 5, "used before it is defined", "line 2"),
    Expected(
        "Define `y` as Text (default: `z`). Define `z` as Text.",
        1,
        30,
        "used before it is defined",
        "line 2",
    ),
    Expected("Use `g`.", 1, 5, "no function `g`", ""),
    Expected("Use `f` with _1_, _2_, _3_.\n{f}", 1, 24, "takes 2 arguments, not 3", "`a`, `b`"),
    Expected("Use `f` where `a` is _1_, `c` is _2_.\n{f}", 1, 27, "no parameter `c`", "`a`, `b`"),
    Expected("Use `f` where `a` is _1_, `a` is _2_.\n{f}", 1, 27, "given twice", ""),
    Expected("Use `f` with `y`, _2_.\n{f}", 1, 14, "`y` is not defined", ""),
    Expected("{f}\nSay `inner`.", 15, 5, "`inner` is not defined", ""),
    Expected("Set `x` to _9223372036854775808_.", 1, 12, "too large", "9223372036854775807"),
    Expected("Say item _0_ of `l`.", 1, 10, "no item 0", "1 or more"),
    Expected("Set item _-1_ of `l` to _1_.", 1, 10, "no item -1", "1 or more"),
    Expected("Set item -_1_ of `l` to _1_.", 1, 10, "no item -1", "1 or more"),
    Expected("Insert _1_ at position _0_ in `l`.", 1, 24, "no item 0", "1 or more"),
    Expected('Set `x` to _"a"_.', 1, 12, "`x` is a Whole Number, not a Text", "Whole Number"),
    Expected("Set `t` to -_1_.", 1, 12, "`t` is a Text, not a Whole Number", "Text"),
    Expected("Set `x` to _1.5_.", 1, 12, "`x` is a Whole Number, not a Float", "Whole Number"),
    Expected("Set `d` to:\n- _1_.\n", 2, 1, "`d` is a Named List, not a List", "Named List"),
    Expected(
        "Define `y` as Yes/No or Empty (default: _1_).",
        1,
        41,
        "`y` is a Yes/No or Empty, not a Whole Number",
        "Yes/No",
    ),
)

_F = (
    "### **Utility**: `f`\n\n<details>\n\n> Define `inner` as Number.\n> Set `inner` to `a`.\n> Give back `inner`.\n\n</details>\n\n"
    "#### Inputs:\n- `a` **as** Number\n- `b` **as** Number\n"
)

WARNINGS = (
    Expected("Use `f` with _1_.\n{f}", 1, 1, "`f` is not given its `b`", "Empty"),
    Expected("Define `x` as Text.", 1, 8, "`x` has been defined before", "loses its value"),
    Expected(
        "While `x`:\n> Say `y`.\n> Define `y` as Text.\n",
        2,
        7,
        "no value in the first round",
        "line 4",
    ),
    Expected("{f}\n{f}", 15, 5, "replaces the function in line 2", "another name"),
    Expected("Set `x` to `t`.", 1, 12, "`x` is a Whole Number, not a Text", ""),
    Expected('Use `f` with _"a"_, _1_.\n{f}', 1, 14, "`a` of `f` is a Number, not a Text", ""),
    Expected("Use `f` with _1_, `t`.\n{f}", 1, 19, "`b` of `f` is a Number, not a Text", ""),
    Expected("Say `t` - _1_.", 1, 9, "`-` cannot take a Text and a Whole Number", ""),
    Expected("Say `x` < `t`.", 1, 9, "`<` cannot take a Whole Number and a Text", ""),
    Expected("For each `y` in `t`:\n> Say `y`.\n", 1, 17, "this is a Text", "List or Named List"),
    Expected("Say the first item of `d`.", 1, 23, "this is a Named List", "a List"),
    Expected("Add _1_ to `d`.", 1, 12, "`d` is a Named List", "a List"),
    Expected('Update _"k"_ in `l` to _1_.', 1, 17, "`l` is a List", "a Named List"),
    Expected("Say `t` is a Date.", 1, 9, "no value is ever a Date", ""),
    Expected("Set item _1.5_ of `l` to _1_.", 1, 10, "a position is a Whole Number", ""),
)

# Programs that look odd and run: nothing is to be found in them.
FINE = (
    'Define `y` as Whole Number or Text. Set `y` to _"a"_. Set `y` to _1_.',
    "Define `y` as Number. Set `y` to _1_. Set `y` to _1.5_. Set `y` to _empty_.",
    "Define `y` as Float. Set `y` to _1_. Set `x` to _3_ / _2.0_.",
    'Define `y` as URL. Set `y` to _"a"_. Set `t` to _"https://a.example"_.',
    "Define `y` as Ordered List. Set `y` to:\n- _1_.\n",
    'For each `y` in `l`:\n> Say `y` + _1_.\n> Say `y`\'s _"k"_.\n',
    "If `x`:\n> Define `y` as Text.\n\nElse:\n> Define `y` as Number.\n\nSay `y`.",
    'If `x`:\n> Define `y` as Text.\n\nElse:\n> Set `y` to _"a"_.\n',
    "For each `y` in `l`:\n> Say `y`.\n\nFor each `y` in `l`:\n> Say `y`.",
    "Define `y` as Text or Named List. Remove _1_ from `y`. Clear `y`. Add _1_ to `l`.",
)


def _source(case: Expected | str) -> str:
    return _VARIABLES + (case if isinstance(case, str) else case.source).replace("{f}", _F)


def _findings(case: Expected | str) -> tuple[Finding, ...]:
    return analyse(_source(case), FILE).findings


def _check(case: Expected, severity: Severity) -> None:
    first, *others = _findings(case)
    assert (first.severity, first.file, first.place.line - 1, first.place.column) == (
        severity,
        FILE,
        case.line,
        case.column,
    ), first
    assert case.message in first.message
    assert case.expected in first.expected
    assert not others, others


@pytest.mark.parametrize("case", SYNTAX_ERRORS, ids=lambda case: case.source[:40])
def test_syntax_errors(case: Expected) -> None:
    _check(case, Severity.ERROR)
    assert analyse(_source(case), FILE).program is None
    assert {finding.code for finding in _findings(case)} == {"syntax"}


@pytest.mark.parametrize("case", NAME_ERRORS, ids=lambda case: case.source[:40])
def test_errors_of_names_and_kinds(case: Expected) -> None:
    _check(case, Severity.ERROR)
    assert analyse(_source(case), FILE).program is not None
    with pytest.raises(SourceError, match="error: "):
        analyse(_source(case), FILE).resolved()


@pytest.mark.parametrize("case", WARNINGS, ids=lambda case: case.source[:40])
def test_warnings(case: Expected) -> None:
    _check(case, Severity.WARNING)
    assert analyse(_source(case), FILE).resolution is not None


@pytest.mark.parametrize("source", FINE)
def test_nothing_to_find(source: str) -> None:
    assert _findings(source) == ()


def test_several_errors_in_one_go() -> None:
    source = "Say + _1_.\nDefine `y` as Foo.\nSay _1_.\nIf _1_:\n> Say ).\n> Say _2_ _3_.\nSay ~.\n"
    assert [finding.place for finding in analyse(source, FILE).findings] == [
        (1, 5),
        (2, 15),
        (5, 7),
        (6, 11),
        (7, 5),
    ]


def test_errors_of_names_are_all_reported() -> None:
    source = "Say `a` + `b`.\nUse `f` with `c`.\nSet `d` to `e`.\n"
    assert [finding.place for finding in analyse(source, FILE).findings] == [
        (1, 5),
        (1, 11),
        (2, 5),
        (2, 14),
        (3, 5),
        (3, 12),
    ]


def test_errors_behind_a_stray_backtick_have_their_own_lines() -> None:
    source = "Say `a.\nSay _1_.\nSay _2_ _3_.\n"
    assert [finding.place for finding in analyse(source, FILE).findings] == [(1, 5), (3, 9)]


def test_frontmatter_without_an_end() -> None:
    (finding,) = analyse("\n---\nname: x\nSay _1_.\n", FILE).findings
    assert (finding.place, finding.message) == (Place(2, 1), "the frontmatter has no end")


def test_too_many_parameters() -> None:
    source = _F.replace(
        "- `b` **as** Number\n", "".join(f"- `p{number}` as Number\n" for number in range(255))
    )
    (finding,) = analyse(source, FILE).findings
    assert (finding.code, finding.message) == ("too-many-parameters", "`f` has 256 parameters")


def test_repeated_parameter() -> None:
    (finding,) = analyse(_F.replace("`b`", "`a`"), FILE).findings
    assert (finding.code, finding.place) == ("repeated-parameter", Place(13, 3))


def test_nested_too_deeply() -> None:
    (finding,) = analyse(f"Say {'(' * 3000}_1_{')' * 3000}.", FILE).findings
    assert finding.message == "the program is nested too deeply"


def test_long_sums_are_no_nesting() -> None:
    assert analyse("Say " + " + ".join(["_1_"] * 3000) + ".", FILE).findings == ()


def test_shown_with_a_caret() -> None:
    source = "Define `x` as Text.\nSay `y`.\n"
    assert show(analyse(source, FILE).findings, source) == (
        "program.md:2:5: error: `y` is not defined\n    Say `y`.\n        ^ expected Define `y` as ... before"
    )


def test_the_caret_stands_under_wide_characters_and_behind_tabs() -> None:
    source = 'Say\t_"日本"_ + `y`.'
    line, caret = show(analyse(source, FILE).findings, source).splitlines()[1:]
    assert line == "    " + source
    # Two columns for each wide character; the tab is kept.
    assert caret.split("^")[0] == "    " + "   \t" + " " * len('_"') + " " * 4 + " " * len('"_ + ')


def test_control_characters_do_not_reach_the_terminal() -> None:
    source = 'Say _"\x1b[2J"_ \x1b.'
    text = show(analyse(source, FILE).findings, source)
    assert "\x1b" not in text
    assert text.splitlines()[1] == "    " + source.replace("\x1b", "\ufffd")


def test_a_finding_outside_of_the_source_is_one_line() -> None:
    finding = Finding(Severity.WARNING, "code", FILE, Place(9, 1), "message", "expected this")
    assert finding.text(["only one line"]) == "program.md:9:1: warning: message; expected this"


def test_as_json() -> None:
    (finding,) = analyse("Say `y`.", FILE).findings
    assert finding.as_dict() == {
        "severity": "error",
        "code": "undefined-name",
        "file": FILE,
        "line": 1,
        "column": 5,
        "end_line": 1,
        "end_column": 8,
        "message": "`y` is not defined",
        "expected": "expected Define `y` as ... before",
    }


def test_without_the_published_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "machine_dialect", None)
    assert analyse("Say _1_.", FILE).findings == ()


def test_an_input_of_prose() -> None:
    (finding,) = analyse("hello there.", FILE, Known()).findings
    assert finding.message == "this is prose, and nothing to run"
    assert analyse("hello there.", FILE).findings == ()
    assert analyse("# hello there", FILE, Known()).findings == ()
    assert analyse("_1_ + _2_.", FILE, Known()).findings == ()
