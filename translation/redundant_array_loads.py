"""Redundant array load and store elimination in the JIT's optimiser, set when targetmdvm.py is
translated.

RPython's optimiser eliminates redundant loads of fields and of array items at a constant index, but
not of items at a variable index. Programs load `a[i]`, compute and store `a[i]`: a loaded item
stays known until something is stored into an array of that kind, and a store of the known item is
redundant too.

The optimisation `known-items` is this one.  The VM never imports this module.
"""

from rpython.jit.metainterp.optimizeopt.heap import OptHeap

from mdvm.settings.optimisations import optimisations

from translation.dispatch import renew_dispatch
from translation.replacing import replace

# so many items are known at a time, for a look at all of them to cost little; the oldest is
# forgotten
MOST = 16


class KnownItem(object):
    """`value` is at `index` in `array`: three operations of the trace, or constants.

    descr: the descr of the array's kind.
    """

    def __init__(self, array, index, descr, value):
        self.array = array
        self.index = index
        self.descr = descr
        self.value = value


class KnownItems(object):
    """The items that are known at one point of a trace."""

    def __init__(self):
        self.items = []

    def find(self, optimisation, op):
        """op: a read or a write of an item -> the value that is there, or None if that is not
        known.
        """
        array = optimisation.get_box_replacement(op.getarg(0))
        index = optimisation.get_box_replacement(op.getarg(1))
        descr = op.getdescr()
        for item in self.items:
            if item.descr is descr and optimisation.get_box_replacement(item.array).same_box(array):
                if optimisation.get_box_replacement(item.index).same_box(index):
                    return optimisation.get_box_replacement(item.value)
        return None

    def learn(self, op, value):
        """op: a read or a write of an item, after which `value` is there."""
        if len(self.items) == MOST:
            del self.items[0]
        self.items.append(KnownItem(op.getarg(0), op.getarg(1), op.getdescr(), value))

    def forget_kind(self, descr):
        """Something was stored into an array of that kind, which may be any of them."""
        if len(self.items) > 0:
            self.items = [item for item in self.items if item.descr is not descr]

    def forget_written(self, effectinfo):
        """A function was called.  effectinfo: EffectInfo, what it writes."""
        if len(self.items) > 0:
            self.items = [
                item for item in self.items if not effectinfo.check_write_descr_array(item.descr)
            ]

    def forget_all(self):
        self.items = []


def eliminate_redundant_array_loads():
    """Changes the optimiser for the translation that follows.  To be called once."""
    create = OptHeap.__init__.im_func
    read = OptHeap.optimize_GETARRAYITEM_GC_I.im_func
    after_reading = OptHeap.postprocess_GETARRAYITEM_GC_I.im_func
    write = OptHeap.optimize_SETARRAYITEM_GC.im_func
    after_calls = OptHeap.force_from_effectinfo.im_func
    clean_caches = OptHeap.clean_caches.im_func
    flush = OptHeap.flush.im_func

    def __init__(self):
        create(self)
        self.known_items = KnownItems()

    def is_variable(self, op):
        return optimisations.known_items and not self.getintbound(op.getarg(1)).is_constant()

    def optimize_read(self, op):
        if is_variable(self, op):
            value = self.known_items.find(self, op)
            if value is not None:
                self.make_equal_to(op, value)
                return None
        return read(self, op)

    def postprocess_read(self, op):
        after_reading(self, op)
        if is_variable(self, op):
            self.known_items.learn(op, op)

    def optimize_write(self, op):
        if not is_variable(self, op):
            self.known_items.forget_kind(op.getdescr())
            return write(self, op)
        value = self.get_box_replacement(op.getarg(2))
        known = self.known_items.find(self, op)
        if known is not None and known.same_box(value):
            return None
        result = write(self, op)
        self.known_items.forget_kind(op.getdescr())
        self.known_items.learn(op, value)
        return result

    def force_from_effectinfo(self, effectinfo):
        after_calls(self, effectinfo)
        self.known_items.forget_written(effectinfo)

    def clean_all_caches(self):
        clean_caches(self)
        self.known_items.forget_all()

    def flush_all(self):
        flush(self)
        self.known_items.forget_all()

    replace(OptHeap, "__init__", __init__)
    for kind in ("I", "R", "F"):
        replace(OptHeap, "optimize_GETARRAYITEM_GC_" + kind, optimize_read)
        replace(OptHeap, "postprocess_GETARRAYITEM_GC_" + kind, postprocess_read)
    replace(OptHeap, "optimize_SETARRAYITEM_GC", optimize_write)
    replace(OptHeap, "force_from_effectinfo", force_from_effectinfo)
    replace(OptHeap, "clean_caches", clean_all_caches)
    replace(OptHeap, "flush", flush_all)
    renew_dispatch(OptHeap)


def eliminate_redundant_array_stores():
    """The same where RPython itself knows the items that were read or written at a variable index.

    PyPy has that since March 2025; it does the redundant stores all the same, never forgets the
    oldest item, and cannot be told to leave it. To be called once.
    """
    from rpython.jit.metainterp.optimizeopt.heap import ArrayCacheSubMap

    look_up = ArrayCacheSubMap.lookup_cached.im_func
    learn = ArrayCacheSubMap.cache_varindex_read.im_func
    write = OptHeap.optimize_SETARRAYITEM_GC.im_func

    def lookup_cached(self, arrayinfo, indexbox):
        if not optimisations.known_items:
            return None
        return look_up(self, arrayinfo, indexbox)

    def cache_varindex_read(self, arrayinfo, indexbox, resbox):
        known = self.cached_varindex_triples
        if known is not None and len(known) >= MOST:
            del known[0]
        learn(self, arrayinfo, indexbox, resbox)

    def optimize_write(self, op):
        if not self.getintbound(op.getarg(1)).is_constant():
            array = self.ensure_ptr_info_arg0_array(op)
            items = self.arrayitem_submap(op.getdescr())
            known = items.lookup_cached(array, op.getarg(1).get_box_replacement())
            if known is not None and known.same_box(op.getarg(2).get_box_replacement()):
                return None
        return write(self, op)

    replace(ArrayCacheSubMap, "lookup_cached", lookup_cached)
    replace(ArrayCacheSubMap, "cache_varindex_read", cache_varindex_read)
    replace(OptHeap, "optimize_SETARRAYITEM_GC", optimize_write)
    renew_dispatch(OptHeap)
