"""A correction of the JIT's heap cache: what a called function reads is written before the call."""

from rpython.jit.metainterp.optimizeopt.heap import OptHeap

from translation.replacing import replace


def fix_postponed_writes():
    """Works around an error in the JIT's optimiser, in the heap cache of RPython 0.2.1 and its
    contemporaries.

    The write of an immutable field of a new object may be postponed until something reads it. Where
    a called function both reads and writes such a field, only the write was noted, and for an
    immutable field then ignored: the function saw an object without its value. Here the postponed
    write is done before the call.
    """
    original = OptHeap.force_from_effectinfo.im_func

    def force_from_effectinfo(self, effectinfo):
        for fielddescr, cached in self.cached_fields.items():
            if fielddescr.is_always_pure() and effectinfo.check_write_descr_field(fielddescr):
                cached.force_lazy_set(self, fielddescr)
        original(self, effectinfo)

    replace(OptHeap, "force_from_effectinfo", force_from_effectinfo)
