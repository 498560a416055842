"""Copy and constant propagation: compilers emit a MOVE or LOAD_CONST for every use, and this makes
them dead.

A use of a register that surely holds a constant becomes a use of the constant: a negative operand,
see opcodes.constant_operand.

Within a block, a use of a copy becomes a use of its source, if the source is live there anyway, or
if the copy then has no use left. (Otherwise the MOVE would stay and the use would keep its source
live after it: the MOVE would not be a last use, and a container would be shared and not moved.)
And an instruction whose result is only moved writes it to the target of the MOVE. The dead moves
are dropped by the lowering. This is local value numbering, reduced to what is cheap at every load.
"""

from mdvm import opcodes
from mdvm.analysis.constant_propagation import Constants
from mdvm.opcodes import constant_operand, field, op
from mdvm.analysis.register_sets import RegisterSets


def propagate_copies(analysis):
    """analysis: Analysis, of code without DEFINEs -> Fragment that does the same, instruction for
    instruction.

    Its operands may be constants, so it is for the analysis and the lowering only.
    """
    return _Propagation(analysis).propagate()


class _Propagation(object):
    """The walk through the blocks.  code: list of int, as Fragment.code, being rewritten."""

    def __init__(self, analysis):
        self.analysis = analysis
        self.module = analysis.module
        self.code = analysis.module.code[:]
        self.copies = _Copies()
        self.constants = Constants(analysis)

    def propagate(self):
        blocks = self.analysis.blocks
        if not self.constants.solve():
            return self.module
        for block in range(blocks.count()):
            self.constants.begin(block)
            self._propagate_through(
                blocks.firsts[block], blocks.firsts[block + 1], self._live_after(block)
            )
        return self.module.with_code(self.code)

    def _live_after(self, block):
        """-> RegisterSets, one for each instruction of the block: what is live after it."""
        blocks = self.analysis.blocks
        first = blocks.firsts[block]
        count = blocks.firsts[block + 1] - first
        live_after = RegisterSets(count, self.analysis.register_limit)
        live = self.analysis.live
        live.begin_at_end(block)
        for position in range(count - 1, -1, -1):
            live_after.assign(position, live.here, 0)
            live.step_backward(first + position)
        return live_after

    def _propagate_through(self, first, end, live_after):
        self.copies.forget_all()
        for index in range(first, end):
            registers = self.analysis.registers[index]
            self._replace_reads(index, live_after, index - first)
            if self.module.opcode(index) == op.MOVE:
                self._note_move(index)
            else:
                for register in registers.writes:
                    self.copies.forget(register)
                if registers.may_write >= 0:
                    self.copies.forget(registers.may_write)
            self.constants.step_forward(index)
            if index > first:
                self._write_result_directly(index - 1, live_after, index - first)

    def _replace_reads(self, index, live_after, position):
        opcode = self.module.opcode(index)
        if opcode == op.PHI or opcode == op.RETURN:
            return  # their operands stay registers
        for at in range(self.module.start(index), self.module.end(index)):
            if self.module.kinds[at] == opcodes.READ:
                self._replace(at, index, live_after, position)

    def _replace(self, at, index, live_after, position):
        constant = self.constants.here[self.code[at]]
        if constant >= 0:
            self.code[at] = constant_operand(constant)
            return
        copy = self.code[at]
        source = self.copies.source_of(copy)
        if source < 0:
            return
        lives_on = live_after.contains(position, source) and not self._writes(index, source)
        if lives_on or (not live_after.contains(position, copy) and not self.copies.is_read(copy)):
            self.code[at] = source
        else:
            self.copies.note_read(copy)

    def _writes(self, index, register):
        registers = self.analysis.registers[index]
        return register in registers.writes or register == registers.may_write

    def _note_move(self, index):
        start = self.module.start(index)
        target = self.code[start + field.MOVE_DST]
        source = self.code[start + field.MOVE_SRC]
        if target != source:
            self.copies.forget(target)
            if source >= 0:
                self.copies.note(target, source)

    def _write_result_directly(self, index, live_after, move_position):
        """If the instruction after index is a MOVE of its result, which is dead then: the result
        goes to the MOVE's target.

        The MOVE becomes one of the target to itself.
        """
        opcode = self.module.opcode(index)
        if self.module.opcode(index + 1) != op.MOVE or opcode == op.PHI or opcode == op.MOVE:
            return  # a PHI may leave its target as it was; a MOVE's own source is what counts
        written = self.module.start(index) + 1  # where an instruction has its result, if it has one
        if written == self.module.end(index) or self.module.kinds[written] != opcodes.WRITE:
            return
        move = self.module.start(index + 1)
        result = self.code[written]
        target = self.code[move + field.MOVE_DST]
        if (
            self.code[move + field.MOVE_SRC] == result
            and target != result
            and not live_after.contains(move_position, result)
        ):
            self.code[written] = target
            self.code[move + field.MOVE_SRC] = target
            self.copies.forget(target)
            self.copies.forget(result)


class _Copies(object):
    """Which registers hold the same as which others, at one place of a block."""

    def __init__(self):
        # whether something reads the copy that could not read its source
        self.reads = [False] * 256
        self.sources = [-1] * 256
        self.targets = []  # the registers with a source

    def forget_all(self):
        for target in self.targets:
            self.sources[target] = -1
        self.targets = []

    def source_of(self, register):
        """-> int, the register of which it is a copy, or -1."""
        return self.sources[register]

    def note(self, target, source):
        self.sources[target] = source
        self.reads[target] = False
        self.targets.append(target)

    def is_read(self, target):
        """-> bool, whether the copy is needed, because something still reads it."""
        return self.reads[target]

    def note_read(self, target):
        self.reads[target] = True

    def forget(self, register):
        """The register is written: it is no copy any more, and nothing is a copy of it."""
        self.sources[register] = -1
        targets = []
        for target in self.targets:
            if self.sources[target] == register:
                self.sources[target] = -1
            if self.sources[target] >= 0:
                targets.append(target)
        self.targets = targets
