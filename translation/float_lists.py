"""A correction of how RPython makes a list of many times one float."""

from rpython.rlib.longlong2float import float2longlong
from rpython.rtyper import rlist
from rpython.rtyper.lltypesystem import lltype

from translation.replacing import replace


def keep_the_sign_of_zeros():
    """`[-0.0] * n` is a list of -0.0.

    Memory that is cleared holds 0.0, so RPython fills a list of zeros by clearing it: PyPy since May
    2026 everywhere, RPython 0.2.1 in traces. Both ask whether the item equals zero, which -0.0 does.
    Test: tests/jit/test_float_lists.py.
    """
    is_zero_or_null = rlist._ll_zero_or_null

    def _ll_zero_or_null(item):
        if lltype.typeOf(item) is lltype.Float:
            return float2longlong(item) == 0
        return is_zero_or_null(item)

    replace(rlist, "_ll_zero_or_null", _ll_zero_or_null)
