"""Owned loads: which elements and globals may be moved out of where they are, and not shared.

To change an element of an element, a program gets the inner container, stores into it, and stores
it back. The load makes a second reference, so the container becomes shared and the store into it
would copy it. But if the place that it was loaded from is overwritten before it can be read, the
copy is unnecessary: the load may own what it loads. The same holds for a global that is loaded,
changed and stored.

A load is owned if this is so on every path on which the register is stored into or given away,
from there on. What lies between is of no matter: branches, loops, calls. On the other paths the
register is only read, as that of a borrowing load (borrowing.py), and must be dead when the
container could be stored into by way of another register.

As long as the register is only read, other elements of the same container may be loaded, owned or
not: `a = m[i]; b = m[j]` and then stores into both. If i and j turn out to be the same, so are the
two elements, and what is loaded later finds out by comparing them.
"""

from mdvm.analysis.swaps import mark_swaps
from mdvm.opcodes import field, op

_LONGEST_WALK = 256  # instructions looked at for one load
_WALKS = 16  # instructions looked at for all loads, for each that there is
_NO_REGISTER = -1

# What a step of a walk comes to.
_GOES_ON = 0
_ENDS = 1
_FAILS = 2


class OwnedLoads(object):
    """is_owned: list of bool by instruction, whether it is an ARRAY_GET, DICT_GET or LOAD_GLOBAL that
    may own what it loads.
    compared: dict from the number of a load to a list of int, registers that own elements of the
    same container; the load is to share what it loads if it is what one of them holds.
    """

    _immutable_fields_ = ["is_owned[*]", "compared"]

    def __init__(self, is_owned, compared):
        self.is_owned = is_owned
        self.compared = compared


NO_OWNED_LOADS = OwnedLoads([False][:0], {-1: [0][:0]})


def find_owned_loads(analysis, uses):
    """analysis: Analysis; uses: Uses -> OwnedLoads."""
    count = analysis.module.instruction_count()
    budget = _Budget(_WALKS * count + _LONGEST_WALK)
    # Whether another load ends a walk depends on whether that one is owned; first all that do not
    # fail by themselves are taken for it.
    candidates = [False] * count
    owned = [False] * count
    for index in range(count):
        if _is_load(analysis.module.opcode(index)):
            candidates[index] = _Walk(analysis, uses, owned, budget, index).may_own()
    budget.left = _WALKS * count + _LONGEST_WALK
    compared = {-1: [0][:0]}
    mark_swaps(analysis, uses, owned)
    for index in range(count):
        if candidates[index] and not owned[index]:
            walk = _Walk(analysis, uses, candidates, budget, index)
            owned[index] = walk.may_own()
            if owned[index]:
                _append_each(compared, walk.other_loads, walk.registers)
    return OwnedLoads(owned[:], compared)


def _append_each(compared, loads, registers):
    """loads, registers: lists of int of the same length, what to append to the lists in compared."""
    for position in range(len(loads)):
        load = loads[position]
        if load not in compared:
            compared[load] = []
        if registers[position] not in compared[load]:
            compared[load].append(registers[position])


def _is_load(opcode):
    return opcode == op.ARRAY_GET or opcode == op.DICT_GET or opcode == op.LOAD_GLOBAL


class _Budget(object):
    """left: int, instructions that may still be looked at."""

    def __init__(self, left):
        self.left = left


# Where an ARRAY_GET and a DICT_GET have their operands, and likewise an ARRAY_SET and a DICT_SET.
_GET_TARGET = field.ARRAY_GET_DST
_GET_CONTAINER = field.ARRAY_GET_ARRAY
_GET_KEY = field.ARRAY_GET_INDEX
_SET_CONTAINER = field.ARRAY_SET_ARRAY
_SET_KEY = field.ARRAY_SET_INDEX
_SET_VALUE = field.ARRAY_SET_VALUE


