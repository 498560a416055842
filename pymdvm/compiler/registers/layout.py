"""The order of the blocks: loops in one piece, a block's likelier successor right behind it, tests
of loops at their ends.

A loop that is left from its top needs a conditional and an unconditional jump an iteration.
Rotated, so that the block that leaves it stands last, it needs one conditional jump an iteration
and an unconditional one where it is entered.
"""

from __future__ import annotations

from pymdvm.compiler.mir.loops import Loop
from pymdvm.compiler.registers.frequency import block_frequencies
from pymdvm.compiler.registers.machine import MachineBlock
from pymdvm.compiler.registers.selection import LoopOf, Selected


def order_blocks(selected: Selected) -> None:
    """Put the blocks of the function into the order in which they will stand, and note how often
    each is likely to run.
    """
    function = selected.function
    order = _depth_first(function.blocks)
    for label, frequency in block_frequencies(function.blocks, order).items():
        function.blocks[label].frequency = frequency
    order = _rotate_loops(order, function.blocks, selected.loop_of)
    function.blocks = {label: function.blocks[label] for label in order}


def _depth_first(blocks: dict[str, MachineBlock]) -> list[str]:
    """Reverse postorder in which what leaves a loop comes after the loop."""
    entry = next(iter(blocks))
    seen = {entry}
    finished: list[str] = []
    path = [(entry, _successors(blocks[entry], blocks))]
    while path:
        label, waiting = path[-1]
        if not waiting:
            finished.append(label)
            path.pop()
            continue
        successor = waiting.pop()
        if successor not in seen:
            seen.add(successor)
            path.append((successor, _successors(blocks[successor], blocks)))
    finished.reverse()
    return finished


def _successors(block: MachineBlock, blocks: dict[str, MachineBlock]) -> list[str]:
    """The successors, that first which is to come right behind the block: the one in the most
    loops, then the first target.
    """
    return sorted(block.terminator.targets, key=lambda label: -blocks[label].depth)


def _rotate_loops(order: list[str], blocks: dict[str, MachineBlock], loop_of: LoopOf) -> list[str]:
    """Rotate each loop where that saves a jump, inner ones first."""
    position = {label: index for index, label in enumerate(order)}
    members: dict[Loop, list[str]] = {}
    for label in order:
        loop = loop_of[label]
        while loop is not None:
            members.setdefault(loop, []).append(label)
            loop = loop.parent
    for loop in sorted(members, key=lambda loop: -loop.depth):
        first = min(position[label] for label in members[loop])
        stretch = order[first : first + len(members[loop])]
        if set(stretch) == set(members[loop]):
            order[first : first + len(stretch)] = stretch = _rotated(loop, stretch, blocks, loop_of)
            for index, label in enumerate(stretch):
                position[label] = first + index
    return order


def _rotated(
    loop: Loop, stretch: list[str], blocks: dict[str, MachineBlock], loop_of: LoopOf
) -> list[str]:
    """stretch: the labels of a loop's blocks in their order -> the same, with one that leaves the
    loop last if that pays.
    """
    if stretch[0] != loop.header or blocks[stretch[-1]].terminator.targets != (loop.header,):
        return stretch
    inside = set(stretch)
    for index, label in enumerate(stretch[:-1]):
        targets = blocks[label].terminator.targets
        if (
            loop_of[label] is loop
            and stretch[index + 1] in targets
            and not inside.issuperset(targets)
        ):
            return stretch[index + 1 :] + stretch[: index + 1]
    return stretch
