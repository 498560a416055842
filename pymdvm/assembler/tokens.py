"""Assembler text, one line at a time: its tokens, and a Line to read them from.

A token that cannot be understood is an error only when the parser comes to it, so that a line's
label is known even when the rest of the line is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from mdvm.debugging.literals import NAN_BITS
from pymdvm.bytecode.model import Constant, bits_to_float, float_to_bits

_Item = TypeVar("_Item")


class TokenKind(Enum):
    """What a token is; the value is how errors call it."""

    DIRECTIVE = "a directive"
    WORD = "a name"
    INT = "an int"
    FLOAT = "a float"
    STRING = "a string"
    CONSTANT_INDEX = "a constant index"
    INSTRUCTION_INDEX = "an instruction index"
    FUNCTION = "a function"
    WRONG = "something unreadable"
    PUNCTUATION = "punctuation"
    END = "the end of the line"


@dataclass(frozen=True)
class Token:
    """A token: its text as written, its column from 1, and its value.

    The value is an int for INT and the two kinds of index, a Constant for FLOAT, a str for STRING
    and FUNCTION, the error's message for WRONG, else the text.
    """

    kind: TokenKind
    text: str
    column: int
    value: int | str | Constant

    def __str__(self) -> str:
        return self.kind.value if self.kind is TokenKind.END else self.text


class SyntaxProblem(Exception):
    """Something is wrong at a column of the line at hand.

    column: int from 1
    """

    def __init__(self, column: int, message: str) -> None:
        super().__init__(message)
        self.column = column


_PATTERN = re.compile(
    r"""
    (?P<space>      [ \t\f\v]+ | ;.* )
  | (?P<directive>  \.[A-Za-z]\w* )
  | (?P<bits>       float:0[xX][0-9A-Fa-f]{1,16}(?!\w) )
  | (?P<float>      [+-]? (?: [0-9][0-9_]*\.[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?
                            | [0-9][0-9_]*[eE][+-]?[0-9]+ | inf ) (?!\w)
                  | nan (?!\w) )
  | (?P<int>        [+-]? (?: 0[xX][0-9A-Fa-f_]*[0-9A-Fa-f] | [0-9][0-9_]* ) (?! \w | \.(?!\.) ) )
  | (?P<word>       [^\W\d]\w* )
  | (?P<string>     "(?: [^"\\] | \\. )*" )
  | (?P<constant>   \#[0-9]+ (?!\w) )
  | (?P<index>      @[0-9]+ (?!\w) )
  | (?P<function>   @(?: [^\W\d]\w* | "(?: [^"\\] | \\. )*" ) )
  | (?P<mark>       \.\. | [,:()\[\]] )
""",
    re.VERBOSE,
)

_KINDS = {
    "directive": TokenKind.DIRECTIVE,
    "bits": TokenKind.FLOAT,
    "float": TokenKind.FLOAT,
    "int": TokenKind.INT,
    "word": TokenKind.WORD,
    "string": TokenKind.STRING,
    "constant": TokenKind.CONSTANT_INDEX,
    "index": TokenKind.INSTRUCTION_INDEX,
    "function": TokenKind.FUNCTION,
    "mark": TokenKind.PUNCTUATION,
}

_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)
_SHORT_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", '"': '"', "\\": "\\"}


def tokens_of_line(line: str) -> list[Token]:
    """The tokens of one line, an END token last.  A WRONG one may come before it; what follows that
    is not looked at.
    """
    tokens: list[Token] = []
    position = 0
    end = 1
    while position < len(line):
        match = _PATTERN.match(line, position)
        group = "" if match is None else match.lastgroup
        if group != "space":
            try:
                tokens.append(_token(line, position, match))
            except SyntaxProblem as problem:
                tokens.append(Token(TokenKind.WRONG, "", problem.column, str(problem)))
                break
            end = tokens[-1].column + len(tokens[-1].text)
        assert match is not None
        position = match.end()
    tokens.append(Token(TokenKind.END, "", end, ""))
    return tokens


def _token(line: str, position: int, match: re.Match[str] | None) -> Token:
    if match is None:
        raise _unreadable(line, position)
    group = match.lastgroup
    assert group is not None
    return Token(
        _KINDS[group], match.group(), position + 1, _value(group, match.group(), position + 1)
    )


def _unreadable(line: str, position: int) -> SyntaxProblem:
    column = position + 1
    if line[position] == '"':
        return SyntaxProblem(column, "this string has no closing quote")
    if line[position].isdigit() or line[position] in "+-#@":
        word = re.compile(r"\S[^\s,;()\[\]]*").match(line, position)
        assert word is not None
        return SyntaxProblem(column, f'"{word.group()}" is not a number')
    return SyntaxProblem(column, f"unexpected character {line[position]!r}")


def _value(group: str, text: str, column: int) -> int | str | Constant:
    if group == "int":
        return _int_value(text)
    if group in ("constant", "index"):
        return int(text[1:])
    if group == "bits":
        return Constant.float_bits(int(text[len("float:") :], 16))
    if group == "float":
        return Constant.float_bits(_float_bits(text, column))
    if group == "string":
        return _unescape(text, column)
    if group == "function":
        return _unescape(text[1:], column + 1) if text[1] == '"' else text[1:]
    return text


def _int_value(text: str) -> int:
    digits = text.lstrip("+-").replace("_", "")
    magnitude = int(digits, 16 if digits[:2] in ("0x", "0X") else 10)
    return -magnitude if text[0] == "-" else magnitude


def _float_bits(text: str, column: int) -> int:
    if text == "nan":
        return int(NAN_BITS)
    bits = float_to_bits(float(text.replace("_", "")))
    if bits_to_float(bits) in (float("inf"), float("-inf")) and not text.endswith("inf"):
        raise SyntaxProblem(column, f"{text} is too large for a float; write inf for infinity")
    return bits


def _unescape(text: str, column: int) -> str:
    """The value of a string literal with its quotes.  column: where its opening quote is."""
    parts = []
    position = 1
    end = len(text) - 1
    while position < end:
        if text[position] != "\\":
            next_escape = text.find("\\", position, end)
            stop = end if next_escape < 0 else next_escape
            parts.append(text[position:stop])
            position = stop
            continue
        match = _ESCAPE.match(text, position, end)
        assert match is not None
        parts.append(_escaped_character(match, column + position))
        position = match.end()
    return "".join(parts)


def _escaped_character(match: re.Match[str], column: int) -> str:
    hexadecimal, short = match.groups()
    if hexadecimal is None:
        if short not in _SHORT_ESCAPES:
            raise SyntaxProblem(
                column,
                f'unknown escape \\{short}; there are \\n \\r \\t \\0 \\" \\\\ and \\u{{hex}}',
            )
        return _SHORT_ESCAPES[short]
    code_point = int(hexadecimal, 16)
    if code_point > 0x10FFFF or 0xD800 <= code_point <= 0xDFFF:
        raise SyntaxProblem(column, f"U+{hexadecimal.upper()} is not a character")
    return chr(code_point)


class Line:
    """The tokens of one line and how far they have been read.  Reading raises SyntaxProblem for
    what is not expected.
    """

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.text = text
        self._tokens = tokens_of_line(text)
        self._position = 0

    def rewind(self) -> None:
        """Go back to the first token."""
        self._position = 0

    def take_label_definition(self) -> Token | None:
        """The label that the line goes on with, its colon taken too; None if there is none."""
        token = self._tokens[self._position]
        if token.kind is not TokenKind.WORD or self._tokens[self._position + 1].text != ":":
            return None
        self._position += 2
        return token

    def take_directive(self, name: str) -> bool:
        """Take the directive of this name if it is next."""
        token = self._tokens[self._position]
        found = token.kind is TokenKind.DIRECTIVE and token.text == name
        if found:
            self._position += 1
        return found

    def peek(self) -> Token:
        """The next token.  Raises SyntaxProblem if it is wrong in itself."""
        token = self._tokens[self._position]
        if token.kind is TokenKind.WRONG:
            raise SyntaxProblem(token.column, str(token.value))
        return token

    def take(self) -> Token:
        """Take the next token, whatever it is; at the end of the line, the END token, again and
        again.
        """
        token = self.peek()
        if token.kind is not TokenKind.END:
            self._position += 1
        return token

    def comes_before(self, kind: TokenKind) -> bool:
        """Whether the next token is followed by one of this kind."""
        return self.peek().kind is not TokenKind.END and (
            self._tokens[self._position + 1].kind is kind
        )

    def take_kind(self, kind: TokenKind, expected: str) -> Token:
        """Take the next token, which must be of this kind.  expected: what errors say should
        stand here.
        """
        if self.peek().kind is not kind:
            raise self.unexpected(expected)
        return self.take()

    def take_if(self, text: str) -> bool:
        """Take the next token if it is this punctuation or word."""
        found = self.peek().text == text and self.peek().kind in (
            TokenKind.PUNCTUATION,
            TokenKind.WORD,
        )
        if found:
            self.take()
        return found

    def take_expected(self, text: str) -> None:
        """Take this punctuation or word, which must be next."""
        if not self.take_if(text):
            raise self.unexpected(f'"{text}"')

    def take_end(self) -> None:
        """Nothing more may stand on the line."""
        if self.peek().kind is not TokenKind.END:
            raise self.unexpected("the end of the line")

    def take_list(self, closing: str, parse_item: Callable[[Line], _Item]) -> list[_Item]:
        """Take items with commas between them, up to and with the closing mark."""
        items: list[_Item] = []
        if not self.take_if(closing):
            items.append(parse_item(self))
            while not self.take_if(closing):
                if not self.take_if(","):
                    raise self.unexpected(f'"," or "{closing}"')
                items.append(parse_item(self))
        return items

    def at_end(self) -> bool:
        """Whether everything has been read."""
        return self.peek().kind is TokenKind.END

    def unexpected(self, expected: str) -> SyntaxProblem:
        """The problem that the next token is not what it should be."""
        return SyntaxProblem(self.peek().column, f"expected {expected}, not {self.peek()}")
