"""Where constants are loaded: once before a loop instead of in every turn, once in a block instead of before every use.

An operand that is a constant costs a LOAD_CONST each time it is used, unless a register holds it already.  This pass comes last:
the others look for constants in the operands themselves.
"""

from __future__ import annotations

from pymdvm.compiler.mir.dominators import DominatorTree
from pymdvm.compiler.mir.loops import Loop, Loops
from pymdvm.compiler.mir.model import Block, Function, Instruction, Value
from pymdvm.compiler.passes.cleaning import preheader
from pymdvm.model import Constant

# How many constants may wait in registers before the loops of a nest: more would only be spilled.
MOST_IN_LOOPS = 48

# How far apart two uses in a block may be for the constant to wait in a register.
LONGEST_WAIT = 64


def place_constants(function: Function) -> None:
    """Makes explicit loads of the constants that are used in loops or again and again in a block."""
    loops = Loops(DominatorTree(function))
    if loops.all:
        _LoopConstants(function, loops).run()
    for block in function.blocks.values():
        _share_in_block(function, block)


class _LoopConstants:
    """Constants before outermost loops."""

    def __init__(self, function: Function, loops: Loops) -> None:
        self._function = function
        self._loops = loops
        self._loaded: dict[Loop, dict[Constant, Value]] = {}

    def run(self) -> None:
        for block in list(self._function.blocks.values()):
            loop = self._loops.outermost(block.label)
            if loop is not None:
                self._take_from(block, self._loaded.setdefault(loop, {}))
        predecessors = self._function.predecessors()
        for loop, loaded in self._loaded.items():
            if loaded:
                before = preheader(self._function, loop, predecessors)
                for constant, value in loaded.items():
                    before.instructions.append(Instruction("LOAD_CONST", [constant], value))

    def _take_from(self, block: Block, loaded: dict[Constant, Value]) -> None:
        """Uses of constants in the block become uses of values in `loaded`."""
        for instruction in block.instructions:
            if instruction.opcode != "LOAD_CONST":
                for index, operand in enumerate(instruction.operands):
                    if isinstance(operand, Constant) and (operand in loaded or len(loaded) < MOST_IN_LOOPS):
                        instruction.operands[index] = self._value(operand, loaded)

    def _value(self, constant: Constant, loaded: dict[Constant, Value]) -> Value:
        if constant not in loaded:
            loaded[constant] = self._function.new_value()
        return loaded[constant]


def _share_in_block(function: Function, block: Block) -> None:
    """A constant that is used again soon is loaded once."""
    uses: dict[Constant, list[tuple[int, int]]] = {}
    for at, instruction in enumerate(block.instructions):
        if instruction.opcode != "LOAD_CONST":
            for index, operand in enumerate(instruction.operands):
                if isinstance(operand, Constant):
                    uses.setdefault(operand, []).append((at, index))
    loads: dict[int, list[Instruction]] = {}
    for constant, places in uses.items():
        for run in _runs(places):
            if len(run) > 1:
                value = function.new_value()
                loads.setdefault(run[0][0], []).append(Instruction("LOAD_CONST", [constant], value))
                for at, index in run:
                    block.instructions[at].operands[index] = value
    if loads:
        block.instructions = [placed for at, instruction in enumerate(block.instructions)
                              for placed in (*loads.get(at, ()), instruction)]


def _runs(places: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The uses, cut where two neighbours are too far apart."""
    runs: list[list[tuple[int, int]]] = [[places[0]]]
    for place in places[1:]:
        if place[0] - runs[-1][-1][0] > LONGEST_WAIT:
            runs.append([])
        runs[-1].append(place)
    return runs
