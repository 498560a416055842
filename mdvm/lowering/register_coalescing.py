"""Renumbering registers, so that few of them do the work of many: the smaller a frame, the cheaper
a call and a trace.

Compilers give each temporary a register of its own. Two registers whose values are never needed at
the same time can be one; the assignment is a colouring of the graph whose edges join those that are
(Chaitin 1982), found greedily. A MOVE between two registers that become one does nothing any more
and becomes a NOP, as does what writes a register that nobody reads.

Whatever a caller and its callee must agree on keeps its number: arguments, and the registers that a
callee inherits. Each piece of connected code is coloured for itself.
"""

from mdvm import opcodes
from mdvm.analysis.liveness import ANY_FUNCTION, NO_FUNCTION
from mdvm.opcodes import op
from mdvm.analysis.register_sets import RegisterSets

SMALL_FRAME = 4  # with no more registers than that there is nothing to gain

_NO_COLOUR = -1


def renumber_registers(analysis):
    """analysis: Analysis, of code without DEFINEs -> Fragment that does the same with fewer
    registers.
    """
    if analysis.register_limit <= SMALL_FRAME:
        return analysis.module
    return _Renumbering(analysis).renumber()


class _Renumbering(object):
    """The walk through the pieces.  code: list of int, as Fragment.code, being rewritten.

    dropped: list of bool by instruction. is_entry: list of bool by block. inherited: one set, the
    registers that some CALL lets its callee inherit. conflicts: RegisterSets by register, those
    that it must not be one with, for the piece at hand. partners: list of (list of int) by
    register, those that a MOVE joins it with. colours: list of int by register.
    """

    def __init__(self, analysis):
        self.analysis = analysis
        self.module = analysis.module
        self.code = analysis.module.code[:]
        self.limit = analysis.register_limit
        self.dropped = [False] * analysis.module.instruction_count()
        self.is_entry = [False] * analysis.blocks.count()
        self.inherited = RegisterSets(1, self.limit)
        self.conflicts = RegisterSets(self.limit, self.limit)
        self.used = [False] * self.limit
        self.partners = [[0][:0] for _ in range(self.limit)]
        self.colours = [_NO_COLOUR] * self.limit

    def renumber(self):
        self._find_entries()
        self._find_inherited()
        for piece in find_pieces(self.analysis.blocks):
            self._forget()
            for block in piece:
                self._find_conflicts(block)
            self._keep_numbers(piece)
            self._colour()
            for block in piece:
                self._rewrite(block)
        return self.module.with_code(self.code)

    def _find_entries(self):
        for entry in self.module.entries:
            self.is_entry[self.analysis.blocks.block_of[entry]] = True

    def _find_inherited(self):
        analysis = self.analysis
        for index in range(self.module.instruction_count()):
            callee = analysis.callees[index]
            if callee == NO_FUNCTION:
                continue
            given = self.module.code[self.module.starts[index] + 3]
            if callee == ANY_FUNCTION:
                self.inherited.unite(0, analysis.live.at_any_entry, 0, given)
            else:
                entry = analysis.entry_block(callee)
                if entry >= 0:
                    self.inherited.unite(0, analysis.live.at_entry, entry, given)
                else:
                    self.inherited.unite(0, analysis.others.of_function(callee).read, 0, given)

    def _forget(self):
        for register in range(self.limit):
            if self.used[register]:
                self.conflicts.clear(register)
                self.used[register] = False
                self.partners[register] = []
                self.colours[register] = _NO_COLOUR

    # ________________________________________________________ the graph

    def _find_conflicts(self, block):
        """A register that is written must not be one with any whose value is needed after that."""
        analysis = self.analysis
        live = analysis.live
        live.begin_at_end(block)
        for index in range(
            analysis.blocks.firsts[block + 1] - 1, analysis.blocks.firsts[block] - 1, -1
        ):
            registers = analysis.registers[index]
            if self._is_dead(index):
                self.dropped[index] = True
                continue
            moved = self._moved_register(index)
            for register in registers.writes:
                self._add_conflicts(register, moved)
                if moved >= 0:
                    self.partners[register].append(moved)
                    self.partners[moved].append(register)
            if registers.may_write >= 0:
                self._add_conflicts(registers.may_write, -1)
            for register in registers.reads:
                if register >= 0:
                    self.used[register] = True
            live.step_backward(index)
            self._keep_function_name(index)
        for register in live.here.members(0):
            self.used[register] = True

    def _keep_function_name(self, index):
        """A CALL's function is known because its name was loaded in the same block; it must be
        there to be known again.
        """
        registers = self.analysis.registers[index]
        if self.module.code[self.module.starts[index]] == op.CALL and registers.reads[0] >= 0:
            self.analysis.live.here.add(0, registers.reads[0])

    def _is_dead(self, index):
        """Whether the instruction only writes a register that, as `live` stands, nobody reads."""
        at = self.module.starts[index]
        opcode = self.module.code[at]
        if opcode == op.LOAD_CONST:
            if self.module.code[at + 2] >= len(self.module.constants):
                return False  # it fails
        elif opcode != op.MOVE:
            return False
        return not self.analysis.live.here.contains(0, self.module.code[at + 1])

    def _moved_register(self, index):
        """-> int, the source of a MOVE, whose value is that of its target, so they may be one;
        else -1.
        """
        at = self.module.starts[index]
        return self.module.code[at + 2] if self.module.code[at] == op.MOVE else -1

    def _add_conflicts(self, register, moved):
        self.used[register] = True
        already = moved >= 0 and self.conflicts.contains(register, moved)
        self.conflicts.unite(register, self.analysis.live.here, 0, 0)
        if moved >= 0 and not already:
            self.conflicts.remove(register, moved)

    # ________________________________________________________ the colours

    def _keep_numbers(self, piece):
        """What is live at the beginning of a function has been put where it is by a caller."""
        for register in self.inherited.members(0):
            self.colours[register] = register
            self.used[register] = True
        for block in piece:
            if self.is_entry[block]:
                for register in self.analysis.live.at_entry.members(block):
                    self.colours[register] = register

    def _colour(self):
        used = [register for register in range(self.limit) if self.used[register]]
        # a conflict is noted where one of the two is written; from here on both know
        for register in used:
            for other in self.conflicts.members(register):
                self.conflicts.add(other, register)
        for register in used:
            if self.colours[register] == _NO_COLOUR:
                self.colours[register] = self._free_colour(register, used)

    def _free_colour(self, register, used):
        taken = RegisterSets(1, self.limit)
        for other in self.conflicts.members(register):
            if self.colours[other] != _NO_COLOUR and other != register:
                taken.add(0, self.colours[other])
        for partner in self.partners[register]:
            colour = self.colours[partner]
            if colour != _NO_COLOUR and not taken.contains(0, colour):
                return colour
        colour = 0
        while taken.contains(0, colour):
            colour += 1
        return colour

    # ________________________________________________________ the operands

    def _rewrite(self, block):
        blocks = self.analysis.blocks
        for index in range(blocks.firsts[block], blocks.firsts[block + 1]):
            at = self.module.starts[index]
            if self.dropped[index]:
                self.code[at] = op.NOP
                continue
            operands = opcodes.OPCODES[self.code[at]].operands
            at += 1
            for operand in operands:
                kind = operand.kind
                if kind == opcodes.READ or kind == opcodes.WRITE or kind == opcodes.UPDATE:
                    self._rewrite_operand(at)
                elif kind == opcodes.ARGUMENTS:
                    for argument in range(self.code[at]):
                        self._rewrite_operand(at + 1 + argument)
                elif kind == opcodes.SOURCES:
                    for source in range(self.code[at]):
                        self._rewrite_operand(at + 1 + 2 * source)
                elif kind == opcodes.RESULT and self.code[at]:
                    self._rewrite_operand(at + 1)
                at += 1
            at = self.module.starts[index]
            if self.code[at] == op.MOVE and self.code[at + 1] == self.code[at + 2]:
                self.code[at] = op.NOP

    def _rewrite_operand(self, at):
        register = self.code[at]
        if register >= 0:
            self.code[at] = self.colours[register]


def find_pieces(blocks):
    """blocks: Blocks -> list of (list of int, ascending): blocks that jumps or falling through
    join, function by function.
    """
    piece_of = [-1] * blocks.count()
    pieces = []
    for block in range(blocks.count()):
        if piece_of[block] < 0:
            piece_of[block] = len(pieces)
            members = [block]
            reached = 0
            while reached < len(members):
                for neighbour in (
                    blocks.successors[members[reached]] + blocks.predecessors[members[reached]]
                ):
                    if piece_of[neighbour] < 0:
                        piece_of[neighbour] = len(pieces)
                        members.append(neighbour)
                reached += 1
            pieces.append([0][:0])
    for block in range(blocks.count()):
        pieces[piece_of[block]].append(block)
    return pieces
