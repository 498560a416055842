"""Lowering without analysis, for code that is too large or too tangled for it: linear time, little
memory, nothing clever.

Every register may be read at any time: frames have all registers, a callee inherits all that its
caller has, and a container that a second register gets hold of becomes shared.

The code is walked twice, with the same steps: first to find out where each instruction's ops will
stand, then to write them.
"""

from mdvm import opcodes
from mdvm.analysis.liveness import InstructionRegisters
from mdvm.lowering.code import Body
from mdvm.analysis.effort import Effort
from mdvm.loading.encoding import append_fields, end_of
from mdvm.trace_liveness import UNKNOWN_LIVENESS
from mdvm.analysis.loop_headers import LONGEST_TRACED_LOOP
from mdvm.opcodes import UNKNOWN_TYPE, does_nothing, op
from mdvm.values.strings import W_Str
from mdvm.analysis.summaries import REGISTERS

# A straight line may be so long that whoever waits for the program must be heard within it.
_LOOK_EVERY = 1 << 16

_ALL_REGISTERS = [register for register in range(REGISTERS)]


class _PlainBody(Body):
    """The Body of code of which nothing is known."""

    def frame_size(self, number_of_entry):
        return REGISTERS

    def inherited_registers(self, number_of_entry):
        return _ALL_REGISTERS


def lower_plainly(components, ranges, code):
    """components: Components; ranges: Ranges, of some instructions; code: Code, of their module ->
    Body.
    """
    return _PlainEmitter(components, ranges, code).emit()


