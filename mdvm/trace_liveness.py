"""What becomes of registers, for traces: which die with an instruction, and which a loop begins
with.

The interpreter leaves a dead value in its register, which costs nothing. In a trace each value that
a register holds must be there when a guard fails, so it takes a machine register or a place in
memory: there, registers are emptied as soon as nobody reads them any more. And a loop begins with
every number out of its box, whoever comes to it.
"""

from mdvm.system.compat import unroll_safe
from mdvm.objects import W_Float, W_Int

_NO_REGISTERS = 0  # the place of a list that is empty
_END = -1


class RegisterFates(object):
    """The registers that a trace empties, by place in ops.

    lists: list of int, lists of registers one behind the other, each with _END after it.
    dying: list of int by place in ops, where in lists those stand that nobody reads after the
    instruction that begins there.
    live: list of int by place in ops, where those stand, ascending, that may be read in the loop
    that begins there; _NO_REGISTERS where none does.
    empties: bool, whether a loop's head empties the registers that are not live. is_unknown: bool,
    whether nothing is known of any register; the lists are empty then.
    """

    _immutable_fields_ = ["lists[*]", "dying[*]", "live[*]", "empties", "is_unknown"]

    def __init__(self, size, dying, live, empties, is_unknown=False):
        """size: int, the length of ops; dying, live: dicts from a place in ops to a list of int."""
        self.is_unknown = is_unknown
        lists = [_END]
        self.dying = _append_lists(lists, dying, size)
        self.live = _append_lists(lists, live, size)
        self.lists = lists[:]
        self.empties = empties


def _append_lists(lists, registers_at, size):
    """registers_at: dict from a place in ops to a list of int -> list of int by place, where in
    lists they are now.
    """
    places = [_NO_REGISTERS] * size
    for place in registers_at:
        places[place] = len(lists)
        for register in registers_at[place]:
            lists.append(register)
        lists.append(_END)
    return places


NO_FATES = RegisterFates(0, {}, {}, False, True)  # where nothing is known of any register


def follow_fates(frame, fates, pc, next_pc):
    """What a trace does to the registers of frame between the instruction at pc and the next.
    fates: RegisterFates.

    It does so after every instruction that it records, and most have nothing to do.
    """
    if fates.is_unknown:
        return
    at = fates.dying[pc]
    if at != _NO_REGISTERS:
        _forget_dead_registers(frame, fates, at)
    at = fates.live[next_pc]
    if at != _NO_REGISTERS:
        _tidy_for_loop(frame, fates, at)


@unroll_safe
def _forget_dead_registers(frame, fates, at):
    """Empties the registers whose list begins at that place."""
    lists = fates.lists
    register = lists[at]
    while register != _END:
        frame.write(register, None)
        at += 1
        register = lists[at]


@unroll_safe
def _tidy_for_loop(frame, fates, at):
    """Where a loop begins: empties the registers that are not live, and gives the others new boxes
    for their numbers.

    at: int, where the list of the live ones begins. The new boxes exist only where a trace leaves
    its loop. Else a number from before the loop would be carried through it in its box, and
    whatever comes from another trace to this loop would have to make one.
    """
    lists = fates.lists
    for register in range(len(frame.registers)):
        if lists[at] == register:
            at += 1
            w_value = frame.read(register)
            if isinstance(w_value, W_Int):
                frame.write(register, W_Int(w_value.intval))
            elif isinstance(w_value, W_Float):
                frame.write(register, W_Float(w_value.floatval))
        elif fates.empties:
            frame.write(register, None)
