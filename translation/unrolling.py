"""Corrections of how the JIT of RPython 0.2.1 unrolls loops and joins them: what a label demands,
what its short preamble gives, where a retraced loop may jump, and which loops are unrolled at all.
"""

import inspect
import sys

from rpython.jit.metainterp import compile
from rpython.jit.metainterp.history import ConstInt, JitCellToken
from rpython.jit.metainterp.optimizeopt.info import AbstractVirtualPtrInfo, ArrayPtrInfo, PtrInfo
from rpython.jit.metainterp.optimizeopt.intutils import IntBound
from rpython.jit.metainterp.optimizeopt.shortpreamble import (
    ExtendedShortPreambleBuilder,
    ShortBoxes,
)
from rpython.jit.metainterp.optimizeopt.unroll import UnrollOptimizer
from rpython.jit.metainterp.optimizeopt.vstring import StrPtrInfo
from rpython.jit.metainterp.resoperation import ResOperation, rop

from translation.other_names import LoopUnroller, UnrollingOptimizer, constant_of, forget_bits
from translation.replacing import replace


def carry_constants_into_loops():
    """Makes an int whose bounds are one number that number in the loop.

    Such an int is no argument of the loop's label, since every jump to the label has to prove its
    value. But the loop's guards still named it and resumed with whatever the register held. The
    remainder of a division by -1 is such an int.
    """
    original = UnrollingOptimizer.setinfo_from_preamble.im_func

    def setinfo_from_preamble(self, op, preamble_info, exported_infos):
        if isinstance(preamble_info, IntBound) and preamble_info.is_constant():
            op = op.get_box_replacement()
            if op.get_forwarded() is None and not op.is_constant():
                op.set_forwarded(ConstInt(constant_of(preamble_info)))
            return
        original(self, op, preamble_info, exported_infos)

    replace(UnrollingOptimizer, "setinfo_from_preamble", setinfo_from_preamble)


def let_short_preambles_grow():
    """Lets a loop use a value from before its label if only its closing jump needs it, whichever
    loop that jump enters.

    RPython gave the builder of the short preamble the lists for such values only if the loop jumps
    to itself: without them, a retraced loop that joins an earlier one crashed the JIT. And a value
    that gets a name of its own there got that name only if it had been used before.
    """
    finalize = LoopUnroller.finalize_short_preamble.im_func
    optimize = UnrollOptimizer.optimize_peeled_loop.im_func

    def finalize_short_preamble(self, label_op, virtual_state):
        target_token = finalize(self, label_op, virtual_state)
        builder = self.short_preamble_producer
        assert isinstance(builder, ExtendedShortPreambleBuilder)
        short = target_token.short_preamble
        builder.setup(short[-1].getarglist(), short, label_op.getarglist())
        return target_token

    def optimize_peeled_loop(
        self, trace, celltoken, state, call_pure_results, inline_short_preamble=True
    ):
        info, operations = optimize(
            self, trace, celltoken, state, call_pure_results, inline_short_preamble
        )
        builder = self.short_preamble_producer
        assert isinstance(builder, ExtendedShortPreambleBuilder)
        info.extra_same_as = builder.extra_same_as
        return info, operations

    def optimize_later_peeled_loop(self, trace, celltoken, state, call_pure_results):
        info, operations = optimize(self, trace, celltoken, state, call_pure_results)
        builder = self.optunroll.short_preamble_producer
        assert isinstance(builder, ExtendedShortPreambleBuilder)
        info.extra_same_as = builder.extra_same_as
        return info, operations

    replace(LoopUnroller, "finalize_short_preamble", finalize_short_preamble)
    if LoopUnroller is UnrollOptimizer:
        replace(UnrollOptimizer, "optimize_peeled_loop", optimize_peeled_loop)
    else:
        replace(UnrollOptimizer, "optimize_peeled_loop", optimize_later_peeled_loop)


def close_retraced_loops_without_looking():
    """Has a retraced loop jump only to where it surely fits.

    To see whether guards could make it fit, RPython looked into the objects of the moment when the
    retracing began. They may have changed since, and what the loop ends with may be objects of
    other classes: it read fields that were not there and crashed.
    """
    original = LoopUnroller.jump_to_existing_trace.im_func

    def jump_to_existing_trace(self, jump_op, label_op, runtime_boxes, force_boxes=False):
        jitcell_token = jump_op.getdescr()
        assert isinstance(jitcell_token, JitCellToken)
        # Of a loop that is new there are two, the preamble and the loop itself.
        if label_op is not None and len(jitcell_token.target_tokens) > 2:
            runtime_boxes = [None] * len(runtime_boxes)
        return original(self, jump_op, label_op, runtime_boxes, force_boxes)

    replace(LoopUnroller, "jump_to_existing_trace", jump_to_existing_trace)


LARGEST_BOUND = 0x7FFFFFFF  # what a machine instruction can hold


