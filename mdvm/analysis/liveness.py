"""Liveness, and what consumes values.

A register is live where some path may still read the value that it holds. CALL and PHI may leave
their dst as it was: they end its life only if they surely write it.
"""

from mdvm.analysis.backward_problem import BackwardProblem
from mdvm.analysis.calls import ANY_FUNCTION
from mdvm.opcodes import changes_container, field, op


class Liveness(BackwardProblem):
    """Which registers may still be read."""

    def of_summary(self, summary):
        return summary.read

    def step_backward(self, index):
        self.step_over_writes(index)
        self.add_reads(index)

    def add_reads(self, index):
        reads = self.analysis.registers[index].reads
        # Where the callee of a CALL is known, the register that names it is not read.
        for position in range(1 if self.analysis.callees[index] >= 0 else 0, len(reads)):
            if reads[position] >= 0:
                self.here.add(0, reads[position])


class Consumption(BackwardProblem):
    """Which registers' values may still get a second reference or be stored into, and not only be
    read.

    A function that does not consume an argument borrows it: the caller's container need not become
    shared.
    """

    def of_summary(self, summary):
        return summary.consumed

    def step_backward(self, index):
        module = self.module
        opcode = module.opcode(index)
        if opcode == op.MOVE:
            target = module.field(index, field.MOVE_DST)
            consumed = self.here.contains(0, target)
            self.here.remove(0, target)
            if consumed:
                self.add(module.field(index, field.MOVE_SRC))
            return
        self.step_over_writes(index)
        if opcode == op.CALL:
            for argument in range(module.field(index, field.CALL_ARGS)):
                if self.is_argument_consumed(index, argument):
                    self.add(module.field(index, field.CALL_ARGS + 1 + argument))
        elif opcode == op.STORE_GLOBAL or opcode == op.RETURN or opcode == op.PHI:
            for register in self.analysis.registers[index].reads:
                self.add(register)
        elif changes_container(opcode):
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
