"""Corrections of what the JIT knows of the fields of objects that are constants in a trace.

RPython 0.2.1 needs them; of the second, PyPy has a part since November 2022 (2bfa545bc4c), of the
others none in August 2026.
"""

from rpython.jit.metainterp.heapcache import CacheEntry, FieldUpdater, HeapCache
from rpython.jit.metainterp.history import Const, ConstPtr
from rpython.jit.metainterp.optimizeopt import heap
from rpython.jit.metainterp.optimizeopt.info import (
    AbstractStructPtrInfo,
    ArrayPtrInfo,
    ArrayStructInfo,
    ConstPtrInfo,
)

from translation.replacing import replace


def forget_fields_of_promoted_objects():
    """What is known of an object before a guard makes it a constant is forgotten when something may
    change it.

    The optimiser copied the known fields and items to what it keeps for the constant, where no
    later write to a field of that kind found them: the trace went on with what had been there
    before the write. The copy also overwrote what was known of the constant already, so that the
    short preamble was asked for fields that are not known and crashed (PyPy tests for that since
    May 2018, 8c6a4821e4d, without a cause).
    Test: tests/jit/test_constant_objects.py.
    """

    def copy_fields_to_const(self, constinfo, optheap):
        if self._fields is None or optheap is None:
            return
        info = constinfo._get_info(self.descr, optheap)
        assert isinstance(info, AbstractStructPtrInfo)
        constant = constinfo.getconst()
        for descr in self.descr.get_all_fielddescrs():
            index = descr.get_index()
            if index < len(self._fields) and self._fields[index] is not None:
                info.setfield(
                    descr, constant, self._fields[index], optheap, optheap.field_cache(descr)
                )

    def copy_items_to_const(self, constinfo, optheap):
        if self._items is None or optheap is None:
            return
        info = constinfo._get_array_info(self.descr, optheap)
        assert isinstance(info, ArrayPtrInfo)
        constant = constinfo.getconst()
        for index in range(len(self._items)):
            if self._items[index] is not None:
                cache = optheap.arrayitem_cache(self.descr, index)
                info.setitem(self.descr, index, constant, self._items[index], optheap, cache)

    def copy_nothing(self, constinfo, optheap):
        pass

    produce = AbstractStructPtrInfo.produce_short_preamble_ops.im_func

    def produce_short_preamble_ops(self, structbox, fielddescr, index, optimizer, shortboxes):
        position = fielddescr.get_index()
        if (
            self._fields is not None
            and position < len(self._fields)
            and self._fields[position] is not None
        ):
            produce(self, structbox, fielddescr, index, optimizer, shortboxes)

    replace(AbstractStructPtrInfo, "copy_fields_to_const", copy_fields_to_const)
    replace(AbstractStructPtrInfo, "produce_short_preamble_ops", produce_short_preamble_ops)
    replace(ArrayPtrInfo, "copy_fields_to_const", copy_items_to_const)
    # only while it is virtual are its items known
    replace(ArrayStructInfo, "copy_fields_to_const", copy_nothing)


class ConstantFieldUpdater(FieldUpdater):
    """For a field of a constant: nothing is known of it, and a write may change that field of any
    other object.
    """

    def __init__(self, cache):
        FieldUpdater.__init__(self, None, cache, None)

    def getfield_now_known(self, fieldbox):
        pass

    def setfield(self, fieldbox):
        self.cache._clear_cache_on_write(False)


def notice_writes_to_constants():
    """A write to a field of a constant object makes the recording of a trace forget that field of
    all others.

    They may be the same object. RPython took no notice of such a write, so what was read before
    through another reference was taken for what is there now.
    Test: tests/jit/test_constant_objects.py.
    """
    original = HeapCache.get_field_updater.im_func

    def get_field_updater(self, box, descr):
        if isinstance(box, Const):
            cache = self.heap_cache.get(descr, None)
            if cache is None:
                cache = self.heap_cache[descr] = CacheEntry(self)
            return ConstantFieldUpdater(cache)
        return original(self, box, descr)

    replace(HeapCache, "get_field_updater", get_field_updater)


def let_frames_be_constants():
    """A virtualizable other than the running function's may be a constant.

    RPython failed an assertion, which ends the process.  (PyPy: 7de86932792, January 2021.)
    Test: tests/jit/test_constant_objects.py.
    """
    original = HeapCache.nonstandard_virtualizables_now_known.im_func

    def nonstandard_virtualizables_now_known(self, box):
        if not isinstance(box, Const):
            original(self, box)

    replace(HeapCache, "nonstandard_virtualizables_now_known", nonstandard_virtualizables_now_known)


MOST = 64  # so many fields of others are left known by a write, for a look at all to cost little


def tell_constants_apart():
    """A write to a field of one constant object leaves known what is in that field of the others.

    Two constants that are not the same object never are. RPython took the one for possibly the
    other, so that a loop read every global variable again after it had written to one.
    """
    force = heap.AbstractCachedEntry.force_lazy_set.im_func

    def force_lazy_set(self, optheap, descr, can_cache=True):
        write = self._lazy_set
        if write is None or not can_cache:
            return force(self, optheap, descr, can_cache)
        written = write.getarg(0).get_box_replacement()
        if not isinstance(written, ConstPtr):
            return force(self, optheap, descr, can_cache)
        index = descr.get_index()
        kept = []
        known = len(self.cached_infos)
        for position in range(max(0, known - MOST), known):
            struct = self.cached_structs[position]
            if isinstance(struct, ConstPtr) and not struct.same_constant(written):
                info = self.cached_infos[position]
                assert isinstance(info, AbstractStructPtrInfo)
                kept.append((struct, info, info._fields[index]))
        force(self, optheap, descr, can_cache)
        for struct, info, value in kept:
            info._fields[index] = value
            self.register_info(struct, info)

    def possible_aliasing_two_infos(self, optheap, opinfo1, opinfo2):
        if isinstance(opinfo1, ConstPtrInfo) and isinstance(opinfo2, ConstPtrInfo):
            return heap.MUST_ALIAS if opinfo1.same_info(opinfo2) else heap.CANNOT_ALIAS
        return tell(self, optheap, opinfo1, opinfo2)

    replace(heap.CachedField, "force_lazy_set", force_lazy_set)
    if hasattr(heap.AbstractCachedEntry, "possible_aliasing_two_infos"):
        tell = heap.AbstractCachedEntry.possible_aliasing_two_infos.im_func
        replace(heap.CachedField, "possible_aliasing_two_infos", possible_aliasing_two_infos)
