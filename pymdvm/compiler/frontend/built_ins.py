"""The functions that no program has to define, and how many arguments each takes.

A function of the program hides one of the same name. lowering/built_ins.py says what they do.
"""

from __future__ import annotations

import re

from pymdvm.compiler.frontend import syntax

BUILT_INS: dict[str, int] = {
    "print": 1,
    "len": 1,
    "bytes": 1,
    "str": 1,
    "int": 1,
    "float": 1,
    "bool": 1,
    "abs": 1,
    "min": 2,
    "max": 2,
}

# What version 1 of the format cannot do with a text that is known only when the program runs.
NOT_OF_TEXTS = {
    "len": "count the characters of a text",
    "int": "read a number out of a text",
    "float": "read a number out of a text",
}
_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*\Z")


def folded(call: syntax.Call) -> syntax.Expression:
    """The value of a call that works on a text in the source, as far as no VM is needed."""
    argument = call.arguments[0] if len(call.arguments) == 1 else None
    if not isinstance(argument, syntax.Literal) or not isinstance(argument.value, str):
        return call
    text = argument.value
    if call.function == "len":
        return syntax.Literal(call.place, len(text))
    if call.function == "int" and re.fullmatch(r"\s*[+-]?\d+\s*", text):
        return syntax.Literal(call.place, int(text))
    if call.function == "float" and _NUMBER.match(text):
        return syntax.Literal(call.place, float(text))
    return call
