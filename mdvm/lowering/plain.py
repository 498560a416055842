"""Lowering without analysis, for code that is too large or too tangled for it: linear time, little
memory, nothing clever.

Every register may be read at any time: frames have all registers, a callee inherits all that its
caller has, and a container that gets a second reference becomes shared.

The code is walked twice, with the same steps: first to find out where each instruction's ops will
stand, then to write them.
"""

from mdvm import opcodes
from mdvm.lowering.code import Body
from mdvm.lowering.emitter import Emitter
from mdvm.analysis.effort import Effort
from mdvm.loading.encoding import append_fields, end_of
from mdvm.trace_liveness import UNKNOWN_LIVENESS
from mdvm.analysis.loop_headers import LONGEST_TRACED_LOOP
from mdvm.opcodes import op
from mdvm.analysis.summaries import REGISTERS

# A straight line may be so long that a request to end the program must be heard within it.
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


class _PlainEmitter(Emitter):
    """The walks.

    index: int, that of the instruction at hand in the module.
    pc: int, where the next op stands; in the first walk none is written.
    """

    def __init__(self, components, ranges, code):
        Emitter.__init__(self, ranges, code)
        self.components = components
        self.effort = Effort()
        self.index = 0
        self.pc = 0
        self.has_phis = self._find_whether_there_are_phis()

    def emit(self):
        """-> Body."""
        if self.options.counting:
            self.runs = self._find_runs()
        size = self._walk()
        self.ops = [0] * size
        self._walk()
        return _PlainBody(self, UNKNOWN_LIVENESS)

    def _walk(self):
        """-> int, the number of ops."""
        self.pc = 0
        self.number = 0
        for run in range(len(self.ranges.firsts)):
            offset = self.module.instructions.offset_of(self.ranges.firsts[run])
            for index in range(self.ranges.firsts[run], self.ranges.ends[run]):
                self.fields = [0][:0]
                offset = append_fields(self.module.instructions.data, offset, self.fields)
                self.index = index
                self.origins[self.number] = self.pc
                if self.options.interruptible and self.number % _LOOK_EVERY == _LOOK_EVERY - 1:
                    self.put(op.INTERRUPTION_POINT)
                self.emit_instruction()
                self.effort.spend(4)
                self.number += 1
        self.origins[self.number] = self.pc
        self.put(op.END)
        return self.pc

    # ________________________________________________________ what the emitter asks

    def put(self, item):
        if len(self.ops) > 0:
            self.ops[self.pc] = item
        self.pc += 1

    def put_target(self, number):
        self.put(self.origins[number])

    def target(self, number):
        return self.ranges.number_of(self.index + 1 + self.fields[-1])

    def closes_loop(self, number, target):
        return target <= number and number - target <= LONGEST_TRACED_LOOP

    # ________________________________________________________ before the walks

    def _find_whether_there_are_phis(self):
        instructions = self.module.instructions
        for run in range(len(self.ranges.firsts)):
            offset = instructions.offset_of(self.ranges.firsts[run])
            for _ in range(self.ranges.firsts[run], self.ranges.ends[run]):
                if ord(instructions.data[offset]) == op.PHI:
                    return True
                offset = end_of(instructions.data, offset)
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
            offset = self.module.instructions.offset_of(self.ranges.firsts[run])
            begins[position] = True
            for index in range(self.ranges.firsts[run], self.ranges.ends[run]):
                fields = [0][:0]
                offset = append_fields(self.module.instructions.data, offset, fields)
                if self.components.entries[index]:
                    begins[position] = True
                flow = opcodes.OPCODES[fields[0]].flow
                if flow != opcodes.NEXT or fields[0] == op.CALL:
                    begins[position + 1] = True
                if flow == opcodes.MAY_JUMP or flow == opcodes.ALWAYS_JUMPS:
                    begins[self.ranges.number_of(index + 1 + fields[-1])] = True
                position += 1
        return begins
