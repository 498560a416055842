"""Corrections of what the JIT's optimiser does with code that contradicts itself, and so is never
executed.

Such code comes about when the operations of one trace are fitted to what another one ends with. It
has to be given up or left alone; RPython 0.2.1 ended the process. PyPy's own corrections are named
below.
"""

from rpython.jit.metainterp.optimize import InvalidLoop, SpeculativeError
from rpython.jit.metainterp.optimizeopt.optimizer import Optimizer
from rpython.jit.metainterp.optimizeopt.rewrite import OptRewrite
from rpython.jit.metainterp.resoperation import rop
from rpython.rlib.rarithmetic import ovfcheck

from translation.dispatch import renew_dispatch_of_rewriting
from translation.replacing import replace


def leave_guards_of_bools_alone():
    """A bool may be guarded to be a number that is neither 0 nor 1.  The guard then always fails.

    RPython, which makes it a guard of true or false, failed an assertion. (PyPy: 108b1bcb292,
    December 2019; its issue 3128.)
    Test: tests/jit/test_contradictions.py.
    """
    original = Optimizer._maybe_replace_guard_value.im_func

    def _maybe_replace_guard_value(self, op, descr):
        if op.getarg(0).type == "i":
            number = op.getarg(1).getint()
            if number != 0 and number != 1:
                return op
        return original(self, op, descr)

    replace(Optimizer, "_maybe_replace_guard_value", _maybe_replace_guard_value)


def give_up_guards_of_wrong_classes():
    """A trace in which an object of one class is guarded to be of another one's subclass is given
    up.

    RPython kept the guard and all that follows, and looked at the object's fields as if it had
    passed. (PyPy: 66142d893a2, December 2018; its issue 2926.)
    Test: tests/jit/test_contradictions.py.
    """
    original = OptRewrite.optimize_GUARD_SUBCLASS.im_func

    def optimize_GUARD_SUBCLASS(self, op):
        info = self.getptrinfo(op.getarg(0))
        optimizer = self.optimizer
        if info is not None and not info.is_constant() and info.is_about_object():
            wanted = op.getarg(1).getint()
            known_class = info.get_known_class(optimizer.cpu)
            if known_class is not None:
                if not optimizer._check_subclass(known_class.getint(), wanted):
                    raise InvalidLoop(
                        "an object's class is known, and not a subclass of the guard's"
                    )
            elif info.get_descr() is not None:
                # the object's class, or one that it derives from
                base = info.get_descr().get_vtable()
                if not optimizer._check_subclass(base, wanted) and not optimizer._check_subclass(
                    wanted, base
                ):
                    raise InvalidLoop("an object's class cannot be a subclass of the guard's")
        return original(self, op)

    replace(OptRewrite, "optimize_GUARD_SUBCLASS", optimize_GUARD_SUBCLASS)
    renew_dispatch_of_rewriting()


def give_up_reads_that_cannot_be():
    """A bridge that would read a constant object as something that it is not is given up.

    RPython gives up a loop for it, but did not expect it where a bridge takes over the short
    preamble of a loop: nothing caught the exception. PyPy has the same fault in August 2026.
    Test: tests/jit/test_contradictions.py.
    """
    original = Optimizer.constant_fold.im_func

    def constant_fold(self, op):
        try:
            return original(self, op)
        except SpeculativeError:
            raise InvalidLoop("a read that cannot be")

    replace(Optimizer, "constant_fold", constant_fold)


def give_up_sums_that_overflow():
    """A trace in which a sum, a difference or a product of constants is guarded not to overflow,
    and does, is given up.

    It comes about where a bridge ends with a constant for which the loop was not recorded: after
    -2^63 the next round subtracts 1. RPython computed the result ahead, and failed an assertion
    when there was none. PyPy has the same fault in August 2026.
    Test: tests/jit/test_contradictions.py.
    """
    original = Optimizer.constant_fold.im_func

    def constant_fold(self, op):
        if rop.is_ovf(op.opnum):
            left = self.get_constant_box(op.getarg(0)).getint()
            right = self.get_constant_box(op.getarg(1)).getint()
            if _overflows(op.opnum, left, right):
                raise InvalidLoop("constants overflow and are guarded not to")
        return original(self, op)

    replace(Optimizer, "constant_fold", constant_fold)


def _overflows(opnum, left, right):
    """opnum: int, of INT_ADD_OVF, INT_SUB_OVF or INT_MUL_OVF; left, right: int -> bool."""
    try:
        if opnum == rop.INT_ADD_OVF:
            ovfcheck(left + right)
        elif opnum == rop.INT_SUB_OVF:
            ovfcheck(left - right)
        else:
            ovfcheck(left * right)
    except OverflowError:
        return True
    return False
