"""A correction of the JIT's heap cache: array items at a constant index that no array has, or few
have.

RPython 0.2.1 needs it.  PyPy has the same since September 2020 (588e5411f35; its issue 3297).
"""

from rpython.jit.metainterp.optimize import InvalidLoop
from rpython.jit.metainterp.optimizeopt.heap import OptHeap
from rpython.jit.metainterp.optimizeopt.info import ArrayPtrInfo
from rpython.jit.metainterp.optimizeopt.virtualize import OptVirtualize

from translation.dispatch import renew_dispatch
from translation.replacing import replace

LARGEST_TRACKED = 150000  # as in PyPy


def track_small_indexes_only():
    """Nothing is remembered of items at an index above 150,000, and larger arrays are never
    virtual.

    The items that are known of an array stand in a list as long as the largest index: one item far
    behind cost 8 bytes, and time, for all that are before it, in every trace. A negative index, or
    one beyond the end of a virtual array, is in a path that is never taken: such a trace is given
    up, while RPython wrote before the list's beginning or failed an assertion, which ends the
    process.
    Test: tests/jit/test_array_items.py, tests/fuzz/regressions/far_constant_index.mdasm.
    """
    get = ArrayPtrInfo.getitem.im_func
    produce = ArrayPtrInfo.produce_short_preamble_ops.im_func
    set_item = ArrayPtrInfo.setitem.im_func

    def setitem(self, descr, index, struct, op, optheap=None, cf=None):
        if self.is_virtual():
            if index < 0 or index >= len(self._items):
                raise InvalidLoop("an item that a virtual array does not have")
        elif index < 0 or index > LARGEST_TRACKED:
            if self._items is None:
                self._items = []
            if cf is not None:
                cf.register_info(struct, self)
            return
        set_item(self, descr, index, struct, op, optheap, cf)

    def getitem(self, descr, index, optheap=None):
        if index < 0:
            return None
        return get(self, descr, index, optheap)

    def produce_short_preamble_ops(self, structbox, descr, index, optimizer, shortboxes):
        if index >= 0:
            produce(self, structbox, descr, index, optimizer, shortboxes)

    replace(ArrayPtrInfo, "setitem", setitem)
    replace(ArrayPtrInfo, "getitem", getitem)
    replace(ArrayPtrInfo, "produce_short_preamble_ops", produce_short_preamble_ops)
    _give_up_negative_indexes()
    _keep_large_arrays_real()


def _give_up_negative_indexes():
    read = OptHeap.optimize_GETARRAYITEM_GC_I.im_func
    read_pure = OptHeap.optimize_GETARRAYITEM_GC_PURE_I.im_func
    write = OptHeap.optimize_SETARRAYITEM_GC.im_func

    def check(self, op):
        index = self.getintbound(op.getarg(1))
        if index.is_constant() and index.getint() < 0:
            raise InvalidLoop("an array item at a negative index")

    def optimize_read(self, op):
        check(self, op)
        return read(self, op)

    def optimize_read_pure(self, op):
        check(self, op)
        return read_pure(self, op)

    def optimize_write(self, op):
        check(self, op)
        return write(self, op)

    for kind in ("I", "R", "F"):
        replace(OptHeap, "optimize_GETARRAYITEM_GC_" + kind, optimize_read)
        replace(OptHeap, "optimize_GETARRAYITEM_GC_PURE_" + kind, optimize_read_pure)
    replace(OptHeap, "optimize_SETARRAYITEM_GC", optimize_write)
    renew_dispatch(OptHeap)


def _keep_large_arrays_real():
    create = OptVirtualize.optimize_NEW_ARRAY.im_func
    create_clear = OptVirtualize.optimize_NEW_ARRAY_CLEAR.im_func
    read = OptVirtualize.optimize_GETARRAYITEM_GC_I.im_func

    def is_large(self, op):
        size = self.get_constant_box(op.getarg(0))
        return size is not None and not 0 <= size.getint() <= LARGEST_TRACKED

    def optimize_new_array(self, op):
        if is_large(self, op):
            return self.emit(op)
        return create(self, op)

    def optimize_new_array_clear(self, op):
        if is_large(self, op):
            return self.emit(op)
        return create_clear(self, op)

    def optimize_read(self, op):
        known = self.getptrinfo(op.getarg(0))
        if known and known.is_virtual():
            index = self.get_constant_box(op.getarg(1))
            if index is not None and known.getitem(op.getdescr(), index.getint()) is None:
                raise InvalidLoop("an item that a virtual array does not have, or not yet")
        return read(self, op)

    replace(OptVirtualize, "optimize_NEW_ARRAY", optimize_new_array)
    replace(OptVirtualize, "optimize_NEW_ARRAY_CLEAR", optimize_new_array_clear)
    for kind in ("I", "R", "F"):
        replace(OptVirtualize, "optimize_GETARRAYITEM_GC_" + kind, optimize_read)
        replace(OptVirtualize, "optimize_GETARRAYITEM_GC_PURE_" + kind, optimize_read)
    renew_dispatch(OptVirtualize)
