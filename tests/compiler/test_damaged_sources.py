"""Sources with words taken out, put in and exchanged: the front finds something or nothing, in its
place, and never gives up.
"""

from __future__ import annotations

import random
import re
import time

import pytest

from pymdvm.compiler.frontend.findings import show, source_lines
from pymdvm.compiler.frontend.front import analyse

from .constructs import ALL_CASES

DAMAGED = 1500
SHARES = 5

_WORD = re.compile(r"\s+|`[^`]*`|_[^_\s]*_|\w+|.")
_STRAY = (
    "`",
    "_",
    '"',
    ">",
    "> > ",
    ".",
    ":",
    ",",
    "Else",
    "Set",
    "If",
    "While",
    "For each",
    "Say",
    "Give back",
    "Use",
    "using",
    "with",
    "where",
    "###",
    "####",
    "<details>",
    "</details>",
    "<summary>",
    "```",
    "---",
    "**",
    "-",
    "1.",
    "(",
    ")",
    "is",
    "a",
    "item",
    "the first item of",
    "the names of",
    "Define",
    "blank",
    "\n",
    "\x00",
    "é",
    '_"',
    "_1",
    "^",
)


@pytest.mark.parametrize("share", range(SHARES))
def test_damaged_sources(share: int) -> None:
    chance = random.Random(share)
    for _ in range(DAMAGED // SHARES):
        source = _damaged(chance.choice(ALL_CASES).source, chance)
        analysis = analyse(source, "damaged.md")
        assert (analysis.resolution is not None) or analysis.findings, source
        lines = source_lines(source)
        for finding in analysis.findings:
            assert 1 <= finding.place.line <= len(lines), (finding, source)
            assert 1 <= finding.place.column <= len(lines[finding.place.line - 1]) + 1, (
                finding,
                source,
            )
            # The parser's own names for its tokens mean nothing to a user.
            assert not re.search(r"[A-Z]+_[A-Z]+|TokenType", finding.message + finding.expected), (
                finding,
                source,
            )
        assert bool(show(analysis.findings, source)) == bool(analysis.findings)


def _damaged(source: str, chance: random.Random) -> str:
    words = _WORD.findall(source)
    for _ in range(chance.randint(1, 3)):
        if not words:
            break
        place = chance.randrange(len(words))
        other = chance.randrange(len(words))
        change = chance.randrange(6)
        if change < 2:
            del words[place]
        elif change == 2:
            words.insert(place, words[other])
        elif change == 3:
            words[place], words[other] = words[other], words[place]
        elif change == 4:
            words[place] = chance.choice(_STRAY)
        else:
            del words[place:]
    return "".join(words)


@pytest.mark.parametrize(
    "line",
    [
        'Say _"""a"\n',
        'Say "a\n',
        "Say `a\n",
        "Say ```a\n",
        "[",
        "> ",
        "- - ",
        "Say x ",
        "<!-- ",
        "Define `x` as Number or ",
        "Say 1 if 1 else ",
        "### Utility: `f`\n#### Inputs\n- `a` as Text\n",
    ],
)
def test_the_time_grows_with_the_length(line: str) -> None:
    """Four times the text takes no more than ten times as long."""

    def seconds(size: int) -> float:
        source = line * (size // len(line))
        started = time.process_time()
        analyse(source, "long.md")
        return time.process_time() - started

    assert seconds(80000) < 10 * seconds(20000) + 0.1
