"""The correction of `floats.compare_guarded_floats_by_bits` for the machine code of aarch64, which
PyPy's tree makes and RPython 0.2.1 does not.
"""

from rpython.jit.backend.aarch64 import assembler, regalloc, registers
from rpython.jit.backend.aarch64.regalloc import CoreRegisterManager
from rpython.jit.backend.arm import conditions
from rpython.jit.metainterp.history import FLOAT
from rpython.jit.metainterp.resoperation import rop


def compare_guarded_floats_by_bits():
    """Compiled code compares the bits of a float with those of the constant that it is guarded to
    be.

    RPython compares with FCMP, for which -0.0 equals 0.0, and a NaN no NaN. The guard also
    counts its failures by value, which was taken from the register of ints with the same number.
    Test: tests/fuzz/regressions/wrong_sign_of_zero.mdasm.
    """
    prepare = regalloc.operations[rop.GUARD_VALUE]
    emit = assembler.asm_operations[rop.GUARD_VALUE]

    def prepare_op_guard_value(self, op):
        if op.getarg(0).type != FLOAT:
            return prepare(self, op)
        value = self.make_sure_var_in_reg(op.getarg(0))
        index = len(CoreRegisterManager.all_regs) + value.value  # see _push_all_regs_to_jitframe
        op.getdescr().make_a_counter_per_value(op, index)
        expected = self.make_sure_var_in_reg(op.getarg(1), [op.getarg(0)])
        return [value, expected] + self._guard_impl(op)

    def emit_op_guard_value(self, op, arglocs):
        if op.getarg(0).type != FLOAT:
            emit(self, op, arglocs)
            return
        self.mc.UMOV_rd(registers.ip0.value, arglocs[0].value)
        self.mc.UMOV_rd(registers.ip1.value, arglocs[1].value)
        self.mc.CMP_rr(registers.ip0.value, registers.ip1.value)
        self._emit_guard(op, conditions.EQ, arglocs[2:])

    regalloc.operations[rop.GUARD_VALUE] = prepare_op_guard_value
    assembler.asm_operations[rop.GUARD_VALUE] = emit_op_guard_value
