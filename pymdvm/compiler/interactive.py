"""Programs that are one input of a REPL.

Their variables stay global variables of the VM, and live outside of it between inputs. The input
becomes a function that begins by putting the variables that it is given, in a dict by name, into
the global variables; afterwards, however the input ended, the REPL reads them back. The value
of an expression at the end is the value of the input.
"""

from __future__ import annotations

from dataclasses import replace

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.mir.model import Block, Halt, Instruction, MirFunction, MirModule

# The function's name in the table; no name in a source file has parentheses.
INPUT = "input()"

_GLOBAL_ACCESS = ("LOAD_GLOBAL", "STORE_GLOBAL")


def with_value(program: syntax.Program) -> syntax.Program:
    """program: resolved -> the same, but giving back the value of the expression that it ends with,
    if it does.
    """
    last = program.body[-1] if program.body else None
    if not isinstance(last, syntax.ExpressionStatement):
        return program
    return replace(program, body=(*program.body[:-1], syntax.GiveBack(last.place, last.expression)))


def global_names(module: MirModule) -> list[str]:
    """The global variables that the module mentions."""
    names: dict[str, None] = {}
    for function in module.functions:
        for instruction in function.instructions():
            if instruction.opcode in _GLOBAL_ACCESS:
                names[str(instruction.detail)] = None
    return list(names)


def make_input_function(module: MirModule) -> None:
    """Make the entry function the function INPUT, whose parameter is the dict of variables, and the
    program empty.
    """
    function = module.entry
    function.name = INPUT
    function.source_name = "the input"
    variables = function.new_value()
    function.parameters = [variables]
    arrivals = []
    for name in global_names(module):
        value = function.new_value()
        arrivals.append(Instruction("DICT_GET", [variables, Constant.string(name)], value))
        arrivals.append(Instruction("STORE_GLOBAL", [value], detail=name))
    function.entry.instructions[:0] = arrivals
    module.functions.insert(0, MirFunction("", blocks={"b0": Block("b0", terminator=Halt())}))
