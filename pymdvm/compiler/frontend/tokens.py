"""The words of the language: what a token is, and which words are keywords."""

from __future__ import annotations

from typing import Any

from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.syntax import Kind, Span

# Kinds of tokens besides the keywords and signs, which are their own kinds.
WORD = "word"  # not yet known to be a keyword, a filler word or a name
NAME = "a name"
POSSESSOR = "possessor"  # `name`'s
POSSESSIVE = "'s"  # the same behind a parenthesis, a bracket, a bold name or a key
NUMBER = "a number"  # a whole number or a float
TEXT = "a text"
YES_NO = "yes or no"
ITALIC = "italic"  # _words_ that are no literal
ITEM_SIGN = "-"
BAD = "bad"  # what is no word of the language; its value says why
END = "end"

# What the lines of the document say, between the words.
BREAK = "break"  # the lines from here on have another number of marks, the token's depth
FUNCTION = "function heading"
SECTION = "section"
HEADING = "heading"
DETAILS = "<details>"
DETAILS_END = "</details>"

STRUCTURE = frozenset({BREAK, FUNCTION, SECTION, HEADING, DETAILS, DETAILS_END, END})

# Keyword -> its kind. Keywords of several words are one token, the longest that fits.
KEYWORDS: dict[str, str] = {}


def _add(kind: str, *phrases: str) -> None:
    KEYWORDS.update((phrase, kind) for phrase in phrases or (kind,))


_PLAIN = """
add and as blank clear default define each entrypoint filter first for from has in insert
interaction item last not of optional or prompt remove required rule second set take template then
third to trait update use using utility value where while with inputs outputs datatype
"""
for _kind in _PLAIN.split():
    _add(_kind)
_add("action", "action", "actions")
_add("interaction", "interaction", "interactions")
_add("behavior", "behavior", "behaviors", "behaviour", "behaviours")
_add("contents", "content", "contents")
_add("names", "name", "names")
_add("take", "take", "takes")
_add("trait", "trait", "traits")
_add("else", "else", "otherwise")
_add("if", "if", "when", "whenever")
_add("say", "say", "tell")
_add("give back", "give back", "gives back")
_add("is")
_add("yes")
_add("no")
_add("equals", "equals", "is equal to", "is the same as")
_add(
    "is not",
    "is not",
    "isn't",
    "is not equal to",
    "does not equal",
    "doesn't equal",
    "is different from",
    "is not the same as",
    "isn't equal to",
    "isn't the same as",
)
_add("equals", "is not different from", "isn't different from")
_add("is strictly equal to", "is strictly equal to", "is exactly equal to", "is identical to")
_add(
    "is not strictly equal to",
    "is not strictly equal to",
    "is not exactly equal to",
    "is not identical to",
    "isn't strictly equal to",
    "isn't exactly equal to",
    "isn't identical to",
)
_MORE = ("greater than", "more than", "above", "over", "larger than", "bigger than", "higher than")
_LESS = ("less than", "fewer than", "under", "below", "smaller than", "lower than")
_AT_LEAST = (
    *("at least", "no less than", "no fewer than", "no smaller than", "no lower than"),
    *("greater than or equal to", "greater or equal to", "more than or equal to"),
)
_AT_MOST = (
    *("at most", "no more than", "no greater than", "no larger than", "no higher than"),
    *("less than or equal to", "less or equal to"),
)
for _sign, _opposite, _phrases in (
    (">", "<=", _MORE),
    ("<", ">=", _LESS),
    (">=", "<", _AT_LEAST),
    ("<=", ">", _AT_MOST),
):
    _add(_sign, *(f"is {phrase}" for phrase in _phrases))
    _add(_opposite, *(f"{isnt} {phrase}" for isnt in ("is not", "isn't") for phrase in _phrases))
for _have, _has in (("contain", "contains"), ("have", "has")):
    _add("has not", f"does not {_have}", f"doesn't {_have}", f"do not {_have}", f"don't {_have}")
_add("the names of", "the names of", "the keys of")
_add("the contents of", "the contents of", "the values of")

