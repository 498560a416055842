"""The optimisations that can be turned off, so that what each is worth can be measured.

They never change what a program does. `mdvm-c --without NAME,NAME` turns them off; bench/ measures
with and without. An embedded VM has no command line, so there the environment variable MDVM_WITHOUT
does.
"""

import os

from mdvm.system.language import unrolling_iterable

WITHOUT = "MDVM_WITHOUT"

# Name on the command line, and what it does.
OPTIMISATIONS = [
    (
        "dead-registers",
        "clearing dead registers where a loop jumps back, and in traces as soon as they are dead",
    ),
    ("unboxed-loops", "unboxing numbers at loop headers, in traces"),
    ("last-uses", "moving a container at the last use of its register, instead of sharing it"),
    ("copies", "copy and constant propagation, and dropping moves whose result is dead"),
    ("small-frames", "coalescing registers that are never live at the same time"),
    ("takes", "owned loads of elements and globals that are about to be overwritten"),
    ("borrows", "borrowing loads of elements and globals that are only read"),
    ("fused-branches", "one instruction for a comparison and the jump on its result"),
    ("storages", "keeping the ints, floats or bools of an array or a dict unboxed"),
    ("unboxed-tier", "keeping numbers unboxed where the JIT is off"),
    ("unboxed-globals", "keeping the ints and floats of global variables unboxed"),
    ("known-items", "eliminating redundant loads and stores of array items, in traces"),
    (
        "irregular-recursion",
        "inlining recursion in its first traces only, and nowhere if each call goes another way",
    ),
    ("large-pages", "asking the system for large pages where an array of some megabytes stands"),
    ("ropes", "joining long strings without copying them until they are read"),
]


def _attribute(name):
    return name.replace("-", "_")


_attributes = unrolling_iterable([(name, _attribute(name)) for name, _ in OPTIMISATIONS])


class Optimisations(object):
    """Which optimisations are on; all of them, unless they are turned off. One field for each.

    The fields are quasi-immutable: compiled code does not look at them.
    """

    _immutable_fields_ = [_attribute(_name) + "?" for _name, _ in OPTIMISATIONS]

    def __init__(self):
        for _, attribute in _attributes:
            setattr(self, attribute, True)

    def turn_off(self, wanted):
        """wanted: str -> bool, whether there is an optimisation of that name."""
        for name, attribute in _attributes:
            if wanted == name:
                setattr(self, attribute, False)
                return True
        return False


optimisations = Optimisations()


def turn_off_by_environment():
    """Turns off the optimisations that MDVM_WITHOUT names, with commas between them. An unknown name
    is passed over: the variable may be set for several versions of the VM.
    """
    names = os.environ.get(WITHOUT)
    if names is not None:
        for name in names.split(","):
            optimisations.turn_off(name)
