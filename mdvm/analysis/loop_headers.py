"""Which jumps close a loop, and where jumps that lead to jumps end up.

A backward jump is not always a loop: compilers put rarely used code at the end of a function and
jump back from there. The JIT must be entered only where a loop closes, that is at a backward jump
within a strongly connected component of the control-flow graph; every loop has such a jump.
(Tarjan: Depth-first search and linear graph algorithms, 1972.)
"""

from mdvm.analysis.blocks import jump_target
from mdvm.opcodes import op

# A longer loop is left to the interpreter: its trace would not stay within the JIT's limit, and
# every try takes long.
LONGEST_TRACED_LOOP = 7000

_LONGEST_CHAIN = 16  # jumps to jumps that are followed; a chain may also be a circle


def final_target(module, index):
    """index: int, of a jump -> int, the index where control really goes: jumps to unconditional
    jumps are followed.
    """
    target = jump_target(module, index)
    for _ in range(_LONGEST_CHAIN):
        if target >= module.instruction_count() or module.opcode(target) != op.JUMP:
            break
        target = jump_target(module, target)
    return target


def find_components(blocks):
    """blocks: Blocks -> list of int by block, the number of its strongly connected component."""
    return _Components(blocks).numbers


class _Components(object):
    """Tarjan's algorithm with a stack of its own, since a chain of blocks may be as long as the
    program.
    """

    def __init__(self, blocks):
        self.successors = blocks.successors
        count = blocks.count()
        self.order = [-1] * count  # when a block was first seen
        self.lowest = [0] * count  # the earliest block seen that is reachable and still open
        self.is_open = [False] * count
        self.numbers = [-1] * count
        self.open_blocks = []
        self.seen = 0
        self.found = 0
        for block in range(count):
            if self.order[block] < 0:
                self._search(block)

    def _search(self, root):
        path = [root]
        positions = [0]  # for each block of the path, which successor comes next
        self._see(root)
        while path:
            block = path[-1]
            position = positions[-1]
            if position < len(self.successors[block]):
                positions[-1] = position + 1
                successor = self.successors[block][position]
                if self.order[successor] < 0:
                    self._see(successor)
                    path.append(successor)
                    positions.append(0)
                elif self.is_open[successor]:
                    self.lowest[block] = min(self.lowest[block], self.order[successor])
            else:
                path.pop()
                positions.pop()
                if path:
                    self.lowest[path[-1]] = min(self.lowest[path[-1]], self.lowest[block])
                if self.lowest[block] == self.order[block]:
                    self._close(block)

    def _see(self, block):
        self.order[block] = self.lowest[block] = self.seen
        self.seen += 1
        self.open_blocks.append(block)
        self.is_open[block] = True

    def _close(self, root):
        while True:
            block = self.open_blocks.pop()
            self.is_open[block] = False
            self.numbers[block] = self.found
            if block == root:
                break
        self.found += 1
