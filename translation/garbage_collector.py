"""Corrections of RPython 0.2.1's garbage collector, made when targetmdvm.py is translated.

The collector marks in small steps between which the program runs. An object is black if it has been
marked and what it refers to has been too or is about to be, white if it has not been reached. A
black object that the program writes to has to be looked at again, or a white object that only it
refers to is freed while it is in use.

Each function says which versions of RPython need it and which test fails without it.
docs/rpython-faults.md has PyPy's commits. The VM never imports this module.
"""

from rpython.memory.gc.incminimark import (
    GCFLAG_CARDS_SET,
    GCFLAG_HAS_CARDS,
    GCFLAG_NO_HEAP_PTRS,
    GCFLAG_TRACK_YOUNG_PTRS,
    GCFLAG_VISITED,
    STATE_MARKING,
    IncrementalMiniMarkGC,
)
from rpython.memory.gc.minimarkpage import ArenaCollection
from rpython.rlib.rarithmetic import r_uint

from translation.replacing import replace


def look_again_at_arrays_copied_to():
    """Lets copying into an array count as writing to it, also where no new object is copied.

    While it marked, RPython before March 2024 took note of the copy only if the source might refer
    to new objects. A black array that got a reference from an old one was not looked at again: if
    it was then the only one to have it, the object was freed, and read and written while something
    else was in its place.
    Tests: tests/jit/test_garbage_collector.py, test_what_was_copied_while_marking_lives.
    """
    original = IncrementalMiniMarkGC.writebarrier_before_copy.im_func

    def writebarrier_before_copy(self, source_addr, dest_addr, source_start, dest_start, length):
        if self.gc_state == STATE_MARKING and self.header(dest_addr).tid & GCFLAG_HAS_CARDS == 0:
            self.write_barrier(dest_addr)
            return True
        can_copy = original(self, source_addr, dest_addr, source_start, dest_start, length)
        if can_copy and self.gc_state == STATE_MARKING:
            # Such an array is looked at again if it is in this list, even if none of its cards is
            # marked.
            header = self.header(dest_addr)
            if header.tid & GCFLAG_TRACK_YOUNG_PTRS and not header.tid & GCFLAG_CARDS_SET:
                self.old_objects_with_cards_set.append(dest_addr)
                header.tid |= GCFLAG_CARDS_SET
        return can_copy

    replace(IncrementalMiniMarkGC, "writebarrier_before_copy", writebarrier_before_copy)


def count_what_is_not_swept_yet():
    """Counts the small objects that have not been swept yet as memory in use.

    RPython before August 2024 forgot all of them when sweeping began and counted them again one
    page after the other, so large objects that were made in between could take the heap to twice
    its limit.
    Tests: tests/jit/test_garbage_collector.py, test_memory_in_use_while_sweeping.
    """
    prepare = ArenaCollection.mass_free_prepare.im_func
    walk = ArenaCollection.walk_page.im_func

    def mass_free_prepare(self):
        used = self.total_memory_used
        prepare(self)
        self.total_memory_used = used

    def walk_page(self, page, block_size, ok_to_free_func):
        used = self.total_memory_used
        free_before = page.nfree
        surviving = walk(self, page, block_size, ok_to_free_func)
        self.total_memory_used = used - r_uint((page.nfree - free_before) * block_size)
        return surviving

    replace(ArenaCollection, "mass_free_prepare", mass_free_prepare)
    replace(ArenaCollection, "walk_page", walk_page)


def mark_at_once_what_refers_to_nothing():
    """Marks an object that refers to no other when it is found, and forgets at once what is marked
    already.

    RPython puts everything that it finds into a list first, 8 bytes for each reference: for an
    array of numbers half as much memory again as the array and its numbers have, beyond every
    limit.
    Tests: tests/jit/test_garbage_collector.py, test_marking_lists_no_numbers.
    """

    def _collect_ref_rec(self, root, ignored):
        obj = root.address[0]
        if self.is_in_nursery(obj):
            return  # it is pinned
        header = self.header(obj)
        if header.tid & (GCFLAG_VISITED | GCFLAG_NO_HEAP_PTRS):
            return
        if self.has_gcptr(self.get_type_id(obj)):
            self.objects_to_trace.append(obj)
        else:
            header.tid |= GCFLAG_VISITED | GCFLAG_TRACK_YOUNG_PTRS

    replace(IncrementalMiniMarkGC, "_collect_ref_rec", _collect_ref_rec)
