"""Where the parser is among the words, and how it says that something else was expected."""

from __future__ import annotations

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.faults import A_VALUE, A_VARIABLE, Fault, Stop
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.syntax import Place, Span
from pymdvm.compiler.frontend.tokens import Token

# Signs that are put behind the last word where they are missing.
_CLOSING = (")", "]")


def as_name(word: Token) -> tuple[str, str, str, Fix]:
    """What to say of a filler word that is meant as a name."""
    return (
        f"{word.text} is a filler word, and the variable `{word.text}` only in backticks",
        f"expected `{word.text}`",
        "syntax",
        replacing(word.span, f"`{word.text}`"),
    )


class Cursor:
    """Walks over tokens, the last of which is an END.

    token: the next word; last: the word before it; faults: what was found so far; defined: the
    names that the source defines anywhere; margins: how wide the marks of lines are; source: the
    text, for fixes.
    """

    def __init__(self, tokens: list[Token], defined: frozenset[str] = frozenset()) -> None:
        self._tokens = tokens
        self._index = 0
        self.token = tokens[0]
        self.last = tokens[0]
        self.faults: list[Fault] = []
        self.defined = defined
        self.margins: dict[int, int] = {}
        self.source = ""
        self._lines: list[str] | None = None
        # Filler words that have been given a meaning, by identity.
        self._meant: set[int] = set()

    def advance(self) -> Token:
        """The next word, which is passed."""
        token = self.last = self.token
        self._index += 1
        self.token = self._tokens[self._index] if self._index < len(self._tokens) else token
        return token

    def put_back(self, token: Token) -> None:
        """Make a word that was passed the next one again, in the place of the last one."""
        self._index -= 1
        self._tokens[self._index] = self.token = token

    def ahead(self, steps: int = 1) -> Token:
        """A word behind the next one."""
        return self._tokens[min(self._index + steps, len(self._tokens) - 1)]

    def skip(self, kind: str) -> bool:
        """Pass a word of that kind, if it is next."""
        if self.token.kind != kind:
            return False
        self.advance()
        return True

    def expect(self, kind: str, expected: str) -> Token:
        """The next word, which has to be of that kind."""
        if self.token.kind != kind:
            fix = inserting(self.end_of_last(), kind) if kind in _CLOSING else None
            raise self.unexpected(expected, fix=fix)
        return self.advance()

    def is_word(self, *words: str) -> bool:
        """Whether the next word is a bare one of these, which are no keywords."""
        return self.token.bare and self.token.value.lower() in words

    def skip_word(self, *words: str) -> bool:
        """Pass such a word."""
        if not self.is_word(*words):
            return False
        self.advance()
        return True

    def filler(self, *words: str) -> bool:
        """Whether one of these filler words stands in front of the next word; it has a meaning
        then.
        """
        for filler in self.token.before:
            if filler.text.lower() in words:
                self._meant.add(id(filler))
                return True
        return False

    # ____________________________________________________________ places

    def span_from(self, start: Token) -> Span:
        """From the beginning of a word to the end of the last one."""
        last = self.last
        return Span.of(start.line, start.column, last.end_line, last.end_column)

    def lines_from(self, line: int, most: int) -> list[str]:
        """So many lines of the source, from that one on."""
        if self._lines is None:
            self._lines = self.source.split("\n")
        return self._lines[line - 1 : line - 1 + most]

    def column(self, token: Token) -> int:
        """Where a word stands in its line, from the marks on."""
        return token.column - self.margins.get(token.line, 0)

    def end_of_last(self) -> Place:
        """The place behind the last word."""
        return Place(self.last.end_line, self.last.end_column)

    # ____________________________________________________________ faults

    def unexpected(self, expected: str, token: Token | None = None, fix: Fix | None = None) -> Stop:
        """A fault for raising: the next word, or another, is not what was expected."""
        token = token or self.token
        if token.kind == t.BAD and token.value:
            expected = str(token.value)
            fix = token.fix or fix
        hidden = self._name_among_fillers(token)
        if hidden is not None and expected.startswith((A_VALUE, A_VARIABLE)):
            return self.stop(hidden, *as_name(hidden))
        place = self._place_of(token)
        return Stop(Fault(place, f"unexpected {self._shown(token)}", expected, fix=fix))

    def _name_among_fillers(self, token: Token) -> Token | None:
        """The filler word in front of it that is called as a variable is."""
        return next((filler for filler in token.before if filler.text in self.defined), None)

    def stop(
        self,
        token: Token,
        message: str,
        expected: str = "",
        code: str = "syntax",
        fix: Fix | None = None,
    ) -> Stop:
        """Another fault for raising."""
        return Stop(Fault(token.span, message, expected, code, fix=fix))

    def warn(self, token: Token, code: str, message: str, expected: str = "") -> None:
        """Note a warning."""
        self.faults.append(Fault(token.span, message, expected, code, False))

    def _place_of(self, token: Token) -> Place:
        if token.kind == t.BREAK:
            return self._tokens[self._index + 1].span if self.token is token else token.span
        return token.span

    def _shown(self, token: Token) -> str:
        if token.kind == t.BREAK:
            return self._shown(self.ahead())
        if token.kind == t.END:
            return "end of the file"
        return token.text.partition("\n")[0]
