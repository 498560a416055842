"""From characters to words: the tokens of stretches of a source.

`WordReader.read_line` reads one line; a text may end lines further.
"""

from __future__ import annotations

import re
from typing import Any

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.bold_phrases import is_phrase
from pymdvm.compiler.frontend.faults import A_LITERAL, A_NAME, A_VALUE
from pymdvm.compiler.frontend.fillers import FILLERS
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.frontend.tokens import WORD, Token
from pymdvm.values import URL

_WORDS = re.compile(
    r"""
    (?P<space>[^\S\n]+|\\)
  | (?P<fence>```)
  | (?P<name>`(?P<inner>[^`\n]*)`(?P<possessor>'s)?)
  | (?P<possessive>(?<=[)\]*_"])'s(?=\s))
  | (?P<number>_-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?_+
      |(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?!\w))?_?)
  | (?P<literal>_(?:true|false|yes|no|empty|new[ ]line|tab)_)
  | (?P<text>_?(?:\"\"\"|'''|"|'))
  | (?P<url>_[A-Za-z][A-Za-z0-9+.\-]*://\S+?_(?=[\s.,:;)\]]|$))
  | (?P<bold>\*\*(?P<strong>[^\W\d][^*\n]*?|`[^`*\n]+`)\*\*)
  | (?P<yesno>yes/no)
  | (?P<badnumber>_+-?\.?\d[\d.]*_*)
  | (?P<italic>_(?P<slanted>[^\W\d_][^_\n`]*)_(?!\w))
  | (?P<word>[^\W\d]\w*(?:'[^\W\d_]+)?)
  | (?P<comment><!--)
  | (?P<tag></?(?:details|summary)>)
  | (?P<odd>==|!=|&&|\|\||[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb])
  | (?P<sign>\*\*|<=|>=|\$\$|[-+*/^%=<>(){}\[\];,.:])
  | (?P<hash>\#)
  | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAME = re.compile(r"(?:[^\W\d_]|_+(?!\d)(?=\D|$))[\w \-']*\Z")
_STRAY_APOSTROPHE = re.compile(r"'(?= |\Z)|(?<= )'")

_LITERALS: dict[str, tuple[str, Any]] = {
    "true": (t.YES_NO, True),
    "yes": (t.YES_NO, True),
    "false": (t.YES_NO, False),
    "no": (t.YES_NO, False),
    "empty": ("empty", None),
    "new line": (t.TEXT, "\n"),
    "tab": (t.TEXT, "\t"),
}
_IN_TWO = {
    "for each": ("for", "each"),
    "else if": ("else", "if"),
    "otherwise if": ("else", "if"),
}
_HINTS = {
    "==": "compare with `equals`",
    "!=": "compare with `is not`",
    "&&": "write `and`",
    "||": "write `or`",
}
_WORD_BEHIND = re.compile(r"[^\W\d]\w*")
_INSTEAD = {"==": "equals", "!=": "is not", "&&": "and", "||": "or"}
# A text in typographic quotes, with the underscores around it.
_TYPOGRAPHIC = re.compile(
    r"[\u201c\u201d\u201e\u2018\u00ab]([^\n\"]*?)[\u201c\u201d\u2019\u00bb]_?"
)
_INNER_NUMBER = re.compile(r"_+(-?\d+(?:\.\d+)?)_*\.?\Z")
_QUOTES = 'these are typographic quotes; write _"text"_'
_SUMMARY_END = re.compile("</summary>", re.IGNORECASE)


def is_name(text: str) -> bool:
    """Whether backticks around the text make a name."""
    return bool(_NAME.match(text)) and not ("'" in text and _STRAY_APOSTROPHE.search(text))


class WordReader:
    """Reads words of a source. position, line, line_start: where it is; found: the words so
    far.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self.position = 0
        self.line = 1
        self.line_start = 0
        self.found: list[Token] = []
        self._never_closed: set[str] = set()

    def read_line(self, limit: int) -> None:
        """Read words up to the end of the line, or of the last line that a text reaches into;
        beyond limit no text ends.
        """
        source = self._source
        match = _WORDS.match
        while True:
            found = match(source, self.position)
            if found is None:
                return
            kind = found.lastgroup
            if kind == "space":
                self.position = found.end()
            elif kind == "word":
                self._token(WORD, None, found.end())
            elif kind == "sign":
                text = found.group()
                self._token(text, None, found.end())
            elif kind == "hash":
                if self._begins_comment():
                    self.position = self._line_end()
                else:
                    self._bad("#", A_VALUE)
            else:
                self._other(found, kind or "", limit)

    def _begins_comment(self) -> bool:
        """Whether the # at the position, with blanks around it, begins a comment."""
        source, position = self._source, self.position
        return source[position + 1 : position + 2] in ("", " ", "\t", "\n", "\r") and source[
            position - 1 : position
        ] in ("", " ", "\t", "\n", ">")

    def _line_end(self) -> int:
        end = self._source.find("\n", self.position)
        return len(self._source) if end < 0 else end

    def _other(self, found: re.Match[str], kind: str, limit: int) -> None:
        text, end = found.group(), found.end()
        if kind == "name":
            inner = found.group("inner")
            if not is_name(inner):
                self._bad("`" if not inner.strip() else text, A_NAME, end if inner.strip() else 0)
            elif found.group("possessor"):
                self._token(t.POSSESSOR, inner, end)
            else:
                self._token(t.NAME, inner, end)
        elif kind == "number":
            self._number(text, end)
        elif kind == "literal":
            literal, value = _LITERALS[text[1:-1].lower()]
            self._token(literal, value, end)
        elif kind == "text":
            self._text(text, limit)
        elif kind == "fence":
            close = self._source.find("```", end, limit)
            if close < 0:
                self._bad("```", "expected three backticks at the end of the text too")
            else:
                self._token(t.TEXT, self._source[end:close], close + 3)
        elif kind == "possessive":
            self._token(t.POSSESSIVE, None, end)
        elif kind == "url":
            self._token(t.TEXT, URL(text[1:-1]), end)
        elif kind == "bold":
            self._bold(found.group("strong"), end)
        elif kind == "yesno":
            self._token("yes/no", None, end)
        elif kind == "italic":
            self._token(t.ITALIC, found.group("slanted"), end)
        elif kind == "comment":
            close = self._source.find("-->", end)
            self._skip(len(self._source) if close < 0 else close + 3)
        elif kind == "tag":
            self._tag(text.lower(), end)
        elif kind == "odd":
            self._odd(text)
        elif kind == "badnumber":
            self._bad(text, A_LITERAL)
            number = _INNER_NUMBER.match(text)
            if number is not None:
                rest = "." if text.endswith(".") else ""
                self.found[-1].fix = replacing(self.found[-1].span, f"_{number.group(1)}_{rest}")
        else:
            self._bad(text, A_NAME if text == "`" else A_LITERAL if text == "_" else "")
            word = _WORD_BEHIND.match(self._source, end) if text == "`" else None
            if word is not None:
                behind = Place(self.line, word.end() - self.line_start + 1)
                self.found[-1].fix = inserting(behind, "`")

    # ____________________________________________________________ one kind of word each

    def _odd(self, text: str) -> None:
        """A sign of another language, or a typographic quote, of which the whole text is taken."""
        if text in _HINTS:
            self._bad(text, _HINTS[text])
            self.found[-1].fix = replacing(self.found[-1].span, _INSTEAD[text])
            return
        quoted = _TYPOGRAPHIC.match(self._source, self.position)
        self._bad(text, _QUOTES, 0 if quoted is None else quoted.end())
        if quoted is not None:
            bad = self.found[-1]
            first = "" if self._source[self.position - len(bad.text) - 1] == "_" else "_"
            bad.fix = replacing(bad.span, f'{first}"{quoted.group(1)}"_')

    def _token(self, kind: str, value: Any, end: int) -> Token:
        source, start = self._source, self.position
        text = source[start:end]
        line, column = self.line, start - self.line_start + 1
        if "\n" in text:
            self._skip(end)
        self.position = end
        token = Token(kind, value, text, line, column, self.line, end - self.line_start + 1)
        self.found.append(token)
        return token

    def _skip(self, end: int) -> None:
        """Go on there, lines further."""
        self.line += self._source.count("\n", self.position, end)
        self.line_start = self._source.rfind("\n", 0, end) + 1
        self.position = end

    def _bad(self, text: str, expected: str, end: int = 0) -> None:
        self._token(t.BAD, expected, end or self.position + len(text))

    def _number(self, text: str, end: int) -> None:
        digits = text.strip("_")
        if text.endswith("_") and (text[0] != "_" or text.endswith("__")):
            self._bad(text, A_LITERAL)
            self.found[-1].fix = replacing(self.found[-1].span, f"_{digits}_")
        elif digits.lstrip("-").isdigit():
            # The language has no larger ones; int() is slow for very long ones.
            self._token(t.NUMBER, int(digits[:400]), end)
        else:
            self._token(t.NUMBER, float(digits), end)

    def _text(self, opening: str, limit: int) -> None:
        """A text, from its opening on, which may begin with an underscore."""
        source, start = self._source, self.position + len(opening)
        owner = self.found[-1] if self.found else None
        if opening == "'" and source.startswith("s ", start) and owner and owner.kind == t.NAME:
            self._bad("'s", "expected `'s` right behind the name")
            self.found[-1].fix = Fix(Place(*owner.span.end), Place(*self.found[-1].span), "")
            return
        marked, quote = opening[0] == "_", opening.lstrip("_")
        if len(quote) == 3:
            ending = quote + "_" * marked
            close = -1 if ending in self._never_closed else source.find(ending, start, limit)
            if close < 0 and limit == len(source):
                self._never_closed.add(ending)
            if close >= 0:
                self._token(t.TEXT, source[start:close], close + 3 + marked)
                return
            quote, start = quote[0], start - 2
        close = self._closing(quote, start, limit)
        if close < 0 or self._begins_another(start, close, marked):
            self._unclosed(quote, marked)
        elif not marked:
            self._token(t.TEXT, source[start:close], close + 1)
        elif source.startswith("_", close + 1):
            self._token(t.TEXT, source[start:close], close + 2)
        else:
            self._unclosed(quote, marked)

    def _begins_another(self, start: int, close: int, marked: bool) -> bool:
        """Whether the quote that ends a text, lines further, is rather the beginning of the next
        one: a word touches it.
        """
        source = self._source
        touches = not marked and source[close + 1 : close + 2].isalnum()
        return touches and source.find("\n", start, close) >= 0

    def _closing(self, quote: str, start: int, limit: int) -> int:
        """Where the text ends; a backslash keeps the character behind it."""
        if quote in self._never_closed:
            return -1
        source = self._source
        position = start
        while True:
            close = source.find(quote, position, limit)
            if close < 0:
                if limit == len(source):
                    self._never_closed.add(quote)
                return -1
            before = close
            while before > start and source[before - 1] == "\\":
                before -= 1
            if (close - before) % 2 == 0:
                return close
            position = close + 1

    def _unclosed(self, quote: str, marked: bool) -> None:
        end = self._line_end()
        ending = quote + "_" * marked
        self._token(
            t.BAD,
            f"expected {ending} at its end: a whole literal is _{quote}text{quote}_",
            len(self._source[:end].rstrip()) if end - self.position < 10000 else end,
        )
        bad = self.found[-1]
        text = bad.text[1 + marked :]
        bare = text.rstrip(".")
        if marked and bare.rstrip("_").endswith(quote):
            bare = bare.rstrip("_")[:-1]
        elif marked and bare.endswith("_"):
            bare = bare[:-1]
        if marked and quote in bare:
            behind = self._source.index(quote, self.line_start + bad.column + marked) + 1
            place = Place(bad.line, behind - self.line_start + 1)
            bad.fix = inserting(place, "_")
        elif bare.strip() and quote not in bare and "`" not in bare and "_" not in bare:
            rest = "." * text.endswith(".")
            bad.fix = replacing(bad.span, f"_{quote}{bare}{quote}_{rest}")

    def _bold(self, strong: str, end: int) -> None:
        phrase = " ".join(strong.lower().split())
        if phrase in _IN_TWO:
            # Two keywords, which are a phrase to people.
            first, second = _IN_TWO[phrase]
            self._token(first, None, end)
            self._token(second, None, end)
            return
        if phrase in t.KEYWORDS and phrase not in ("yes", "no"):
            self._token(t.KEYWORDS[phrase], None, end)
        elif (
            phrase in FILLERS
            or phrase in t.KIND_WORDS
            or phrase in t.STATEMENT_WORDS
            or phrase in ("either", "both")
        ):
            self._token(WORD, strong, end)
        elif _without_fillers(phrase) in t.KEYWORDS:
            self._token(t.KEYWORDS[_without_fillers(phrase)], None, end)
        elif is_phrase(phrase):
            start = self.position + len("**")
            for word in re.finditer(r"\S+", strong):
                self.position = start + word.start()
                self._token(WORD, None, start + word.end())
            self.position = end
        elif is_name(strong):
            self._token(t.NAME, strong, end)
        elif len(strong) > 2 and strong[0] == strong[-1] == "`" and is_name(strong[1:-1]):
            self._token(t.NAME, strong[1:-1], end)
        else:
            self._bad("**", A_VALUE)

    def _tag(self, tag: str, end: int) -> None:
        if tag == "<summary>":
            close = _SUMMARY_END.search(self._source, end)
            self._skip(len(self._source) if close is None else close.end())
        elif tag == "</summary>":
            self.position = end
        else:
            self._token(tag, None, end)


def _without_fillers(phrase: str) -> str:
    """The phrase without filler words at its end."""
    words = phrase.split()
    while len(words) > 1 and words[-1] in FILLERS:
        words.pop()
    return " ".join(words)
