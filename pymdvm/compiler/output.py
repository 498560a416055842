"""The last step: allocated functions to instructions, jumps and tables, with the metadata that
leads back to the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from mdvm import opcodes
from pymdvm.bytecode.builder import Builder, BuilderOperand, Label
from pymdvm.bytecode.metadata import FunctionMetadata, Metadata, Position, Variable
from pymdvm.bytecode.model import Constant, ConstantKind, FormatLimitError, Program
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.frontend.targets import PUBLISHED
from pymdvm.compiler.inlined_calls import InlinedCalls, calls_around
from pymdvm.compiler.mir.model import Assertion, MirFunction, MirModule, Operand, Return
from pymdvm.compiler.mir.runtime_names import called_name
from pymdvm.compiler.passes.kinds import KEYED, STRING, Kinds
from pymdvm.compiler.registers.allocation import AllocatedBlock, AllocatedFunction, allocate
from pymdvm.compiler.registers.convention import CONVENTIONS, pack_arguments
from pymdvm.compiler.registers.machine import WRITES_BESIDE, Operation

# A PHI names jumps by 16 bits. Larger modules, in instructions of MIR, which become a few
# instructions each, have none.
LARGEST_WITH_PHIS = 8000

# What the metadata calls the code outside of all functions.
_PROGRAM = "the program"


class TooLarge(Exception):
    """The program does not fit into a .mdbc file.

    place: where in the source it becomes too much, None if that is not known
    """

    def __init__(self, text: str, place: Place | None) -> None:
        super().__init__(text)
        self.text = text
        self.place = place


@dataclass(frozen=True)
class Generated:
    """A program and its metadata, as data.

    program: the content of the .mdbc file
    metadata: that of the .mdbm file
    """

    program: Program
    metadata: Metadata


def generate(
    module: MirModule,
    target: str,
    optimising: bool,
    source: str = "",
    version: int = int(opcodes.PUBLISHED),
) -> Generated:
    """module: MirModule, well formed; it may be changed. target: a key of CONVENTIONS. source: the
    path of the source file. version: the least that the file has.

    Raises TooLarge.
    """
    version = max(version, _version(module, target))
    # Only what needs the latest version, or is to be read, is better off with its own convention.
    convention = CONVENTIONS[
        target if version != opcodes.PUBLISHED or not optimising else PUBLISHED
    ]
    parameters = {function.name: _parameter_names(function) for function in module.functions}
    pack_arguments(module, convention)
    output = _Output(source, version)
    keeps_phis = convention.has_phis and not optimising and _size(module) <= LARGEST_WITH_PHIS
    for function in module.functions:
        allocated = allocate(function, convention, optimising, keeps_phis)
        output.add(allocated, function, parameters[function.name], function is module.entry)
    return output.finish()


def _version(module: MirModule, target: str) -> int:
    """The version of the file format that the module needs."""
    names = {function.name for function in module.functions}
    for function in module.functions:
        for instruction in function.instructions():
            called = called_name(instruction)
            if (
                opcodes.BY_NAME[instruction.opcode].version == opcodes.LATEST
                or (called is not None and called not in names)
                or (called is None and instruction.opcode == "CALL")
                or any(_is_latest(operand) for operand in instruction.operands)
                or (instruction.opcode == "CHECK_TYPE" and _is_latest_type(instruction.detail))
            ):
                return int(opcodes.LATEST)
        for block in function.blocks.values():
            others = [operand for phi in block.phis for operand in phi.operands.values()]
            if isinstance(block.terminator, Return):
                others.append(block.terminator.value)
            if any(_is_latest(operand) for operand in others):
                return int(opcodes.LATEST)
        if target != PUBLISHED and _may_have_other_keys(function):
            return int(opcodes.LATEST)
    return int(opcodes.PUBLISHED)


def _may_have_other_keys(function: MirFunction) -> bool:
    """Whether what is no string may be a key of a dict, which only the latest version has."""
    keys = [
        instruction.operands[1]
        for instruction in function.instructions()
        if instruction.opcode in KEYED
    ]
    if all(_is_string(key) for key in keys):
        return False
    kinds = Kinds(function)
    return not all(kinds.is_within(key, STRING) for key in keys)


def _is_string(operand: Operand) -> bool:
    return isinstance(operand, Constant) and operand.kind is ConstantKind.STRING


def _is_latest(operand: Operand) -> bool:
    return isinstance(operand, Constant) and operand.kind in (
        ConstantKind.FUNCTION,
        ConstantKind.URL,
    )


def _is_latest_type(detail: object) -> bool:
    return isinstance(detail, int) and detail > opcodes.UNKNOWN_TYPE


def _size(module: MirModule) -> int:
    return sum(
        len(block.phis) + len(block.instructions) + 1
        for function in module.functions
        for block in function.blocks.values()
    )


def _parameter_names(function: MirFunction) -> tuple[str, ...]:
    return tuple(function.variables.get(parameter, "") for parameter in function.parameters)


class _Output:
    """A program being put together."""

    def __init__(self, source: str, version: int) -> None:
        self._source = source
        self._builder = Builder(version=version)
        self._functions: list[FunctionMetadata] = []
        self._positions: list[Position] = []
        self._inlined = InlinedCalls()

    def add(
        self,
        allocated: AllocatedFunction,
        function: MirFunction,
        parameters: tuple[str, ...],
        is_entry: bool,
    ) -> None:
        builder = self._builder
        first = builder.next_index
        if not is_entry:
            builder.function(function.name)
        self._note_place(function.place)
        emitted = _FunctionOutput(self, allocated)
        self._inlined.note((), builder.next_index)
        variables = tuple(
            Variable(
                each.name, each.register, emitted.indexes[each.first], emitted.indexes[each.end]
            )
            for each in allocated.variables
            if emitted.indexes[each.first] < emitted.indexes[each.end]
        )
        self._functions.append(
            FunctionMetadata(
                function.source_name or function.name or _PROGRAM,
                first,
                builder.next_index,
                parameters,
                variables,
            )
        )

    def finish(self) -> Generated:
        metadata = Metadata(
            self._source, tuple(self._functions), tuple(self._positions), self._inlined.all()
        )
        return Generated(self._builder.build(), metadata)

    # What the output of a function asks for

    @property
    def builder(self) -> Builder:
        """Where the instructions go."""
        return self._builder

    def emit(self, name: str, operands: list[BuilderOperand], place: Place | None) -> None:
        """An instruction that comes from this source location; None if it belongs to what
        stands before it.
        """
        if place is not None:
            self._note_place(place)
        try:
            self._builder.emit(name, *operands)
        except FormatLimitError as error:
            raise TooLarge(str(error), place) from None

    def _note_place(self, place: Place | None) -> None:
        self._inlined.note(calls_around(place), self._builder.next_index)
        line, column = (0, 0) if place is None else place
        position = Position(self._builder.next_index, line, column)
        if self._positions:
            last = self._positions[-1]
            if (last.line, last.column) == (line, column):
                return
            if last.first == position.first:
                self._positions.pop()
        self._positions.append(position)


class _FunctionOutput:
    """One function being written.

    indexes: for each of its steps and its terminators, the index of its first instruction
    """

    def __init__(self, output: _Output, allocated: AllocatedFunction) -> None:
        self._output = output
        self._blocks = {block.label: block for block in allocated.blocks}
        self._have_phis = {block.label for block in allocated.blocks if _has_phis(block)}
        self._jumps: dict[str, Label] = {}
        self._targets = {block.label: self._final_target(block) for block in allocated.blocks}
        kept = [block for block in allocated.blocks if self._targets[block.label] == block.label]
        if kept[0] is not allocated.blocks[0]:
            kept.insert(0, allocated.blocks[0])
        following = {block.label: after.label for block, after in zip(kept, kept[1:])}
        is_kept = {block.label for block in kept}
        self._labels = {block.label: output.builder.label(block.label) for block in kept}
        self.indexes: list[int] = []
        for block in allocated.blocks:
            if block.label in is_kept:
                self._emit_block(block, following.get(block.label))
            else:
                self.indexes.extend([output.builder.next_index] * (len(block.steps) + 1))
        self.indexes.append(output.builder.next_index)

    def _final_target(self, block: AllocatedBlock) -> str:
        """The label of the first block that does something when control reaches this one."""
        seen = {block.label}
        while block.terminator.opcode == "JUMP" and not any(block.steps):
            target = block.terminator.targets[0]
            if target in seen or target in self._have_phis:
                break
            seen.add(target)
            block = self._blocks[target]
        return block.label

    def _emit_block(self, block: AllocatedBlock, following: str | None) -> None:
        builder = self._output.builder
        builder.place(self._labels[block.label])
        for operations in block.steps:
            self.indexes.append(builder.next_index)
            for operation in operations:
                self._output.emit(operation.opcode, self._operands(operation), operation.place)
        self.indexes.append(builder.next_index)
        self._emit_ending(block, following)

    def _emit_ending(self, block: AllocatedBlock, following: str | None) -> None:
        terminator = block.terminator
        targets = [self._targets[label] for label in terminator.targets]
        if terminator.opcode == "JUMP" and targets[0] in self._have_phis:
            builder = self._output.builder
            builder.place(self._jump_label(block.label))
            self._output.emit("JUMP", [self._labels[targets[0]]], terminator.place)
        elif terminator.opcode in ("RETURN", "HALT"):
            self._output.emit(terminator.opcode, list(terminator.reads), terminator.place)
        elif len(set(targets)) == 1:
            self._jump(targets[0], following, terminator.place)
        else:
            then, otherwise = targets
            if then == following:
                self._output.emit(
                    "JUMP_IF_NOT", [terminator.reads[0], self._labels[otherwise]], terminator.place
                )
            else:
                self._output.emit(
                    "JUMP_IF", [terminator.reads[0], self._labels[then]], terminator.place
                )
                self._jump(otherwise, following, terminator.place)

    def _jump(self, target: str, following: str | None, place: Place | None) -> None:
        if target != following:
            label: Label = self._labels[target]
            self._output.emit("JUMP", [label], place)

    def _jump_label(self, label: str) -> Label:
        """The index of the jump that ends the block with the label."""
        if label not in self._jumps:
            self._jumps[label] = self._output.builder.label(f"end of {label}")
        return self._jumps[label]

    def _operands(self, operation: Operation) -> list[BuilderOperand]:
        if operation.opcode != "PHI":
            return _operands(operation)
        labels = cast("tuple[str, ...]", operation.detail)
        sources = [
            (register, self._jump_label(label)) for register, label in zip(operation.reads, labels)
        ]
        return [operation.written, sources]


def _has_phis(block: AllocatedBlock) -> bool:
    return any(operation.opcode == "PHI" for operations in block.steps for operation in operations)


def _operands(operation: Operation) -> list[BuilderOperand]:
    """What the Builder wants for an operation, in the order of the opcode table."""
    reads = iter(operation.reads)
    detail = operation.detail
    operands: list[BuilderOperand] = []
    for operand in opcodes.BY_NAME[operation.opcode].operands:
        kind = operand.kind
        if kind == opcodes.WRITE and operation.opcode in WRITES_BESIDE:
            operands.append(operation.reads[-1])
        elif kind == opcodes.WRITE:
            operands.append(operation.written)
        elif kind in (opcodes.READ, opcodes.UPDATE):
            operands.append(next(reads))
        elif kind == opcodes.ARGUMENTS:
            operands.append(list(reads))
        elif isinstance(detail, Assertion):
            operands.append(_assertion_operand(kind, detail))
        else:
            assert isinstance(detail, (int, str, Constant))
            operands.append(detail)
    return operands


def _assertion_operand(kind: int, detail: Assertion) -> BuilderOperand:
    if kind == opcodes.CONDITION:
        return detail.condition
    if kind == opcodes.MESSAGE:
        return detail.message
    return [detail.smallest, detail.largest] if detail.condition == opcodes.RANGE_CONDITION else []
