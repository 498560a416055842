"""The GC's nursery, where new objects are made: its size, set when targetmdvm.py is translated.

A large nursery suits programs whose objects live for a while: the rarer minor collections are, the
fewer objects survive one. If nearly every object dies young, a small nursery does as well and stays
in the processor's cache. So the nursery starts small, and doubles while a good part of it survives.
A size that is set (PYPY_GC_NURSERY, which `--gc-nursery` sets) holds from the start.

RPython makes the first major collection when the old objects take eight nurseries. Here it is two:
what survived the nursery and died then, such as the compiled frames of deep recursion, leaves room
that is used again, instead of new pages that the system has to clear. PYPY_GC_MIN sets another size.

The VM never imports this module.
"""

from rpython.memory.gc import env
from rpython.memory.gc.incminimark import IncrementalMiniMarkGC

from translation.replacing import replace

LARGEST = 8 << 20
SMALLEST = 2 << 20
NURSERIES = 2  # as much as so many of them is old before the first major collection
SURVIVING = 4  # it grows if a fourth or more of it survives a minor collection


def change_nursery():
    """Gives the GC the nursery described above."""
    replace(env, "estimate_best_nursery_size", lambda: LARGEST)
    grow_when_much_survives()


def grow_when_much_survives():
    """At first only the end of the nursery is used, by what RPython has for tests of the GC with a
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
            if env.read_uint_from_env("PYPY_GC_MIN") <= 0:
                self.min_heap_size = float(self.nursery_size * NURSERIES)
                self.next_major_collection_initial = self.min_heap_size
                self.next_major_collection_threshold = self.min_heap_size

    def collect_and_grow(self, totalsize):
        if self.may_grow and self.nursery_surviving_size > self.debug_tiny_nursery // SURVIVING:
            self.debug_tiny_nursery *= 2
            if self.debug_tiny_nursery >= self.nursery_size:
                self.debug_tiny_nursery = -1
                self.may_grow = False
        return collect_and_reserve(self, totalsize)

    collect_and_grow._dont_inline_ = True
    IncrementalMiniMarkGC.may_grow = False
    replace(IncrementalMiniMarkGC, "setup", setup_small)
    replace(IncrementalMiniMarkGC, "collect_and_reserve", collect_and_grow)
