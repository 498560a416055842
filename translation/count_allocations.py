"""Counting what a program makes, set when targetmdvm.py is translated.

Objects stand in the nursery one behind the other, each with a header that knows its type and size.
So while it is counted (mdvm/system/allocations.py), the GC goes through the nursery before it
empties it. Otherwise all that is left of it is a comparison at each minor collection.

Two things leave gaps between objects: an array that is made shorter in its place, and machine code
which has taken memory for several objects at once and leaves by a guard between them. Therefore the
nursery is cleared first while it is counted, and words of 0, which are no header, are skipped.

Boxes and frames are never too large for the nursery; of objects that are, only the size is noted.

The VM never imports this module.
"""

from rpython.memory.gc.incminimark import WORD, IncrementalMiniMarkGC, raw_malloc_usage
from rpython.rtyper.lltypesystem import llarena, llmemory

from mdvm.system.allocations import allocations

from translation.replacing import replace

CLEARED = 2  # as arena_reset has it: for some megabytes at most


def count_allocations():
    """Teaches the GC what is said above.  To be called after what else changes these parts."""
    minor_collection = IncrementalMiniMarkGC._minor_collection.im_func
    collect_and_reserve = IncrementalMiniMarkGC.collect_and_reserve.im_func
    external_malloc = IncrementalMiniMarkGC.external_malloc.im_func
    shrink_array = IncrementalMiniMarkGC.shrink_array.im_func

    def _minor_collection(self):
        if self.counted_from != llmemory.NULL:
            if self.nursery_free != llmemory.NULL:
                self.count_until(self.nursery_free)
            self.counted_from = llmemory.NULL
        minor_collection(self)
        if allocations.counting:
            # Only the end of a nursery that is small yet, see nursery.py; but whatever is not
            # too large for the whole must find room in it.
            tiny = self.debug_tiny_nursery
            if self.nonlarge_max < tiny < self.nursery_top - self.nursery_free:
                self.nursery_free = self.nursery_top - tiny
            self.count_from(self.nursery_free)

    def count_and_reserve(self, totalsize):
        if self.counted_from == llmemory.NULL:
            return collect_and_reserve(self, totalsize)
        self.count_until(self.nursery_free - totalsize)  # the caller has added that
        made = collect_and_reserve(self, totalsize)
        if self.counted_from == llmemory.NULL:
            self.count_from(made)  # behind an object that is pinned
        return made

    def count_large(self, typeid, length, alloc_young):
        if allocations.counting and length >= 0:
            size = raw_malloc_usage(self.fixed_size(typeid))
            if length > 0:
                size += raw_malloc_usage(self.varsize_item_sizes(typeid)) * length
            allocations.memory += size
        return external_malloc(self, typeid, length, alloc_young)

    def shrink_and_clear(self, obj, smallerlength):
        if self.counted_from == llmemory.NULL:
            return shrink_array(self, obj, smallerlength)
        size = raw_malloc_usage(self.get_size(obj))
        shrunk = shrink_array(self, obj, smallerlength)
        if shrunk:
            left = raw_malloc_usage(self.get_size(obj))
            llarena.arena_reset(obj + left, size - left, CLEARED)
        return shrunk

    def count_from(self, start):
        """start: address, where the next object will be."""
        allocations.able = True
        llarena.arena_reset(start, self.nursery_top - start, CLEARED)
        self.counted_from = start

    def count_until(self, end):
        """end: address, behind the last object.  Counts those from counted_from on."""
        size_gc_header = self.gcheaderbuilder.size_gc_header
        ints = floats = frames = 0
        at = self.counted_from
        self.counted_from = llmemory.NULL
        allocations.memory += end - at
        while at < end:
            if at.signed[0] == 0:
                at += WORD
                continue
            obj = at + size_gc_header
            kind = self.get_member_index(self.get_type_id(obj))
            if kind == allocations.int_kind:
                ints += 1
            elif kind == allocations.float_kind:
                floats += 1
            elif kind == allocations.frame_kind:
                frames += 1
            at += raw_malloc_usage(size_gc_header + self.get_size(obj))
        allocations.ints += ints
        allocations.floats += floats
        allocations.frames += frames

    _minor_collection._dont_inline_ = True
    count_and_reserve._dont_inline_ = True
    count_until._dont_inline_ = True
    IncrementalMiniMarkGC.counted_from = llmemory.NULL
    IncrementalMiniMarkGC.count_from = count_from
    IncrementalMiniMarkGC.count_until = count_until
    replace(IncrementalMiniMarkGC, "_minor_collection", _minor_collection)
    replace(IncrementalMiniMarkGC, "collect_and_reserve", count_and_reserve)
    replace(IncrementalMiniMarkGC, "external_malloc", count_large)
    replace(IncrementalMiniMarkGC, "shrink_array", shrink_and_clear)
