"""Copy and constant propagation: compilers write a MOVE or LOAD_CONST for every use, and this makes
them unnecessary.

An operand whose register surely holds a constant becomes that constant: a negative operand, see
opcodes.constant_operand.

Within a block, a register that is known to be a copy of another is not read; the other is read
instead, as long as it is live at that place anyway, or as nothing is left then that reads the copy.
(Were the MOVE to stay, the read would keep its source alive, and a container that the MOVE hands
over would have to be shared.)  And an instruction whose result is only moved on writes it where it
is moved to. The moves are then dead, and the lowering drops them. The textbooks' local value
numbering, reduced to what it costs little to do at every load.
"""

from mdvm import opcodes
from mdvm.analysis.constant_propagation import Constants
from mdvm.opcodes import constant_operand, op
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
            if self.code[self.module.starts[index]] == op.MOVE:
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
        at = self.module.starts[index]
        operands = opcodes.OPCODES[self.code[at]].operands
        at += 1
        for operand in operands:
            if operand.kind == opcodes.READ:
                self._replace(at, index, live_after, position)
            elif operand.kind == opcodes.ARGUMENTS:
                for argument in range(self.code[at]):
                    self._replace(at + 1 + argument, index, live_after, position)
            at += 1

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
        at = self.module.starts[index]
        target = self.code[at + 1]
        source = self.code[at + 2]
        if target != source:
            self.copies.forget(target)
            if source >= 0:
                self.copies.note(target, source)

    def _write_result_directly(self, index, live_after, move_position):
        """If the instruction after index is a MOVE of its result, which is dead then: the result
        goes to the MOVE's target.

        The MOVE becomes one of the target to itself.
        """
        starts = self.module.starts
        at = starts[index]
        move = starts[index + 1]
        operands = opcodes.OPCODES[self.code[at]].operands
        if self.code[move] != op.MOVE or not operands or operands[0].kind != opcodes.WRITE:
            return
        if self.code[at] == op.PHI or self.code[at] == op.MOVE:
            return  # a PHI may leave its target as it was; a MOVE's own source is what counts
        result = self.code[at + 1]
        target = self.code[move + 1]
        if (
            self.code[move + 2] == result
            and target != result
            and not live_after.contains(move_position, result)
        ):
            self.code[at + 1] = target
            self.code[move + 2] = target
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