class _PlainEmitter(object):
    """The walks. fields: list of int, the instruction at hand, decoded; number, index: int, its
    number and its index in the module. place: int, where the next op stands; ops: list of int,
    empty in the first walk.
    """

    def __init__(self, components, ranges, code):
        self.components = components
        self.ranges = ranges
        self.module = code.module
        self.code = code
        self.lowering = code.lowering
        self.effort = Effort()
        self.fields = [0][:0]
        self.number = 0
        self.index = 0
        self.ops = [0][:0]
        self.place = 0
        self.origins = [0] * (ranges.count + 1)
        self.runs = [0][:0]
        self.cells = []
        self.cell_numbers = {}
        self.has_phis = self._find_whether_there_are_phis()

    def emit(self):
        """-> Body."""
        if self.lowering.counting:
            self.runs = self._find_runs()
        size = self._walk()
        self.ops = [0] * size
        self._walk()
        return _PlainBody(
            self.ranges, self.ops[:], self.origins[:], self.cells[:], UNKNOWN_LIVENESS, self.runs[:]
        )

    def _walk(self):
        """-> int, the number of ops."""
        self.place = 0
        self.number = 0
        for run in range(len(self.ranges.firsts)):
            place = self.module.instructions.place_of(self.ranges.firsts[run])
            for index in range(self.ranges.firsts[run], self.ranges.ends[run]):
                self.fields = [0][:0]
                place = append_fields(self.module.instructions.data, place, self.fields)
                self.index = index
                self.origins[self.number] = self.place
                self._emit_instruction()
                self.effort.spend(4)
                self.number += 1
        self.origins[self.number] = self.place
        self._put(op.END)
        return self.place

    def _put(self, item):
        if len(self.ops) > 0:
            self.ops[self.place] = item
        self.place += 1

    def _put_all(self, items):
        for item in items:
            self._put(item)

    # ________________________________________________________ before the walks

    def _find_whether_there_are_phis(self):
        for run in range(len(self.ranges.firsts)):
            place = self.module.instructions.place_of(self.ranges.firsts[run])
            for _ in range(self.ranges.firsts[run], self.ranges.ends[run]):
                if ord(self.module.instructions.data[place]) == op.PHI:
                    return True
                place = end_of(self.module.instructions.data, place)
        return False

    def _find_runs(self):
        """-> list of int by instruction, as Body.runs."""
        begins = self._find_beginnings()
        runs = [0] * self.ranges.count
        first = 0
        for position in range(self.ranges.count):
            if begins[position]:
                first = position
            runs[first] += 1
        return runs

    def _find_beginnings(self):
        """-> list of bool by instruction, whether it begins a block or follows a CALL, from which
        the program may not come back.
        """
        begins = [False] * (self.ranges.count + 1)
        position = 0
        for run in range(len(self.ranges.firsts)):
            place = self.module.instructions.place_of(self.ranges.firsts[run])
            begins[position] = True
            for index in range(self.ranges.firsts[run], self.ranges.ends[run]):
                fields = [0][:0]
                place = append_fields(self.module.instructions.data, place, fields)
                if self.components.entries[index]:
                    begins[position] = True
                flow = opcodes.OPCODES[fields[0]].flow
                if flow != opcodes.NEXT or fields[0] == op.CALL:
                    begins[position + 1] = True
                if flow == opcodes.MAY_JUMP or flow == opcodes.ALWAYS_JUMPS:
                    begins[self.ranges.number_of(index + 1 + fields[-1])] = True
                position += 1
        return begins

    # ________________________________________________________ one instruction

    def _emit_instruction(self):
        opcode = self.fields[0]
        if self.lowering.interruptible and self.number % _LOOK_EVERY == _LOOK_EVERY - 1:
            self._put(op.INTERRUPTION_POINT)
        if self.lowering.counting and self.runs[self.number]:
            self._put(op.COUNT)
            self._put(self.runs[self.number])
        if self.lowering.debug:
            self._emit_log(op.LOG, InstructionRegisters(self.fields, 0).reads)
        self._emit_operation(opcode)
        if self.code.has_tags:
            for register in InstructionRegisters(self.fields, 0).writes:
                if self.module.instructions.defined[register] == "\1":
                    self._put(op.UNTAG)
                    self._put(register)
        if self.lowering.profiling and not does_nothing(opcode):
            self._put(op.SAMPLE)
        if self.lowering.debug and opcode == op.LTE:
            self._emit_log(op.LOG_RESULT, InstructionRegisters(self.fields, 0).writes)

    def _emit_operation(self, opcode):
        fields = self.fields
        if opcode == op.JUMP:
            self._emit_jump()
        elif opcode == op.JUMP_IF:
            self._emit_conditional_jump(op.JUMP_IF, op.JUMP_IF_NOT)
        elif opcode == op.JUMP_IF_NOT:
            self._emit_conditional_jump(op.JUMP_IF_NOT, op.JUMP_IF)
        elif opcode == op.LOAD_CONST and fields[2] >= len(self.module.constants):
            self._put_all([op.INVALID_CONSTANT, fields[2]])
        elif opcode == op.LOAD_GLOBAL or opcode == op.STORE_GLOBAL:
            self._emit_global(opcode)
        elif opcode == op.DEFINE:
            self._put_all([opcode, fields[1], min(fields[2], UNKNOWN_TYPE)])
        elif opcode == op.CHECK_TYPE:
            checking = op.CHECK_TAG if self.code.has_tags else op.CHECK_TYPE
            self._put_all([checking, fields[1], fields[2], min(fields[3], UNKNOWN_TYPE)])
        elif opcode == op.RETURN:
            if fields[1]:
                self._put_all([opcode, fields[2]])
            else:
                self._put(op.RETURN_NOTHING)
        elif opcode == op.ASSERT:
            self._emit_assert()
        elif self.lowering.debug and (opcode == op.DEBUG_PRINT or opcode == op.BREAKPOINT):
            self._emit_log(op.LOG_RESULT, InstructionRegisters(fields, 0).reads)
        elif not does_nothing(opcode):
            self._put_all(fields)

    def _emit_log(self, opcode, registers):
        self._put_all([opcode, self.index, len(registers)])
        self._put_all(registers)

    def _emit_global(self, opcode):
        cell = self._cell_number(self.fields[2])
        if cell >= 0:
            self._put_all([opcode, self.fields[1], cell])
        else:
            self._put_all([op.INVALID_CONSTANT, self.fields[2]])

    def _cell_number(self, constant):
        """-> int, as Body.cells has the global variable that the constant names, -1 if it is no
        string constant.
        """
        w_name = self.module.constant(constant)
        if not isinstance(w_name, W_Str):
            return -1
        cell = self.cell_numbers.get(constant, -1)
        if cell < 0:
            cell = self.cell_numbers[constant] = len(self.cells)
            self.cells.append(self.code.cell(w_name.text()))
        return cell

    def _emit_assert(self):
        condition = self.fields[2]
        message = self.fields[3]
        if not isinstance(self.module.constant(message), W_Str):
            message = -1 - message  # only a failing assertion needs it
        if condition == opcodes.RANGE_CONDITION:
            self._put_all(
                [op.ASSERT_RANGE, self.fields[1], message, self.fields[4], self.fields[5]]
            )
        else:
            self._put_all(
                [
                    op.ASSERT_NOT_EMPTY if condition else op.ASSERT_TRUTHY,
                    self.fields[1],
                    message,
                ]
            )

    # ________________________________________________________ jumps

    def _target(self):
        """-> int, the number of the instruction where the jump at hand leads."""
        return self.ranges.number_of(self.index + 1 + self.fields[-1])

    def _emit_jump(self):
        """What happens when the jump at hand is taken."""
        target = self._target()
        is_backward = target <= self.number
        if self.has_phis:
            self._put_all([op.MARK_JUMP, self.index & 0xFFFF])
        if self.lowering.interruptible and is_backward:
            self._put(op.INTERRUPTION_POINT)
        if self.lowering.profiling and is_backward:
            self._put(op.SAMPLE)
        if is_backward and self.number - target <= LONGEST_TRACED_LOOP:
            self._put_all([op.LOOP, self.origins[target], 0])
        else:
            self._put_all([op.JUMP, self.origins[target]])

    def _emit_conditional_jump(self, opcode, opposite):
        target = self._target()
        if target > self.number and not self.has_phis:
            self._put_all([opcode, self.fields[1], self.origins[target]])
        else:
            self._put_all([opposite, self.fields[1], self.origins[self.number + 1]])
            self._emit_jump()
