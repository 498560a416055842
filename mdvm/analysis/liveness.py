"""What is found out about the registers and calls of a fragment before it runs: who calls whom,
liveness, last uses, frame sizes.

A register is live where some path may still read the value that it holds. A callee begins with its
caller's registers, so a CALL reads whatever the function it calls may read without having been
given it as an argument. CALL and PHI may leave their dst as it was: they end its life only if they
surely write it.

The analysis is the backward data-flow problem of the textbooks, solved with a work list over basic
blocks. A set can grow at most 256 times, so the time is bounded by the size of the fragment, with a
large factor; a budget makes that a small one.

What functions outside the fragment do is known by a summary of each.
"""

from mdvm import opcodes
from mdvm.analysis.blocks import Blocks, blocks_that_reach
from mdvm.analysis.effort import Effort
from mdvm.objects import W_Int
from mdvm.opcodes import op, operand_constant
from mdvm.analysis.register_sets import RegisterSets
from mdvm.values.strings import W_Str
from mdvm.analysis.summaries import Summary

ANY_FUNCTION = -1  # a CALL may reach every function of the module
NO_FUNCTION = -2  # a CALL is known to fail

_STORES = [op.ARRAY_SET, op.DICT_SET, op.DICT_REMOVE, op.DICT_CLEAR]


class InstructionRegisters(object):
    """The registers of one instruction.

    reads: list of int, a constant where it is negative; writes: list of int; may_write: register or
    -1, perhaps left unchanged; tagged: register or -1, one whose value stays while its type tag
    changes.
    """

    def __init__(self, code, at):
        """code: list of int, decoded instructions; at: int, where in it one begins."""
        self.reads = []
        self.writes = []
        self.may_write = -1
        self.tagged = -1
        opcode = opcodes.OPCODES[code[at]]
        at += 1
        for operand in opcode.operands:
            kind = operand.kind
            if kind == opcodes.READ:
                self.reads.append(code[at])
            elif kind == opcodes.WRITE:
                self.writes.append(code[at])
            elif kind == opcodes.UPDATE:
                self.reads.append(code[at])
                self.writes.append(code[at])
            elif kind == opcodes.ARGUMENTS:
                for argument in range(code[at]):
                    self.reads.append(code[at + 1 + argument])
            elif kind == opcodes.SOURCES:
                for source in range(code[at]):
                    self.reads.append(code[at + 1 + 2 * source])
            elif kind == opcodes.RESULT and code[at]:
                self.reads.append(code[at + 1])
            at += 1
        if opcode.number == op.DEFINE:
            self.tagged = self.writes.pop()
            self.reads.pop()
        elif opcode.number == op.CALL or opcode.number == op.PHI:
            self.may_write = self.writes.pop()

    def largest(self):
        """-> int, the largest register that the instruction names, -1 if it names none."""
        largest = max(self.may_write, self.tagged)
        for register in self.reads:
            largest = max(largest, register)
        for register in self.writes:
            largest = max(largest, register)
        return largest


_NO_REGISTERS = InstructionRegisters([op.NOP], 0)  # of all instructions that name none


class _Callers(object):
    """Which blocks must be looked at again when what is live at the beginning of a function grows.

    of_entry: list of (list of int) by block, the blocks with a CALL to a function that begins
    there; of_any: list of int, the blocks with a CALL that may reach any function; is_entry: list
    of bool by block, whether a function begins there.
    """

    def __init__(self, count):
        self.of_entry = [[0][:0] for _ in range(count)]
        self.of_any = [0][:0]
        self.is_entry = [False] * count


