"""Swaps: two elements of a container that change places, `a = m[i]; b = m[j]; m[i] = b; m[j] = a`.

Each load makes a second reference, but when all four instructions are done there are as many as
before, also where i and j are the same place. Nothing is stored into either element meanwhile, so
neither needs to become shared.
"""

from mdvm.opcodes import field, op

_LONGEST = 24  # instructions from the first load to the last store

# What may stand between, if it is about other registers.
_HARMLESS = [op.LOAD_CONST, op.MOVE, op.ADD, op.SUB, op.NOP]

_NONE = -1


def mark_swaps(analysis, uses, owned):
    """Marks the loads of swaps in owned: list of bool by instruction."""
    firsts = analysis.blocks.firsts
    for index in range(analysis.module.instruction_count()):
        opcode = analysis.module.opcode(index)
        if opcode == op.ARRAY_GET or opcode == op.DICT_GET:
            end = min(firsts[analysis.blocks.block_of[index] + 1], index + _LONGEST)
            swap = _Swap(analysis, uses, opcode, index)
            if swap.is_complete_before(end):
                owned[index] = True
                owned[swap.second] = True


class _Swap(object):
    """What has been found of a swap that begins with a load.

    first, second: int, the loads; the second is _NONE as long as it has not come.
    stores: int, how many of the two stores have come; store_of_first: bool, whether the one of what
    the first load has loaded is among them.
    """

    def __init__(self, analysis, uses, load, first):
        """load: int, the opcode of the loads."""
        self.analysis = analysis
        self.module = analysis.module
        self.uses = uses
        self.load = load
        self.store = op.ARRAY_SET if load == op.ARRAY_GET else op.DICT_SET
        self.first = first
        self.second = _NONE
        self.stores = 0
        self.store_of_first = False
        self.container = self.module.field(first, field.ARRAY_GET_ARRAY)  # as DICT_GET has it

    def is_complete_before(self, end):
        """-> bool, whether the swap is done before the instruction `end`."""
        if not self._is_load_to_another_register(self.first):
            return False
        for index in range(self.first + 1, end):
            opcode = self.module.opcode(index)
            if opcode == self.load and self.second == _NONE:
                self.second = index
                if not self._is_second_load(index):
                    return False
            elif opcode == self.store and self.second != _NONE:
                if not self._is_store(index):
                    return False
                self.stores += 1
                if self.stores == 2:
                    return True
            elif opcode not in _HARMLESS or self._touches(index):
                return False
        return False

    def _target(self, load):
        return self.module.field(load, field.ARRAY_GET_DST)

    def _key(self, load):
        return self.module.field(load, field.ARRAY_GET_INDEX)

    def _is_load_to_another_register(self, load):
        target = self._target(load)
        return target != self.container and target != self._key(load)

    def _is_second_load(self, index):
        target = self._target(index)
        return (
            self.module.field(index, field.ARRAY_GET_ARRAY) == self.container
            and self._is_load_to_another_register(index)
            and target != self._target(self.first)
            and target != self._key(self.first)
            and self._key(index) != self._target(self.first)
        )

    def _is_store(self, index):
        """-> bool, whether the instruction stores what one load has loaded where the other one has
        loaded from, and for the last time.
        """
        module = self.module
        is_of_first = module.field(index, field.ARRAY_SET_VALUE) == self._target(self.first)
        if self.stores == 1 and is_of_first == self.store_of_first:
            return False
        self.store_of_first = is_of_first
        one = self.first if is_of_first else self.second
        other = self.second if is_of_first else self.first
        return (
            module.field(index, field.ARRAY_SET_ARRAY) == self.container
            and module.field(index, field.ARRAY_SET_INDEX) == self._key(other)
            and module.field(index, field.ARRAY_SET_VALUE) == self._target(one)
            and self.uses.dying[index][2]
        )

    def _touches(self, index):
        """-> bool, whether the instruction has to do with a register of the swap."""
        registers = self.analysis.registers[index]
        if self.container in registers.reads or self._is_written(self.container, registers):
            return True
        return self._touches_load(self.first, registers) or (
            self.second != _NONE and self._touches_load(self.second, registers)
        )

    def _touches_load(self, load, registers):
        return (
            self._target(load) in registers.reads
            or self._is_written(self._target(load), registers)
            or self._is_written(self._key(load), registers)
        )

    def _is_written(self, register, registers):
        return register in registers.writes or (register >= 0 and register == registers.may_write)
