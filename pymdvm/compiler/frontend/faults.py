"""What the parser says about mistakes: one Fault for each, with the place, what stands there and
what was expected.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from pymdvm.compiler.frontend.fixes import Fix, replacing
from pymdvm.compiler.frontend.syntax import Kind, Place, Span

A_VALUE = (
    'expected a value: a literal such as _5_, _"text"_ or _Yes_, a name in backticks, or a '
    "parenthesis"
)
A_STATEMENT = (
    "expected a statement: Define, Set, If, While, For each, Say, Give back, Use, Add, Remove, "
    "Insert, Update, Clear"
)
NO_PROSE = "prose with names or literals in it belongs into a heading, a comment or a <summary>"
A_NAME = "expected a name in backticks, of letters, digits, spaces, _, - and '"
A_VARIABLE = "expected the name of a variable in backticks"
A_LITERAL = 'expected a whole literal: _5_, _-1.5_, _"text"_, _Yes_, _No_ or _empty_'
A_KIND = "expected a kind: " + ", ".join(kind.value for kind in Kind)
A_BLOCK = "expected a block: lines that begin with one more > than this one"
NO_LIST = "a list needs Set ... to: in front of it"
A_PERIOD = "expected a period"
A_LIST = "expected the items of a list, each on a line that begins with - or 1."


class Fault(NamedTuple):
    """place: a Span; message: what is wrong; expected: what should stand there; code: for programs;
    is_error: or a warning; fix: what would mend it.
    """

    place: Place
    message: str
    expected: str = ""
    code: str = "syntax"
    is_error: bool = True
    fix: Fix | None = None


class Stop(Exception):
    """Ends the statement that has the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


# Words of other languages, and near ones, for those that begin a statement here.
_OTHER_KINDS = ("integer", "string", "boolean", "decimal", "status", "link")
_OTHER_WORDS = {
    "print": "Say",
    "write": "Say",
    "output": "Say",
    "show": "Say",
    "display": "Say",
    "return": "Give back",
    "repeat": "While or For each",
    "loop": "While or For each",
    "increase": "Set `name` to `name` + ...",
    "decrease": "Set `name` to `name` - ...",
    "let": "Define and Set",
    "var": "Define",
    "declare": "Define",
    "create": "Define",
    "elif": "Else if",
    "elseif": "Else if",
    "append": "Add",
    "push": "Add",
    "delete": "Remove",
    "change": "Set or Update",
    "break": "Stop",
    "continue": "Skip",
    "function": "### **Utility**: `name`",
    "def": "### **Utility**: `name`",
    "for": "For each",
}
# Kinds as other languages name them.
_KINDS_ELSEWHERE = {
    "int": "Whole Number",
    "str": "Text",
    "bool": "Yes/No",
    "double": "Float",
    "array": "List",
    "dict": "Named List",
    "dictionary": "Named List",
    "map": "Named List",
    "object": "Named List",
    "none": "Empty",
    "whole": "Whole Number",
    "long": "Whole Number",
    "real": "Float",
    "char": "Text",
    "tuple": "List",
    "hash": "Named List",
    "null": "Empty",
}
# Keywords that nobody has given a meaning.
WITHOUT_MEANING = frozenset({"template", "entrypoint", "take", "takes", "filter", "rule", "prompt"})
# The words of which only the first stands in the list of beginnings.
_WHOLE = {"For": "For each", "Give": "Give back"}
_BEGINNINGS = """
Define Set Say Tell If When Whenever While For Give Use Call Add Remove Insert Update Clear Else
Otherwise Stop Skip Ask Trigger Apply
"""
_STATEMENT_WORDS = _BEGINNINGS.split()


class Word(Protocol):
    """A word with its place."""

    text: str

    @property
    def span(self) -> Span:
        """Where it stands."""


def statement_hint(word: str) -> str:
    """What somebody may have meant who began a statement with this word; empty if nothing is
    near.
    """
    if word.lower() in WITHOUT_MEANING:
        return f"{word.capitalize()} has no meaning in this language"
    meant = _meant(word)
    return f"did you mean {meant}?" if meant else ""


def _meant(word: str) -> str:
    if word.lower() in WITHOUT_MEANING:
        return ""
    if word.lower() in _OTHER_WORDS:
        return _OTHER_WORDS[word.lower()]
    close = difflib.get_close_matches(word.capitalize(), _STATEMENT_WORDS, 1, 0.6)
    if close:
        return _WHOLE.get(close[0], close[0])
    close = difflib.get_close_matches(word.lower(), _OTHER_WORDS, 1, 0.79)
    return _OTHER_WORDS[close[0]] if close else ""


def statement_fix(word: Word) -> Fix | None:
    """The word that was meant in its place, if that is one or two words."""
    meant = _meant(word.text)
    if not meant.replace(" ", "").isalpha() or " or " in meant or " and " in meant:
        return None
    return replacing(word.span, meant)


def kind_hint(word: str) -> str:
    """What was meant by the name of a kind."""
    meant = _meant_kind(word)
    return f"did you mean {meant}?" if meant else ""


def _meant_kind(word: str) -> str:
    names = {kind.value.lower(): kind.value for kind in Kind}
    names.update((name, name.title()) for name in _OTHER_KINDS)
    if word.lower() in _KINDS_ELSEWHERE:
        return _KINDS_ELSEWHERE[word.lower()]
    close = difflib.get_close_matches(word.lower(), names, 1, 0.7)
    return names[close[0]] if close else ""


def kind_fix(word: Word) -> Fix | None:
    """The kind that was meant in the word's place."""
    meant = _meant_kind(word.text)
    return replacing(word.span, meant) if meant else None


def no_ordinal(word: str) -> str:
    """What to say of a word in front of `item` that is none of the ordinals."""
    return f"`{word}` is no position: expected first to tenth, last, or item and a number"


def near(name: str, names: Iterable[str]) -> str:
    """The name that was meant, empty if none is near."""
    known = list(names)
    same = [other for other in known if other.lower() == name.lower()]
    close = same or difflib.get_close_matches(name, known, 1)
    return close[0] if close else ""
