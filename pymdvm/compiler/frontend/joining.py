"""From words to keywords: those of several words become one, filler words are left out."""

from __future__ import annotations

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.fillers import FILLERS
from pymdvm.compiler.frontend.tokens import WORD, Token


def finished(found: list[Token], fillers: list[Token]) -> list[Token]:
    """The words with keywords joined, and filler words noted at the word behind them.

    fillers: those that no word has come behind yet; they are left there.
    """
    made: list[Token] = []
    count = len(found)
    index = 0
    keywords, longest = t.KEYWORDS, t.LONGEST
    while index < count:
        token = found[index]
        index += 1
        if token.kind == WORD:
            word = (token.value or token.text).lower()
            most = longest.get(word, 0)
            if most > 1 or (made and made[-1].kind in ("and", "or")):
                index += _joined(token, word, found, index, made)
            if token.kind == WORD:
                kind = keywords.get(word)
                if kind is not None:
                    token.kind = kind
                    if kind in ("yes", "no"):
                        token.kind, token.value = t.YES_NO, kind == "yes"
                elif word in FILLERS and not (word == "any" and _is_any_kind(found, index, made)):
                    fillers.append(token)
                    continue
                else:
                    token.kind, token.value, token.bare = t.NAME, token.value or token.text, True
        if fillers:
            token.before = tuple(fillers)
            if fillers[0].first:
                token.first = token.kind not in t.STRUCTURE
            fillers.clear()
        made.append(token)
    return made


def _is_any_kind(found: list[Token], index: int, made: list[Token]) -> bool:
    """Whether the word `any`, which stands in front of the index, is the kind of that name."""
    if not made:
        return False
    if made[-1].kind == "(":
        return index < len(found) and found[index].kind == ")"
    return made[-1].kind == "as" or (
        made[-1].bare and made[-1].text.lower() in ("returns", "return")
    )


def _joined(token: Token, word: str, found: list[Token], index: int, made: list[Token]) -> int:
    """Make the token the longest keyword that it begins; how many more words that takes."""
    phrase, best, kind = word, 0, ""
    table = t.COMPARISONS if made and made[-1].kind in ("and", "or") else {}
    if word in table:
        kind = table[word]
    compares = bool(kind)
    for more in range(index, min(index + 7, len(found))):
        if found[more].kind != WORD:
            break
        phrase += " " + found[more].text.lower()
        if phrase in t.KEYWORDS:
            best, kind, compares = more - index + 1, t.KEYWORDS[phrase], False
        elif phrase in table:
            best, kind, compares = more - index + 1, table[phrase], True
    if kind:
        last = found[index + best - 1] if best else token
        token.kind = kind
        token.value = "comparison" if compares else None
        token.end_line, token.end_column = last.end_line, last.end_column
        token.text = (
            phrase
            if best == 0
            else " ".join([token.text, *(found[index + more].text for more in range(best))])
        )
    return best
