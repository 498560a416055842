"""Statements that other languages have, as this one writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.faults import near
from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.syntax import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pymdvm.compiler.frontend.tokens import Token

# The sign that changes the variable by a number.
_CHANGES = {
    "increase": "+",
    "increment": "+",
    "decrease": "-",
    "decrement": "-",
    "multiply": "*",
    "divide": "/",
}
_DEFINING = frozenset({"let", "var", "const", "variable"})
_KINDS = {t.NUMBER: "Whole Number", t.TEXT: "Text", t.YES_NO: "Yes/No"}
_VALUES = frozenset({t.NAME, t.NUMBER, t.TEXT, t.YES_NO})

_ORDERINGS = {"sort": "sorted", "reverse": "reversed"}
_LEAVING = frozenset({"exit", "leave", "quit", "end"})

Advice = tuple[str, "Fix | None"]


def kind_of_literal(token: Token) -> str:
    """The kind that a variable with this value may be declared as."""
    return "Float" if isinstance(token.value, float) else _KINDS[token.kind]


def advice(words: Sequence[Token]) -> Advice | None:
    """What to write instead of the statement that these words begin with; None if it is none."""
    word = words[0].text.lower()
    if word in _CHANGES:
        return _change(words, _CHANGES[word])
    if word == "subtract":
        return _subtraction(words)
    if word in _DEFINING:
        return _definition(words)
    if word == "repeat":
        return _repetition(words)
    if word in _ORDERINGS:
        return _ordering(words, _ORDERINGS[word])
    if word in _LEAVING and len(words) > 1 and words[1].text.lower() == "loop":
        return "expected Stop the loop", _replaced(words, 0, "Stop")
    if word == "give" and len(words) > 1 and words[1].bare:
        is_back = near(words[1].text, ("back",)) == "back"
        return ("did you mean Give back?", _replaced(words, 1, "Give back")) if is_back else None
    if word == "give" and len(words) > 2 and words[2].text.lower() == "back":
        text = f"Give back {words[1].text}"
        return f"expected {text}", _replaced(words, 2, text) if words[1].kind in _VALUES else None
    return _step(words) or _assignment(words)


def _replaced(words: Sequence[Token], last: int, text: str) -> Fix:
    return Fix(Place(*words[0].span), Place(*words[last].span.end), text)


def _change(words: Sequence[Token], sign: str) -> Advice | None:
    """`Increase x by 1`, `Increment x`."""
    if len(words) < 2 or words[1].kind != t.NAME:
        return None
    has_value = len(words) > 2 and words[2].kind in _VALUES
    if has_value and not any(filler.text.lower() == "by" for filler in words[2].before):
        return None
    name = f"`{words[1].value}`"
    value = words[2].text if has_value else "1"
    text = f"Set {name} to {name} {sign} {value}"
    return f"expected {text}", _replaced(words, 2 if has_value else 1, text)


def _step(words: Sequence[Token]) -> Advice | None:
    """`x += 1`."""
    if len(words) < 4 or words[1].kind not in ("+", "-", "*", "/") or words[2].kind != "=":
        return None
    name = f"`{words[0].value}`"
    text = f"Set {name} to {name} {words[1].kind} {words[3].text}"
    return f"expected {text}", _replaced(words, 3, text)


def _assignment(words: Sequence[Token]) -> Advice | None:
    """`x := 5`."""
    if len(words) < 4 or (words[1].kind, words[2].kind) != (":", "="):
        return None
    text = f"Set `{words[0].value}` to"
    return f"expected {text} ...", _replaced(words, 2, text)


def _ordering(words: Sequence[Token], phrase: str) -> Advice | None:
    """`Sort l`."""
    if len(words) < 2 or words[1].kind != t.NAME or words[1].bare:
        return None
    name = f"`{words[1].value}`"
    text = f"Set {name} to {name} {phrase}"
    return f"expected {text}", _replaced(words, 1, text)


def _subtraction(words: Sequence[Token]) -> Advice | None:
    """`Subtract 1 from x`."""
    if len(words) < 4 or words[2].kind != "from" or words[3].kind != t.NAME:
        return None
    name = f"`{words[3].value}`"
    text = f"Set {name} to {name} - {words[1].text}"
    return f"expected {text}", _replaced(words, 3, text)


def _definition(words: Sequence[Token]) -> Advice | None:
    """`Let x be 5`, `var x = 5`."""
    if len(words) < 3 or words[1].kind != t.NAME:
        return None
    value = 3 if words[2].kind in ("=", "to", "equals") and len(words) > 3 else 2
    if words[value].kind not in _KINDS:
        return None
    kind = kind_of_literal(words[value])
    text = f"Set `{words[1].value}` as {kind} to {words[value].text}"
    return f"expected {text}", _replaced(words, value, text)


def _repetition(words: Sequence[Token]) -> Advice | None:
    """`Repeat 3 times`, `Repeat until a condition`."""
    until = [filler for filler in words[1].before if filler.text.lower() == "until"]
    if until and words[1].kind not in (".", ":"):
        return "expected While not (...)", None
    if len(words) < 3 or words[1].kind not in (t.NUMBER, t.NAME) or words[2].kind != "times":
        return None
    text = f"For each `round` from 1 to {words[1].text}"
    return f"expected {text}", _replaced(words, 2, text)
