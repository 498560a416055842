"""Corrections of what the JIT of RPython 0.2.1 concludes about the bounds of ints."""

from rpython.jit.metainterp.optimizeopt.intbounds import OptIntBounds
from rpython.jit.metainterp.optimizeopt.intutils import IntBound, IntUnbounded
from rpython.jit.metainterp.optimizeopt.optimizer import Optimizer

from translation.replacing import replace


def survive_impossible_bounds():
    """Nothing is known of a quotient whose divisor has a lower bound above its upper one.

    Such bounds mean that the path is never taken. RPython divides by both of them, and one may be
    zero: the JIT crashed.
    """
    original = IntBound.py_div_bound.im_func

    def py_div_bound(self, other):
        if other.has_lower and other.has_upper and other.lower > other.upper:
            return IntUnbounded()
        return original(self, other)

    replace(IntBound, "py_div_bound", py_div_bound)


def learn_nothing_from_before_a_label():
    """Keeps what a guard in a loop says of a label's argument from what the argument was computed
    from before the label.

    In the next iteration the argument is another value. RPython took it for the same sum in every
    iteration: if a guard in the loop had x + 1 be -1, it concluded that x, which is invariant in
    the loop, is -2.
    """
    begin = Optimizer.init_inparg_dict_from.im_func
    propagate = OptIntBounds.propagate_bounds_backward.im_func

    def init_inparg_dict_from(self, label_args):
        begin(self, label_args)
        self.arguments_of_label = {}
        for box in label_args:
            self.arguments_of_label[box] = None

    def propagate_bounds_backward(self, box):
        arguments = self.optimizer.arguments_of_label
        if arguments is not None and box in arguments:
            bound = self.getintbound(box)
            if bound.is_constant():
                self.make_constant_int(box, bound.getint())
            return
        propagate(self, box)

    Optimizer.arguments_of_label = None
    replace(Optimizer, "init_inparg_dict_from", init_inparg_dict_from)
    replace(OptIntBounds, "propagate_bounds_backward", propagate_bounds_backward)
