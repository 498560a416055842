"""A correction of the JIT's optimiser: guards that a jump needs are never moved forward in the
trace.

RPython 0.2.1 needs it.  PyPy has the same since November 2021 (1914e52e258; its issue 3598).
"""

from rpython.jit.metainterp.optimize import InvalidLoop
from rpython.jit.metainterp.optimizeopt.info import NonNullPtrInfo
from rpython.jit.metainterp.optimizeopt.optimizer import Optimizer
from rpython.jit.metainterp.optimizeopt.rewrite import OptRewrite
from rpython.jit.metainterp.optimizeopt.unroll import UnrollOptimizer

from translation.dispatch import renew_dispatch_of_rewriting
from translation.replacing import replace


def keep_guards_of_jumps_where_they_are():
    """While a trace is fitted to a loop that it may jump to, no guard takes the place of an earlier
    one.

    A guard of an object's class or value replaces an earlier guard that it is not null. Whether the
    trace can jump to the loop is known only at the end; until then RPython put guards of the loop's
    short preamble in the place of guards of the trace. When the trace then jumped elsewhere they
    stayed, with what had been concluded before them left unsaid.
    Test: tests/jit/test_moved_guards.py.
    """
    move_forward = OptRewrite.replace_old_guard_with_guard_value.im_func
    guard_class = OptRewrite.optimize_GUARD_CLASS.im_func
    jump = UnrollOptimizer.jump_to_existing_trace.im_func

    def replace_old_guard_with_guard_value(self, op, info, old_guard_op):
        if not self.optimizer.keeps_guards:
            return move_forward(self, op, info, old_guard_op)
        value = op.getarg(1)
        if not value.nonnull():
            raise InvalidLoop("an object is guarded to be null that is known not to be")
        known_class = info.get_known_class(self.optimizer.cpu)
        if known_class is not None and not known_class.same_constant(
            self.optimizer.cpu.ts.cls_of_box(value)
        ):
            raise InvalidLoop("an object is guarded to be one of another class")
        return op

    def optimize_GUARD_CLASS(self, op):
        info = self.ensure_ptr_info_arg0(op)
        if not self.optimizer.keeps_guards or not isinstance(info, NonNullPtrInfo):
            return guard_class(self, op)
        position = info.get_last_guard_pos()
        info.reset_last_guard_pos()
        try:
            return guard_class(self, op)
        finally:
            info.last_guard_pos = position

    def jump_to_existing_trace(self, jump_op, label_op, runtime_boxes, force_boxes=False):
        self.optimizer.keeps_guards = True
        try:
            return jump(self, jump_op, label_op, runtime_boxes, force_boxes)
        finally:
            self.optimizer.keeps_guards = False

    Optimizer.keeps_guards = False
    replace(OptRewrite, "replace_old_guard_with_guard_value", replace_old_guard_with_guard_value)
    replace(OptRewrite, "optimize_GUARD_CLASS", optimize_GUARD_CLASS)
    replace(UnrollOptimizer, "jump_to_existing_trace", jump_to_existing_trace)
    renew_dispatch_of_rewriting()
