"""The optimisations that can be turned off, so that what each is worth can be measured.

They never change what a program does. `mdvm-c --without NAME,NAME` turns them off; bench/ measures
with and without. An embedded VM has no command line, so there the environment variable MDVM_WITHOUT
does.
"""

import os

WITHOUT = "MDVM_WITHOUT"

# Name on the command line, and what it stands for.
SWITCHES = [
    (
        "dead-registers",
        "clearing the registers that nobody reads again, at a loop's backward jump, and in traces at once",
    ),
    ("unboxed-loops", "taking numbers out of their boxes, in traces, where a loop begins"),
    ("last-uses", "handing a container over, instead of sharing it, when its register dies"),
    (
        "copies",
        "reading the source of a MOVE instead of its copy, and dropping moves that nobody needs",
    ),
    (
        "small-frames",
        "renumbering registers, so that those that are never needed at the same time are one",
    ),
    (
        "takes",
        "taking an element or global, instead of sharing it, when it is about to be overwritten",
    ),
    (
        "borrows",
        "getting an element or a global without sharing it, when its register is only looked at",
    ),
    ("fused-branches", "one instruction for a comparison and the jump on its result"),
    ("storages", "keeping the ints, floats or bools of an array or a dict without boxes"),
    (
        "known-items",
        "reading an item of an array once, in traces, and not storing what is there already",
    ),
    ("large-pages", "asking the system for large pages where an array of some megabytes stands"),
    ("ropes", "joining long strings without copying them until they are read"),
]


class Switches(object):
    """Which optimisations are on; all of them, unless set_off is called. One field for each switch.

    The fields are quasi-immutable: compiled code does not look at them.
    """

    _immutable_fields_ = [
        "dead_registers?",
        "unboxed_loops?",
        "last_uses?",
        "copies?",
        "small_frames?",
        "takes?",
        "borrows?",
        "fused_branches?",
        "storages?",
        "known_items?",
        "large_pages?",
        "ropes?",
    ]

    def __init__(self):
        self.dead_registers = True
        self.unboxed_loops = True
        self.last_uses = True
        self.copies = True
        self.small_frames = True
        self.takes = True
        self.borrows = True
        self.fused_branches = True
        self.storages = True
        self.known_items = True
        self.large_pages = True
        self.ropes = True

    def turn_off(self, name):
        """name: str, from SWITCHES -> bool, whether there is such a switch."""
        if name == "dead-registers":
            self.dead_registers = False
        elif name == "unboxed-loops":
            self.unboxed_loops = False
        elif name == "last-uses":
            self.last_uses = False
        elif name == "copies":
            self.copies = False
        elif name == "small-frames":
            self.small_frames = False
        elif name == "takes":
            self.takes = False
        elif name == "borrows":
            self.borrows = False
        elif name == "fused-branches":
            self.fused_branches = False
        elif name == "storages":
            self.storages = False
        elif name == "known-items":
            self.known_items = False
        elif name == "large-pages":
            self.large_pages = False
        elif name == "ropes":
            self.ropes = False
        else:
            return False
        return True


switches = Switches()


def turn_off_by_environment():
    """Turns off the switches that MDVM_WITHOUT names, with commas between them. A name that is none
    is passed over: whoever tries several versions of the VM sets it for all of them.
    """
    names = os.environ.get(WITHOUT)
    if names is not None:
        for name in names.split(","):
            switches.turn_off(name)
