"""Corrections of RPython 0.2.1's JIT, made when targetmdvm.py is translated.

Each replaces one method of RPython's with one that says here what was wrong or too slow, so a newer RPython that needs it no
longer only has to lose the call in `apply_patches`.  The VM never imports this module.
"""
import sys

from rpython.jit.metainterp.optimizeopt.heap import OptHeap
from rpython.jit.metainterp.optimizeopt.intutils import IntBound, IntUnbounded
from rpython.jit.metainterp.optimizeopt.optimizer import Optimizer
from rpython.jit.metainterp.optimizeopt.virtualstate import NotVirtualStateInfoInt
from rpython.jit.metainterp.resoperation import rop


def apply_patches():
    fix_postponed_writes()
    survive_impossible_bounds()
    forget_large_bounds()
    resume_where_a_guard_fails()


def survive_impossible_bounds():
    """Nothing is known of a quotient whose divisor has a lower bound above its upper one.

    Such bounds mean that the path is never taken.  RPython divides by both of them, and one may be zero: the JIT crashed.
    """
    original = IntBound.py_div_bound.im_func

    def py_div_bound(self, other):
        if other.has_lower and other.has_upper and other.lower > other.upper:
            return IntUnbounded()
        return original(self, other)

    IntBound.py_div_bound = py_div_bound


LARGEST_BOUND = 0x7FFFFFFF    # what a machine instruction can hold


def forget_large_bounds():
    """Keeps bounds of ints that no index needs out of what a loop's label asks for.

    Whoever jumps to the label has to prove them, by a comparison with a constant that must be loaded first; the loop gains
    nothing but, at best, an overflow check.
    """
    original = NotVirtualStateInfoInt.__init__.im_func

    def __init__(self, cpu, type, info):
        if isinstance(info, IntBound):
            if info.lower < -LARGEST_BOUND:
                info.lower = -sys.maxint - 1
            if info.upper > LARGEST_BOUND:
                info.upper = sys.maxint
        original(self, cpu, type, info)

    NotVirtualStateInfoInt.__init__ = __init__


def resume_where_a_guard_fails():
    """Gives each guard resume data of its own.

    RPython lets consecutive guards share those of the first one, so that a bridge has to repeat what lies between.  In
    programs of many small branches that is most of what a bridge does.
    """
    original = Optimizer.emit_guard_operation.im_func

    def emit_guard_operation(self, op, pendingfields):
        opnum = op.getopnum()
        if opnum != rop.GUARD_NO_EXCEPTION and opnum != rop.GUARD_EXCEPTION:
            self._last_guard_op = None
        return original(self, op, pendingfields)

    Optimizer.emit_guard_operation = emit_guard_operation


def fix_postponed_writes():
    """Works around an error in the JIT's optimiser, in the heap cache of RPython 0.2.1 and its contemporaries.

    The write of an immutable field of a new object may be postponed until something reads it.  Where a called function both
    reads and writes such a field, only the write was noted, and for an immutable field then ignored: the function saw an
    object without its value.  Here the postponed write is done before the call.
    """
    original = OptHeap.force_from_effectinfo.im_func

    def force_from_effectinfo(self, effectinfo):
        for fielddescr, cached in self.cached_fields.items():
            if fielddescr.is_always_pure() and effectinfo.check_write_descr_field(fielddescr):
                cached.force_lazy_set(self, fielddescr)
        original(self, effectinfo)

    OptHeap.force_from_effectinfo = force_from_effectinfo
