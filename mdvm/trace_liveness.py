"""Liveness as traces use it: which registers are dead after an instruction, and which are live at a
loop header.

The interpreter leaves a dead value in its register, which costs nothing. A trace must be able to
restore the register of every guard, so a dead value in one would occupy a machine register or a
stack slot: traces clear registers as soon as they are dead. And at a loop header they unbox every
number, from wherever the loop is entered.
"""

from mdvm.objects import W_Float, W_Int
from mdvm.system.jit import unroll_safe

_NO_REGISTERS = 0  # the offset of an empty list
_END = -1


class TraceLiveness(object):
    """Which registers a trace clears, by pc.

    lists: list of int, lists of registers one after the other, each with _END after it.
    dying: list of int by pc, the offset in lists of the registers that are dead after the
    instruction.
    live: list of int by pc, the offset of those, ascending, that are live at the loop header there;
    _NO_REGISTERS where there is none.
    clears: bool, whether a loop header clears the registers that are not live.
    is_unknown: bool, whether nothing is known of any register; the lists are empty then.
    """

    _immutable_fields_ = ["lists[*]", "dying[*]", "live[*]", "clears", "is_unknown"]

    def __init__(self, size, dying, live, clears, is_unknown=False):
        """size: int, the length of ops; dying, live: dicts from a pc to a list of int."""
        self.is_unknown = is_unknown
        lists = [_END]
        self.dying = _append_lists(lists, dying, size)
        self.live = _append_lists(lists, live, size)
        self.lists = lists[:]
        self.clears = clears


def _append_lists(lists, registers_by_pc, size):
    """registers_by_pc: dict from a pc to a list of int -> list of int by pc, the offsets in lists
    where they stand now.
    """
    offsets = [_NO_REGISTERS] * size
    for pc in registers_by_pc:
        offsets[pc] = len(lists)
        for register in registers_by_pc[pc]:
            lists.append(register)
        lists.append(_END)
    return offsets


UNKNOWN_LIVENESS = TraceLiveness(0, {}, {}, False, True)


def apply_liveness(frame, liveness, pc, next_pc):
    """What a trace does to the registers of frame between the instruction at pc and the next one.

    liveness: TraceLiveness.  Every instruction that is traced comes here; for most there is nothing
    to do.
    """
    if liveness.is_unknown:
        return
    at = liveness.dying[pc]
    if at != _NO_REGISTERS:
        _clear_dead_registers(frame, liveness, at)
    at = liveness.live[next_pc]
    if at != _NO_REGISTERS:
        _prepare_loop(frame, liveness, at)


@unroll_safe
def _clear_dead_registers(frame, liveness, at):
    """at: int, the offset of their list."""
    lists = liveness.lists
    register = lists[at]
    while register != _END:
        frame.write(register, None)
        at += 1
        register = lists[at]


@unroll_safe
def _prepare_loop(frame, liveness, at):
    """At a loop header: clears the registers that are not live and puts the numbers in the others
    into new boxes.

    at: int, the offset of the list of the live ones. The new boxes are virtual: they are allocated
    only where a trace leaves the loop. Otherwise a number from before the loop would be carried
    through it in its box, and every bridge to the loop would have to allocate one.
    """
    lists = liveness.lists
    for register in range(len(frame.registers)):
        if lists[at] == register:
            at += 1
            w_value = frame.read(register)
            if isinstance(w_value, W_Int):
                frame.write(register, W_Int(w_value.intval))
            elif isinstance(w_value, W_Float):
                frame.write(register, W_Float(w_value.floatval))
        elif liveness.clears:
            frame.write(register, None)
