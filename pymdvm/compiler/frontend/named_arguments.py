"""Arguments that are given by name behind `with`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.syntax import BinaryOperator, Function


def with_names(
    call: syntax.Call, function: Function, is_variable: Callable[[str], bool]
) -> syntax.Call:
    """The call in which `b` is 5 behind `with` gives the parameter `b`, where that is no variable
    that could be compared.
    """
    parameters = {parameter.name for parameter in function.parameters}
    arguments = list(call.arguments)
    named: list[syntax.NamedArgument] = []
    while arguments:
        last = arguments[-1]
        if not isinstance(last, syntax.Binary) or last.operator is not BinaryOperator.EQUAL:
            break
        name = last.left
        if not isinstance(name, syntax.Name) or name.name not in parameters:
            break
        if is_variable(name.name):
            break
        named.insert(0, syntax.NamedArgument(name.place, name.name, last.right))
        arguments.pop()
    if not named:
        return call
    return replace(call, arguments=tuple(arguments), named=(*named, *call.named))
