"""The built-in functions as instructions of version 1 of the format."""

from __future__ import annotations

from mdvm import opcodes
from pymdvm.compiler.lowering.ssa import SsaBuilder
from pymdvm.compiler.mir import runtime_names
from pymdvm.compiler.mir.model import EMPTY, Operand

_CASTS = {"str": "string", "int": "int", "float": "float", "bool": "bool"}
_FUNCTIONS = {
    "len": runtime_names.LENGTH,
    "abs": runtime_names.ABSOLUTE,
    "min": runtime_names.SMALLER,
    "max": runtime_names.LARGER,
}


def call_built_in(builder: SsaBuilder, name: str, arguments: list[Operand]) -> Operand:
    """Adds the instructions of a call; gives its value."""
    if name == "print":
        builder.act("DEBUG_PRINT", *arguments)
        return EMPTY
    if name in _CASTS:
        kind = opcodes.TYPE_NAMES.index(_CASTS[name])
        return builder.emit("CAST", *arguments, detail=kind)
    if name == "bytes":
        return builder.emit("STR_LEN", *arguments)
    return builder.call(_FUNCTIONS[name], *arguments)
