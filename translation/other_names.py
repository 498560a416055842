"""What has one name in RPython 0.2.1 and another one in later ones."""

from rpython.jit.metainterp.optimizeopt import unroll
from rpython.jit.metainterp.optimizeopt.intutils import IntBound

if hasattr(unroll, "OptUnroll"):
    # what unrolls a loop and joins traces, and the optimiser that it does so with
    LoopUnroller = unroll.OptUnroll
    UnrollingOptimizer = unroll.UnrollOptimizer
else:
    LoopUnroller = unroll.UnrollOptimizer
    UnrollingOptimizer = unroll.UnrollableOptimizer


if hasattr(IntBound, "get_constant_int"):

    def constant_of(bound):
        """bound: IntBound that holds one number -> int, that number."""
        return bound.get_constant_int()

    def forget_bits(bound):
        """Leaves of what is known of an int's bits only what its bounds say."""
        bound.widen_update()

else:

    def constant_of(bound):
        """bound: IntBound that holds one number -> int, that number."""
        return bound.getint()

    def forget_bits(bound):
        """Nothing is known of single bits."""
