"""Sessions of the REPL: what stays from one input to the next, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pymdvm.compiler.frontend.findings import SourceError
from pymdvm.repl.commands import CommandFailed, Leave, run_command
from pymdvm.repl.completeness import is_complete, with_period
from pymdvm.repl.session import InputFailed, ReplSession

DOUBLE = """\
### **Utility**: `double`

<details>
<summary>Twice a number.</summary>

> Give back `n` * {factor}.

</details>

#### Inputs:
- `n` **as** Whole Number (required)

#### Outputs:
- `result` **as** Whole Number
"""

APPENDING = """\
### **Action**: `note`

<details>
<summary>Adds a number to the list that all inputs share.</summary>

> Add `n` to `notes`.

</details>

#### Inputs:
- `n` **as** Whole Number (required)
"""


def after(*inputs: str) -> ReplSession:
    session = ReplSession()
    for source in inputs:
        session.run(source)
    return session


def test_the_value_of_an_expression() -> None:
    session = after()
    assert session.run("_1_ + _2_.") == "Int(3)"
    assert session.run('_"a"_.') == 'String("a")'
    assert session.run("_empty_.") == "Empty"
    assert session.run("Define `x` as Whole Number.") is None
    assert session.run("Give back _5_.") == "Int(5)"


def test_variables_stay() -> None:
    session = after("Define `x` as Whole Number (default: _5_).", "Set `x` to `x` * `x`.")
    assert session.variables == {"x": 25}
    assert session.run("`x` + _1_.") == "Int(26)"


@pytest.mark.parametrize(
    ("kind", "literal", "value"),
    [
        ("Whole Number", "_5_", 5),
        ("Float", "_2.5_", 2.5),
        ("Yes/No", "_Yes_", True),
        ("Text", '_"ä"_', "ä"),
        ("Empty", "_empty_", None),
        ("Whole Number", "_-9223372036854775807_", -(2**63) + 1),
    ],
)
def test_values_of_every_kind_stay(kind: str, literal: str, value: object) -> None:
    session = after(
        f"Define `x` as {kind}.\nSet `x` to {literal}.", f"Define `y` as {kind}.", "Set `y` to `x`."
    )
    assert session.variables["y"] == value
    assert type(session.variables["y"]) is type(value)


def test_lists_and_named_lists_stay() -> None:
    session = after(
        "Define `l` as Ordered List.\nSet `l` to:\n1. _1_.\n2. _2_.\n",
        "Add _3_ to `l`.",
        'Define `d` as Named List.\nSet `d` to:\n- _"k"_: _1_.\n',
        'Add _"m"_ to `d` with value `l`.',
    )
    assert session.variables == {"l": [1, 2, 3], "d": {"k": 1, "m": [1, 2, 3]}}


def test_functions_stay_and_can_be_replaced() -> None:
    session = after(
        DOUBLE.format(factor="_2_"),
        "Define `x` as Whole Number.",
        "Set `x` using `double` with _21_.",
    )
    assert session.run("`x`.") == "Int(42)"
    session.run(DOUBLE.format(factor="_3_"))
    session.run("Set `x` using `double` with `x`.")
    assert session.run("`x`.") == "Int(126)"


def test_functions_use_the_variables_of_other_inputs() -> None:
    session = after(
        "Define `notes` as Ordered List.\nSet `notes` to blank.",
        APPENDING,
        "Use `note` with _1_.",
        "Use `note` with _2_.",
    )
    assert session.variables["notes"] == [1, 2]


def test_the_empty_of_a_call_is_not_worth_showing() -> None:
    session = after("Define `notes` as Ordered List.\nSet `notes` to blank.", APPENDING)
    assert session.run("Use `note` with _1_.") is None


def test_nothing_runs_twice(capfd: pytest.CaptureFixture[str]) -> None:
    after('Say _"once"_.', "_1_.", 'Say _"then"_.')
    assert capfd.readouterr().out == "once\nthen\n"


def test_an_error_keeps_what_was_done_before_it() -> None:
    session = after(
        "Define `x` as Whole Number (default: _1_).",
        "Define `l` as Ordered List.\nSet `l` to:\n1. _1_.\n",
    )
    with pytest.raises(InputFailed) as raised:
        session.run(
            "Set `x` to _2_.\nSet item _1_ of `l` to _7_.\nSet item _5_ of `l` to _0_.\nSet `x` to _3_."
        )
    assert raised.value.lines == [
        "Runtime error: Index out of bounds: index 4 for length 1",
        "  at the input (<input>:3:1)",
    ]
    assert session.variables == {"x": 2, "l": [7]}
    assert session.run("`x`.") == "Int(2)"


def test_warnings_come_before_the_input_runs() -> None:
    warnings: list[str] = []
    session = ReplSession(warnings.append)
    session.run("Define `x` as Whole Number (default: _1_).")
    assert warnings == []
    session.run(
        "Define `x` as Whole Number (default: _2_).\nIf _Yes_:\n> Give back _5_.\n> Say _6_.\n"
    )
    assert [warning.partition("warning: ")[1] for warning in warnings] == ["warning: "]
    assert session.variables == {"x": 2}


def test_an_input_with_errors_changes_nothing() -> None:
    session = after("Define `x` as Whole Number (default: _1_).")
    with pytest.raises(SourceError):
        session.run("Set `x` to _2_.\nSay `nobody`.")
    assert session.variables == {"x": 1}
    assert session.sources == ["Define `x` as Whole Number (default: _1_)."]


@pytest.mark.parametrize(
    "text, complete",
    [
        ("", True),
        ("Say _1_.", True),
        ("_1_ + _2_", True),
        (":vars", True),
        ("If `x`:", False),
        ("If `x`:\n> Say _1_.", False),
        ("If `x`:\n> Say _1_.\n", True),
        ("Set `l` to:\n1. _1_.", False),
        ("Set `l` to:\n1. _1_.\n", True),
        ("### **Utility**: `f`\n", False),
        ("### **Utility**: `f`\n\n<details>\n", False),
        ("### **Utility**: `f`\n\n</details>\n\n", True),
        ("---\ntitle: a", False),
        ("---\ntitle: a\n---", True),
        ('Say """a', False),
        ('Say """a\nb""".', True),
        ("<!-- a", False),
        ("<!-- a -->", True),
        ("# A title", True),
        ("## **Utility**: `f`\n\n> Say _1_.", False),
        ("# Actions: `f`\n\n> Say _1_.\n\n", True),
    ],
)
def test_when_an_input_is_complete(text: str, complete: bool) -> None:
    assert is_complete(text) is complete


