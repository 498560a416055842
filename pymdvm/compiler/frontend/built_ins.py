"""The functions that no program has to define, and how many arguments each takes.

A function of the program hides one of the same name. lowering/built_ins.py says what they do.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.syntax import LIST_KINDS, BinaryOperator, Kind

# `l joined with s`: the items of a list with s between them, else the texts of both.
JOINED = "joined with"

# How many arguments each takes, at least and at most.
BUILT_INS: dict[str, tuple[int, int]] = {
    "print": (1, 1),
    "len": (1, 1),
    "bytes": (1, 1),
    "str": (1, 1),
    "int": (1, 1),
    "float": (1, 1),
    "bool": (1, 1),
    "abs": (1, 1),
    "min": (1, 255),
    "max": (1, 255),
    "find": (2, 3),
    "at": (2, 2),
    "slice": (2, 3),
    "split": (1, 2),
    "join": (1, 2),
    "upper": (1, 1),
    "lower": (1, 1),
    "trim": (1, 1),
    "repeat": (2, 2),
    "replace": (3, 3),
    "starts with": (2, 2),
    "ends with": (2, 2),
    "contains": (2, 2),
    "sqrt": (1, 1),
    "round": (1, 2),
    "floor": (1, 1),
    "ceil": (1, 1),
    "sum": (1, 1),
    "sort": (1, 1),
    "reverse": (1, 1),
    "type": (1, 1),
    JOINED: (2, 2),
}
# The kind of what they give, where it is always the same.
KIND_OF_RESULT = {
    "len": Kind.WHOLE_NUMBER,
    "bytes": Kind.WHOLE_NUMBER,
    "str": Kind.TEXT,
    "int": Kind.WHOLE_NUMBER,
    "float": Kind.FLOAT,
    "bool": Kind.YES_NO,
    "split": Kind.LIST,
    "sort": Kind.LIST,
    JOINED: Kind.TEXT,
    "join": Kind.TEXT,
    "len(list)": Kind.WHOLE_NUMBER,
    "len(named list)": Kind.WHOLE_NUMBER,
    "find": Kind.WHOLE_NUMBER,
    "find(list)": Kind.WHOLE_NUMBER,
    "upper": Kind.TEXT,
    "lower": Kind.TEXT,
    "trim": Kind.TEXT,
    "repeat": Kind.TEXT,
    "replace": Kind.TEXT,
    "starts with": Kind.YES_NO,
    "ends with": Kind.YES_NO,
    "contains": Kind.YES_NO,
    "sqrt": Kind.FLOAT,
    "floor": Kind.WHOLE_NUMBER,
    "ceil": Kind.WHOLE_NUMBER,
    "type": Kind.TEXT,
}

# Calls that the front makes of others where it knows the kind of the argument.
LENGTH_OF_LIST = "len(list)"
LENGTH_OF_NAMED_LIST = "len(named list)"
FIND_IN_LIST = "find(list)"
JOIN_OF_LIST = "join"

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


def of_kind(call: syntax.Call, kind: Kind | None) -> syntax.Expression:
    """The call, whose first argument is of that kind, as what does the same and needs less."""
    name, arguments = call.function, call.arguments
    is_list = kind in LIST_KINDS
    if name == JOINED and kind is not None:
        if is_list:
            return replace(call, function=JOIN_OF_LIST)
        return syntax.Binary(call.place, BinaryOperator.JOIN, arguments[0], arguments[1])
    if name == "len" and is_list:
        return replace(call, function=LENGTH_OF_LIST)
    if name == "len" and kind is Kind.NAMED_LIST:
        return replace(call, function=LENGTH_OF_NAMED_LIST)
    if name == "find" and is_list and len(arguments) == 2:
        return replace(call, function=FIND_IN_LIST)
    return folded(call)
