"""What the parser says about mistakes: one Fault for each, with the place, what stands there and
what was expected.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from pymdvm.compiler.frontend.syntax import Kind, Place

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
A_PERIOD = "expected a period"
A_LIST = "expected the items of a list, each on a line that begins with - or 1."


class Fault(NamedTuple):
    """place: a Span; message: what is wrong; expected: what should stand there; code: for programs;
    is_error: or a warning.
    """

    place: Place
    message: str
    expected: str = ""
    code: str = "syntax"
    is_error: bool = True


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
_BEGINNINGS = """
Define Set Say Tell If When Whenever While For Give Use Call Add Remove Insert Update Clear Else
Otherwise Stop Skip Ask Trigger Apply
"""
_STATEMENT_WORDS = _BEGINNINGS.split()


def statement_hint(word: str) -> str:
    """What somebody may have meant who began a statement with this word; empty if nothing is
    near.
    """
    if word.lower() in _OTHER_WORDS:
        return f"did you mean {_OTHER_WORDS[word.lower()]}?"
    close = difflib.get_close_matches(word.capitalize(), _STATEMENT_WORDS, 1, 0.6)
    return f"did you mean {close[0]}?" if close else ""


def kind_hint(word: str) -> str:
    """The same of the name of a kind."""
    names = {kind.value.lower(): kind.value for kind in Kind}
    names.update((name, name.title()) for name in _OTHER_KINDS)
    close = difflib.get_close_matches(word.lower(), names, 1, 0.7)
    return f"did you mean {names[close[0]]}?" if close else ""


def name_hint(name: str, names: Iterable[str]) -> str:
    """The same of a name."""
    close = difflib.get_close_matches(name, list(names), 1)
    return f"did you mean `{close[0]}`?" if close else ""
