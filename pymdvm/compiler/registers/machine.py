"""The machine form of a function: the VM's instructions on any number of virtual registers, phis
replaced by parallel copies.

It is not SSA any more: a register may be written by several instructions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Union

from mdvm import opcodes
from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.mir.model import Detail

Register = int
NO_REGISTER = -1


class Slot(NamedTuple):
    """Where a spilled register lives: a position in the array of spilled values."""

    number: int


Source = Union[Register, Slot, Constant]
Target = Union[Register, Slot]


# What updates a register and gives something besides.
WRITES_BESIDE = frozenset(
    opcode.name
    for opcode in opcodes.OPCODES
    if {opcodes.UPDATE, opcodes.WRITE} <= {operand.kind for operand in opcode.operands}
)

OperationDetail = Union[Detail, Constant, "tuple[str, ...]"]


class Operation:
    """An instruction of the VM that is no jump.

    opcode: str, a name in mdvm.opcodes
    written: Register or NO_REGISTER
    reads: the registers that it reads, in the order of the opcode table; one that it updates is
        both written and reads[0]; behind them, for an opcode in WRITES_BESIDE, the register that
        gets what it takes out, which nobody reads
    detail: as in MIR, for LOAD_CONST the Constant, and for PHI the labels of the blocks that the
        registers in reads belong to
    """

    __slots__ = ("opcode", "written", "reads", "detail", "place")

    def __init__(
        self,
        opcode: str,
        written: Register,
        reads: list[Register],
        detail: OperationDetail = None,
        place: Place | None = None,
    ) -> None:
        self.opcode = opcode
        self.written = written
        self.reads = reads
        self.detail = detail
        self.place = place


class Copies:
    """Copies that happen at once: all sources are read before any target is written.

    pairs: list of (target, source), the targets all different
    spilled: where any of them is a Slot, the register of the array of spilled values
    scratch: then three registers of no other use: for a position, for a value, for a cycle of
        copies
    """

    __slots__ = ("pairs", "place", "spilled", "scratch")

    def __init__(
        self,
        pairs: list[tuple[Target, Source]],
        place: Place | None = None,
        spilled: Register = NO_REGISTER,
        scratch: tuple[Register, ...] = (),
    ) -> None:
        self.pairs = pairs
        self.place = place
        self.spilled = spilled
        self.scratch = scratch


Step = Union[Operation, Copies]


class Terminator:
    """How a block ends.

    opcode: "JUMP", "JUMP_IF", "RETURN" or "HALT"
    targets: labels: one for a JUMP; for a JUMP_IF where it goes when reads[0] is truthy and where
        else
    reads: what JUMP_IF and RETURN look at
    """

    __slots__ = ("opcode", "reads", "targets", "place")

    def __init__(
        self,
        opcode: str,
        reads: list[Register],
        targets: tuple[str, ...],
        place: Place | None = None,
    ) -> None:
        self.opcode = opcode
        self.reads = reads
        self.targets = targets
        self.place = place


class MachineBlock:
    """A basic block.

    depth: int, how many loops it is in
    frequency: how often it is likely to run, see frequency.py
    """

    __slots__ = ("label", "steps", "terminator", "depth", "frequency")

    def __init__(
        self, label: str, steps: list[Step], terminator: Terminator, depth: int = 0
    ) -> None:
        self.label = label
        self.steps = steps
        self.terminator = terminator
        self.depth = depth
        self.frequency = 1.0


@dataclass
class MachineFunction:
    """A function.

    blocks: by label, in the order in which they will stand; the first is the entry
    arrivals: the registers in which the arguments arrive, one for each parameter, in the order
        of r0, r1 and so on
    variables: the name of the source's variable that a register holds, where there is one
    unspillable: registers that live too briefly for spilling them to help
    array: the one that holds the array of spilled values
    slots: how many values are spilled
    """

    name: str
    blocks: dict[str, MachineBlock] = field(default_factory=dict)
    arrivals: list[Register] = field(default_factory=list)
    variables: dict[Register, str] = field(default_factory=dict)
    next_register: int = 0
    unspillable: set[Register] = field(default_factory=set)
    array: Register = NO_REGISTER
    slots: int = 0

    def new_register(self) -> Register:
        """A register that nothing writes yet."""
        self.next_register += 1
        return self.next_register - 1