def test_a_period_is_added_to_a_line_that_needs_one() -> None:
    assert with_period("_1_ + _2_") == "_1_ + _2_."
    assert with_period("Say _1_.") == "Say _1_."
    assert with_period("If `x`:\n> Say _1_.\n") == "If `x`:\n> Say _1_.\n"


def test_what_is_no_statement_gets_no_period() -> None:
    for line in ("# A title", "<!-- a comment -->", "</details>", "| a | b |", "---"):
        assert with_period(line) == line


def test_what_failed_is_not_saved(tmp_path: Path) -> None:
    session = after("Say _1_.")
    with pytest.raises(InputFailed):
        session.run("Say _1_ / _0_.")
    assert session.sources == ["Say _1_."]
    assert "DIV" in run_command(session, ":asm")


def test_a_loaded_file_is_named(tmp_path: Path) -> None:
    failing, wrong = tmp_path / "failing.md", tmp_path / "wrong.md"
    failing.write_text("Say _1_ / _0_.\n", encoding="utf-8")
    wrong.write_text("Say `nobody`.\n", encoding="utf-8")
    session = ReplSession()
    with pytest.raises(InputFailed) as failed:
        run_command(session, f":load {failing}")
    assert f"({failing}:1:9)" in failed.value.lines[-1]
    with pytest.raises(SourceError) as refused:
        run_command(session, f":load {wrong}")
    assert refused.value.findings[0].file == str(wrong)


def test_only_functions_that_can_be_called_are_compiled_again() -> None:
    session = after(
        DOUBLE.format(factor="_2_"), "Utility `other`:\n> Give back (`double` with 4).\n"
    )
    assert "double" in run_command(session, ":asm (`other`)")
    assert "double" not in run_command(session, ":asm 1 + 1")
    assert session.run("(`other`).") == "Int(8)"
    session.run("Define `f` as Function.")
    session.run("Set `f` to the function `double`.")
    assert session.run("(`f` with 21).") == "Int(42)"


