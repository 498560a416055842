"""Large pages for the nursery and for large objects, set when targetmdvm.py is translated.

A page that is touched for the first time takes a microsecond or more, however large it is; and a
processor finds the pages of a few megabytes at once, but not those of an array that is larger,
unless they are large. So the system is asked for large ones where a whole one fits.

The optimisation `large-pages` is this one, for large objects; the nursery is made before the
command line is read. The VM never imports this module.
"""

from rpython.memory.gc.incminimark import IncrementalMiniMarkGC
from rpython.memory.gc.minimarkpage import out_of_memory
from rpython.rtyper.lltypesystem import llarena, llmemory, rffi
from rpython.translator.tool.cbuild import ExternalCompilationInfo

from mdvm.settings.optimisations import optimisations

from translation.replacing import replace

LARGE_PAGE = 2 << 20
MADV_HUGEPAGE = 14  # of Linux; a system that has no large pages refuses, and nothing is lost

_madvise = rffi.llexternal(
    "madvise",
    [llmemory.Address, rffi.SIZE_T, rffi.INT],
    rffi.INT,
    sandboxsafe=True,
    _nowrapper=True,
    compilation_info=ExternalCompilationInfo(includes=["sys/mman.h"]),
)


def use_large_pages():
    """Teaches the GC what is said above, for the translation that follows.  To be called once."""
    for_the_nursery()
    for_large_objects()


def for_the_nursery():
    """Lets a nursery that has room for large pages begin where one does."""
    original = IncrementalMiniMarkGC._alloc_nursery.im_func

    def _alloc_nursery(self):
        if self.nursery_size < LARGE_PAGE:
            return original(self)
        size = self._nursery_memory_size()
        memory = llarena.arena_malloc(size + LARGE_PAGE, 0)
        if not memory:
            out_of_memory("cannot allocate nursery")
        nursery = memory + _to_large_page(memory)
        _ask_for_large_pages(nursery, size)
        return nursery

    replace(IncrementalMiniMarkGC, "_alloc_nursery", _alloc_nursery)


def for_large_objects():
    """Lets an object that was just made, and of which only the header has been touched, have large
    pages.
    """
    original = IncrementalMiniMarkGC.external_malloc.im_func

    def external_malloc(self, typeid, length, alloc_young):
        made = original(self, typeid, length, alloc_young)
        if length > 0:
            size = self.varsize_item_sizes(typeid) * length
            if size >= 2 * LARGE_PAGE and optimisations.large_pages:
                before = _to_large_page(made)
                _ask_for_large_pages(made + before, (size - before) & -LARGE_PAGE)
        return made

    replace(IncrementalMiniMarkGC, "external_malloc", external_malloc)


def _to_large_page(address):
    """-> int, how many bytes there are from the address to the next one where a large page can
    begin.
    """
    return -llmemory.cast_adr_to_int(address) & (LARGE_PAGE - 1)


def _ask_for_large_pages(start, size):
    _madvise(start, rffi.cast(rffi.SIZE_T, size), rffi.cast(rffi.INT, MADV_HUGEPAGE))
