"""Backward data-flow problems over the registers of a fragment.

The problem of the textbooks, solved with a work list over basic blocks. A set can grow at most 256
times, so the time is bounded by the size of the fragment, with a large factor; a budget makes that
a small one.

A callee begins with its caller's registers, so a CALL does to the registers that it does not pass
as arguments whatever its callee may do to them. What functions outside the fragment do is known by
a summary of each.
"""

from mdvm.analysis.calls import ANY_FUNCTION
from mdvm.analysis.register_sets import RegisterSets
from mdvm.opcodes import field, op


class _Callers(object):
    """Which blocks must be looked at again when what is live at the beginning of a function grows.

    of_entry: list of (list of int) by block, the blocks with a CALL to a function that begins
    there.
    of_any: list of int, the blocks with a CALL that may reach any function.
    is_entry: list of bool by block, whether a function begins there.
    """

    def __init__(self, count):
        self.of_entry = [[0][:0] for _ in range(count)]
        self.of_any = [0][:0]
        self.is_entry = [False] * count


class BackwardProblem(object):
    """A property of registers that flows backward through the program: from what instructions do to
    them to what may still happen to them.

    at_entry: RegisterSets by block, the registers that have the property before it.
    at_any_entry: one set, those that have it at the beginning of any function.
    here: one set, the state of a walk backward through a block.
    """

    def __init__(self, analysis):
        self.analysis = analysis
        self.module = analysis.module
        self.blocks = analysis.blocks
        self.at_entry = RegisterSets(self.blocks.count(), analysis.register_limit)
        self.at_any_entry = RegisterSets(1, analysis.register_limit)
        self.at_any_entry.unite(0, self.of_summary(analysis.others.any), 0, 0)
        self.here = RegisterSets(1, analysis.register_limit)

    def step_backward(self, index):
        """The set `here`, true after the instruction, becomes what is true before it."""
        raise NotImplementedError

    def of_summary(self, summary):
        """summary: Summary, of a function -> RegisterSets, one set, the registers that have the
        property at its beginning.
        """
        raise NotImplementedError

    def solve(self):
        callers = self._find_callers()
        pending = [True] * self.blocks.count()
        work = [block for block in range(self.blocks.count())]
        while work:
            block = work.pop()
            pending[block] = False
            self.analysis.effort.spend(
                self.blocks.firsts[block + 1] - self.blocks.firsts[block] + 2
            )
            self.begin_at_end(block)
            for index in range(
                self.blocks.firsts[block + 1] - 1, self.blocks.firsts[block] - 1, -1
            ):
                self.step_backward(index)
            if self.at_entry.assign(block, self.here, 0):
                _add_pending(work, pending, self.blocks.predecessors[block])
                _add_pending(work, pending, callers.of_entry[block])
                if callers.is_entry[block] and self.at_any_entry.unite(0, self.at_entry, block, 0):
                    _add_pending(work, pending, callers.of_any)

    def _find_callers(self):
        callers = _Callers(self.blocks.count())
        for entry in self.module.entries:
            callers.is_entry[self.blocks.block_of[entry]] = True
        for index in range(self.module.instruction_count()):
            callee = self.analysis.callees[index]
            if callee == ANY_FUNCTION:
                callers.of_any.append(self.blocks.block_of[index])
            elif callee >= 0:
                entry = self.analysis.entry_block(callee)
                if entry >= 0:
                    callers.of_entry[entry].append(self.blocks.block_of[index])
        return callers

    def begin_at_end(self, block):
        """The set `here` becomes what is true after the block's last instruction."""
        self.here.clear(0)
        for successor in self.blocks.successors[block]:
            self.here.unite(0, self.at_entry, successor, 0)

    def step_over_writes(self, index):
        """The set `here` becomes what is true before the instruction, but for the operands that it
        reads.

        A CALL has its callee do whatever that may do to the registers that it is not given.
        """
        registers = self.analysis.registers[index]
        for register in registers.writes:
            self.here.remove(0, register)
        if self.module.opcode(index) == op.CALL:
            if self.analysis.surely_writes_result(index):
                self.here.remove(0, registers.may_write)
            given = self.module.field(index, field.CALL_ARGS)
            callee = self.analysis.callees[index]
            if callee == ANY_FUNCTION:
                self.here.unite(0, self.at_any_entry, 0, given)
            elif callee >= 0:
                entry = self.analysis.entry_block(callee)
                if entry >= 0:
                    self.here.unite(0, self.at_entry, entry, given)
                else:
                    self.here.unite(
                        0, self.of_summary(self.analysis.others.of_function(callee)), 0, given
                    )


def _add_pending(work, pending, blocks):
    for block in blocks:
        if not pending[block]:
            pending[block] = True
            work.append(block)
