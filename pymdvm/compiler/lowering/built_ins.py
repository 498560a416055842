"""Calls of built-in functions: instructions, functions of the library, or a CALL by name."""

from __future__ import annotations

from mdvm import opcodes
from pymdvm.compiler.frontend.built_ins import (
    AS_NUMBER,
    CAST_TO_FLOAT,
    CAST_TO_INT,
    CHARACTERS,
    FIND_IN_LIST,
    JOINED,
    LENGTH_OF_LIST,
    LENGTH_OF_NAMED_LIST,
    LENGTH_OF_SET,
    MEMBERS,
    SET_OF_LIST,
)
from pymdvm.compiler.lowering.library import built_ins_called
from pymdvm.compiler.lowering.ssa import SsaBuilder
from pymdvm.compiler.mir import runtime_names
from pymdvm.compiler.mir.model import EMPTY, Operand

_CASTS = {"str": "string", "bool": "bool", CAST_TO_INT: "int", CAST_TO_FLOAT: "float"}
_INSTRUCTIONS = {
    "bytes": "STR_LEN",
    LENGTH_OF_LIST: "ARRAY_LEN",
    LENGTH_OF_NAMED_LIST: "DICT_LEN",
    LENGTH_OF_SET: "SET_LEN",
    MEMBERS: "SET_VALUES",
}
# By their names and numbers of arguments.
_FUNCTIONS = {
    ("abs", 1): runtime_names.ABSOLUTE,
    ("min", 2): runtime_names.SMALLER,
    ("max", 2): runtime_names.LARGER,
    ("join", 2): runtime_names.JOIN,
    (JOINED, 2): runtime_names.JOINED,
    (FIND_IN_LIST, 2): runtime_names.FIND,
    (SET_OF_LIST, 1): runtime_names.SET_OF,
    (CHARACTERS, 1): runtime_names.CHARACTERS,
    (AS_NUMBER, 1): runtime_names.AS_NUMBER,
}
# What they do where the functions of version 2 are not there.
_PUBLISHED_CASTS = {**_CASTS, "int": "int", "float": "float"}
_PUBLISHED_FUNCTIONS = {**_FUNCTIONS, ("len", 1): runtime_names.LENGTH}


def built_ins_behind(name: str, arguments: int, latest: bool) -> set[str]:
    """The built-in functions that are called where the program calls this one."""
    function = _FUNCTIONS.get((name, arguments)) if latest else None
    return {name} if function is None else {name, *built_ins_called(function)}


def call_built_in(
    builder: SsaBuilder, name: str, arguments: list[Operand], latest: bool
) -> Operand:
    """Adds the instructions of a call; gives its value. latest: whether version 2 may be used."""
    casts = _CASTS if latest else _PUBLISHED_CASTS
    functions = _FUNCTIONS if latest else _PUBLISHED_FUNCTIONS
    if name == "print":
        builder.act("DEBUG_PRINT", *arguments)
        return EMPTY
    if name in casts:
        kind = opcodes.TYPE_NAMES.index(casts[name])
        return builder.emit("CAST", *arguments, detail=kind)
    if name in _INSTRUCTIONS:
        return builder.emit(_INSTRUCTIONS[name], *arguments)
    if latest and name == FIND_IN_LIST:
        return builder.emit("ARRAY_FIND", *arguments)
    function = functions.get((name, len(arguments)))
    return builder.call(name if function is None else function, *arguments)
