"""Which elements and globals are borrowed: got without becoming shared, because the register that
gets them is only looked at.

A container that is not shared has one holder. A register that borrows it is no holder: nothing may
be stored into it by way of that register, nothing may be made of it that stays, and it must not be
looked at any more once its holder has been stored into in place.

The holder is an element or a global. What is stored in place there has been taken from it before
(see ownership.py), by this function or by one that it calls. So a borrow ends, at the latest, with
the next instruction that takes anything and the next CALL of a function that may store into
containers; if the register can still be read after one, the container is shared as usual.
"""

from mdvm.analysis.liveness import BackwardProblem
from mdvm.analysis.register_sets import RegisterSets
from mdvm.opcodes import op


class Exposure(BackwardProblem):
    """Which registers may still be read after something has been taken, if nothing is written to
    them before.
    """

    def __init__(self, analysis, takes):
        """takes: list of bool by instruction, as find_takes has it."""
        BackwardProblem.__init__(self, analysis)
        self.takes = takes

    def of_summary(self, summary):
        # What a function inherits is shared when it begins.
        return _NO_REGISTERS

    def begin_at_end(self, block):
        BackwardProblem.begin_at_end(self, block)
        self.analysis.live.begin_at_end(block)

    def step_backward(self, index):
        module = self.module
        at = module.starts[index]
        opcode = module.code[at]
        is_call = opcode == op.CALL
        if opcode == op.MOVE:
            is_exposed = self.here.contains(0, module.code[at + 1])
            self.here.remove(0, module.code[at + 1])
            if is_exposed and module.code[at + 2] >= 0:
                self.here.add(0, module.code[at + 2])
        else:
            takes = self.takes[index] or (is_call and self.analysis.may_store(index))
            if takes:
                self.here.unite(0, self.analysis.live.here, 0, 0)
            self.step_over_writes(index)
            if takes and is_call:
                for register in self.analysis.registers[index].reads:
                    if register >= 0:
                        self.here.add(0, register)
        self.analysis.live.step_backward(index)


_NO_REGISTERS = RegisterSets(1, 1)


def find_borrows(analysis, takes):
    """analysis: Analysis; takes: list of bool by instruction, as find_takes has it -> list of bool
    by instruction, whether an ARRAY_GET, DICT_GET or LOAD_GLOBAL borrows what it gets.
    """
    borrows = [False] * analysis.module.instruction_count()
    if not _has_gets(analysis.module):
        return borrows
    exposed = Exposure(analysis, takes)
    exposed.solve()
    consumed = analysis.consumed
    blocks = analysis.blocks
    for block in range(blocks.count()):
        exposed.begin_at_end(block)
        consumed.begin_at_end(block)
        analysis.effort.spend(blocks.firsts[block + 1] - blocks.firsts[block])
        for index in range(blocks.firsts[block + 1] - 1, blocks.firsts[block] - 1, -1):
            at = analysis.module.starts[index]
            if _is_get(analysis.module.code[at]) and not takes[index]:
                register = analysis.module.code[at + 1]
                borrows[index] = not (
                    exposed.here.contains(0, register) or consumed.here.contains(0, register)
                )
            exposed.step_backward(index)
            consumed.step_backward(index)
    return borrows


def _is_get(opcode):
    return opcode == op.ARRAY_GET or opcode == op.DICT_GET or opcode == op.LOAD_GLOBAL


def _has_gets(module):
    for start in module.starts:
        if _is_get(module.code[start]):
            return True
    return False
