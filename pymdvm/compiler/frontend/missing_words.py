"""Small words that a statement lacks where its end is expected, and what puts them there."""

from __future__ import annotations

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.frontend.tokens import Token

# Behind which words `of` may be missing.
_OF = frozenset(
    (
        *("length", "names", "contents", "keys", "values", "sum", "words", "lines"),
        *("characters", "smallest", "largest", "position"),
    )
)
_OPERAND = frozenset({t.NAME, t.POSSESSOR, "["})

Advice = tuple[str, "Fix | None"]


def missing_word(last: Token, token: Token, end: Place) -> Advice | None:
    """What is missing between the last word of a statement, which ends there, and the next."""
    if last.text.lower() in _OF and token.kind in _OPERAND and not _is_bare(token):
        return "expected `of`", inserting(end, " of")
    if token.bare and token.value.lower() == "store":
        return "expected `and store it in` and a variable", inserting(end, " and")
    if token.kind == "to" and last.kind == t.NAME and last.first:
        return "expected Set in front of it", inserting(Place(*last.span), "Set ")
    touches = last.span.end == (token.line, token.column)
    if token.kind == t.BAD and token.text == "_" and last.kind == t.TEXT and touches:
        return "expected _ in front of the text too", replacing(token.span, "")
    if token.kind in t.STATEMENTS and not token.first and token.kind not in ("else", "if"):
        return "expected a period", inserting(end, ".")
    return None


def _is_bare(token: Token) -> bool:
    return token.kind == t.NAME and token.bare
