"""From the resolved syntax tree to a MIR module.

`lower(program)` gives the program itself as the entry function, then its functions in the order of
the source, then those functions of the library (library.py) that they use.
"""

from __future__ import annotations

from collections.abc import Iterator

from mdvm.builtins import BUILTINS
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.tree import walk
from pymdvm.compiler.lowering.built_ins import built_ins_behind
from pymdvm.compiler.lowering.expressions import FunctionValues
from pymdvm.compiler.lowering.library import add_library
from pymdvm.compiler.lowering.options import LoweringOptions
from pymdvm.compiler.lowering.scopes import shared_globals
from pymdvm.compiler.lowering.ssa import SsaBuilder
from pymdvm.compiler.lowering.statements import StatementLowering
from pymdvm.compiler.mir.model import EMPTY, Halt, MirFunction, MirModule

# The VM starts at a function called main; the program's own start is at its first instruction. No
# name in a source file has parentheses.
_TABLE_NAMES = {"main": "main()"}


def table_name(function: str) -> str:
    """The name in the function table of the function with that name in the source."""
    return _TABLE_NAMES.get(function, function)


def lower(program: syntax.Program, options: LoweringOptions | None = None) -> MirModule:
    """program: resolved, see syntax.py.  The module is well formed and not optimised."""
    options = options or LoweringOptions()
    hidden = _built_in_calls(program, options.latest)
    names = {
        function.name: table_name(function.name)
        + (" of the program()" if function.name in hidden else "")
        for function in program.functions
    }
    shared = None if options.keep_globals else shared_globals(program)
    values = _function_values(program, options.keep_globals)

    def lowering(name: str) -> StatementLowering:
        return StatementLowering(_start(name), names, shared, options, values)

    module = MirModule([_lower_entry(program, lowering(""))])
    for function in program.functions:
        module.functions.append(_lower_function(function, lowering(names[function.name])))
    add_library(module, options.latest)
    return module


def _built_in_calls(program: syntax.Program, latest: bool) -> set[str]:
    """The built-in functions that are called as such, whatever functions the program has."""
    return {
        name
        for node in _nodes(program)
        if isinstance(node, syntax.Call) and node.built_in
        for name in built_ins_behind(node.function, len(node.arguments), latest)
    }


def _function_values(program: syntax.Program, keep_globals: bool) -> FunctionValues:
    """The functions that the program uses as values. keep_globals: any may be in a global."""
    parameters = {function.name: len(function.parameters) for function in program.functions}
    names = {node.name for node in _nodes(program) if isinstance(node, syntax.FunctionName)}
    if keep_globals:
        names.update(parameters, (builtin.name for builtin in BUILTINS))
    return FunctionValues(
        max((parameters[name] for name in names if name in parameters), default=0),
        tuple(sorted(names - set(parameters))),
    )


def _nodes(program: syntax.Program) -> Iterator[syntax.Node]:
    for body in [program.body, *(function.body for function in program.functions)]:
        yield from walk(body)


def _start(name: str) -> SsaBuilder:
    return SsaBuilder(MirFunction(name))


def _lower_entry(program: syntax.Program, lowering: StatementLowering) -> MirFunction:
    lowering.lower_statements(program.body)
    builder = lowering.builder
    if builder.block is not None:
        builder.block.terminator = Halt()
    return builder.finish()


def _lower_function(function: syntax.Function, lowering: StatementLowering) -> MirFunction:
    builder = lowering.builder
    builder.function.source_name = function.name
    builder.function.place = function.place
    for parameter in function.parameters:
        value = builder.function.new_value()
        builder.function.parameters.append(value)
        builder.write(parameter.name, value)
    lowering.lower_statements(function.body)
    builder.place = None
    builder.give_back(EMPTY)
    return builder.finish()
