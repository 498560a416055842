"""Corrections of what the JIT thinks of floats: constants are compared by their bits, and NaN is in
no order.

RPython 0.2.1 needs all of them, and so does PyPy's tree of August 2026.
"""

from rpython.jit.backend.x86 import assembler as x86_assembler
from rpython.jit.backend.x86 import regalloc as x86_regalloc
from rpython.jit.backend.x86 import rx86
from rpython.jit.backend.x86.assembler import Assembler386
from rpython.jit.backend.x86.regalloc import RegAlloc, gpr_reg_mgr_cls
from rpython.jit.backend.x86.regloc import X86_64_SCRATCH_REG
from rpython.jit.backend.llsupport.regalloc import TempVar
from rpython.jit.codewriter import longlong
from rpython.jit.metainterp.history import FLOAT, Const
from rpython.jit.metainterp.optimize import InvalidLoop
from rpython.jit.metainterp.optimizeopt.rewrite import OptRewrite
from rpython.jit.metainterp.resoperation import opclasses, rop

from translation.dispatch import renew_dispatch_of_rewriting
from translation.replacing import replace


def guard_constant_floats():
    """A guard that a float is a constant fails where the float is known to be another constant.

    RPython dropped the guard without a look at its constant, so a loop that was entered with 2.5
    went on with the 1.5 that it had been compiled for: sums of floats were wrong.
    Test: tests/jit/test_floats.py, tests/fuzz/regressions/wrong_float_element.mdasm.
    """
    original = OptRewrite.optimize_GUARD_VALUE.im_func

    def optimize_GUARD_VALUE(self, op):
        if op.getarg(0).type == FLOAT:
            box = op.getarg(0).get_box_replacement()
            if box.is_constant():
                expected = op.getarg(1)
                assert isinstance(expected, Const)
                if not box.same_constant(expected):  # which compares bits
                    raise InvalidLoop("a guard on a float is known to fail")
                return None
        return original(self, op)

    replace(OptRewrite, "optimize_GUARD_VALUE", optimize_GUARD_VALUE)
    renew_dispatch_of_rewriting()


def compare_guarded_floats_by_bits():
    """Compiled code compares the bits of a float with those of the constant that it is guarded to
    be.

    RPython compared with UCOMISD, for which NaN equals everything (it is unordered, which sets the
    same flag) and -0.0 equals 0.0: loops that were compiled for 0.0 printed 0 for -0.0.
    The guard also counts its failures by value.  RPython took the value from the register of ints
    with the same number.
    Test: tests/fuzz/regressions/wrong_sign_of_zero.mdasm.
    """
    consider = RegAlloc.consider_guard_value.im_func
    generate = Assembler386.genop_guard_guard_value.im_func

    def consider_guard_value(self, op):
        if op.getarg(0).type != FLOAT:
            consider(self, op)
            return
        value = self.xrm.make_sure_var_in_reg(op.getarg(0))
        index = len(gpr_reg_mgr_cls.all_regs) + value.value  # see _push_all_regs_to_frame
        op.getdescr().make_a_counter_per_value(op, index)
        bits_box = TempVar()
        bits = self.rm.force_allocate_reg(bits_box)
        self.rm.possibly_free_var(bits_box)
        self.perform_guard(op, [value, bits], None)

    def genop_guard_guard_value(self, guard_op, guard_token, locs, ignored):
        if guard_op.getarg(0).type != FLOAT:
            generate(self, guard_op, guard_token, locs, ignored)
            return
        constant = guard_op.getarg(1)
        assert isinstance(constant, Const)
        expected = longlong.extract_bits(constant.getfloatstorage())
        value, bits = locs
        self.mc.MOVDQ_rx(bits.value, value.value)
        self.mc.MOV_ri(X86_64_SCRATCH_REG.value, expected)
        self.mc.forget_scratch_register()  # what it held is remembered, to be added to
        self.mc.CMP_rr(bits.value, X86_64_SCRATCH_REG.value)
        self.guard_success_cc = rx86.Conditions["E"]
        self.implement_guard(guard_token)

    x86_regalloc.oplist[rop.GUARD_VALUE] = consider_guard_value
    x86_assembler.genop_guard_list[rop.GUARD_VALUE] = genop_guard_guard_value


ORDERS_OF_FLOATS = (rop.FLOAT_LT, rop.FLOAT_LE, rop.FLOAT_GT, rop.FLOAT_GE)


def never_invert_order_of_floats():
    """That x < y is false does not make x >= y true: one of them may be NaN.

    RPython's table of inverse comparisons has the four orders of floats too.  A trace in which
    x < y was false and x >= y true kept the first guard and dropped the second, and then took NaN
    for greater.  (== and != are each other's inverse for NaN too.)
    Test: tests/jit/test_floats.py, tests/fuzz/regressions/wrong_order_of_nan.mdasm.
    """
    for opnum in ORDERS_OF_FLOATS:
        replace(opclasses[opnum], "boolinverse", -1)
