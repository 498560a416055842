"""What was meant by a name that nothing is called."""

from __future__ import annotations

from collections.abc import Iterable

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.faults import near
from pymdvm.compiler.frontend.fixes import Fix, replacing
from pymdvm.compiler.frontend.syntax import Place, Span

# What Empty is called elsewhere.
_LITERALS = dict.fromkeys(("null", "none", "nil", "nothing", "undefined"), "empty")
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LITERALS.update((word, str(number)) for number, word in enumerate(_NUMBERS))


def literal_hint(name: str) -> str:
    """Of a name that is a word for Empty in other languages, or for a number."""
    meant = _LITERALS.get(name.lower())
    return f"did you mean {meant}?" if meant else ""


def fix_of_literal(node: syntax.Name) -> Fix | None:
    """The literal in its place."""
    meant = _LITERALS.get(node.name.lower())
    return replacing(first_word(node.place, node.name), meant) if meant else None


def suggestion(name: str, names: Iterable[str]) -> str:
    """The nearest of the names that there are."""
    meant = near(name, names)
    return f"did you mean `{meant}`?" if meant else ""


def fix_of_name(place: Place, name: str, names: Iterable[str]) -> Fix | None:
    """The name that was meant, in backticks, where this one stands."""
    meant = near(name, names)
    return replacing(first_word(place, name), f"`{meant}`") if meant else None


def first_word(place: Place, name: str) -> Place:
    """The span of a name in backticks that begins there; that of a bare word is known."""
    end = getattr(place, "end", place)
    if end.line == place.line and end.column - place.column in (len(name), len(name) + 2):
        return place
    width = len(name) + 2
    return Span.of(place.line, place.column, place.line, place.column + width)