class _Walk(object):
    """The walk along the paths from one load.

    owned: list of bool by instruction, the loads that are taken for owned ones.
    load: int, the instruction.
    store: int, the opcode that overwrites the place that it loads from.
    key: int, the operand of the load that says where in the container; _NO_REGISTER for a global.
    name: str, of the global.
    moves: bool, whether on some path the register is stored into, given away, or the only holder.
    container, register: int, where the outer and the loaded container are by now.
    other_loads, registers: lists of int, loads of elements of the same container while the register
    was only read, and the register of that time.
    left: int, how many more instructions may be looked at.
    """

    def __init__(self, analysis, uses, owned, budget, load):
        self.analysis = analysis
        self.module = analysis.module
        self.uses = uses
        self.owned = owned
        self.budget = budget
        self.load = load
        self.key = _NO_REGISTER
        self.name = ""
        self.container = _NO_REGISTER
        self.register = self.module.field(load, _GET_TARGET)  # as LOAD_GLOBAL has it
        self.moves = False
        self.other_loads = []
        self.registers = []
        self.left = _LONGEST_WALK
        self.seen = {}
        self.seen_overwritten = {}
        opcode = self.module.opcode(load)
        self.is_global = opcode == op.LOAD_GLOBAL
        if self.is_global:
            self.store = op.STORE_GLOBAL
        else:
            self.store = op.ARRAY_SET if opcode == op.ARRAY_GET else op.DICT_SET
            self.container = self.module.field(load, _GET_CONTAINER)
            self.key = self.module.field(load, _GET_KEY)

    def may_own(self):
        """-> bool, whether the load may own what it loads, and whether that is of any use."""
        if self.is_global:
            name = self.analysis.global_name(
                self.module.field(self.load, field.LOAD_GLOBAL_NAME_IDX)
            )
            if name is None:
                return False
            self.name = name
        elif self.register == self.container or self.register == self.key:
            return False
        work = [0][:0]
        self._put_after(work, self.load, self.container, self.register)
        while work:
            self.register = work.pop()
            self.container = work.pop()
            if not self._follow(work, work.pop()):
                return False
        return self.moves

    def _look_at(self, seen, index, state):
        """Whether to look at an instruction.  -> _GOES_ON, or _ENDS where that has been done, or
        _FAILS where it has been done with other registers or is too much.
        """
        if index in seen:
            return _ENDS if seen[index] == state else _FAILS
        self.left -= 1
        self.budget.left -= 1
        if self.left < 0 or self.budget.left < 0:
            return _FAILS
        seen[index] = state
        return _GOES_ON

    # ________________________________________________________ until it is stored into

    def _follow(self, work, index):
        """Walks from the instruction to the end of its block, as long as the register is only read;
        the walk goes on at what is put on work.  -> bool, False if the load must not own anything.
        """
        end = self.analysis.blocks.firsts[self.analysis.blocks.block_of[index] + 1]
        while index < end:
            state = (self.container + 1) << 8 | self.register
            what = self._look_at(self.seen, index, state)
            if what == _GOES_ON:
                what = self._step(index)
            if what != _GOES_ON:
                return what == _ENDS
            index += 1
        self._put_after(work, end - 1, self.container, self.register)
        return True

    def _put_after(self, work, index, container, register):
        """Puts on work where the program may go on after the instruction, as long as the register,
        if it is one, is live there.
        """
        blocks = self.analysis.blocks
        block = blocks.block_of[index]
        if index + 1 < blocks.firsts[block + 1]:
            work.append(index + 1)
            work.append(container)
            work.append(register)
            return
        for successor in blocks.successors[block]:
            if register == _NO_REGISTER or (
                self.analysis.live.at_entry.contains(successor, register)
            ):
                work.append(blocks.firsts[successor])
                work.append(container)
                work.append(register)

    def _step(self, index):
        module = self.module
        opcode = module.opcode(index)
        if self._overwrites(index, self.container):
            self.moves = True  # back, or the register outlives the place
            return _ENDS
        if opcode == op.MOVE and module.field(index, field.MOVE_SRC) == self.register:
            target = module.field(index, field.MOVE_DST)
            if self.uses.dying[index][0] and target != self.container and target != self.key:
                self.register = target
                return _GOES_ON
        if self._loads_another_element(index):
            if self._is_dead_after(index):
                return _ENDS
            self.other_loads.append(index)
            self.registers.append(self.register)
            return _GOES_ON
        step = self._step_before_overwriting(index)
        is_dead = self._is_dead_after(index)
        if self._gives_away(index) or self._may_store_elsewhere(index, is_dead):
            self.moves = True
            if step == _FAILS or not self._is_overwritten_after(index):
                return _FAILS
            return _ENDS
        if is_dead:
            return _ENDS
        if self.analysis.registers[index].may_write == self.register:
            return _FAILS
        return step

    def _loads_another_element(self, index):
        """-> bool, whether the instruction loads an element of the container, one that may be the
        same only if it is found to be.
        """
        module = self.module
        if self.is_global or module.opcode(index) != module.opcode(self.load):
            return False
        target = module.field(index, _GET_TARGET)
        return (
            module.field(index, _GET_CONTAINER) == self.container
            and target != self.container
            and target != self.key
        )

    def _is_dead_after(self, index):
        registers = self.analysis.registers[index]
        if self.register in self.uses.dead_after[index] or self.register in registers.writes:
            return True
        return (
            self.register == registers.may_write
            and self.module.opcode(index) == op.CALL
            and self.analysis.surely_writes_result(index)
        )

    def _may_store_elsewhere(self, index, is_dead):
        """-> bool, whether the instruction may lead to a store into the loaded container by way of
        another register, while this one may still be read.
        """
        opcode = self.module.opcode(index)
        if self.owned[index] or opcode == op.ARRAY_POP or opcode == op.ARRAY_REMOVE:
            return not is_dead
        if opcode == op.CALL and self.analysis.may_store(index):
            return not is_dead or self.register in self.analysis.registers[index].reads
        return False

    def _gives_away(self, index):
        """-> bool, whether the instruction makes a lasting reference of the register or stores into
        it.
        """
        module = self.module
        opcode = module.opcode(index)
        if opcode == op.ARRAY_SET or opcode == op.DICT_SET:
            return (
                module.field(index, _SET_CONTAINER) == self.register
                or module.field(index, _SET_VALUE) == self.register
            )
        if opcode == op.CALL:
            for argument in range(module.field(index, field.CALL_ARGS)):
                if module.field(
                    index, field.CALL_ARGS + 1 + argument
                ) == self.register and self.analysis.consumed.is_argument_consumed(index, argument):
                    return True
            return False
        if opcode in _KEEPS or opcode > op.DICT_LEN:
            return self.register in self.analysis.registers[index].reads
        return False

    # ________________________________________________________ until the place is overwritten

    def _overwrites(self, index, container):
        """-> bool, whether the instruction stores something in the place."""
        module = self.module
        if module.opcode(index) != self.store:
            return False
        if self.is_global:
            constant = module.field(index, field.STORE_GLOBAL_NAME_IDX)
            return self.analysis.global_name(constant) == self.name
        return (
            module.field(index, _SET_CONTAINER) == container
            and module.field(index, _SET_KEY) == self.key
            and module.field(index, _SET_VALUE) != container
        )

    def _is_overwritten_after(self, index):
        """-> bool, whether on every path from behind the instruction the place is overwritten, or
        the program ends, before it can be read.
        """
        firsts = self.analysis.blocks.firsts
        work = [0][:0]
        self._put_after(work, index, self.container, _NO_REGISTER)
        while work:
            work.pop()
            self.container = work.pop()
            index = work.pop()
            end = firsts[self.analysis.blocks.block_of[index] + 1]
            what = _GOES_ON
            while what == _GOES_ON and index < end:
                what = self._look_at(self.seen_overwritten, index, self.container)
                if what == _GOES_ON:
                    if self._overwrites(index, self.container):
                        what = _ENDS
                    else:
                        what = self._step_before_overwriting(index)
                index += 1
            if what == _FAILS:
                return False
            if what == _GOES_ON:
                self._put_after(work, end - 1, self.container, _NO_REGISTER)
        return True

    def _step_before_overwriting(self, index):
        """A step over an instruction that does not overwrite the place.  -> _GOES_ON, or _FAILS if
        the place may be read or is no longer known.
        """
        opcode = self.module.opcode(index)
        if opcode == op.RETURN:
            return _FAILS
        if self.is_global:
            return _FAILS if self._loads_it(index, opcode) else _GOES_ON
        return self._step_by_container(index, opcode)

    def _loads_it(self, index, opcode):
        """-> bool, whether the instruction may load the global variable."""
        if opcode == op.CALL:
            return self.analysis.may_load(index, self.name)
        if opcode != op.LOAD_GLOBAL:
            return False
        constant = self.module.field(index, field.LOAD_GLOBAL_NAME_IDX)
        return self.analysis.global_name(constant) == self.name

    def _step_by_container(self, index, opcode):
        module = self.module
        container = self.container
        if opcode == self.store and module.field(index, _SET_CONTAINER) == container:
            # into another place, or by another name into this one
            return _FAILS if module.field(index, _SET_VALUE) == container else _GOES_ON
        if opcode == op.MOVE and module.field(index, field.MOVE_SRC) == container:
            target = module.field(index, field.MOVE_DST)
            if self.uses.dying[index][0] and target != self.key:
                self.container = target
                return _GOES_ON
            return _FAILS
        registers = self.analysis.registers[index]
        if (
            container in registers.reads
            or container in registers.writes
            or container == registers.may_write
        ):
            return _FAILS
        if self.key >= 0 and (self.key in registers.writes or self.key == registers.may_write):
            return _FAILS
        if opcode == op.CALL and self.analysis.may_inherit(index, container):
            return _FAILS
        return _GOES_ON


# Instructions that keep what they read, or store into it, beside those that are looked at in detail.
_KEEPS = [op.MOVE, op.STORE_GLOBAL, op.RETURN, op.PHI, op.DICT_REMOVE, op.DICT_CLEAR]
