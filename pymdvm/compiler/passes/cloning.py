"""Copying the blocks of one function into another, with values and labels of their own."""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import (
    Block,
    Branch,
    Halt,
    InlinedPlace,
    Instruction,
    Jump,
    MirFunction,
    Operand,
    Phi,
    Place,
    Return,
    Terminator,
    Value,
)

# The source location of a call that has none.
NOWHERE = Place(0, 0)


class Clone:
    """The blocks of `source` as blocks of `target`, not yet connected to the others.

    arguments: what stands for the parameters
    call: where source is called, if its copy stands for a call
    blocks: the copies, the entry first
    returns: the copies that return, with the value; their terminators are to be set
    """

    def __init__(
        self, source: MirFunction, target: MirFunction, arguments: list[Operand], call: Place | None
    ) -> None:
        self._target = target
        self._source_name = source.source_name
        self._call = call
        self._values: dict[Value, Operand] = dict(zip(source.parameters, arguments))
        self._labels: dict[str, str] = {}
        self.blocks: list[Block] = []
        self.returns: list[tuple[Block, Operand]] = []
        for block in source.blocks.values():
            copy = target.new_block()
            self._labels[block.label] = copy.label
            self.blocks.append(copy)
            self._name_results(block, source)
        for block, copy in zip(source.blocks.values(), self.blocks):
            self._copy_block(block, copy)

    def _name_results(self, block: Block, source: MirFunction) -> None:
        results = [phi.result for phi in block.phis]
        results += [
            instruction.result
            for instruction in block.instructions
            if instruction.result is not None
        ]
        for result in results:
            copied = self._target.new_value()
            self._values[result] = copied
            if result in source.variables:
                self._target.variables[copied] = source.variables[result]

    def _copied(self, operand: Operand) -> Operand:
        return operand if isinstance(operand, Constant) else self._values[operand]

    def _place(self, place: Place | None) -> Place | None:
        """Where the copy of an instruction comes from.  What has no location, as in the library,
        comes from the call.
        """
        if place is None:
            return self._call
        if not isinstance(place, InlinedPlace):
            return InlinedPlace.at(place, self._source_name, self._call or NOWHERE)
        return InlinedPlace.at(place, place.function, self._place(place.call) or NOWHERE)

    def _result(self, value: Value) -> Value:
        copied = self._values[value]
        assert not isinstance(copied, Constant)
        return copied

    def _copy_block(self, block: Block, copy: Block) -> None:
        for phi in block.phis:
            operands = {
                self._labels[label]: self._copied(operand)
                for label, operand in phi.operands.items()
            }
            copy.phis.append(Phi(self._result(phi.result), operands))
        for instruction in block.instructions:
            copy.instructions.append(
                Instruction(
                    instruction.opcode,
                    [self._copied(operand) for operand in instruction.operands],
                    None if instruction.result is None else self._result(instruction.result),
                    instruction.detail,
                    self._place(instruction.place),
                )
            )
        copy.terminator = self._copied_terminator(block.terminator)
        if isinstance(block.terminator, Return):
            self.returns.append((copy, self._copied(block.terminator.value)))

    def _copied_terminator(self, terminator: Terminator) -> Terminator:
        if isinstance(terminator, Jump):
            return Jump(self._labels[terminator.target], self._place(terminator.place))
        if isinstance(terminator, Branch):
            return Branch(
                self._copied(terminator.condition),
                self._labels[terminator.then],
                self._labels[terminator.otherwise],
                self._place(terminator.place),
            )
        return Halt(self._place(terminator.place))