class BackwardProblem(object):
    """A property of registers that flows backward through the program: from what instructions do to
    them to what may still happen to them.

    at_entry: RegisterSets by block, the registers that have the property before it. at_any_entry:
    one set, those that have it at the beginning of any function. here: one set, the state of a walk
    backward through a block.
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
        if self.module.code[self.module.starts[index]] == op.CALL:
            if self.analysis.surely_writes_result(index):
                self.here.remove(0, registers.may_write)
            given = self.module.code[self.module.starts[index] + 3]
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


class Liveness(BackwardProblem):
    """Which registers may still be read."""

    def of_summary(self, summary):
        return summary.read

    def step_backward(self, index):
        self.step_over_writes(index)
        self.add_reads(index)

    def add_reads(self, index):
        reads = self.analysis.registers[index].reads
        # Where the callee of a CALL is known, nobody looks at the register that names it.
        for position in range(1 if self.analysis.callees[index] >= 0 else 0, len(reads)):
            if reads[position] >= 0:
                self.here.add(0, reads[position])


class Consumption(BackwardProblem):
    """Which registers' values may still be kept by a second holder or stored into, and not only
    looked at.

    A function that does not consume an argument borrows it: the caller's container need not become
    shared.
    """

    def of_summary(self, summary):
        return summary.consumed

    def step_backward(self, index):
        module = self.module
        at = module.starts[index]
        opcode = module.code[at]
        if opcode == op.MOVE:
            consumed = self.here.contains(0, module.code[at + 1])
            self.here.remove(0, module.code[at + 1])
            if consumed:
                self.add(module.code[at + 2])
            return
        self.step_over_writes(index)
        if opcode == op.CALL:
            for argument in range(module.code[at + 3]):
                if self.is_argument_consumed(index, argument):
                    self.add(module.code[at + 4 + argument])
        elif opcode == op.STORE_GLOBAL or opcode == op.RETURN or opcode == op.PHI:
            for register in self.analysis.registers[index].reads:
                self.add(register)
        elif (
            opcode == op.ARRAY_SET
            or opcode == op.DICT_SET
            or opcode == op.DICT_REMOVE
            or opcode == op.DICT_CLEAR
        ):
            # The container is stored into; of the others only the value is kept, but an index and a
            # key are no containers.
            for register in self.analysis.registers[index].reads:
                self.add(register)

    def add(self, operand):
        if operand >= 0:
            self.here.add(0, operand)

    def is_argument_consumed(self, index, argument):
        """index: int, of a CALL; argument: int -> bool, whether its callee may keep that argument
        or store into it.
        """
        callee = self.analysis.callees[index]
        if callee == ANY_FUNCTION:
            return self.at_any_entry.contains(0, argument)
        if callee < 0:
            return False
        entry = self.analysis.entry_block(callee)
        if entry < 0:
            return self.analysis.others.of_function(callee).consumed.contains(0, argument)
        return self.at_entry.contains(entry, argument)


class Calls(object):
    """Who calls whom in a fragment, which is all that is needed to find out what must be analysed
    with it.

    module: Fragment. blocks: Blocks. registers: list of InstructionRegisters. callees: as Analysis
    has it.
    """

    def __init__(self, module, function_numbers):
        """function_numbers: dict from a name to the number in module.functions of the function that
        a call by it reaches.
        """
        self.module = module
        self.blocks = Blocks(module)
        self.registers = [self._registers_of(start) for start in module.starts]
        self.function_numbers = function_numbers
        self.callees = self._find_callees()

    def _registers_of(self, start):
        code = self.module.code
        if opcodes.OPCODES[code[start]].operands:
            return InstructionRegisters(code, start)
        return _NO_REGISTERS

    def _find_callees(self):
        """Follows string constants through each block to the CALLs that use them."""
        module = self.module
        callees = [NO_FUNCTION] * module.instruction_count()
        for block in range(self.blocks.count()):
            constants = {}  # register -> index of the constant it holds
            for index in range(self.blocks.firsts[block], self.blocks.firsts[block + 1]):
                at = module.starts[index]
                opcode = module.code[at]
                if opcode == op.CALL:
                    callees[index] = self._callee(_constant_in(constants, module.code[at + 1]))
                source = -1
                if opcode == op.MOVE:
                    source = _constant_in(constants, module.code[at + 2])
                elif opcode == op.LOAD_CONST:
                    source = module.code[at + 2]
                registers = self.registers[index]
                for register in registers.writes:
                    constants[register] = source
                if registers.may_write >= 0:
                    constants[registers.may_write] = -1
        return callees

    def _callee(self, constant):
        if constant < 0 or constant >= len(self.module.constants):
            return ANY_FUNCTION
        w_name = self.module.constants[constant]
        if isinstance(w_name, W_Str):
            return self.function_numbers.get(w_name.text(), NO_FUNCTION)
        if isinstance(w_name, W_Int):
            return ANY_FUNCTION
        return NO_FUNCTION


class Analysis(object):
    """What is known about the registers and calls of a fragment.

    module: Fragment. blocks: Blocks. callees: list of int by instruction, for a CALL the number in
    module.functions of the one that it reaches, ANY_FUNCTION or NO_FUNCTION. others: Summaries, of
    functions that are not in the fragment; function_numbers: as these have it.
    live: Liveness.  consumed: Consumption. stores: bool, whether the fragment or what it calls may
    store into a container.
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
        self.returns_nothing = blocks_that_reach(self.blocks, self._mark_empty_returns())
        self.any_returns_nothing = self._any_function_returns_nothing()
        self.stores = self._find_whether_it_stores()
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
            at = self.module.starts[self.blocks.firsts[block + 1] - 1]
            if self.module.code[at] == op.RETURN and self.module.code[at + 1] == 0:
                marked[block] = True
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
            opcode = self.module.code[self.module.starts[index]]
            if opcode in _STORES:
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

    dying: list of (list of bool) by instruction: for each of its reads, whether the value dies with
    it, that is whether its register cannot be read again before it is written. A register that one
    instruction reads twice does not die there, for then two places hold the value at once.
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


def _constant_in(constants, operand):
    """constants: dict from register to the index of the constant in it -> that of the operand, -1
    if it is not known.
    """
    return operand_constant(operand) if operand < 0 else constants.get(operand, -1)


def _add_pending(work, pending, blocks):
    for block in blocks:
        if not pending[block]:
            pending[block] = True
            work.append(block)


def _count(registers, wanted):
    count = 0
    for register in registers:
        if register == wanted:
            count += 1
    return count
