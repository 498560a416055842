"""Module to Code: the instructions of a file become the ones that the interpreter executes, a
component at a time.

What can be decided once is decided here: jump targets and called functions are resolved, global
variables become cells, constants are checked, a register's last use is marked in its operand. What
code does not use costs it nothing: only where there are PHIs jumps are remembered, only a module
with DEFINEs keeps type tags.
"""

from mdvm.analysis.liveness import Analysis, Calls
from mdvm.analysis.blocks import jump_target
from mdvm.lowering.code import Body, Code, Function, FunctionMaker
from mdvm.system.compat import dont_look_inside
from mdvm.analysis.components import Components
from mdvm.lowering.copy_propagation import propagate_copies
from mdvm.analysis.effort import TooMuchEffort
from mdvm.trace_liveness import TraceLiveness
from mdvm.analysis.fragment import Ranges, component_ranges, decode
from mdvm.analysis.loop_headers import LONGEST_TRACED_LOOP, final_target, find_components
from mdvm.opcodes import LAST_USE, UNKNOWN_TYPE, does_nothing, op
from mdvm.lowering.plain import lower_plainly
from mdvm.analysis.register_sets import RegisterSets
from mdvm.lowering.register_coalescing import renumber_registers
from mdvm.values.strings import W_Str
from mdvm.analysis.summaries import Summaries, number_functions
from mdvm.analysis.survey import Survey, can_be_analysed, effort_for
from mdvm.settings.optimisations import switches
from mdvm.analysis.borrowing import find_borrows
from mdvm.analysis.ownership import find_takes


def lower(module, lowering):
    """module: Module; lowering: Lowering -> Code, of which nothing has been lowered yet."""
    return Lowerer(module).code_for(lowering)


class Lowerer(FunctionMaker):
    """Makes the functions of a module, for as many Codes as there are ways to lower it.

    function_numbers: as Code has it.  survey: Survey, None as long as nothing has been lowered.
    """

    def __init__(self, module):
        self.module = module
        self.function_numbers = number_functions(module)
        self.survey = None

    def code_for(self, lowering):
        """lowering: Lowering -> Code."""
        return Code(self.module, lowering, self.function_numbers, self)

    @dont_look_inside
    def make_function(self, code, name, entry_index):
        body = self._body(code, entry_index)
        number_in_body = body.ranges.number_of(entry_index)
        return Function(
            name,
            entry_index,
            body.origins[number_in_body],
            body.frame_size(number_in_body),
            body.inherited_registers(number_in_body),
            body,
            code,
        )

    def _body(self, code, index):
        """-> Body, with the instruction of that index, or with none if the module has none
        there.
        """
        if self.survey is None:
            self.survey = Survey(
                Components(self.module), Summaries(self.module, self.function_numbers)
            )
        survey = self.survey
        component = _OUTSIDE
        if index < self.module.instruction_count():
            component = survey.components.component_of(index)
        body = code.bodies.get(component, None)
        if body is None:
            body = code.bodies[component] = self._lower(code, component)
        return body

    def _lower(self, code, component):
        components = self.survey.components
        if component == _OUTSIDE:
            ranges = Ranges([0][:0], [0][:0], self.module.instruction_count())
        else:
            ranges = component_ranges(components, [component])
            self.survey.look_from(component)
        if can_be_analysed(components, ranges):
            calls = Calls(decode(components, ranges), self.survey.summaries.function_numbers)
            try:
                return lower_analysed(
                    Analysis(calls, self.survey.summaries, effort_for(ranges.count)), code
                )
            except TooMuchEffort:
                pass
        return lower_plainly(components, ranges, code)


def lower_analysed(analysis, code):
    """analysis: Analysis, of some of the module's instructions; code: Code, of the module -> Body.
    Raises TooMuchEffort.
    """
    return _Emitter(analysis, code).emit()


_OUTSIDE = -1  # in the place of a component: no instruction at all


class _AnalysedBody(Body):
    """The Body of a component that has been analysed.

    positions: dict from the number of an instruction with which a function begins to a position in
    these: sizes, list of int, of frames; reads: RegisterSets, the registers that are inherited.
    """

    _immutable_fields_ = ["positions", "sizes", "reads"]

    def __init__(self, ranges, ops, origins, cells, trace_liveness, runs, analysis):
        Body.__init__(self, ranges, ops, origins, cells, trace_liveness, runs)
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


