"""Programs that are one input of a REPL.

Their variables stay global variables of the VM, and live outside of it between inputs. The input
becomes a function that begins by putting the variables that it is given, in a dict by name, into
the global variables; afterwards, however the input ended, the REPL reads them back. The value
of an expression at the end is the value of the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.scopes import Known
from pymdvm.compiler.frontend.tree import walk
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


def only_needed(program: syntax.Program, own: frozenset[str], known: Known) -> syntax.Program:
    """The program without the functions of earlier inputs that cannot be called: there may be many,
    and a person waits. own: the functions of the input itself.
    """
    if known.has_function_values or has_function_values(program):
        return program
    functions = {each.name: each for each in program.functions}
    waiting = [*own, *_called_in(program.body)]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in functions and name not in reached:
            reached.add(name)
            waiting.extend(_called_in((functions[name],)))
    return replace(
        program, functions=tuple(functions[name] for name in functions if name in reached)
    )


def has_function_values(program: syntax.Program) -> bool:
    """Whether anything in it makes a value of a function."""
    return any(
        isinstance(node, syntax.FunctionName) for node in walk((*program.functions, *program.body))
    )


def _called_in(nodes: Iterable[syntax.Node]) -> Iterator[str]:
    return (node.function for node in walk(nodes) if isinstance(node, syntax.Call))


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
