"""Lowering with analysis: less is executed than the file says, and references move at their last
use.
"""

from mdvm.lowering.code import Body
from mdvm.lowering.copy_propagation import propagate_copies
from mdvm.lowering.emitter import Emitter
from mdvm.lowering.plan import NONE, Plan
from mdvm.lowering.register_coalescing import coalesce_registers
from mdvm.analysis.register_sets import RegisterSets
from mdvm.opcodes import LAST_USE, field, op
from mdvm.settings.optimisations import optimisations
from mdvm.trace_liveness import TraceLiveness


def lower_analysed(analysis, code):
    """analysis: Analysis, of some of the module's instructions as they are in the file; code: Code,
    of the module -> Body.  Raises TooMuchEffort.
    """
    # a tag belongs to a register and not to its value
    if not code.options.debug and not code.has_tags:
        analysis = _optimise(analysis)
    return _AnalysedEmitter(Plan(analysis, code.options, code.has_tags), code).emit()


def _optimise(analysis):
    """-> Analysis, of a fragment that does the same with fewer instructions and registers."""
    if optimisations.copies:
        analysis = analysis.again(propagate_copies(analysis))
    if optimisations.small_frames:
        fragment = coalesce_registers(analysis)
        if fragment is not analysis.module:
            analysis = analysis.again(fragment)
    return analysis


class _AnalysedBody(Body):
    """The Body of a component that has been analysed.

    positions: dict from the number of an instruction with which a function begins to a position in
    the two below.
    sizes: list of int, of frames.
    reads: RegisterSets, the registers that are inherited.
    """

    _immutable_fields_ = ["positions", "sizes", "reads"]

    def __init__(self, emitter, trace_liveness, analysis):
        Body.__init__(self, emitter, trace_liveness)
        entries = analysis.module.entries
        self.positions = {}
        self.sizes = [0] * len(entries)
        self.reads = RegisterSets(len(entries), analysis.register_limit)
        for position in range(len(entries)):
            self.positions[entries[position]] = position
            self.sizes[position] = analysis.frame_size(entries[position])
            self.reads.assign(
                position, analysis.live.at_entry, analysis.blocks.block_of[entries[position]]
            )

    def frame_size(self, number_of_entry):
        position = self.positions.get(number_of_entry, -1)
        return self.sizes[position] if position >= 0 else 0

    def inherited_registers(self, number_of_entry):
        position = self.positions.get(number_of_entry, -1)
        return self.reads.members(position)[:] if position >= 0 else [0][:0]