def ask_little_of_those_who_enter_a_loop():
    """Forgets, at a loop's label, what hardly helps the loop but has to be proved by every trace
    that jumps there.

    That is that an int is more than not negative, that one is beyond what any index is, that an
    array or a string is not empty, and of which type an array is: fields have a static type, so the
    GC's type number never says anything new.
    """
    original = LoopUnroller._expand_info.im_func

    def _expand_info(self, arg, infos):
        original(self, arg, infos)
        info = infos.get(arg, None)
        if isinstance(info, IntBound):
            loosen(info)
        elif isinstance(info, ArrayPtrInfo):
            if not info.is_virtual() and info.lenbound is not None:
                loosen(info.lenbound)
        elif isinstance(info, StrPtrInfo):
            if not info.is_virtual() and info.lenbound is not None:
                loosen(info.lenbound)

    def loosen(bound):
        if bound.is_constant():
            return
        if bound.lower > 0:
            bound.lower = 0
        elif bound.lower < -LARGEST_BOUND:
            bound.lower = -sys.maxint - 1
        if bound.upper > LARGEST_BOUND:
            bound.upper = sys.maxint
        forget_bits(bound)

    def make_guards(self, op, short, optimizer):
        AbstractVirtualPtrInfo.make_guards(self, op, short, optimizer)
        if self.lenbound is not None and (self.lenbound.is_constant() or self.lenbound.lower > 0):
            length = ResOperation(rop.ARRAYLEN_GC, [op], descr=self.descr)
            short.append(length)
            self.lenbound.make_guards(length, short, optimizer)

    replace(LoopUnroller, "_expand_info", _expand_info)
    replace(ArrayPtrInfo, "make_guards", make_guards)


def search_short_boxes_once():
    """Remembers which values a short preamble cannot compute.

    RPython asked anew for each operation that takes such a value, and for each that takes the
    result of that one: in long straight-line code this took more time than all the rest of the
    compilation. What a circle of operations decided holds for that circle only, and is not
    remembered.
    """
    create_short_boxes = ShortBoxes.create_short_boxes.im_func
    add_op_to_short = ShortBoxes.add_op_to_short.im_func
    produce_arg = ShortBoxes.produce_arg.im_func

    def create(self, optimizer, inputargs, label_args):
        self.impossible = {}
        self.circles = 0
        return create_short_boxes(self, optimizer, inputargs, label_args)

    def add(self, shortop):
        result = shortop.res
        if result in self.impossible:
            return None
        circles = self.circles
        produced = add_op_to_short(self, shortop)
        if circles == self.circles and result not in self.produced_short_boxes:
            self.impossible[result] = None
        return produced

    def produce(self, op):
        if op in self.boxes_in_production:
            self.circles += 1
        return produce_arg(self, op)

    replace(ShortBoxes, "create_short_boxes", create)
    replace(ShortBoxes, "add_op_to_short", add)
    replace(ShortBoxes, "produce_arg", produce)


def _forget_at_labels(known):
    """Forgets, once what a label takes is said, what is known of the trace's own input arguments.
    known: the class of RPython that says it.
    """
    original = LoopUnroller.export_state.im_func

    def export_state(self, original_label_args, renamed_inputargs, runtime_boxes, memo):
        state = original(self, original_label_args, renamed_inputargs, runtime_boxes, memo)
        for box in renamed_inputargs:
            if isinstance(box.get_forwarded(), known):
                box.set_forwarded(None)
        return state

    replace(LoopUnroller, "export_state", export_state)


def forget_parts_of_input_arguments():
    """Forgets, at the label of a loop or of a retraced bridge, what was known of the inside of the
    trace's own input arguments: the box of a text's length, those of fields and items.

    RPython forgets that of the operations before the label, and of what the label takes. An input
    argument that is neither can come back behind the label, as what the short preamble reads from
    the heap; then the loop used a length that was computed before the label, and whoever jumps to
    the label by another way has another one, or anything, in that place.
    """
    _forget_at_labels(PtrInfo)


def forget_bounds_of_input_arguments():
    """Gives an int that is an input argument of the trace bounds of its own behind the label.

    The bounds of the operations before a label end there, and those of what the label takes. An
    input argument that is only a field of a virtual object there kept its bounds, the same object
    as in what the label demands. What a guard of the loop then said of the int, of its single bits
    too, became a demand, and an assertion says that no demand is about bits.
    """
    _forget_at_labels(IntBound)


UNROLL = "unroll"
COUNT = 1  # of a position in a trace: how many operations are before it


def leave_long_loops_whole():
    """Compiles a loop of more operations than the parameter disable_unrolling says as it is,
    without peeling its first iteration off.

    RPython has the parameter and never asks for it. Peeling makes a second copy of the loop, which
    knows what the first one found out: it keeps ints unboxed and does once what is the same in each
    iteration. That is a small part of the time of a long loop, whose code takes twice the time to
    make.
    """
    original = compile.compile_loop

    def is_long(metainterp, start):
        state = metainterp.jitdriver_sd.warmstate
        length = metainterp.history.get_trace_position()[COUNT] - start[COUNT]
        return length > state.disable_unrolling_threshold and UNROLL in state.enable_opts

    def compile_loop(
        metainterp,
        greenkey,
        start,
        inputargs,
        jumpargs,
        full_preamble_needed=True,
        try_disabling_unroll=False,
    ):
        return original(
            metainterp,
            greenkey,
            start,
            inputargs,
            jumpargs,
            full_preamble_needed,
            try_disabling_unroll or is_long(metainterp, start),
        )

    def compile_later_loop(metainterp, greenkey, start, inputargs, jumpargs, use_unroll=True):
        use_unroll = use_unroll and not is_long(metainterp, start)
        return original(metainterp, greenkey, start, inputargs, jumpargs, use_unroll)

    later = "use_unroll" in inspect.getargspec(original).args
    replace(compile, "compile_loop", compile_later_loop if later else compile_loop)
