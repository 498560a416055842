"""Phrases of the language that may be bold as a whole, though they are no keywords."""

from __future__ import annotations

import re

from pymdvm.compiler.frontend.tokens import ORDINALS

_ORDINAL = rf"(?:{'|'.join(ORDINALS)}|last|second to last)"
_OF = (
    r"(?:length|sum|smallest|largest|position|absolute value|square root|words|lines|characters|"
    r"names|contents|keys|values|number of (?:items|entries|characters|words|lines))"
)
_PHRASE = re.compile(
    rf"(?:the )?{_OF} (?:of|in)"
    rf"|(?:the )?{_ORDINAL} (?:item|character|word|line)(?: (?:of|from|in))?"
    r"|(?:at|before|after) position|at|before|after"
    r"|is (?:not )?(?:empty|an?|in|between|even|odd|divisible by|one of|either)"
    r"|contains|starts with|ends with"
    r"|in (?:upper|lower) case|joined with|split at|replaced by|without spaces around it|repeated"
    r"|sorted|reversed|rounded|rounded (?:up|down|to)"
    r"|(?:and )?store(?: it)?(?: in)?|with value|the function"
    r"|stop the loop|skip to the next",
    re.IGNORECASE,
)


def is_phrase(words: str) -> bool:
    """Whether the words, with single blanks between them, are one of the phrases."""
    return _PHRASE.fullmatch(words) is not None
