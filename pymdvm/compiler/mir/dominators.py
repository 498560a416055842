"""The dominator tree of a function's blocks.

Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001). Nothing here recurses, so
that a program may have any number of blocks.
"""

from __future__ import annotations

from pymdvm.compiler.mir.model import MirFunction


def reverse_postorder(function: MirFunction) -> list[str]:
    """The labels of the blocks that can be reached, each before its successors but for the edges
    that go back.
    """
    blocks = function.blocks
    entry = function.entry.label
    finished: list[str] = []
    seen = {entry}
    # Successors are visited last to first, so that the order follows `then` before `otherwise`.
    path = [entry]
    waiting = [iter(blocks[entry].successors()[::-1])]
    while path:
        for successor in waiting[-1]:
            if successor not in seen:
                seen.add(successor)
                path.append(successor)
                waiting.append(iter(blocks[successor].successors()[::-1]))
                break
        else:
            finished.append(path.pop())
            waiting.pop()
    finished.reverse()
    return finished


class DominatorTree:
    """Which blocks every path from the entry to a block goes through.

    order: the labels in reverse postorder
    parent: the immediate dominator of each label but the entry's
    children: the other way round, in the order of `order`
    predecessors: those that can be reached
    """

    def __init__(self, function: MirFunction) -> None:
        self.order = reverse_postorder(function)
        self.number = {label: number for number, label in enumerate(self.order)}
        self.predecessors: dict[str, list[str]] = {label: [] for label in self.order}
        for label in self.order:
            for successor in function.blocks[label].successors():
                self.predecessors[successor].append(label)
        parents = self._find_parents()
        self.parent = {
            label: self.order[parents[number]] for number, label in enumerate(self.order) if number
        }
        self.children: dict[str, list[str]] = {label: [] for label in self.order}
        for label in self.order[1:]:
            self.children[self.parent[label]].append(label)
        self._number_tree()

    def _find_parents(self) -> list[int]:
        """The immediate dominators, as numbers."""
        parents = [-1] * len(self.order)
        parents[0] = 0
        sources = [
            [self.number[label] for label in self.predecessors[block]] for block in self.order
        ]
        changed = True
        while changed:
            changed = False
            for number in range(1, len(self.order)):
                parent = -1
                for source in sources[number]:
                    if parents[source] >= 0:
                        parent = source if parent < 0 else _common_ancestor(parents, parent, source)
                if parents[number] != parent:
                    parents[number] = parent
                    changed = True
        return parents

    def _number_tree(self) -> None:
        """Numbers the tree in the order of a walk, so that `dominates` compares two intervals."""
        self._enter: dict[str, int] = {}
        self._leave: dict[str, int] = {}
        for label in self.preorder():
            self._enter[label] = len(self._enter)
        for label in reversed(list(self._enter)):
            self._leave[label] = max(
                [self._enter[label]] + [self._leave[child] for child in self.children[label]]
            )

    def preorder(self) -> list[str]:
        """The labels, each after its parent and with its subtree right behind it."""
        walked: list[str] = []
        stack = [self.order[0]]
        while stack:
            label = stack.pop()
            walked.append(label)
            stack.extend(reversed(self.children[label]))
        return walked

    def dominates(self, upper: str, lower: str) -> bool:
        """Whether every path to `lower` goes through `upper`; a block dominates itself."""
        return self._enter[upper] <= self._enter[lower] <= self._leave[upper]


def _common_ancestor(parents: list[int], left: int, right: int) -> int:
    while left != right:
        while left > right:
            left = parents[left]
        while right > left:
            right = parents[right]
    return left
