"""Reading and making .mdbc files from Python: the Builder, with the model, the writer and the
reader at hand.

    builder = Builder("squares")
    builder.load_constant(0, 0)
    builder.load_constant(1, 1)
    builder.load_constant(2, 10)
    loop = builder.here()
    builder.emit("MUL", 3, 0, 0)
    builder.emit("DEBUG_PRINT", 3)
    builder.emit("ADD", 0, 0, 1)
    builder.emit("LT", 4, 0, 2)
    builder.emit("JUMP_IF", 4, loop)
    builder.emit("RETURN", 0)
    open("squares.mdbc", "wb").write(builder.to_bytes())

`read(data)` gives a file's Program, `write(program)` its bytes. The same calls always give the same
bytes.
"""

from __future__ import annotations

from pymdvm.bytecode.builder import Builder, BuilderOperand, BuildError, Label
from pymdvm.bytecode.codec import read, write
from pymdvm.bytecode.model import (
    BytecodeError,
    Constant,
    ConstantKind,
    FormatError,
    FormatLimitError,
    Function,
    Instruction,
    Program,
)

LimitError = FormatLimitError  # the name by which users import it

__all__ = [
    "BuildError",
    "Builder",
    "BuilderOperand",
    "BytecodeError",
    "Constant",
    "ConstantKind",
    "FormatError",
    "FormatLimitError",
    "Function",
    "Instruction",
    "Label",
    "LimitError",
    "Program",
    "read",
    "write",
]
