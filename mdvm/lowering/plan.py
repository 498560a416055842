"""What the emitter wants to know of the instructions of a fragment, found out before it begins."""

from mdvm.analysis.blocks import jump_target
from mdvm.analysis.borrowing import find_borrowing_loads
from mdvm.analysis.loop_headers import LONGEST_TRACED_LOOP, final_target, find_components
from mdvm.analysis.ownership import NO_OWNED_LOADS, find_owned_loads
from mdvm.opcodes import does_nothing, field, op
from mdvm.settings.optimisations import optimisations

NONE = -1  # in the place of an instruction


class Plan(object):
    """Facts by instruction, all of them immutable.  (Hence the slices: RPython has another type for
    lists that have grown.)

    analysis: Analysis, of the code that is lowered.
    fragment: Fragment, that code.
    uses: Uses.
    optimising: bool, whether registers need not be as the file has them: in debug mode they are
    looked at.
    has_phis: bool, whether there are PHIs.
    is_owned: list of bool, whether the instruction is an owned load.
    compared: dict from the number of a load to a list of int, registers with which what it loads is
    compared, as OwnedLoads has it.
    is_borrowed: list of bool, whether it is a borrowing load.
    is_unneeded: list of bool, whether it only writes a register that is dead.
    emits_nothing: list of bool, whether no op stands for it.
    needed_before: list of int, how many of the instructions before it emit something.
    next_needed: list of int, the first from it on that emits something.
    fused_comparison: list of int, for a conditional jump the comparison that emits it, or NONE.
    fused_branch: list of int, for a comparison the conditional jump that it emits, or NONE.
    runs: list of int, as Body has it.
    """

    _immutable_fields_ = [
        "analysis",
        "fragment",
        "uses",
        "optimising",
        "has_phis",
        "is_owned[*]",
        "compared",
        "is_borrowed[*]",
        "is_unneeded[*]",
        "emits_nothing[*]",
        "needed_before[*]",
        "next_needed[*]",
        "fused_comparison[*]",
        "fused_branch[*]",
        "runs[*]",
    ]

    def __init__(self, analysis, options, has_tags):
        """analysis: Analysis; options: LoweringOptions; has_tags: bool, whether the module has
        DEFINEs.
        """
        self.analysis = analysis
        self.fragment = analysis.module
        self.uses = analysis.find_uses()
        self.optimising = not options.debug
        self.follows_jumps = self.optimising and not options.counting
        count = self.fragment.instruction_count()
        self.has_phis = _has_phis(self.fragment)
        self.is_owned = [False] * count
        self.compared = NO_OWNED_LOADS.compared
        if self.optimising and optimisations.takes:
            owned_loads = find_owned_loads(analysis, self.uses)
            self.is_owned = owned_loads.is_owned[:]
            self.compared = owned_loads.compared
        self.is_borrowed = [False] * count
        if self.optimising and optimisations.borrows:
            self.is_borrowed = find_borrowing_loads(analysis, self.is_owned)[:]
        drops = self.optimising and optimisations.copies and not has_tags
        self.is_unneeded = [drops and self._writes_dead_register(index) for index in range(count)][
            :
        ]
        self.emits_nothing = [
            self.is_unneeded[index] or does_nothing(self.fragment.opcode(index))
            for index in range(count)
        ][:]
        self.needed_before = self._count_needed_before()
        self.next_needed = self._find_next_needed()
        fuses = self.optimising and optimisations.fused_branches and not has_tags
        self.fused_comparison = [
            self._find_comparison(index) if fuses else NONE for index in range(count)
        ][:]
        self.fused_branch = _invert(self.fused_comparison)
        self.runs = _find_runs(analysis) if options.counting else [0][:0]
        self._writes = _find_writes(analysis)
        self._components = find_components(analysis.blocks)

    # ________________________________________________________ one instruction

    def _writes_dead_register(self, index):
        """-> bool, whether the instruction does nothing but to write a register that is dead."""
        fragment = self.fragment
        opcode = fragment.opcode(index)
        if opcode == op.MOVE:
            target = fragment.field(index, field.MOVE_DST)
            return not self.uses.is_result_read[index] or target == fragment.field(
                index, field.MOVE_SRC
            )
        return (
            opcode == op.LOAD_CONST
            and not self.uses.is_result_read[index]
            and fragment.field(index, field.LOAD_CONST_CONST_IDX) < len(fragment.constants)
        )

    def _count_needed_before(self):
        counts = [0]
        for nothing in self.emits_nothing:
            counts.append(counts[-1] + (0 if nothing else 1))
        return counts[:]

    def _find_next_needed(self):
        count = self.fragment.instruction_count()
        following = [count] * (count + 1)
        for index in range(count - 1, -1, -1):
            following[index] = following[index + 1] if self.emits_nothing[index] else index
        return following

    def begins_block(self, index):
        """-> bool, whether the instruction is the first of its block."""
        blocks = self.analysis.blocks
        return index == blocks.firsts[blocks.block_of[index]]

    # ________________________________________________________ jumps

    def _find_comparison(self, index):
        """-> int, the comparison that takes over the conditional jump at index, NONE if none does.

        It does if nothing else reads its result and nothing is done between the two.
        """
        fragment = self.fragment
        opcode = fragment.opcode(index)
        if opcode != op.JUMP_IF and opcode != op.JUMP_IF_NOT:
            return NONE
        comparison = index
        while not self.begins_block(comparison):
            comparison -= 1
            if not self.emits_nothing[comparison]:
                break
        if not _is_comparison(fragment.opcode(comparison)) or not self.uses.dying[index][0]:
            return NONE
        # every comparison has its dst first, and every conditional jump its condition
        if fragment.field(index, field.JUMP_IF_COND) != fragment.field(comparison, field.EQ_DST):
            return NONE
        return comparison

    def target(self, index):
        """index: int, of a jump -> int, where it leads, past jumps that cannot be observed."""
        if self.has_phis or not self.follows_jumps or not optimisations.copies:
            return jump_target(self.fragment, index)
        return final_target(self.fragment, index)

    def falls_through(self, index, target):
        """-> bool, whether a jump at index to target is where control goes anyway."""
        return self.follows_jumps and self.next_needed[target] == self.next_needed[index + 1]

    def closes_loop(self, index, target):
        """-> bool, whether the JIT is to take a jump at index to target for a loop."""
        if target > index:
            return False
        if self.needed_before[index] - self.needed_before[target] > LONGEST_TRACED_LOOP:
            return False
        block_of = self.analysis.blocks.block_of
        return self._components[block_of[index]] == self._components[block_of[target]]

    # ________________________________________________________ registers

    def dead_at(self, index, target):
        """-> list of int, the registers written from target to index that are not live at
        target.
        """
        dead = []
        if not self.optimising or not optimisations.dead_registers:
            return dead
        size = self.analysis.frame_size(index)
        self.analysis.effort.spend(size // 2)
        for register in range(size):
            if self._writes.any_between(
                register, target, index
            ) and not self.analysis.is_live_before(target, register):
                dead.append(register)
        return dead

    def live_at(self, header):
        """header: int, the first instruction of a loop -> list of int, the registers that are live
        there.
        """
        size = self.analysis.frame_size(header)
        self.analysis.effort.spend(size // 4)
        return [
            register for register in range(size) if self.analysis.is_live_before(header, register)
        ]


def _has_phis(fragment):
    for index in range(fragment.instruction_count()):
        if fragment.opcode(index) == op.PHI:
            return True
    return False


def _is_comparison(opcode):
    return (
        opcode == op.EQ
        or opcode == op.NEQ
        or opcode == op.LT
        or opcode == op.GT
        or opcode == op.LTE
        or opcode == op.GTE
    )


def _invert(comparisons):
    """comparisons: list of int by branch -> list of int, branches by comparison."""
    branches = [NONE] * len(comparisons)
    for branch in range(len(comparisons)):
        if comparisons[branch] != NONE:
            branches[comparisons[branch]] = branch
    return branches


class _Writes(object):
    """Where each register is written.  indexes: list of (list of int, ascending) by register."""

    def __init__(self, register_limit):
        self.indexes = [[0][:0] for _ in range(register_limit)]

    def any_between(self, register, first, last):
        """-> bool, whether the register is written by an instruction from first to last.  Binary
        search.
        """
        if register >= len(self.indexes):
            return False
        indexes = self.indexes[register]
        low = 0
        high = len(indexes)
        while low < high:
            middle = (low + high) // 2
            if indexes[middle] < first:
                low = middle + 1
            else:
                high = middle
        return low < len(indexes) and indexes[low] <= last


def _find_writes(analysis):
    writes = _Writes(analysis.register_limit)
    for index in range(len(analysis.registers)):
        registers = analysis.registers[index]
        for register in registers.writes:
            writes.indexes[register].append(index)
        if registers.may_write >= 0:
            writes.indexes[registers.may_write].append(index)
    return writes


def _find_runs(analysis):
    """-> list of int by instruction: where counting begins anew, how many instructions run from
    there on in one go, else 0.

    A run ends with its block or with a CALL, from which the program may never come back.
    """
    fragment = analysis.module
    runs = [0] * fragment.instruction_count()
    for block in range(analysis.blocks.count()):
        first = analysis.blocks.firsts[block]
        for index in range(first, analysis.blocks.firsts[block + 1]):
            runs[first] += 1
            if fragment.opcode(index) == op.CALL:
                first = index + 1
    return runs