def test_commands(tmp_path: Path) -> None:
    session = after(DOUBLE.format(factor="_2_"), "Define `x` as Whole Number (default: _5_).")
    assert run_command(session, ":vars") == "`x`  Int(5)\n`double`  a function of 1"
    assert "compiled in" in run_command(session, ":time")
    assert "STORE_GLOBAL" in run_command(session, ":asm Set `x` to _6_")
    assert 'STORE_GLOBAL 6 ["x"]' in run_command(session, ":mir Set `x` to _6_")
    assert session.variables == {"x": 5}
    for name in (":mir", ":asm", ":time", ":vars", ":load", ":save", ":help", ":reset", ":type"):
        assert name in run_command(session, ":help")
    saved = tmp_path / "saved.md"
    assert run_command(session, f":save {saved}") == f"2 inputs written to {saved}"
    fresh = ReplSession()
    run_command(fresh, f":load {saved}")
    assert fresh.variables == {"x": 5}
    assert [function.name for function in fresh.known.functions] == ["double"]
    with pytest.raises(Leave):
        run_command(session, ":quit")


def test_the_kind_of_a_value() -> None:
    session = after("Define `x` as Number or Text (default: _5_).", "Define `n` as Whole Number.")
    assert run_command(session, ":type `x`") == "declared as Number or Text, now Int"
    assert run_command(session, ":type `n`") == "declared as Whole Number, now Empty"
    assert run_command(session, ':type "a" + "b"') == "Text"
    assert run_command(session, ":type 2 * 3") == "Whole Number"
    assert run_command(session, ":type item 1 of [5]") == "not known before it runs"
    assert session.variables == {"x": 5, "n": None}


def test_the_words_of_an_input() -> None:
    session = after("Define `x` as Number.")
    assert run_command(session, ":tokens Say the `x`.").split("\n") == [
        "1:1    say     Say",
        "1:9    a name  `x`",
        "1:12   .       .",
    ]
    assert run_command(session, ":tokens").startswith("1:1    define")


def test_reset() -> None:
    session = after(DOUBLE.format(factor="_2_"), "Define `x` as Whole Number (default: _5_).")
    session.files_read.append("program.md")
    run_command(session, ":reset")
    assert run_command(session, ":vars") == "nothing is defined yet"
    assert session.sources == []
    assert "program.md" in session.files_read
    with pytest.raises(SourceError):
        session.run("Say `x`.")


@pytest.mark.parametrize(
    "line, problem",
    [
        (":type", "say of what"),
        (":type Say _1_", "only a value has a kind"),
        (":nothing", "there is no command :nothing"),
        (":load", "say what"),
        (":load /nowhere/at.all", "No such file"),
        (":save", "say where"),
        (":mir", "there has been no input yet"),
    ],
)
def test_commands_that_fail(line: str, problem: str) -> None:
    with pytest.raises(CommandFailed, match=problem):
        run_command(ReplSession(), line)


def test_lists_that_were_never_set_begin_empty() -> None:
    session = after(
        "Define `l` as List.",
        "Define `d` as Named List.",
        "Define `s` as Set.",
        "Add _1_ to `l`.",
        "Set `d`'s a to _2_.",
        "Add _3_ to `s`.",
        "Define `n` as List.",
        "Action `push` with `x`:\n> Add `x` to `n`.\n",
        "Use `push` with _4_.",
    )
    assert session.variables == {"l": [1], "d": {"a": 2}, "s": {3}, "n": [4]}
    session.run("Define `m` as List.")
    assert session.run("The length of `m`.") == "Int(0)"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("`l` contains _1_.", "Bool(true)"),
        ("The sum of [_1_, _2_].", "Int(3)"),
        ("the largest of `l`.", "Int(1)"),
        ("the length of `l` is between _1_ and _3_.", "Bool(true)"),
        ('"a" in upper case.', 'String("A")'),
        ("(`second` with _1_).", None),
        ("(`f` with _1_).", None),
        ("`d`'s `k`.", 'String("a")'),
    ],
)
def test_every_value_is_an_input(source: str, value: str | None) -> None:
    session = after(
        "Define `l` as List (default: [_1_]).",
        "Utility `second` with `a`, `b`:\n> Give back `b`.\n",
        "Define `f` as Function (default: the function `second`).",
        'Define `d` as Named List.\nDefine `k` as Whole Number (default: _3_).\nSet `d`\'s `k` to "a".',
    )
    assert session.run(source) == value
