"""The functions that no program has to define, and how many arguments each takes.

A function of the program hides one of the same name. lowering/built_ins.py says what they do.
"""

from __future__ import annotations

import re
from dataclasses import replace

from mdvm.builtins import BUILTINS
from mdvm.console_functions import _FUNCTIONS
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.syntax import LIST_KINDS, BinaryOperator, Kind

# `l joined with s`: the items of a list with s between them, else the texts of both.
JOINED = "joined with"

# The functions that `mdvm run` gives a program.
HOST_FUNCTIONS: dict[str, tuple[int, int]] = {
    name: (least, most) for name, least, most in _FUNCTIONS
}
_OWN = {"print": (1, 1), JOINED: (2, 2), **HOST_FUNCTIONS}

# The members of a set as a list, and a set of the items of a list.
MEMBERS, SET_OF_LIST = "items", "set of"
# The characters of a text as a list, and the number that a text writes, whole if it has no point.
CHARACTERS, AS_NUMBER = "characters of", "as number"
# How many arguments each takes, at least and at most.
BUILT_INS: dict[str, tuple[int, int]] = {
    # what calls other functions is for bytecode: the passes take a built-in function for harmless
    **{builtin.name: (builtin.least, builtin.most) for builtin in BUILTINS if not builtin.applies},
    **_OWN,
    MEMBERS: (1, 1),
    SET_OF_LIST: (1, 1),
    CHARACTERS: (1, 1),
    AS_NUMBER: (1, 1),
}
_KINDS = {
    "text": Kind.TEXT,
    "int": Kind.WHOLE_NUMBER,
    "float": Kind.FLOAT,
    "number": Kind.NUMBER,
    "bool": Kind.YES_NO,
    "list": Kind.LIST,
}
# The kind of what they give, where it is always the same.
KIND_OF_RESULT = {
    **{
        builtin.name: _KINDS[builtin.result]
        for builtin in BUILTINS
        if builtin.result in _KINDS and not builtin.applies
    },
    JOINED: Kind.TEXT,
    "ask": Kind.TEXT,
    "len(list)": Kind.WHOLE_NUMBER,
    "int(number)": Kind.WHOLE_NUMBER,
    "float(number)": Kind.FLOAT,
    MEMBERS: Kind.LIST,
    SET_OF_LIST: Kind.SET,
    CHARACTERS: Kind.LIST,
    AS_NUMBER: Kind.NUMBER,
    "len(set)": Kind.WHOLE_NUMBER,
    "len(named list)": Kind.WHOLE_NUMBER,
    "find(list)": Kind.WHOLE_NUMBER,
}

# Calls that the front makes of others where it knows the kind of the argument.
LENGTH_OF_LIST = "len(list)"
LENGTH_OF_NAMED_LIST = "len(named list)"
CAST_TO_INT = "int(number)"
CAST_TO_FLOAT = "float(number)"
LENGTH_OF_SET = "len(set)"
FIND_IN_LIST = "find(list)"
JOIN_OF_LIST = "join"

_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*\Z")


def folded(call: syntax.Call) -> syntax.Expression:
    """The value of a call that works on a text or float in the source, as far as no VM is
    needed.
    """
    argument = call.arguments[0] if len(call.arguments) == 1 else None
    if not isinstance(argument, syntax.Literal):
        return call
    if call.function == "int" and isinstance(argument.value, float):
        is_small = abs(argument.value) < 2**63
        return syntax.Literal(call.place, int(argument.value)) if is_small else call
    if not isinstance(argument.value, str):
        return call
    text = argument.value
    if call.function == "len":
        return syntax.Literal(call.place, len(text))
    if call.function == "int" and re.fullmatch(r"\s*[+-]?\d+\s*", text):
        return syntax.Literal(call.place, int(text))
    if call.function == AS_NUMBER and re.fullmatch(r"\s*[+-]?\d+\s*", text):
        return syntax.Literal(call.place, int(text))
    if call.function in ("float", AS_NUMBER) and _NUMBER.match(text):
        return syntax.Literal(call.place, float(text))
    return call


# What CAST makes of these kinds as the function does; it takes no fraction for a whole number.
_NUMBERS = (Kind.WHOLE_NUMBER, Kind.FLOAT, Kind.NUMBER)
_CASTS = {"int": (CAST_TO_INT, (Kind.WHOLE_NUMBER,)), "float": (CAST_TO_FLOAT, _NUMBERS)}


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
    if name in _CASTS and call.name_place is not None:
        cast, kinds = _CASTS[name]
        if kind in kinds:
            return replace(call, function=cast)
    if name == AS_NUMBER and kind in _NUMBERS:
        return arguments[0]
    if name == MEMBERS and kind is not Kind.SET:
        # Those of a list are the list itself.
        return arguments[0]
    if name == "len" and kind is Kind.SET:
        return replace(call, function=LENGTH_OF_SET)
    if name == "len" and kind is Kind.NAMED_LIST:
        return replace(call, function=LENGTH_OF_NAMED_LIST)
    if name == "find" and is_list and len(arguments) == 2:
        return replace(call, function=FIND_IN_LIST)
    return folded(call)
