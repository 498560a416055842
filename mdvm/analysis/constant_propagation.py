"""Which registers hold which constant, wherever control comes from: the forward data-flow problem
of constant propagation.

A person loads the constants of a loop before it, a compiler in every iteration; either way the
instructions of the loop should see that the divisor is 2 and the called function is `fib`.
"""

from mdvm.opcodes import field, op

VARIES = -1
UNREACHED = -2

# Beyond this many registers times blocks the analysis is left out: a program of such a shape is not
# worth the memory.
LARGEST_PROBLEM = 1 << 22


class Constants(object):
    """values: list of int, for each block and register the index of the constant that the register
    holds before the block, VARIES, or UNREACHED.
    """

    def __init__(self, analysis):
        self.analysis = analysis
        self.module = analysis.module
        self.width = analysis.register_limit
        self.values = [0][:0]
        self.here = [VARIES] * self.width

    def solve(self):
        """-> bool, whether the problem is small enough to have been solved."""
        blocks = self.analysis.blocks
        if self.width * blocks.count() > LARGEST_PROBLEM:
            return False
        self.values = [UNREACHED] * (self.width * blocks.count())
        pending = [False] * blocks.count()
        work = [0][:0]
        for block in self._entry_blocks():
            if not pending[block]:
                pending[block] = True
                work.append(block)
        while work:
            block = work.pop()
            pending[block] = False
            self.analysis.effort.spend(
                blocks.firsts[block + 1] - blocks.firsts[block] + self.width // 4
            )
            self.begin(block)
            for index in range(blocks.firsts[block], blocks.firsts[block + 1]):
                self.step_forward(index)
            for successor in blocks.successors[block]:
                if self._meet(successor) and not pending[successor]:
                    pending[successor] = True
                    work.append(successor)
        return True

    def _entry_blocks(self):
        """-> list of int, the blocks where a function begins; there every register may hold
        anything.
        """
        entries = [self.analysis.blocks.block_of[entry] for entry in self.module.entries]
        for entry in entries:
            for at in range(entry * self.width, (entry + 1) * self.width):
                self.values[at] = VARIES
        return entries

    def begin(self, block):
        """`here` becomes what holds before the block.  In an unreachable block nothing is known."""
        for register in range(self.width):
            value = self.values[block * self.width + register]
            self.here[register] = VARIES if value == UNREACHED else value

    def step_forward(self, index):
        """`here`, true before the instruction, becomes what is true after it."""
        opcode = self.module.opcode(index)
        registers = self.analysis.registers[index]
        value = VARIES
        if opcode == op.LOAD_CONST:
            value = self.module.field(index, field.LOAD_CONST_CONST_IDX)
            if value >= len(self.module.constants):
                value = VARIES  # the instruction fails
        elif opcode == op.MOVE:
            value = self.here[self.module.field(index, field.MOVE_SRC)]
        for register in registers.writes:
            self.here[register] = value
        if registers.may_write >= 0:
            self.here[registers.may_write] = VARIES

    def _meet(self, block):
        """What holds before the block is what it was and `here` too.  -> bool, whether that
        changed it.
        """
        changed = False
        for register in range(self.width):
            at = block * self.width + register
            if self.values[at] != self.here[register] and self.values[at] != VARIES:
                self.values[at] = self.here[register] if self.values[at] == UNREACHED else VARIES
                changed = True
        return changed
