"""Register coalescing: the smaller a frame, the cheaper a call and a trace.

Compilers give each temporary a register of its own. Two registers whose values are never needed at
the same time can be one; the assignment is a colouring of the graph whose edges join those that are
(Chaitin 1982), found greedily. A MOVE between two registers that become one does nothing any more
and becomes a NOP, as does what only writes a dead register.

Whatever a caller and its callee must agree on keeps its number: arguments, and the registers that a
callee inherits. Each connected component of the control-flow graph is coloured for itself.
"""

from mdvm.loading.operands import is_register
from mdvm.analysis.calls import ANY_FUNCTION, NO_FUNCTION
from mdvm.opcodes import field, op
from mdvm.analysis.register_sets import RegisterSets

SMALL_FRAME = 4  # with no more registers than that there is nothing to gain

_NO_COLOUR = -1


def coalesce_registers(analysis):
    """analysis: Analysis, of code without DEFINEs -> Fragment that does the same with fewer
    registers.
    """
    if analysis.register_limit <= SMALL_FRAME:
        return analysis.module
    return _Coalescing(analysis).coalesce()


class _Coalescing(object):
    """The walk through the connected components.

    code: list of int, as Fragment.code, being rewritten.
    dropped: list of bool by instruction.
    is_entry: list of bool by block.
    inherited: one set, the registers that some CALL lets its callee inherit.
    conflicts: RegisterSets by register, those that it must not be one with, for the component at
    hand.
    partners: list of (list of int) by register, those that a MOVE joins it with.
    colours: list of int by register.
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

    def coalesce(self):
        self._find_entries()
        self._find_inherited()
        for component in connected_blocks(self.analysis.blocks):
            self._forget()
            for block in component:
                self._find_conflicts(block)
            self._keep_numbers(component)
            self._colour()
            for block in component:
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
            given = self.module.field(index, field.CALL_ARGS)
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
        if self.module.opcode(index) == op.CALL and registers.reads[0] >= 0:
            self.analysis.live.here.add(0, registers.reads[0])

    def _is_dead(self, index):
        """Whether the instruction only writes a register that is dead, as `live` stands."""
        module = self.module
        opcode = module.opcode(index)
        if opcode == op.LOAD_CONST:
            if module.field(index, field.LOAD_CONST_CONST_IDX) >= len(module.constants):
                return False  # it fails
            target = module.field(index, field.LOAD_CONST_DST)
        elif opcode == op.MOVE:
            target = module.field(index, field.MOVE_DST)
        else:
            return False
        return not self.analysis.live.here.contains(0, target)

    def _moved_register(self, index):
        """-> int, the source of a MOVE, whose value is that of its target, so they may be one;
        else -1.
        """
        if self.module.opcode(index) != op.MOVE:
            return -1
        return self.module.field(index, field.MOVE_SRC)

    def _add_conflicts(self, register, moved):
        self.used[register] = True
        already = moved >= 0 and self.conflicts.contains(register, moved)
        self.conflicts.unite(register, self.analysis.live.here, 0, 0)
        if moved >= 0 and not already:
            self.conflicts.remove(register, moved)

    # ________________________________________________________ the colours

    def _keep_numbers(self, component):
        """What is live at the beginning of a function has been put where it is by a caller."""
        for register in self.inherited.members(0):
            self.colours[register] = register
            self.used[register] = True
        for block in component:
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
        kinds = self.module.kinds
        for index in range(blocks.firsts[block], blocks.firsts[block + 1]):
            start = self.module.start(index)
            if self.dropped[index]:
                self.code[start] = op.NOP
                continue
            for at in range(start, self.module.end(index)):
                if is_register(kinds[at]) and self.code[at] >= 0:
                    self.code[at] = self.colours[self.code[at]]
            if (
                self.code[start] == op.MOVE
                and self.code[start + field.MOVE_DST] == self.code[start + field.MOVE_SRC]
            ):
                self.code[start] = op.NOP


def connected_blocks(blocks):
    """blocks: Blocks -> list of (list of int, ascending): blocks that jumps or falling through
    join, function by function.
    """
    component_of = [-1] * blocks.count()
    components = []
    for block in range(blocks.count()):
        if component_of[block] < 0:
            component_of[block] = len(components)
            members = [block]
            reached = 0
            while reached < len(members):
                for neighbour in (
                    blocks.successors[members[reached]] + blocks.predecessors[members[reached]]
                ):
                    if component_of[neighbour] < 0:
                        component_of[neighbour] = len(components)
                        members.append(neighbour)
                reached += 1
            components.append([0][:0])
    for block in range(blocks.count()):
        components[component_of[block]].append(block)
    return components
