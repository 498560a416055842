"""How often each block is likely to run, as far as the shape of the function tells: loops run ten
iterations, and everything else is as likely as not (a much reduced form of Wu and Larus, Static
Branch Frequency and Program Profile Analysis, 1994).
"""

from __future__ import annotations

from pymdvm.compiler.registers.machine import MachineBlock

_ITERATIONS = 10  # that a loop is assumed to run
_DEEPEST = 6  # loops; further ones count no more


def runs_at_depth(depth: int) -> int:
    """How often code in so many loops is assumed to run for each time that its function does."""
    return int(_ITERATIONS ** min(depth, _DEEPEST))


def block_frequencies(blocks: dict[str, MachineBlock], order: list[str]) -> dict[str, float]:
    """order: the labels in reverse postorder -> by label, how often the block runs for each time
    that the function does.
    """
    position = {label: index for index, label in enumerate(order)}
    arriving = dict.fromkeys(order, 0.0)
    arriving[order[0]] = 1.0
    for label in order:
        block = blocks[label]
        for target in block.terminator.targets:
            if position[target] > position[label]:
                arriving[target] += arriving[label] * _likelihood(block, target, blocks)
    return {label: arriving[label] * runs_at_depth(blocks[label].depth) for label in order}


def _likelihood(block: MachineBlock, target: str, blocks: dict[str, MachineBlock]) -> float:
    """How likely the block goes on to the target, over all iterations of a loop taken together: a
    loop is left as often as entered.
    """
    targets = block.terminator.targets
    leaves_a_loop = any(blocks[each].depth < block.depth for each in targets)
    return 1.0 if leaves_a_loop else 1.0 / len(targets)
