"""How much the program makes: what the VM and its GC tell each other about it.

While that is counted, the GC goes through its nursery before it empties it, and finds in it every
object that was made since (translation/count_allocations.py): those of the interpreter, those of
compiled code, and those that come into being where compiled code is left. So compiled code is the
same whether it is counted or not, and an object that the JIT has kept out of memory is not counted.
Untranslated, there is no such GC, and nothing is counted.
"""

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.language import we_are_translated

if HAVE_RPYTHON:
    from rpython.rlib import rgc
    from rpython.rlib.objectmodel import specialize

    for_each_class = specialize.argtype(0)
else:

    def for_each_class(function):
        """-> function, which nothing translates."""
        return function


# A collection that does nothing but empty the nursery.
_NURSERY_ONLY = -1


class Allocations(object):
    """The totals of all that was counted since the process began.

    Written by the VM: counting: bool, whether to count. int_kind, float_kind, frame_kind: int, by
    what the GC knows ints, floats and the frames of calls.

    Written by the GC: able: bool, whether it can count. ints, floats, frames: int, how many have
    been made; memory: int, the bytes of all objects together.
    """

    def __init__(self):
        self.counting = False
        self.able = False
        self.int_kind = 0
        self.float_kind = 0
        self.frame_kind = 0
        self.ints = 0
        self.floats = 0
        self.frames = 0
        self.memory = 0

    def start(self, int_kind, float_kind, frame_kind):
        """From now on it is counted.  -> bool, whether it was before, for `stop`."""
        was_counting = self.counting
        self.int_kind = int_kind
        self.float_kind = float_kind
        self.frame_kind = frame_kind
        # Tells RPython, which has seen all the code of the VM when it comes to the GC, that these
        # are no constants.
        self.ints = -(-self.ints)
        self.floats = -(-self.floats)
        self.frames = -(-self.frames)
        self.memory = -(-self.memory)
        self.able = self.able or self.memory > 0
        self.counting = True
        self.settle()
        return was_counting

    def stop(self, was_counting):
        """Counts what has been made until now."""
        self.counting = was_counting
        self.settle()

    def settle(self):
        if we_are_translated():
            rgc.collect(_NURSERY_ONLY)


allocations = Allocations()


@for_each_class
def kind_of(made):
    """made: an object of a class of the VM's -> int, by what the GC knows its class."""
    if we_are_translated():
        return rgc.get_rpy_type_index(rgc.cast_instance_to_gcref(made))
    return -1
