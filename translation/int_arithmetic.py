"""Corrections of how the JIT's optimiser rewrites arithmetic of ints.

RPython 0.2.1 needs them; PyPy's own are named below.
"""

import sys

from rpython.jit.metainterp.optimizeopt.rewrite import OptRewrite

from translation.dispatch import renew_dispatch_of_rewriting
from translation.replacing import replace

SMALLEST_INT = -sys.maxint - 1


def multiply_by_the_smallest_int():
    """A product with -2**63 stays a product.

    RPython turns a product with a power of two into a shift, and takes for one what has no bit in
    common with its predecessor: -2**63 too. To look for its highest bit then never ends, as an
    arithmetic shift never makes a negative number zero. (PyPy tests for a positive number since
    October 2024, 68057f63d23.)
    Test: tests/binary/test_int_constants.py.
    """
    original = OptRewrite.optimize_INT_MUL.im_func

    def optimize_INT_MUL(self, op):
        left = self.getintbound(op.getarg(0))
        right = self.getintbound(op.getarg(1))
        if (left.is_constant() and left.getint() == SMALLEST_INT) or (
            right.is_constant() and right.getint() == SMALLEST_INT
        ):
            return self.emit(op)
        return original(self, op)

    replace(OptRewrite, "optimize_INT_MUL", optimize_INT_MUL)
    renew_dispatch_of_rewriting()
