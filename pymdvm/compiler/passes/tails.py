"""Tail calls of a function to itself: `return f(...)` inside f goes back to its beginning with new
parameters.
"""

from __future__ import annotations

from pymdvm.compiler.mir.model import Block, Jump, MirFunction, Phi, Return
from pymdvm.compiler.mir.runtime_names import called_name


def turn_tail_calls_into_loops(function: MirFunction) -> bool:
    """Makes a loop of the function if it calls itself in a tail position; whether it does."""
    tails = [block for block in function.blocks.values() if _is_tail(block, function.name)]
    if not tails:
        return False
    body = function.entry
    start = function.new_block()
    start.terminator = Jump(body.label)
    # The entry is the first block.
    function.blocks = {
        start.label: start,
        **{label: block for label, block in function.blocks.items() if block is not start},
    }
    arriving = [function.new_value() for _ in function.parameters]
    for value, parameter in zip(arriving, function.parameters):
        body.phis.append(Phi(parameter, {start.label: value}))
        if parameter in function.variables:
            function.variables[value] = function.variables[parameter]
    function.parameters = arriving
    for block in tails:
        call = block.instructions.pop()
        for phi, argument in zip(body.phis, call.operands[1:]):
            phi.operands[block.label] = argument
        block.terminator = Jump(body.label, call.place)
    return True


def _is_tail(block: Block, name: str) -> bool:
    """Whether the block ends with a call of the function with that name and returns its result."""
    if not isinstance(block.terminator, Return) or not block.instructions:
        return False
    last = block.instructions[-1]
    return called_name(last) == name and block.terminator.value == last.result
