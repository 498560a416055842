"""What a run makes: the boxes of numbers, the frames of calls, and the memory of all objects."""

from mdvm.frame import Frame
from mdvm.objects import W_Float, W_Int
from mdvm.system.allocations import allocations, kind_of


class Made(object):
    """ints, floats: int, boxes; frames: int, of calls; memory: int, bytes of all objects."""

    def __init__(self):
        self.ints = 0
        self.floats = 0
        self.frames = 0
        self.memory = 0

    def add(self, other):
        """other: Made."""
        self.ints += other.ints
        self.floats += other.floats
        self.frames += other.frames
        self.memory += other.memory


class Count(object):
    """Counts what is made until `end`.  Other counts may begin and end meanwhile."""

    def __init__(self):
        self.was_counting = allocations.start(
            kind_of(W_Int(0)), kind_of(W_Float(0.0)), kind_of(Frame(0))
        )
        self.ints = allocations.ints
        self.floats = allocations.floats
        self.frames = allocations.frames
        self.memory = allocations.memory

    def end(self):
        """-> Made; None where nothing can be counted."""
        allocations.stop(self.was_counting)
        if not allocations.able:
            return None
        made = Made()
        made.ints = allocations.ints - self.ints
        made.floats = allocations.floats - self.floats
        made.frames = allocations.frames - self.frames
        made.memory = allocations.memory - self.memory
        return made
