"""The allocation of registers: from a function in MIR to instructions on the VM's own registers,
block by block.
"""

from __future__ import annotations

from dataclasses import dataclass

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import MirFunction
from pymdvm.compiler.registers.colouring import Colouring
from pymdvm.compiler.registers.convention import Convention
from pymdvm.compiler.registers.copies import sequence_copies
from pymdvm.compiler.registers.layout import order_blocks
from pymdvm.compiler.registers.liveness import LiveRanges, remove_unread
from pymdvm.compiler.registers.machine import (
    NO_REGISTER,
    Copies,
    MachineFunction,
    Operation,
    Register,
    Slot,
    Source,
    Target,
    Terminator,
)
from pymdvm.compiler.registers.selection import select
from pymdvm.compiler.registers.spilling import SpillCosts, load_home, spill, store_slot
from pymdvm.compiler.registers.webs import Webs


@dataclass(frozen=True)
class VariableRange:
    """Where a variable of the source is: in the register from one step up to another, by the
    numbers of the steps.
    """

    name: str
    register: int
    first: int
    end: int


@dataclass
class AllocatedBlock:
    """A block on the VM's registers.

    steps: for each step of the machine form its operations, perhaps none
    """

    label: str
    steps: list[list[Operation]]
    terminator: Terminator


@dataclass
class AllocatedFunction:
    """A function on the VM's registers.

    blocks: in their order
    variables: their steps are numbered through all blocks, where the terminator of a block counts
        as one
    spilled: how many values live in the array of spilled values
    """

    name: str
    blocks: list[AllocatedBlock]
    variables: list[VariableRange]
    registers: int
    spilled: int


def allocate(
    function: MirFunction, convention: Convention, optimising: bool, keeps_phis: bool = False
) -> AllocatedFunction:
    """function: MirFunction, well formed, with no more parameters than the convention allows ->
    AllocatedFunction.

    optimising: whether constants are shared and what is not read is left out. keeps_phis: see
    select.
    """
    selected = select(function, optimising, keeps_phis)
    order_blocks(selected)
    machine = selected.function
    if optimising:
        remove_unread(machine)
    while True:
        ranges = LiveRanges(machine)
        webs = Webs(machine, ranges)
        colouring = Colouring(webs.all(), ranges, convention, lambda: SpillCosts(machine))
        if not colouring.spilled:
            break
        spill(machine, colouring.spilled)
    assignment = _Assignment(machine, colouring, convention)
    return AllocatedFunction(
        function.name,
        assignment.blocks(),
        _variable_ranges(machine, ranges, colouring),
        colouring.count,
        machine.slots,
    )


class _Assignment:
    """A function whose registers have been found, on its way to the VM's instructions."""

    def __init__(
        self, function: MachineFunction, colouring: Colouring, convention: Convention
    ) -> None:
        self._function = function
        self._colours = colouring.colours
        self._count = colouring.count
        self._one_by_one = convention.one_by_one

    def blocks(self) -> list[AllocatedBlock]:
        allocated = []
        for block in self._function.blocks.values():
            steps = [
                self._sequence(step) if isinstance(step, Copies) else self._assign(step)
                for step in block.steps
            ]
            block.terminator.reads = [
                self._colours[register] for register in block.terminator.reads
            ]
            allocated.append(AllocatedBlock(block.label, steps, block.terminator))
        return allocated

    def _assign(self, step: Operation) -> list[Operation]:
        if step.written != NO_REGISTER:
            step.written = self._colours[step.written]
        step.reads = [self._colours[register] for register in step.reads]
        if step.opcode == "MOVE" and step.written == step.reads[0]:
            return []
        if step.opcode == "CALL" and self._one_by_one:
            return [*self._save_arguments(step), step]
        return [step]

    def _save_arguments(self, call: Operation) -> list[Operation]:
        """Moves of the arguments that others would overwrite before they are passed on; the call
        reads the copies then.
        """
        arguments = call.reads[1:]
        spare = max(self._count, len(arguments))
        saved: dict[int, int] = {}
        for position, register in enumerate(arguments):
            if register < position and arguments[register] != register:
                if register not in saved:
                    saved[register] = spare + len(saved)
                call.reads[1 + position] = saved[register]
        return [
            Operation("MOVE", copy, [register], None, call.place)
            for register, copy in saved.items()
        ]

    def _sequence(self, step: Copies) -> list[Operation]:
        """The operations that make parallel copies, constants last, since they need no register
        that is overwritten.
        """
        copies: list[tuple[Target, Target]] = []
        loads: list[tuple[Target, Constant]] = []
        for target, source in step.pairs:
            if isinstance(source, Constant):
                loads.append((self._location(target), source))
            else:
                copies.append((self._location(target), self._location(source)))
        scratch = [self._colours[register] for register in step.scratch]
        spare = scratch[2] if scratch else self._count
        operations: list[Operation] = []
        for target, source in [*sequence_copies(copies, lambda: spare), *loads]:
            operations.extend(self._copy(step, target, source, scratch))
        return operations

    def _location(self, place: Target) -> Target:
        return place if isinstance(place, Slot) else self._colours[place]

    def _copy(
        self, step: Copies, target: Target, source: Source, scratch: list[Register]
    ) -> list[Operation]:
        """One copy between registers and slots of the array of spilled values."""
        array = NO_REGISTER if step.spilled == NO_REGISTER else self._colours[step.spilled]
        if isinstance(target, Slot):
            if isinstance(source, int):
                return store_slot(target, source, scratch[0], array, step.place)
            loaded = load_home(scratch[1], source, array, step.place)
            return [*loaded, *store_slot(target, scratch[1], scratch[0], array, step.place)]
        if isinstance(source, int):
            return [Operation("MOVE", target, [source], None, step.place)]
        return load_home(target, source, array, step.place)


def _variable_ranges(
    function: MachineFunction, ranges: LiveRanges, colouring: Colouring
) -> list[VariableRange]:
    """Where the source's variables are; segments that touch are one."""
    segments_of: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for register, name in function.variables.items():
        if register in colouring.colours:
            live_range = ranges.of[register]
            segments_of.setdefault((name, colouring.colours[register]), []).extend(
                zip(live_range.starts, live_range.ends)
            )
    found = []
    for (name, colour), segments in segments_of.items():
        for start, end in _joined(
            [((start + 1) // 2, (end + 1) // 2) for start, end in sorted(segments)]
        ):
            found.append(VariableRange(name, colour, start, end))
    return sorted(found, key=lambda variable: (variable.first, variable.register, variable.name))


def _joined(segments: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """segments: ascending -> the same without empty ones, and with those that touch or overlap made
    one.
    """
    joined: list[tuple[int, int]] = []
    for start, end in segments:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined
