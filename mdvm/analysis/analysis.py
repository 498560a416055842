"""What is found out about the registers and calls of a fragment before it runs: call graph,
liveness, last uses, frame sizes.
"""

from mdvm.analysis.blocks import blocks_that_reach
from mdvm.analysis.calls import ANY_FUNCTION, NO_FUNCTION, Calls
from mdvm.analysis.effort import Effort
from mdvm.analysis.liveness import Consumption, Liveness
from mdvm.analysis.summaries import GlobalNames, Summary
from mdvm.opcodes import changes_container, field, op
from mdvm.values.strings import W_Str


class Analysis(object):
    """What is known about the registers and calls of a fragment.

    module: Fragment.
    blocks, registers, callees, names: as Calls has them.
    others: Summaries, of functions that are not in the fragment.
    function_numbers: as these have it.
    live: Liveness.
    consumed: Consumption.
    stores: bool, whether the fragment or what it calls may store into a container.
    loads: GlobalNames, the global variables that the fragment or what it calls may load.
    """

    def __init__(self, calls, others, effort=None):
        """calls: Calls, of the fragment; others: Summaries; effort: Effort, the budget, None for no
        limit.

        Raises TooMuchEffort.
        """
        self.module = calls.module
        self.others = others
        self.function_numbers = others.function_numbers
        self.effort = effort if effort is not None else Effort()
        self.blocks = calls.blocks
        self.registers = calls.registers
        self.callees = calls.callees
        self.names = calls.names
        self.returns_nothing = blocks_that_reach(self.blocks, self._mark_empty_returns())
        self.any_returns_nothing = self._any_function_returns_nothing()
        self.stores = self._find_whether_it_stores()
        self.loads = self._find_loads()
        self.register_limit = self._find_register_limit()
        self.live = Liveness(self)
        self.live.solve()
        self.consumed = Consumption(self)
        self.consumed.solve()
        self._limits = self._find_frame_limits()

    def again(self, fragment):
        """fragment: Fragment, this one's with other code -> Analysis of it within what is left of
        the budget.
        """
        return Analysis(Calls(fragment, self.others.function_numbers), self.others, self.effort)

    def summarise(self, number):
        """number: int, where a function begins -> Summary of it."""
        entry = self.blocks.block_of[number]
        return Summary(
            self.live.at_entry.members(entry),
            self.consumed.at_entry.members(entry),
            self.returns_nothing[entry],
            self.stores,
            self.loads,
        )

    def _find_register_limit(self):
        limit = 1
        for registers in self.registers:
            limit = max(limit, registers.largest() + 1)
        # What a callee reads of its caller's registers passes through a frame that may never touch
        # it.
        for callee in self.callees:
            if callee == ANY_FUNCTION:
                limit = max(limit, self.others.any.register_limit)
            elif callee >= 0 and self.entry_block(callee) < 0:
                limit = max(limit, self.others.of_function(callee).register_limit)
        return limit

    # ________________________________________________________ calls

    def _mark_empty_returns(self):
        marked = [False] * self.blocks.count()
        for block in range(self.blocks.count()):
            last = self.blocks.firsts[block + 1] - 1
            if self.module.opcode(last) == op.RETURN:
                marked[block] = self.module.field(last, field.RETURN_SRC) == 0
        return marked

    def _any_function_returns_nothing(self):
        for entry in self.module.entries:
            if self.returns_nothing[self.blocks.block_of[entry]]:
                return True
        return self.others.any.returns_nothing

    def _find_whether_it_stores(self):
        """-> bool, whether an instruction of the fragment, or a function outside that it calls, may
        store into a container.
        """
        for index in range(self.module.instruction_count()):
            if changes_container(self.module.opcode(index)):
                return True
            callee = self.callees[index]
            if callee == ANY_FUNCTION:
                if self.others.any.stores:
                    return True
            elif callee >= 0 and self.entry_block(callee) < 0:
                if self.others.of_function(callee).stores:
                    return True
        return False

    def may_store(self, index):
        """index: int, of a CALL -> bool, whether its callee may store into a container."""
        callee = self.callees[index]
        if callee == ANY_FUNCTION:
            return self.stores or self.others.any.stores
        if callee == NO_FUNCTION:
            return False
        if self.entry_block(callee) >= 0:
            return self.stores
        return self.others.of_function(callee).stores

    def _find_loads(self):
        loads = GlobalNames()
        for index in range(self.module.instruction_count()):
            if self.module.opcode(index) == op.LOAD_GLOBAL:
                name = self.global_name(self.module.field(index, field.LOAD_GLOBAL_NAME_IDX))
                if name is not None:
                    loads.add(name)
            callee = self.callees[index]
            if callee == ANY_FUNCTION:
                loads.unite(self.others.any.loads)
            elif callee >= 0 and self.entry_block(callee) < 0:
                loads.unite(self.others.of_function(callee).loads)
        return loads

    def global_name(self, constant):
        """constant: int, its index -> str, or None if it is none that names a global variable."""
        if constant >= len(self.module.constants):
            return None
        w_name = self.module.constants[constant]
        return w_name.text() if isinstance(w_name, W_Str) else None

    def may_load(self, index, name):
        """index: int, of a CALL -> bool, whether its callee may load the global variable."""
        callee = self.callees[index]
        if callee == NO_FUNCTION:
            return False
        if callee == ANY_FUNCTION:
            return self.loads.contains(name) or self.others.any.loads.contains(name)
        if self.entry_block(callee) >= 0:
            return self.loads.contains(name)
        return self.others.of_function(callee).loads.contains(name)

    def may_inherit(self, index, register):
        """index: int, of a CALL -> bool, whether its callee may read that register of its caller
        without being given it.
        """
        if register < self.module.field(index, field.CALL_ARGS):
            return False
        callee = self.callees[index]
        if callee == ANY_FUNCTION:
            return self.live.at_any_entry.contains(0, register)
        if callee == NO_FUNCTION:
            return False
        entry = self.entry_block(callee)
        if entry >= 0:
            return self.live.at_entry.contains(entry, register)
        return self.others.of_function(callee).read.contains(0, register)

    def surely_writes_result(self, index):
        """index: int, of a CALL -> bool, whether it writes its dst whenever it comes back."""
        callee = self.callees[index]
        if callee == ANY_FUNCTION:
            return not self.any_returns_nothing
        if callee == NO_FUNCTION:
            return True
        entry = self.entry_block(callee)
        return not (
            self.returns_nothing[entry]
            if entry >= 0
            else self.others.of_function(callee).returns_nothing
        )

    # ________________________________________________________ what becomes of a value

    def entry_block(self, function_number):
        """-> int, the block with which the function begins, -1 if it is not in the fragment."""
        return self.blocks.entry(self.module.number_of_function(function_number))

    def inherited_registers(self, number):
        """number: int, where a function begins -> list of int, the registers it may read before it
        writes them.
        """
        entry = self.blocks.entry(number)
        return self.live.at_entry.members(entry) if entry >= 0 else []

    def is_live_before(self, index, register):
        """index: int, the first instruction of a block -> bool; nothing is live outside the
        program.
        """
        entry = self.blocks.entry(index)
        return entry >= 0 and self.live.at_entry.contains(entry, register)

    def find_uses(self):
        """-> Uses."""
        uses = Uses(self.module.instruction_count())
        live = self.live
        for block in range(self.blocks.count()):
            live.begin_at_end(block)
            self.effort.spend(self.blocks.firsts[block + 1] - self.blocks.firsts[block])
            for index in range(
                self.blocks.firsts[block + 1] - 1, self.blocks.firsts[block] - 1, -1
            ):
                registers = self.registers[index]
                for register in registers.writes:
                    if live.here.contains(0, register):
                        uses.is_result_read[index] = True
                uses.dead_after[index] = _without(live.here, registers.reads + registers.writes)
                live.step_over_writes(index)
                uses.dying[index] = [
                    register >= 0
                    and not live.here.contains(0, register)
                    and _count(registers.reads, register) == 1
                    for register in registers.reads
                ]
                live.add_reads(index)
        return uses

    # ________________________________________________________ frames

    def _find_frame_limits(self):
        """-> list of int by block: the largest register that can be touched from there on in the
        same frame, -1 for none.

        From the largest register down, each spreads backward to the blocks that have no larger one:
        linear time.
        """
        blocks_by_register = [[0][:0] for _ in range(self.register_limit)]
        for block in range(self.blocks.count()):
            largest = self._largest_register(block)
            if largest >= 0:
                blocks_by_register[largest].append(block)
        limits = [-1] * self.blocks.count()
        for register in range(self.register_limit - 1, -1, -1):
            work = blocks_by_register[register]
            while work:
                block = work.pop()
                if limits[block] < 0:
                    limits[block] = register
                    for predecessor in self.blocks.predecessors[block]:
                        if limits[predecessor] < 0:
                            work.append(predecessor)
        return limits

    def _largest_register(self, block):
        largest = -1
        for index in range(self.blocks.firsts[block], self.blocks.firsts[block + 1]):
            largest = max(largest, self.registers[index].largest())
        # What a callee inherits passes through this frame: it is live somewhere before the call.
        for register in range(self.register_limit - 1, largest, -1):
            if self.live.at_entry.contains(block, register):
                return register
        return largest

    def frame_size(self, number):
        """number: int, where a function begins -> int, how many registers its frames need."""
        entry = self.blocks.entry(number)
        return self._limits[entry] + 1 if entry >= 0 else 0


class Uses(object):
    """What becomes of the values that instructions read and write.

    dying: list of (list of bool) by instruction: for each of its reads, whether it is the last use,
    that is whether its register cannot be read again before it is written. A register that one
    instruction reads twice has none there, for then there are two references at once.
    is_result_read: list of bool by instruction: whether something that it writes may be read.
    dead_after: list of (list of int) by instruction: the registers that it reads or writes and that
    cannot be read after it.
    """

    def __init__(self, count):
        self.dying = [[False][:0] for _ in range(count)]
        self.is_result_read = [False] * count
        self.dead_after = [[0][:0] for _ in range(count)]


def _without(live, registers):
    """live: a set of registers in its row 0; registers: list of int -> list of int, those that are
    not in it.
    """
    return [register for register in registers if register >= 0 and not live.contains(0, register)]


def _count(registers, wanted):
    count = 0
    for register in registers:
        if register == wanted:
            count += 1
    return count
