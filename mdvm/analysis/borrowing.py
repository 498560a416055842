"""Borrowing loads: which elements and globals a register gets without becoming a reference that
counts, because it is only read.

A container that is not shared has one reference. A register that borrows it holds none: nothing may
be stored into it by way of that register, no lasting reference may be made of it, and it must not
be read any more once the container that it is in has been stored into in place.

That container is another one, or a global. What is stored in place there has been loaded as owned
before (see ownership.py), by this function or by one that it calls. So a borrow ends, at the
latest, with the next owned load, with the next instruction that moves an element out of an array,
and with the next CALL of a function that may store into containers; if the register is still live after one, the container is shared as usual.
"""

from mdvm.analysis.backward_problem import BackwardProblem
from mdvm.analysis.register_sets import RegisterSets
from mdvm.opcodes import field, op


class Exposure(BackwardProblem):
    """Which registers may still be read after an owned load, or after an element has been moved
    out, if nothing is written to them before.
    """

    def __init__(self, analysis, owned):
        """owned: list of bool by instruction, as find_owned_loads has it."""
        BackwardProblem.__init__(self, analysis)
        self.owned = owned

    def of_summary(self, summary):
        # What a function inherits is shared when it begins.
        return _NO_REGISTERS

    def begin_at_end(self, block):
        BackwardProblem.begin_at_end(self, block)
        self.analysis.live.begin_at_end(block)

    def step_backward(self, index):
        module = self.module
        opcode = module.opcode(index)
        is_call = opcode == op.CALL
        if opcode == op.MOVE:
            target = module.field(index, field.MOVE_DST)
            source = module.field(index, field.MOVE_SRC)
            is_exposed = self.here.contains(0, target)
            self.here.remove(0, target)
            if is_exposed and source >= 0:
                self.here.add(0, source)
        else:
            ends = (
                self.owned[index]
                or opcode == op.ARRAY_POP
                or opcode == op.ARRAY_REMOVE
                or (is_call and self.analysis.may_store(index))
            )
            if ends:
                self.here.unite(0, self.analysis.live.here, 0, 0)
            self.step_over_writes(index)
            if ends and is_call:
                for register in self.analysis.registers[index].reads:
                    if register >= 0:
                        self.here.add(0, register)
        self.analysis.live.step_backward(index)


_NO_REGISTERS = RegisterSets(1, 1)


def find_borrowing_loads(analysis, owned):
    """analysis: Analysis; owned: list of bool by instruction, as find_owned_loads has it -> list of
    bool by instruction, whether it is an ARRAY_GET, DICT_GET or LOAD_GLOBAL that borrows what it
    loads.
    """
    module = analysis.module
    borrows = [False] * module.instruction_count()
    if not _has_loads(module):
        return borrows
    exposed = Exposure(analysis, owned)
    exposed.solve()
    consumed = analysis.consumed
    blocks = analysis.blocks
    for block in range(blocks.count()):
        exposed.begin_at_end(block)
        consumed.begin_at_end(block)
        analysis.effort.spend(blocks.firsts[block + 1] - blocks.firsts[block])
        for index in range(blocks.firsts[block + 1] - 1, blocks.firsts[block] - 1, -1):
            if _is_load(module.opcode(index)) and not owned[index]:
                register = module.field(index, field.ARRAY_GET_DST)  # as the others have it
                borrows[index] = not (
                    exposed.here.contains(0, register) or consumed.here.contains(0, register)
                )
            exposed.step_backward(index)
            consumed.step_backward(index)
    return borrows


def _is_load(opcode):
    return opcode == op.ARRAY_GET or opcode == op.DICT_GET or opcode == op.LOAD_GLOBAL


def _has_loads(module):
    for index in range(module.instruction_count()):
        if _is_load(module.opcode(index)):
            return True
    return False
