"""The text of docs/grammar.md: productions, operators and words, from the compiler's own tables."""

from __future__ import annotations

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.expressions import WORD_OPERATORS
from pymdvm.compiler.frontend.fillers import FILLERS, MEANINGFUL
from pymdvm.compiler.frontend.grammar import SECTIONS
from pymdvm.compiler.frontend.operators import OPERATORS

HEAD = """\
<!-- Written by tools/make_docs.py from the tables of pymdvm/compiler/frontend. Change those, then run: make docs -->
# The grammar

How to read it: `[x]` may be left out, `{x}` comes any number of times, `|` is or, words in quotes are written so, in any case, and
may be bold. Words that are filler words may stand anywhere. [language.md](language.md) says what each means, [tour.md](tour.md) shows
it in programs.
"""


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def productions() -> str:
    parts = []
    for title, rows in SECTIONS.items():
        lines = [f"## {title}", "", "```text"]
        width = max(len(row.name) for row in rows)
        lines += [f"{row.name:<{width}} = {row.rule}" for row in rows]
        parts.append("\n".join([*lines, "```"]))
    return "\n\n".join(parts)


def operators() -> str:
    """From the loosest to the tightest, each with all its phrases."""
    phrases: dict[str, list[str]] = {}
    for phrase, kind in t.KEYWORDS.items():
        if kind in OPERATORS:
            phrases.setdefault(kind, []).append(phrase)
    for word, kind in WORD_OPERATORS.items():
        if kind in OPERATORS:
            phrases.setdefault(kind, []).append("divided by" if word == "divided" else word)
    rows = ["| | operator | also written |", "|---|---|---|"]
    for kind, (strength, _) in sorted(OPERATORS.items(), key=lambda item: item[1][0]):
        others = [f"`{phrase}`" for phrase in phrases.get(kind, []) if phrase != kind]
        rows.append(f"| {strength} | `{cell(kind)}` | {', '.join(others)} |")
    return "\n".join(rows)


def kinds() -> str:
    names: dict[str, list[str]] = {}
    for word, kind in t.KIND_KEYWORDS.items():
        names.setdefault(kind.value, []).append(word)
    for word, several in t.KIND_WORDS.items():
        names.setdefault(several[0].value if several else "Any", []).append(word)
    rows = ["| kind | written |", "|---|---|"]
    rows += [
        f"| {name} | {', '.join(f'`{word}`' for word in words)} |" for name, words in names.items()
    ]
    return "\n".join(rows)


def words(items: frozenset[str] | list[str]) -> str:
    return " ".join(sorted(items))


def document() -> str:
    """The whole page."""
    keywords = [phrase for phrase in t.KEYWORDS if " " not in phrase]
    return (
        "\n\n".join(
            [
                HEAD.rstrip(),
                productions(),
                "## Operators\n\nThe greater the number, the more strongly an operator holds its operands; all go from left to right.",
                operators(),
                "## Kinds",
                kinds(),
                "## Words\n\nA single word that is a keyword is a name only in backticks:",
                f"```text\n{words(keywords)}\n```",
                "Filler words mean nothing where they are no part of a phrase:",
                f"```text\n{words(FILLERS - MEANINGFUL)}\n```",
                "These too, with the warning `ignored-word`, as they read as if they did:",
                f"```text\n{words(MEANINGFUL)}\n```",
            ]
        )
        + "\n"
    )