# Behind `and` and `or` a comparison may go on without its left side.
COMPARISONS: dict[str, str] = {
    phrase: sign
    for sign, phrases in ((">", _MORE), ("<", _LESS), (">=", _AT_LEAST), ("<=", _AT_MOST))
    for phrase in phrases
}
COMPARISONS.update(
    (f"not {phrase}", opposite)
    for opposite, phrases in (("<=", _MORE), (">=", _LESS), ("<", _AT_LEAST), (">", _AT_MOST))
    for phrase in phrases
)
COMPARISONS.update(
    {
        "equal to": "equals",
        "the same as": "equals",
        "not equal to": "is not",
        "different from": "is not",
        "not the same as": "is not",
    }
)
# Signs that need a value on both sides.
INFIX_SIGNS = frozenset({"+", "*", "/", "^", "%", "**", "<", ">", "<=", ">=", ")", "]", ".", ","})

# A kind's name in the source -> the kind. The keywords of them cannot be bare names.
KIND_KEYWORDS: dict[str, Kind] = {
    "text": Kind.TEXT,
    "texts": Kind.TEXT,
    "whole number": Kind.WHOLE_NUMBER,
    "whole numbers": Kind.WHOLE_NUMBER,
    "ordered lists": Kind.ORDERED_LIST,
    "unordered lists": Kind.UNORDERED_LIST,
    "named lists": Kind.NAMED_LIST,
    "float": Kind.FLOAT,
    "floats": Kind.FLOAT,
    "number": Kind.NUMBER,
    "numbers": Kind.NUMBER,
    "yes/no": Kind.YES_NO,
    "url": Kind.URL,
    "urls": Kind.URL,
    "date": Kind.DATE,
    "dates": Kind.DATE,
    "datetime": Kind.DATETIME,
    "datetimes": Kind.DATETIME,
    "time": Kind.TIME,
    "times": Kind.TIME,
    "list": Kind.LIST,
    "ordered list": Kind.ORDERED_LIST,
    "unordered list": Kind.UNORDERED_LIST,
    "named list": Kind.NAMED_LIST,
    "empty": Kind.EMPTY,
}
for _kind in KIND_KEYWORDS:
    _add(_kind)

# Other names of kinds, which are words like others elsewhere.
KIND_WORDS: dict[str, tuple[Kind, ...]] = {
    "status": (Kind.YES_NO,),
    "boolean": (Kind.YES_NO,),
    "truth value": (Kind.YES_NO,),
    "decimal": (Kind.FLOAT,),
    "link": (Kind.URL,),
    "function": (Kind.FUNCTION,),
    "integer": (Kind.WHOLE_NUMBER,),
    "string": (Kind.TEXT,),
    "any": (),
}

# How many words the longest keyword that begins with a word has.
LONGEST: dict[str, int] = {}
for _phrase in KEYWORDS:
    _words = _phrase.split()
    LONGEST[_words[0]] = max(LONGEST.get(_words[0], 0), len(_words))

# Keywords that a value cannot go on with; each begins a statement.
STATEMENTS = frozenset(
    {"define", "set", "give back", "if", "while", "for", "say", "use", "add", "remove", "insert"}
    | {"update", "clear", "else"}
)
# Words for positions, which are names elsewhere.
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
ORDINALS = {word: number for number, word in enumerate((*_ORDINALS, "ninth", "tenth"), 1)}
# Words that begin a statement where one is due, and are names elsewhere.
STATEMENT_WORDS = frozenset({"call", "trigger", "apply", "stop", "skip", "ask"})
FUNCTION_KINDS = frozenset({"action", "interaction", "utility"})


class Token:
    """A word.

    kind: see above; value: a name, a literal's value, a structure's details; text: as in the
    source; depth: the marks of its line; first: whether it is the first of its line; bare: whether
    it is a name without backticks; paragraph: the number of its paragraph; before: the filler words
    in front of it; fix: what would mend it, if it is BAD.
    """

    __slots__ = (
        "kind",
        "value",
        "text",
        "line",
        "column",
        "end_line",
        "end_column",
        "depth",
        "first",
        "bare",
        "paragraph",
        "before",
        "fix",
    )

    def __init__(
        self, kind: str, value: Any, text: str, line: int, column: int, end_line: int, end: int
    ) -> None:
        self.kind = kind
        self.value = value
        self.text = text
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end
        self.depth = 0
        self.first = False
        self.bare = False
        self.paragraph = 0
        self.before: tuple[Token, ...] = ()
        self.fix: Fix | None = None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span.of(self.line, self.column, self.end_line, self.end_column)

    @property
    def is_keyword(self) -> bool:
        """Whether it is a single keyword, which may be a name in some places."""
        return self.kind in KEYWORDS.values() and self.value is None and self.text.isalpha()

    def __repr__(self) -> str:
        return f"<{self.kind} {self.text!r} {self.line}:{self.column}>"
