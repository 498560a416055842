"""How much memory programs may take: the limit of the process and that of a run, which the GC keeps to.

What counts is what the heap holds: the memory that the GC has from the system for objects that have survived a collection and for
large ones.  The GC notes it here and looks here for what it may be (translation/heap_limit.py); untranslated, nobody does.
"""
from mdvm.compat import collect_garbage, set_max_heap_size

NO_LIMIT = 0


class Heap(object):
    """The account of the heap, in bytes.

    limit: int, what the process may hold.  run_limit: int, what the run may add to what was held when it began, NO_LIMIT for no
    limit of its own.
    """

    def __init__(self):
        self.limit = 4 << 30    # until somebody says otherwise
        self.run_limit = NO_LIMIT

    def limit_process(self, size):
        """size: int, bytes that all that is held may take."""
        self.limit = size
        set_max_heap_size(size)

    def begin_run(self, run_limit):
        """run_limit: int, bytes that the run may add, or NO_LIMIT."""
        self.run_limit = run_limit
        if run_limit != NO_LIMIT:
            collect_garbage()
            set_max_heap_size(min(self.limit, run_limit))

    def end_run(self):
        """The limit of the run holds no longer."""
        if self.run_limit != NO_LIMIT:
            self.run_limit = NO_LIMIT
            set_max_heap_size(self.limit)

    def largest(self):
        """-> int, the bytes that one object may have at most."""
        if self.run_limit != NO_LIMIT and self.run_limit < self.limit:
            return self.run_limit
        return self.limit


heap = Heap()
