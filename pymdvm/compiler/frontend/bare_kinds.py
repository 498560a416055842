"""Words for kinds that are bare names: `Define numbers as List.`

They are keywords, and names only in a document that defines a variable so; there they stay keywords
where a kind is meant, or the case differs.
"""

from __future__ import annotations

from collections.abc import Iterable

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.tokens import Token

_KINDS = frozenset(
    (
        *("number", "numbers", "text", "texts", "list", "float", "floats", "url", "urls"),
        *("date", "dates", "time", "name", "names"),
    )
)
_BEFORE_KIND = ("as", "is", "is not")


def with_bare_names(tokens: list[Token]) -> None:
    """Make names of the words that are meant as such."""
    names = {_word(tokens[index]) for index in _defined(tokens)}
    if not names:
        return
    section = False
    for index, token in enumerate(tokens):
        if token.kind == t.SECTION:
            section = True
        elif section and (token.kind in t.STRUCTURE or (token.first and token.kind != "-")):
            section = token.kind == t.BREAK
        if section or token.kind not in _KINDS or _word(token) not in names:
            continue
        if not _is_kind(tokens, index):
            token.kind, token.value, token.bare = t.NAME, token.text.strip("*"), True


def _word(token: Token) -> str:
    return token.value if token.kind == t.NAME else token.text.strip("*")


def _defined(tokens: list[Token]) -> Iterable[int]:
    """Where such words stand behind Define and For each."""
    for index in range(1, len(tokens) - 1):
        token = tokens[index]
        if tokens[index - 1].kind not in ("define", "each"):
            continue
        is_bare = token.kind in _KINDS and tokens[index + 1].kind in ("as", "in", "from")
        if is_bare or (token.kind == t.NAME and token.value in _KINDS):
            yield index


def _is_kind(tokens: list[Token], index: int) -> bool:
    """Whether the word names a kind all the same."""
    before, token, behind = tokens[index - 1], tokens[index], tokens[index + 1]
    if before.kind in _BEFORE_KIND:
        return before.kind == "as" or any(filler.text in ("a", "an") for filler in token.before)
    if before.kind == "or":
        return tokens[index - 2].kind in t.KIND_KEYWORDS
    return behind.kind == "of"