class _Emitter(object):
    """Builds the ops of one fragment, instruction by instruction."""

    def __init__(self, analysis, code):
        """analysis: Analysis, of the fragment as it is in the file; code: Code.  Raises
        TooMuchEffort.
        """
        self.code = code
        self.lowering = lowering = code.lowering
        self.optimising = not lowering.debug  # in debug mode every register is looked at
        self.ranges = analysis.module.ranges
        # a tag belongs to a register and not to its value
        if self.optimising and not code.has_tags:
            if switches.copies:
                analysis = analysis.again(propagate_copies(analysis))
            if switches.small_frames:
                fragment = renumber_registers(analysis)
                if fragment is not analysis.module:
                    analysis = analysis.again(fragment)
        self.analysis = analysis
        self.module = analysis.module
        self.uses = analysis.find_uses()
        self.takes = [False] * self.module.instruction_count()
        if self.optimising and switches.takes:
            self.takes = find_takes(self.analysis, self.uses)
        self.borrows = [False] * self.module.instruction_count()
        if self.optimising and switches.borrows:
            self.borrows = find_borrows(self.analysis, self.takes)
        self.ops = []
        self.origins = []
        self.needed_before = [0]  # for each instruction, how many of those before it do something
        # for each instruction, the first one from it on that does something
        self.next_needed = [0]
        # places in ops that hold the number of an instruction instead of its origin
        self.fixups = []
        self.cells = []
        self.cell_numbers = {}
        self.has_phis = self._find_whether_there_are_phis()
        self.has_tags = code.has_tags
        self.runs = [0][:0]
        self.writes = _find_writes(self.analysis)
        self.dying = {}  # by place in ops, the registers that die there
        self.dead_before = [0][:0]  # those that have died with instructions that emit nothing
        self.heads = {}  # the numbers of the instructions where loops begin
        self.components = find_components(self.analysis.blocks)

    def emit(self):
        """-> Body."""
        if self.lowering.counting:
            self.runs = _find_runs(self.analysis)
        self._look_for_needed_instructions()
        for index in range(self.module.instruction_count()):
            self.origins.append(len(self.ops))
            self._emit_instruction(index)
            self.analysis.effort.spend(2)
        self.origins.append(len(self.ops))
        self.ops.append(op.END)
        for place in self.fixups:
            self.ops[place] = self.origins[self.ops[place]]
        return _AnalysedBody(
            self.ranges,
            self.ops[:],
            self.origins[:],
            self.cells[:],
            self._trace_liveness(),
            self.runs[:],
            self.analysis,
        )

    def _find_whether_there_are_phis(self):
        for start in self.module.starts:
            if self.module.code[start] == op.PHI:
                return True
        return False

    def _look_for_needed_instructions(self):
        count = self.module.instruction_count()
        self.next_needed = [count] * (count + 1)
        for index in range(count):
            self.needed_before.append(
                self.needed_before[index] + (0 if self._emits_nothing(index) else 1)
            )
        for index in range(count - 1, -1, -1):
            self.next_needed[index] = (
                self.next_needed[index + 1] if self._emits_nothing(index) else index
            )

    def _opcode(self, index):
        return self.module.code[self.module.starts[index]]

    def _operand(self, index, which):
        return self.module.code[self.module.starts[index] + 1 + which]

    # ________________________________________________________ one instruction

    def _emit_instruction(self, index):
        if self.lowering.counting and self.runs[index]:
            self._emit(op.COUNT, self.runs[index])
        if self.lowering.debug:
            self._emit_log(op.LOG, index, self.analysis.registers[index].reads)
        place = len(self.ops)
        self._emit_operation(index)
        self._note_deaths(place, index)
        if self.has_tags:
            for register in self.analysis.registers[index].writes:
                if self.code.module.instructions.defined[register] == "\1":
                    self._emit(op.UNTAG, register)
        if self.lowering.profiling and not self._emits_nothing(index):
            self.ops.append(op.SAMPLE)
        if self.lowering.debug and self._opcode(index) == op.LTE:
            self._emit_log(op.LOG_RESULT, index, self.analysis.registers[index].writes)

    def _emit_operation(self, index):
        opcode = self._opcode(index)
        if self._is_unneeded(index) or self._fused_comparison(index) >= 0:
            return
        if _is_comparison(opcode):
            branch = self.next_needed[index + 1]
            if self._fused_comparison(branch) == index:
                self._emit_fused_branch(index, branch)
                return
        if opcode == op.LOAD_CONST:
            self._emit_load_const(index)
        elif opcode == op.MOVE:
            self._emit_two(
                opcode, self._operand(index, 0), self._read(index, 0, self._operand(index, 1))
            )
        elif opcode == op.LOAD_GLOBAL:
            self._emit_global(index, self._operand(index, 0))
        elif opcode == op.STORE_GLOBAL:
            self._emit_global(index, self._read(index, 0, self._operand(index, 0)))
        elif opcode == op.DEFINE:
            self._emit_two(
                opcode, self._operand(index, 0), min(self._operand(index, 1), UNKNOWN_TYPE)
            )
        elif opcode == op.CHECK_TYPE:
            self._emit_check_type(index)
        elif opcode == op.JUMP:
            self._emit_jump(index)
        elif opcode == op.JUMP_IF:
            self._emit_conditional_jump(
                index, op.JUMP_IF, op.JUMP_IF_NOT, [self._operand(index, 0)]
            )
        elif opcode == op.JUMP_IF_NOT:
            self._emit_conditional_jump(
                index, op.JUMP_IF_NOT, op.JUMP_IF, [self._operand(index, 0)]
            )
        elif opcode == op.CALL:
            self._emit_call(index)
        elif opcode == op.RETURN:
            if self._operand(index, 0):
                self._emit(opcode, self._operand(index, 1))
            else:
                self.ops.append(op.RETURN_NOTHING)
        elif opcode == op.ASSERT:
            self._emit_assert(index)
        elif opcode == op.ARRAY_SET or opcode == op.DICT_SET:
            self._emit_two(opcode, self._operand(index, 0), self._operand(index, 1))
            self.ops.append(self._read(index, 2, self._operand(index, 2)))
        elif self.lowering.debug and (opcode == op.DEBUG_PRINT or opcode == op.BREAKPOINT):
            self._emit_log(op.LOG_RESULT, index, self.analysis.registers[index].reads)
        elif does_nothing(opcode):
            pass
        elif opcode == op.ARRAY_GET or opcode == op.DICT_GET:
            self._emit_two(
                self._opcode_of_get(index, opcode),
                self._operand(index, 0),
                self._operand(index, 1),
            )
            self.ops.append(self._operand(index, 2))
        else:
            self._emit_unchanged(index)

    def _emit(self, opcode, operand):
        self.ops.append(opcode)
        self.ops.append(operand)

    def _opcode_of_get(self, index, opcode):
        if self.takes[index]:
            return op.ARRAY_GET_OWNED if opcode == op.ARRAY_GET else op.DICT_GET_OWNED
        if self.borrows[index]:
            return op.ARRAY_GET_BORROWED if opcode == op.ARRAY_GET else op.DICT_GET_BORROWED
        return opcode

    def _emit_log(self, opcode, index, registers):
        self._emit_two(opcode, self.ranges.index_of(index), len(registers))
        for register in registers:
            self.ops.append(register)

    def _emit_two(self, opcode, first, second):
        self._emit(opcode, first)
        self.ops.append(second)

    def _emit_unchanged(self, index):
        end = (
            self.module.starts[index + 1]
            if index + 1 < len(self.module.starts)
            else len(self.module.code)
        )
        for at in range(self.module.starts[index], end):
            self.ops.append(self.module.code[at])

    def _read(self, index, which, register):
        """The operand for a register that is the instruction's read number `which`: marked if the
        value dies there.
        """
        if register < 0:
            return register  # a constant
        return (
            register | LAST_USE
            if switches.last_uses and self.uses.dying[index][which]
            else register
        )

    def _is_unneeded(self, index):
        """Whether the instruction does nothing that could be seen: it writes a register that
        nobody reads.
        """
        if not self.optimising or not switches.copies or self.has_tags:
            return False
        opcode = self._opcode(index)
        if opcode == op.MOVE:
            return not self.uses.is_result_read[index] or self._operand(index, 0) == self._operand(
                index, 1
            )
        return (
            opcode == op.LOAD_CONST
            and not self.uses.is_result_read[index]
            and self._operand(index, 1) < len(self.module.constants)
        )

    def _emit_load_const(self, index):
        constant = self._operand(index, 1)
        if constant < len(self.module.constants):
            self._emit_unchanged(index)
        else:
            self._emit(op.INVALID_CONSTANT, constant)

    def _emit_global(self, index, register_operand):
        constant = self._operand(index, 1)
        cell = self._cell_number(constant)
        if cell >= 0:
            opcode = self._opcode(index)
            if self.takes[index] and not self.lowering.keep_globals:
                opcode = op.LOAD_OWNED_GLOBAL
            elif self.borrows[index]:
                opcode = op.LOAD_BORROWED_GLOBAL
            self._emit_two(opcode, register_operand, cell)
        else:
            self._emit(op.INVALID_CONSTANT, constant)

    def _cell_number(self, constant):
        """-> int, the cell of the global variable that the constant names, -1 if it is no string
        constant.
        """
        if constant >= len(self.module.constants):
            return -1
        w_name = self.module.constants[constant]
        if not isinstance(w_name, W_Str):
            return -1
        name = w_name.text()
        if name not in self.cell_numbers:
            self.cell_numbers[name] = len(self.cells)
            self.cells.append(self.code.cell(name))
        return self.cell_numbers[name]

    def _emit_check_type(self, index):
        opcode = op.CHECK_TAG if self.has_tags else op.CHECK_TYPE
        self._emit_two(opcode, self._operand(index, 0), self._operand(index, 1))
        self.ops.append(min(self._operand(index, 2), UNKNOWN_TYPE))

    def _emit_assert(self, index):
        condition = self._operand(index, 1)
        message = self._operand(index, 2)
        if message >= len(self.module.constants) or not isinstance(
            self.module.constants[message], W_Str
        ):
            # Only a failing assertion needs its message, so the interpreter finds out.
            message = -1 - message
        if condition == 0:
            self._emit_two(op.ASSERT_TRUTHY, self._operand(index, 0), message)
        elif condition == 1:
            self._emit_two(op.ASSERT_NOT_EMPTY, self._operand(index, 0), message)
        else:
            self._emit_two(op.ASSERT_RANGE, self._operand(index, 0), message)
            self.ops.append(self._operand(index, 3))
            self.ops.append(self._operand(index, 4))

    # ________________________________________________________ jumps and calls

    def _emit_target(self, target):
        self.fixups.append(len(self.ops))
        self.ops.append(target)

    def _target(self, index):
        """-> int, the index where the jump at index leads, past jumps that nobody observes."""
        if self.has_phis or self.lowering.counting or not self.optimising or not switches.copies:
            return jump_target(self.module, index)
        return final_target(self.module, index)

    def _closes_loop(self, index, target):
        if (
            target > index
            or self.needed_before[index] - self.needed_before[target] > LONGEST_TRACED_LOOP
        ):
            return False
        block_of = self.analysis.blocks.block_of
        return self.components[block_of[index]] == self.components[block_of[target]]

    def _emit_jump(self, index):
        """The jump of the instruction, taken without a condition."""
        target = self._target(index)
        if self.has_phis:
            self._emit(op.MARK_JUMP, self.ranges.index_of(index) & 0xFFFF)
        elif (
            self.optimising
            and not self.lowering.counting
            and self.next_needed[target] == self.next_needed[index + 1]
        ):
            return  # it leads where the program goes anyway
        if self.lowering.interruptible and target <= index:
            self.ops.append(op.INTERRUPTION_POINT)
        if self.lowering.profiling and target <= index:
            self.ops.append(op.SAMPLE)
        if self._closes_loop(index, target):
            self.ops.append(op.LOOP)
            self._emit_target(target)
            self._emit_registers(self._find_dead_registers(target, index))
            self.heads[target] = True
        else:
            self.ops.append(op.JUMP)
            self._emit_target(target)

    def _emit_conditional_jump(self, index, opcode, opposite, operands):
        """opcode: int, jumps on the operands when the jump at index is to be taken; opposite: int,
        when it is not.
        """
        target = self._target(index)
        is_plain = not self.has_phis and not (self.lowering.interruptible and target <= index)
        if is_plain and not self._closes_loop(index, target):
            self._emit_branch(opcode, operands, target)
        else:
            # Skip over what must happen only when the jump is taken.
            self._emit_branch(opposite, operands, index + 1)
            self._emit_jump(index)

    def _emit_branch(self, opcode, operands, target):
        self.ops.append(opcode)
        for operand in operands:
            self.ops.append(operand)
        self._emit_target(target)

    def _emits_nothing(self, index):
        return does_nothing(self._opcode(index)) or self._is_unneeded(index)

    def _begins_block(self, index):
        blocks = self.analysis.blocks
        return index == blocks.firsts[blocks.block_of[index]]

    def _fused_comparison(self, index):
        """-> int, where the comparison stands that takes over the conditional jump at index, -1 if
        there is none.

        It does if nobody else reads its result and nothing is done between the two.
        """
        if (
            not self.optimising
            or not switches.fused_branches
            or self.has_tags
            or index >= self.module.instruction_count()
        ):
            return -1
        if self._opcode(index) != op.JUMP_IF and self._opcode(index) != op.JUMP_IF_NOT:
            return -1
        comparison = index
        while not self._begins_block(comparison):
            comparison -= 1
            if not self._emits_nothing(comparison):
                break
        if not _is_comparison(self._opcode(comparison)) or not self.uses.dying[index][0]:
            return -1
        return comparison if self._operand(index, 0) == self._operand(comparison, 0) else -1

    def _emit_fused_branch(self, index, branch):
        """The comparison at index and the conditional jump at branch, as one instruction."""
        comparison = self._opcode(index)
        left = self._operand(index, 1)
        right = self._operand(index, 2)
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
        if (comparison == op.NEQ) != (self._opcode(branch) == op.JUMP_IF_NOT):
            taken, skipped = skipped, taken
        self._emit_conditional_jump(branch, taken, skipped, [left, right])

    def _emit_registers(self, registers):
        self.ops.append(len(registers))
        for register in registers:
            self.ops.append(register)

    def _find_dead_registers(self, target, index):
        """-> list of int, the registers written from target to index whose values nobody reads any
        more at target.
        """
        dead = []
        if not self.optimising or not switches.dead_registers:
            return dead
        self.analysis.effort.spend(self.analysis.frame_size(index) // 2)
        for register in range(self.analysis.frame_size(index)):
            if self.writes.any_between(
                register, target, index
            ) and not self.analysis.is_live_before(target, register):
                dead.append(register)
        return dead

    def _note_deaths(self, place, index):
        """Notes which registers die with the instruction at index, whose op stands at place if it
        has one.

        What dies with an instruction that emits nothing dies with the next one of its block that
        does, unless that one writes it.
        """
        if not self.optimising or not switches.dead_registers:
            return
        registers = self.analysis.registers[index]
        if self._begins_block(index):
            self.dead_before = [0][:0]
        dead = [
            register
            for register in self.dead_before
            if register not in registers.writes and register != registers.may_write
        ]
        dead.extend(self.uses.dead_after[index])
        branch = self.next_needed[index + 1]
        if self._fused_comparison(branch) == index:
            # they die at the same place, whichever way it goes on
            dead.extend(self.uses.dead_after[branch])
        if place < len(self.ops):
            if dead:
                self.dying[place] = dead
            dead = [0][:0]
        self.dead_before = dead

    def _trace_liveness(self):
        """-> TraceLiveness."""
        live = {}
        if self.optimising and switches.unboxed_loops:
            for target in self.heads:
                self.analysis.effort.spend(self.analysis.frame_size(target) // 4)
                live[self.origins[target]] = [
                    register
                    for register in range(self.analysis.frame_size(target))
                    if self.analysis.is_live_before(target, register)
                ]
        return TraceLiveness(len(self.ops), self.dying, live, switches.dead_registers)

    def _emit_call(self, index):
        first = self.module.starts[index] + 1
        code = self.module.code
        callee = self.analysis.callees[index]
        if callee >= 0:
            self._emit_two(op.CALL_FUNCTION, callee, code[first + 1])
        else:
            self._emit_two(op.CALL, code[first], code[first + 1])
        count = code[first + 2]
        self.ops.append(count)
        for argument in range(count):
            operand = self._read(index, 1 + argument, code[first + 3 + argument])
            if (
                operand >= 0
                and switches.last_uses
                and not self.analysis.consumed.is_argument_consumed(index, argument)
            ):
                # borrowed: when the callee is done, the caller is the only holder again
                operand |= LAST_USE
            self.ops.append(operand)


def _is_comparison(opcode):
    return (
        opcode == op.EQ
        or opcode == op.NEQ
        or opcode == op.LT
        or opcode == op.GT
        or opcode == op.LTE
        or opcode == op.GTE
    )


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
    module = analysis.module
    runs = [0] * module.instruction_count()
    for block in range(analysis.blocks.count()):
        first = analysis.blocks.firsts[block]
        for index in range(first, analysis.blocks.firsts[block + 1]):
            runs[first] += 1
            if module.code[module.starts[index]] == op.CALL:
                first = index + 1
    return runs
