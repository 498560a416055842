"""The natural loops of a function: each block that an edge leads back to from a block that it
dominates, with all blocks that reach that edge without leaving through it (Muchnick, Advanced
Compiler Design and Implementation, 1997, section 7.4).
"""

from __future__ import annotations

from pymdvm.compiler.mir.dominators import DominatorTree


class Loop:
    """One loop.

    header: the label of the block where it is entered
    body: the labels of its blocks, the header and those of inner loops too
    parent: the loop right around it, or None
    depth: 1 for a loop that is in no other
    """

    def __init__(self, header: str) -> None:
        self.header = header
        self.body = {header}
        self.parent: Loop | None = None
        self.depth = 1


class Loops:
    """The loops of a function.

    all: outer ones before inner ones
    innermost: by label, for each block that is in a loop
    """

    def __init__(self, tree: DominatorTree) -> None:
        self.all: list[Loop] = []
        self.innermost: dict[str, Loop] = {}
        # A header comes before the headers of the loops inside in reverse postorder.
        for header in tree.order:
            backward = [
                label for label in tree.predecessors[header] if tree.dominates(header, label)
            ]
            if backward:
                self._add(_find_loop(header, backward, tree))

    def _add(self, loop: Loop) -> None:
        loop.parent = self.innermost.get(loop.header)
        if loop.parent is not None:
            loop.depth = loop.parent.depth + 1
        for label in loop.body:
            self.innermost[label] = loop
        self.all.append(loop)

    def depth(self, label: str) -> int:
        """In how many loops the block is."""
        loop = self.innermost.get(label)
        return 0 if loop is None else loop.depth

    def outermost(self, label: str) -> Loop | None:
        """The loop around the block that is in no other, None if it is in none."""
        loop = self.innermost.get(label)
        while loop is not None and loop.parent is not None:
            loop = loop.parent
        return loop


def _find_loop(header: str, backward: list[str], tree: DominatorTree) -> Loop:
    """backward: the blocks from which an edge leads back to the header."""
    loop = Loop(header)
    work = list(backward)
    while work:
        label = work.pop()
        if label not in loop.body:
            loop.body.add(label)
            work.extend(tree.predecessors[label])
    return loop
