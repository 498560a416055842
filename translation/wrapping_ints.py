"""Corrections of what the JIT's optimiser concludes from int arithmetic that wraps around.

RPython 0.2.1 needs them; PyPy's own are named below. The VM's own sums and products are checked for
overflow and need them least: what wraps around is the code that truncates quotients, and whatever
RPython's libraries compute.
"""

from rpython.jit.metainterp.optimizeopt import intbounds
from rpython.jit.metainterp.optimizeopt.intbounds import OptIntBounds
from rpython.jit.metainterp.optimizeopt.pure import RecentPureOps
from rpython.jit.metainterp.optimizeopt.shortpreamble import PreambleOp
from rpython.jit.metainterp.optimizeopt.util import make_dispatcher_method
from rpython.jit.metainterp.resoperation import rop

from translation.replacing import replace


def conclude_little_from_what_may_wrap():
    """Concludes from the bounds of a result what its operands were only where nothing can have
    wrapped around.

    That x + 1 <= 5 does not make x <= 4: x may be the largest int. RPython concluded from one bound
    of a sum or a difference the same bound of its operands, and from the bounds of a product or a
    shift those of the operand. PyPy has corrected it in October 2022 (6ded4e5e075, c7e69106eff,
    0fe59ca29bf; its issue 3832).
    Test: tests/jit/test_wrapping_ints.py.
    """
    sum_checked = OptIntBounds.propagate_bounds_INT_ADD.im_func
    difference_checked = OptIntBounds.propagate_bounds_INT_SUB.im_func
    product_checked = OptIntBounds.propagate_bounds_INT_MUL.im_func
    shift = OptIntBounds.propagate_bounds_INT_LSHIFT.im_func

    def narrow(self, box, bound):
        if bound.bounded() and self.getintbound(box).intersect(bound):
            self.propagate_bounds_backward(box)

    def propagate_bounds_INT_ADD(self, op):
        left, right = op.getarg(0), op.getarg(1)
        if self.is_raw_ptr(left) or self.is_raw_ptr(right):
            return
        total = self.getintbound(op)
        narrow(self, left, total.sub_bound(self.getintbound(right)))
        narrow(self, right, total.sub_bound(self.getintbound(left)))

    def propagate_bounds_INT_SUB(self, op):
        left, right = op.getarg(0), op.getarg(1)
        difference = self.getintbound(op)
        narrow(self, left, difference.add_bound(self.getintbound(right)))
        narrow(self, right, self.getintbound(left).sub_bound(difference))

    def propagate_bounds_INT_MUL(self, op):
        if self.getintbound(op.getarg(0)).mul_bound(self.getintbound(op.getarg(1))).bounded():
            product_checked(self, op)

    def propagate_bounds_INT_LSHIFT(self, op):
        if self.getintbound(op.getarg(0)).lshift_bound(self.getintbound(op.getarg(1))).bounded():
            shift(self, op)

    replace(OptIntBounds, "propagate_bounds_INT_ADD", propagate_bounds_INT_ADD)
    replace(OptIntBounds, "propagate_bounds_INT_ADD_OVF", sum_checked)
    replace(OptIntBounds, "propagate_bounds_INT_SUB", propagate_bounds_INT_SUB)
    replace(OptIntBounds, "propagate_bounds_INT_SUB_OVF", difference_checked)
    replace(OptIntBounds, "propagate_bounds_INT_MUL", propagate_bounds_INT_MUL)
    replace(OptIntBounds, "propagate_bounds_INT_MUL_OVF", product_checked)
    replace(OptIntBounds, "propagate_bounds_INT_LSHIFT", propagate_bounds_INT_LSHIFT)
    backward = make_dispatcher_method(OptIntBounds, "propagate_bounds_")
    replace(intbounds, "dispatch_bounds_ops", backward)


def check_again_what_was_not_checked():
    """The result of a sum, difference or product that may have wrapped around is not that of the
    same one with a check.

    RPython keeps both kinds of results in one list, and left out the check where the unchecked
    result was known already, or the reverse of an unchecked operation. What follows from a checked
    operation is entered as checked here. PyPy has corrected it in October 2022 and May 2024
    (9b325c80944, 99b9974f6a1, 127e242f77b).
    Test: tests/jit/test_wrapping_ints.py.
    """
    lookup_any = RecentPureOps.lookup.im_func
    guard = OptIntBounds.optimize_GUARD_NO_OVERFLOW.im_func

    def lookup(self, optimizer, op):
        if not rop.is_ovf(op.opnum):
            return lookup_any(self, optimizer, op)
        left = optimizer.get_box_replacement(op.getarg(0))
        right = optimizer.get_box_replacement(op.getarg(1))
        for place in range(len(self.lst)):
            known = self.lst[place]
            if known is None:
                break
            if (
                _number(known) == op.opnum
                and left.same_box(optimizer.get_box_replacement(known.getarg(0)))
                and right.same_box(optimizer.get_box_replacement(known.getarg(1)))
            ):
                return optimizer.get_box_replacement(
                    self.force_preamble_op(optimizer, known, place)
                )
        return None

    def optimize_GUARD_NO_OVERFLOW(self, op):
        checked = self.last_emitted_operation
        if checked is not None:
            opnum = checked.getopnum()
            if opnum == rop.INT_ADD_OVF or opnum == rop.INT_SUB_OVF:
                left, right = checked.getarg(0), checked.getarg(1)
                if opnum == rop.INT_ADD_OVF:
                    self.pure_from_args(rop.INT_SUB_OVF, [checked, right], left)
                    self.pure_from_args(rop.INT_SUB_OVF, [checked, left], right)
                else:
                    self.pure_from_args(rop.INT_ADD_OVF, [checked, right], left)
                    self.pure_from_args(rop.INT_SUB_OVF, [left, checked], right)
                return self.emit(op)
        return guard(self, op)

    replace(RecentPureOps, "lookup", lookup)
    replace(OptIntBounds, "optimize_GUARD_NO_OVERFLOW", optimize_GUARD_NO_OVERFLOW)
    forward = make_dispatcher_method(OptIntBounds, "optimize_", default=OptIntBounds.emit)
    replace(intbounds, "dispatch_opt", forward)


def _number(known):
    """-> int, the number of a remembered operation, also of one that stands before the label."""
    if isinstance(known, PreambleOp):
        return known.op.getopnum()
    return known.getopnum()
