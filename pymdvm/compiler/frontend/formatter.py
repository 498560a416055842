"""The house style of a document: the same program, its lines of code laid out alike.

Marks stand as `> > `, words of code have one blank between them, each statement has its line and
begins with a capital, nothing stands behind a line, and no two empty lines follow each other.
Prose, comments, fences and texts stay as they are. What comes out means what went in: `formatted`
compares the trees.
"""

from __future__ import annotations

import re

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.findings import Finding, has_errors
from pymdvm.compiler.frontend.frontmatter import MARK
from pymdvm.compiler.frontend.parser import BYTE_ORDER_MARK, parse, words_of
from pymdvm.compiler.frontend.tokens import Token
from pymdvm.compiler.frontend.words import WordReader

_MARKS = re.compile(r"[^\S\n]*(?:>[^\S\n]*)+")
_CLOSE = frozenset({".", ",", ":", ")", "]"})
_FENCE = re.compile(r"[> \t]*(```+)")


class NotFormatted(Exception):
    """The document has errors, which findings holds, or laying it out would change its meaning."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("the document has errors" if findings else "its layout has a meaning")
        self.findings = findings


def formatted(source: str, file: str) -> str:
    """The document in the house style.  Raises NotFormatted."""
    program, findings = parse(source, file)
    if program is None:
        raise NotFormatted(tuple(findings))
    made = _lines_joined(_formatted_lines(source))
    again, findings = parse(made, file)
    if has_errors(findings) or again != program:
        raise NotFormatted(())
    return made


def _lines_joined(lines: list[str]) -> str:
    text = "\n".join(lines).strip("\n")
    return text + "\n" if text else ""


def _formatted_lines(source: str) -> list[str]:
    text = source[1:] if source.startswith(BYTE_ORDER_MARK) else source
    lines = [line.rstrip("\r") for line in text.split("\n")]
    by_line: dict[int, list[Token]] = {}
    # Lines that stay as they are: the frontmatter, and those that a text goes on in.
    within = _frontmatter(lines)
    for word in words_of(text):
        by_line.setdefault(word.line, []).append(word)
        within.update(range(word.line, word.end_line + 1) if word.end_line > word.line else ())
    made: list[str] = []
    fence = ""
    for number, line in enumerate(lines, 1):
        opened = _FENCE.match(line)
        if number in within or (fence and not (opened and opened.group(1) == fence)):
            made.append(line)
        elif opened and number not in by_line:
            fence = "" if fence else opened.group(1)
            made.append(line.rstrip())
        elif number in by_line:
            made.extend(_line_of_code(line, by_line[number]))
        else:
            _other_line(line, made)
    return made


def _frontmatter(lines: list[str]) -> set[int]:
    """The numbers of its lines."""
    begun = [number for number, line in enumerate(lines, 1) if line.strip()][:1]
    if not begun or lines[begun[0] - 1].strip() != MARK:
        return set()
    end = next(
        number
        for number in range(begun[0] + 1, len(lines) + 1)
        if lines[number - 1].strip() == MARK
    )
    return set(range(begun[0], end + 1))


def _other_line(line: str, made: list[str]) -> None:
    """A line without words of code: only marks, nothing at all, or prose."""
    marks = _MARKS.fullmatch(line)
    if marks is not None:
        made.append(" ".join(">" * line.count(">")))
    elif line.strip():
        made.append(line if line.endswith("  ") and not line.endswith("   ") else line.rstrip())
    elif made and made[-1]:
        made.append("")


def _line_of_code(line: str, words: list[Token]) -> list[str]:
    """The line, as one or more."""
    if words[0].kind in (t.HEADING, t.SECTION, t.FUNCTION, t.DETAILS, t.DETAILS_END):
        return [line.rstrip()]
    marks = _MARKS.match(line)
    start = marks.end() if marks else 0
    prefix = "> " * marks.group().count(">") if marks else ""
    reader = WordReader(line)
    reader.position = start
    reader.read_line(len(line))
    found = reader.found
    if not found:
        return [line.rstrip()]
    is_item = found[0].kind == "-" or (found[0].kind == t.NUMBER and words[0].first)
    indent = _indent(line, found[0].column - 1, bool(marks)) if is_item else ""
    begins = {(word.line, word.column): word for word in words}
    opening = "**" if line[: found[0].column - 1].endswith("**") else ""
    made = [prefix + indent + opening]
    for index, word in enumerate(found):
        if index:
            gap = line[found[index - 1].end_column - 1 : word.column - 1]
            if not is_item and _ends_line(found[index - 1], word, begins, words[0].line):
                made.append(prefix)
            elif "**" in gap:
                made[-1] += " ".join(re.split(r"[ \t]+", gap))  # around a phrase
            elif gap.strip(" \t"):
                made[-1] += " " + gap.strip(" \t\\") + " " if gap.strip(" \t\\") else " "
            elif gap and word.kind not in _CLOSE and found[index - 1].kind not in ("(", "["):
                made[-1] += gap if word.kind == "-" and found[index - 1].kind == "-" else " "
        text = word.text
        at = begins.get((words[0].line, word.column))
        begins_line = made[-1] in (prefix, prefix + opening)
        if at is not None and at.kind in t.STATEMENTS and (at.first or begins_line):
            text = _capital(text)
        made[-1] += text
    rest = line[found[-1].end_column - 1 :].strip(" \t\\")
    if rest.startswith("**"):
        made[-1] += rest
    elif rest:
        made[-1] += "  " + rest
    return made


def _indent(line: str, end: int, has_marks: bool) -> str:
    """The blanks in front of an item, which say which list it is of."""
    blanks = end - len(line[:end].rstrip(" \t"))
    return " " * (max(blanks - 1, 0) if has_marks else blanks)


def _ends_line(last: Token, word: Token, begins: dict[tuple[int, int], Token], line: int) -> bool:
    """Whether a statement ends between the two words, so that the next has a line of its own."""
    at = begins.get((line, word.column))
    return last.kind == "." and at is not None and at.kind in t.STATEMENTS and at.kind != "else"


def _capital(word: str) -> str:
    """The first word of a statement: a capital, then small letters; bold stays bold."""
    stars = "**" if word.startswith("**") else ""
    return stars + word[len(stars) :].capitalize()
