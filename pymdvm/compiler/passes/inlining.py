"""Inlining: a call of a small function becomes its body.

Callees come before callers, so that a small function made of small functions is inlined as a whole.
A function that calls itself is left alone. What is inlined is never looked at again for calls, so
this ends with mutual recursion too.
"""

from __future__ import annotations

from pymdvm.compiler.mir.model import (
    Block,
    Instruction,
    Jump,
    MirFunction,
    MirModule,
    Operand,
    Phi,
    Value,
)
from pymdvm.compiler.mir.replacing import final_replacements, replace_values
from pymdvm.compiler.mir.runtime_names import called_name
from pymdvm.compiler.passes.cloning import Clone

# The largest function that is inlined everywhere, and the largest that is inlined at its only call:
# the number of instructions and terminators.
SMALL = 14
SMALL_ENOUGH_ONCE = 80

# A function stops growing when it has gained this many instructions, or half of what it had.
GROWTH = 400


def inline_small_functions(module: MirModule) -> set[str]:
    """Inlines calls in all functions; returns the names of those that have changed."""
    by_name = module.by_name()
    sizes: dict[str, int] = {}
    call_counts = _count_calls(module)
    changed = set()
    for function in _callees_first(module, by_name):
        if _Inliner(function, by_name, sizes, call_counts).run():
            changed.add(function.name)
        sizes[function.name] = SMALL_ENOUGH_ONCE + 1 if _calls_itself(function) else _size(function)
    return changed


def _size(function: MirFunction) -> int:
    return sum(len(block.instructions) + 1 for block in function.blocks.values())


def _calls_itself(function: MirFunction) -> bool:
    return any(called_name(instruction) == function.name for instruction in function.instructions())


def _count_calls(module: MirModule) -> dict[str, int]:
    counts: dict[str, int] = {}
    for function in module.functions:
        for instruction in function.instructions():
            name = called_name(instruction)
            if name is not None:
                counts[name] = counts.get(name, 0) + 1
    return counts


def _callees_first(module: MirModule, by_name: dict[str, MirFunction]) -> list[MirFunction]:
    """All functions, each after those that it calls but for cycles."""
    finished: list[MirFunction] = []
    seen: set[str] = set()
    for root in [*module.functions[1:], module.entry]:
        stack = (
            [(root, _callees(root, by_name))]
            if root.name not in seen or root is module.entry
            else []
        )
        seen.add(root.name)
        while stack:
            function, waiting = stack[-1]
            if not waiting:
                finished.append(function)
                stack.pop()
                continue
            callee = waiting.pop()
            if callee.name not in seen:
                seen.add(callee.name)
                stack.append((callee, _callees(callee, by_name)))
    return finished


def _callees(function: MirFunction, by_name: dict[str, MirFunction]) -> list[MirFunction]:
    names = dict.fromkeys(called_name(instruction) for instruction in function.instructions())
    return [by_name[name] for name in reversed(list(names)) if name in by_name]


class _Inliner:
    def __init__(
        self,
        function: MirFunction,
        by_name: dict[str, MirFunction],
        sizes: dict[str, int],
        call_counts: dict[str, int],
    ) -> None:
        self._function = function
        self._by_name = by_name
        self._sizes = sizes
        self._call_counts = call_counts
        size = _size(function)
        self._budget = max(GROWTH, size // 2)
        if size <= SMALL and call_counts.get(function.name, 0) > 1:
            # It will be inlined in several places itself, unless it takes in too much.
            self._budget = SMALL - size
        self._replacements: dict[Value, Operand] = {}

    def run(self) -> bool:
        """Inlines what it can; whether there was anything."""
        blocks = [
            block
            for block in self._function.blocks.values()
            if any(self._callee(instruction) for instruction in block.instructions)
        ]
        for block in blocks:
            self._inline_in(block)
        replace_values(self._function, final_replacements(self._replacements))
        return bool(blocks)

    def _callee(self, instruction: Instruction) -> MirFunction | None:
        """The function that the instruction calls, if that is to be inlined."""
        name = called_name(instruction)
        if name is None or name == self._function.name or name not in self._sizes:
            return None
        size = self._sizes[name]
        is_small = size <= SMALL or (size <= SMALL_ENOUGH_ONCE and self._call_counts[name] == 1)
        return self._by_name[name] if is_small and size <= self._budget else None

    def _inline_in(self, block: Block) -> None:
        """Goes through the block once; what follows an inlined call goes on in a new block."""
        instructions, terminator, successors = (
            block.instructions,
            block.terminator,
            block.successors(),
        )
        block.instructions = []
        current = block
        for instruction in instructions:
            callee = self._callee(instruction)
            if callee is None:
                current.instructions.append(instruction)
            else:
                self._budget -= self._sizes[callee.name]
                current = self._inline(instruction, callee, current)
        current.terminator = terminator
        if current is not block:
            for label in successors:
                for phi in self._function.blocks[label].phis:
                    phi.operands = {
                        current.label if source == block.label else source: operand
                        for source, operand in phi.operands.items()
                    }

    def _inline(self, call: Instruction, callee: MirFunction, block: Block) -> Block:
        """Adds the callee's body to the block; returns the block where to go on."""
        clone = Clone(callee, self._function, call.operands[1:], call.place)
        assert call.result is not None
        if len(clone.blocks) == 1 and clone.returns:
            block.instructions.extend(clone.blocks[0].instructions)
            del self._function.blocks[clone.blocks[0].label]
            self._replacements[call.result] = clone.returns[0][1]
            return block
        block.terminator = Jump(clone.blocks[0].label, call.place)
        after = self._function.new_block()
        for returning, _ in clone.returns:
            returning.terminator = Jump(after.label, call.place)
        after.phis.append(
            Phi(call.result, {returning.label: value for returning, value in clone.returns})
        )
        return after
