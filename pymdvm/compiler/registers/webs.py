"""Webs: registers that a copy joins and that are never needed at the same time become one
(coalescing: Chaitin 1982).

The copies that are made most often go first, since each may spoil others.
"""

from __future__ import annotations

from pymdvm.compiler.registers.live_range import LiveRange
from pymdvm.compiler.registers.liveness import LiveRanges
from pymdvm.compiler.registers.machine import Copies, MachineFunction, Operation, Register, Step

NO_COLOUR = -1


class Web:
    """Registers that get the same colour.

    members: ascending only by chance
    fixed: the colour that they must get, or NO_COLOUR
    """

    __slots__ = ("members", "range", "fixed")

    def __init__(self, register: Register, live_range: LiveRange, fixed: int) -> None:
        self.members = [register]
        self.range = live_range
        self.fixed = fixed


class Webs:
    """of: by register, the web that it belongs to."""

    def __init__(self, function: MachineFunction, ranges: LiveRanges) -> None:
        fixed = {register: number for number, register in enumerate(function.arrivals)}
        self.of = {
            register: Web(register, live_range, fixed.get(register, NO_COLOUR))
            for register, live_range in ranges.of.items()
        }
        copies = [
            (block.frequency, target, source)
            for block in function.blocks.values()
            for step in block.steps
            for target, source in _copied(step)
        ]
        copies.sort(key=lambda copy: -copy[0])
        for _, target, source in copies:
            self._join(target, source)

    def all(self) -> list[Web]:
        """Each web once, in the order in which they begin."""
        webs = {id(web): web for web in self.of.values()}
        return sorted(webs.values(), key=lambda web: (web.range.starts[0], web.members[0]))

    def _join(self, left: Register, right: Register) -> None:
        kept, other = self.of[left], self.of[right]
        if (
            kept is other
            or (kept.fixed != NO_COLOUR and other.fixed != NO_COLOUR)
            or kept.range.meets(other.range)
        ):
            return
        if len(other.members) > len(kept.members):
            kept, other = other, kept
        kept.fixed = max(kept.fixed, other.fixed)
        kept.range.unite(other.range)
        kept.members.extend(other.members)
        for register in other.members:
            self.of[register] = kept


def _copied(step: Step) -> list[tuple[Register, Register]]:
    """(target, source) of the copies between registers that the step makes."""
    if isinstance(step, Copies):
        return [
            (target, source)
            for target, source in step.pairs
            if isinstance(target, int) and isinstance(source, int)
        ]
    if isinstance(step, Operation) and step.opcode == "MOVE":
        return [(step.written, step.reads[0])]
    return []
