"""What a short preamble reads is there: no trace that jumps to a loop reads behind the end of an
array or a text.

The comparison is needed because of `ask_little_of_those_who_enter_a_loop` in
translation/unrolling.py, with any RPython. RPython alone demands at every entry that an
array is as long as the loop's own was known to be, but does not look at an index that is no
constant.
"""

from rpython.jit.metainterp.history import CONST_FALSE, Const
from rpython.jit.metainterp.optimizeopt.shortpreamble import (
    AbstractShortPreambleBuilder,
    empty_info,
)
from rpython.jit.metainterp.resoperation import AbstractInputArg, ResOperation, rop

from translation.replacing import replace

CONST_ZERO = CONST_FALSE


def check_what_short_preambles_read():
    """Has a short preamble compare an index with the length before it reads an item of an array or
    a text.

    A loop's own comparison of the two need not be in the short preamble: only the last 16
    comparisons before the loop are remembered as ones that need not be repeated. An item that a
    shorter array does not have was then read, taken for an object, and the process ended with a
    segmentation fault. The optimiser removes what the trace that jumps has compared already.
    RPython also left out what computes the arguments of an argument, where the loop itself had not
    asked for it: to inline such a short preamble ends the process with a KeyError (PyPy too, in
    August 2026; its issue 2185).
    Test: tests/jit/test_short_reads.py, tests/fuzz/regressions/short_array_enters_loop.mdasm.
    """
    use = AbstractShortPreambleBuilder.use_box.im_func

    def use_box(self, box, preamble_op, optimizer=None):
        length = _length_of_what_is_read(preamble_op)
        if length is None:
            for argument in preamble_op.getarglist():
                if not isinstance(argument, Const) and argument.get_forwarded() is not None:
                    _append_what_computes(self.short, argument, optimizer)
            return use(self, box, preamble_op, optimizer)
        known = [
            _append_with_guards(self.short, argument, optimizer)
            for argument in preamble_op.getarglist()
        ]
        _append_comparisons(self.short, preamble_op.getarg(1), length)
        result = use(self, box, preamble_op, optimizer)
        for position in range(len(known)):
            if known[position] is not None:
                preamble_op.getarg(position).set_forwarded(known[position])
        return result

    replace(AbstractShortPreambleBuilder, "use_box", use_box)


def _length_of_what_is_read(op):
    """-> the operation that gives the length of what the operation reads an item of, or None if it
    reads none.
    """
    if rop.is_getarrayitem(op.opnum):
        return ResOperation(rop.ARRAYLEN_GC, [op.getarg(0)], descr=op.getdescr())
    if op.opnum == rop.STRGETITEM:
        return ResOperation(rop.STRLEN, [op.getarg(0)])
    if op.opnum == rop.UNICODEGETITEM:
        return ResOperation(rop.UNICODELEN, [op.getarg(0)])
    return None


def _append_with_guards(short, argument, optimizer):
    """What use_box does with an argument, done earlier.  -> what is known of an input, which is to
    be put back, or None.
    """
    if isinstance(argument, Const):
        return None
    known = argument.get_forwarded()
    if known is None:
        return None
    is_input = isinstance(argument, AbstractInputArg)
    if not is_input:
        _append_what_computes(short, argument, optimizer)
        short.append(argument)
    if known is not empty_info:
        known.make_guards(argument, short, optimizer)
    argument.set_forwarded(None)
    return known if is_input else None


def _append_what_computes(short, op, optimizer):
    """Appends the operations that an operation takes its arguments from, if they do not stand there
    yet.
    """
    if isinstance(op, AbstractInputArg):
        return
    for argument in op.getarglist():
        known = _append_with_guards(short, argument, optimizer)
        if known is not None:
            argument.set_forwarded(known)


def _append_comparisons(short, index, length):
    short.append(length)
    comparisons = [ResOperation(rop.INT_LT, [index, length])]
    if not isinstance(index, Const):
        comparisons.append(ResOperation(rop.INT_GE, [index, CONST_ZERO]))
    for comparison in comparisons:
        short.append(comparison)
        short.append(ResOperation(rop.GUARD_TRUE, [comparison]))