class _AnalysedEmitter(Emitter):
    """Emits a fragment as a plan has it.

    fixups: list of int, indexes into ops where the number of an instruction stands, whose pc is to
    stand there.
    dying: dict from a pc to a list of int, the registers that are dead after the instruction there.
    dead_before: list of int, those that died with instructions that emit nothing.
    headers: dict whose keys are the numbers of the instructions with which loops begin.
    """

    def __init__(self, plan, code):
        Emitter.__init__(self, plan.fragment.ranges, code)
        self.plan = plan
        self.fragment = plan.fragment
        self.analysis = plan.analysis
        self.has_phis = plan.has_phis
        self.runs = plan.runs
        self.fixups = []
        self.dying = {}
        self.dead_before = [0][:0]
        self.headers = {}

    def emit(self):
        """-> Body."""
        for number in range(self.fragment.instruction_count()):
            self.number = number
            self.fields = self.fragment.fields(number)
            self.origins[number] = len(self.ops)
            self.emit_instruction()
            self.analysis.effort.spend(2)
        self.origins[self.fragment.instruction_count()] = len(self.ops)
        self.ops.append(op.END)
        for at in self.fixups:
            self.ops[at] = self.origins[self.ops[at]]
        return _AnalysedBody(self, self._trace_liveness(), self.analysis)

    # ________________________________________________________ what the emitter asks

    def put(self, item):
        self.ops.append(item)

    def put_target(self, number):
        self.fixups.append(len(self.ops))
        self.ops.append(number)

    def target(self, number):
        return self.plan.target(number)

    def registers(self):
        return self.analysis.registers[self.number]

    def emits_nothing(self):
        return self.plan.emits_nothing[self.number]

    def owns_what_it_loads(self):
        return self.plan.is_owned[self.number]

    def borrows_what_it_loads(self):
        return self.plan.is_borrowed[self.number]

    def compared_registers(self):
        return self.plan.compared.get(self.number, [0][:0])

    def moved(self, which, operand):
        if operand < 0:
            return operand  # a constant
        if optimisations.last_uses and self.plan.uses.dying[self.number][which]:
            return operand | LAST_USE
        return operand

    def falls_through(self, number, target):
        return self.plan.falls_through(number, target)

    def closes_loop(self, number, target):
        return self.plan.closes_loop(number, target)

    def dead_at(self, number, target):
        return self.plan.dead_at(number, target)

    # ________________________________________________________ what is known better

    def emit_operation(self, opcode):
        pc = len(self.ops)
        branch = self.plan.fused_branch[self.number]
        if branch != NONE:
            self._emit_fused_branch(opcode, branch)
        elif not self.plan.is_unneeded[self.number] and (
            self.plan.fused_comparison[self.number] == NONE
        ):
            Emitter.emit_operation(self, opcode)
        self._note_deaths(pc, branch)

    def emit_loop(self, number, target):
        self.headers[target] = True
        Emitter.emit_loop(self, number, target)

    def CALL(self):
        callee = self.analysis.callees[self.number]
        if callee >= 0:
            self.put_all([op.CALL_FUNCTION, callee])
        elif not self.put_call_outside(self.analysis.names[self.number]):
            self.put_all([op.CALL, self.fields[field.CALL_FUNC]])
        self.put(self.fields[field.CALL_DST])
        count = self.fields[field.CALL_ARGS]
        self.put(count)
        for argument in range(count):
            self.put(self._argument(argument, self.fields[field.CALL_ARGS + 1 + argument]))

    def _argument(self, argument, operand):
        operand = self.moved(1 + argument, operand)
        if (
            operand >= 0
            and optimisations.last_uses
            and not self.analysis.consumed.is_argument_consumed(self.number, argument)
        ):
            # borrowed: after the call, the caller's reference is the only one again
            operand |= LAST_USE
        return operand

    def _emit_fused_branch(self, comparison, branch):
        """The comparison at hand, an opcode, and the conditional jump at branch, as one."""
        left = self.fields[field.EQ_LEFT]
        right = self.fields[field.EQ_RIGHT]
        if comparison == op.GT or comparison == op.GTE:
            left, right = right, left
        if comparison == op.LT or comparison == op.GT:
            taken = op.JUMP_IF_LT
            skipped = op.JUMP_UNLESS_LT
        elif comparison == op.LTE or comparison == op.GTE:
            taken = op.JUMP_IF_LTE
            skipped = op.JUMP_UNLESS_LTE
        else:
            taken = op.JUMP_IF_EQ
            skipped = op.JUMP_UNLESS_EQ
        if (comparison == op.NEQ) != (self.fragment.opcode(branch) == op.JUMP_IF_NOT):
            taken, skipped = skipped, taken
        self.emit_conditional_jump(branch, taken, skipped, [left, right])

    # ________________________________________________________ liveness

    def _note_deaths(self, pc, branch):
        """Notes which registers die with the instruction at hand, whose op stands at pc if it has
        one, and with the branch that it has taken over.

        What dies with an instruction that emits nothing dies with the next one of its block that
        does, unless that one writes it.
        """
        plan = self.plan
        if not plan.optimising or not optimisations.dead_registers:
            return
        registers = self.registers()
        if plan.begins_block(self.number):
            self.dead_before = [0][:0]
        dead = [
            register
            for register in self.dead_before
            if register not in registers.writes and register != registers.may_write
        ]
        dead.extend(plan.uses.dead_after[self.number])
        if branch != NONE:
            # they die at the same point, whichever way it goes on
            dead.extend(plan.uses.dead_after[branch])
        if pc < len(self.ops):
            if dead:
                self.dying[pc] = dead
            dead = [0][:0]
        self.dead_before = dead

    def _trace_liveness(self):
        live = {}
        if self.plan.optimising and optimisations.unboxed_loops:
            for header in self.headers:
                live[self.origins[header]] = self.plan.live_at(header)
        return TraceLiveness(len(self.ops), self.dying, live, optimisations.dead_registers)
