"""The GC's nursery, where new objects are made: its size, set when targetmdvm.py is translated.

A large nursery suits programs that build something: the less often it is collected, the more of
what is in it has died. But where nearly all dies at once, a small one does as well and stays in the
processor's cache. So the nursery is small at first and grows when a good part of it has survived.
Who sets its size (PYPY_GC_NURSERY, which `--gc-nursery` sets) gets that size from the start.

The VM never imports this module.
"""

from rpython.memory.gc import env
from rpython.memory.gc.incminimark import IncrementalMiniMarkGC

LARGEST = 8 << 20
SMALLEST = 2 << 20
SURVIVING = 4  # it grows when a fourth or more of it has survived a collection


def change_nursery():
    """Gives the GC the nursery described above."""
    env.estimate_best_nursery_size = lambda: LARGEST
    grow_when_much_survives()


def grow_when_much_survives():
    """Uses only the end of the nursery at first, which RPython can do for tests of the GC with a
    tiny nursery.
    """
    setup = IncrementalMiniMarkGC.setup.im_func
    collect_and_reserve = IncrementalMiniMarkGC.collect_and_reserve.im_func

    def setup_small(self):
        setup(self)
        self.may_grow = env.read_from_env("PYPY_GC_NURSERY") <= 0
        if self.may_grow:
            self.debug_tiny_nursery = SMALLEST
            self.nursery_free = self.nursery_top - SMALLEST

    def collect_and_grow(self, totalsize):
        if self.may_grow and self.nursery_surviving_size > self.debug_tiny_nursery // SURVIVING:
            self.debug_tiny_nursery *= 2
            if self.debug_tiny_nursery >= self.nursery_size:
                self.debug_tiny_nursery = -1
                self.may_grow = False
        return collect_and_reserve(self, totalsize)

    collect_and_grow._dont_inline_ = True
    IncrementalMiniMarkGC.may_grow = False
    IncrementalMiniMarkGC.setup = setup_small
    IncrementalMiniMarkGC.collect_and_reserve = collect_and_grow
