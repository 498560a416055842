"""Corrections of RPython 0.2.1's JIT, made when targetmdvm.py is translated.

Each replaces one method of RPython's with one that says here what was wrong or too slow, so a newer
RPython that needs it no longer only has to lose the call in `apply_patches`. The VM never imports
this module.
"""

import sys

from rpython.jit.backend.llsupport.asmmemmgr import BlockBuilderMixin
from rpython.jit.backend.x86.regalloc import RegAlloc
from rpython.jit.metainterp.history import ConstInt, JitCellToken
from rpython.jit.metainterp.optimizeopt.heap import OptHeap
from rpython.jit.metainterp.optimizeopt.info import AbstractVirtualPtrInfo, ArrayPtrInfo
from rpython.jit.metainterp.optimizeopt.intbounds import OptIntBounds
from rpython.jit.metainterp.optimizeopt.intutils import IntBound, IntUnbounded
from rpython.jit.metainterp.optimizeopt.optimizer import Optimizer
from rpython.jit.metainterp.optimizeopt.shortpreamble import (
    ExtendedShortPreambleBuilder,
    ShortBoxes,
)
from rpython.jit.metainterp.optimizeopt.unroll import UnrollableOptimizer, UnrollOptimizer
from rpython.jit.metainterp.optimizeopt.vstring import StrPtrInfo
from rpython.jit.metainterp.pyjitpl import MetaInterp, MetaInterpGlobalData, MetaInterpStaticData
from rpython.jit.metainterp.resoperation import ResOperation, rop


def apply_patches():
    """Changes the classes of RPython's JIT, for the translation that follows.  To be called
    once.
    """
    fix_postponed_writes()
    survive_impossible_bounds()
    carry_constants_into_loops()
    learn_nothing_from_before_a_label()
    let_short_preambles_grow()
    close_retraced_loops_without_looking()
    ask_little_of_those_who_enter_a_loop()
    search_short_boxes_once()
    notice_nested_calls()
    resume_where_a_guard_fails()
    limit_traces_of_nested_calls()
    never_retrace_nested_calls()
    begin_loops_on_a_cache_line()


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

    IntBound.py_div_bound = py_div_bound


def carry_constants_into_loops():
    """Makes an int whose bounds are one number that number in the loop.

    Such an int is no argument of the loop's label, since every jump to the label has to prove its
    value. But the loop's guards still named it and resumed with whatever the register held. The
    remainder of a division by -1 is such an int.
    """
    original = UnrollableOptimizer.setinfo_from_preamble.im_func

    def setinfo_from_preamble(self, op, preamble_info, exported_infos):
        if isinstance(preamble_info, IntBound) and preamble_info.is_constant():
            op = self.get_box_replacement(op)
            if op.get_forwarded() is None and not op.is_constant():
                op.set_forwarded(ConstInt(preamble_info.getint()))
            return
        original(self, op, preamble_info, exported_infos)

    UnrollableOptimizer.setinfo_from_preamble = setinfo_from_preamble


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
    Optimizer.init_inparg_dict_from = init_inparg_dict_from
    OptIntBounds.propagate_bounds_backward = propagate_bounds_backward


def let_short_preambles_grow():
    """Lets a loop use a value from before its label if only its closing jump needs it, whichever
    loop that jump enters.

    RPython gave the builder of the short preamble the lists for such values only if the loop jumps
    to itself: without them, a retraced loop that joins an earlier one crashed the JIT. And a value
    that gets a name of its own there got that name only if it had been used before.
    """
    finalize = UnrollOptimizer.finalize_short_preamble.im_func
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

    UnrollOptimizer.finalize_short_preamble = finalize_short_preamble
    UnrollOptimizer.optimize_peeled_loop = optimize_peeled_loop


def close_retraced_loops_without_looking():
    """Has a retraced loop jump only to where it surely fits.

    To see whether guards could make it fit, RPython looked into the objects of the moment when the
    retracing began. They may have changed since, and what the loop ends with may be objects of
    other classes: it read fields that were not there and crashed.
    """
    original = UnrollOptimizer.jump_to_existing_trace.im_func

    def jump_to_existing_trace(self, jump_op, label_op, runtime_boxes, force_boxes=False):
        jitcell_token = jump_op.getdescr()
        assert isinstance(jitcell_token, JitCellToken)
        # Of a loop that is new there are two, the preamble and the loop itself.
        if label_op is not None and len(jitcell_token.target_tokens) > 2:
            runtime_boxes = [None] * len(runtime_boxes)
        return original(self, jump_op, label_op, runtime_boxes, force_boxes)

    UnrollOptimizer.jump_to_existing_trace = jump_to_existing_trace


LARGEST_BOUND = 0x7FFFFFFF  # what a machine instruction can hold


def ask_little_of_those_who_enter_a_loop():
    """Forgets, at a loop's label, what hardly helps the loop but has to be proved by every trace
    that jumps there.

    That is that an int is more than not negative, that one is beyond what any index is, that an
    array or a string is not empty, and of which type an array is: fields have a static type, so the
    GC's type number never says anything new.
    """
    original = UnrollOptimizer._expand_info.im_func

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

    def make_guards(self, op, short, optimizer):
        AbstractVirtualPtrInfo.make_guards(self, op, short, optimizer)
        if self.lenbound is not None and (self.lenbound.is_constant() or self.lenbound.lower > 0):
            length = ResOperation(rop.ARRAYLEN_GC, [op], descr=self.descr)
            short.append(length)
            self.lenbound.make_guards(length, short, optimizer)

    UnrollOptimizer._expand_info = _expand_info
    ArrayPtrInfo.make_guards = make_guards


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

    ShortBoxes.create_short_boxes = create
    ShortBoxes.add_op_to_short = add
    ShortBoxes.produce_arg = produce


NESTED = 2  # so many calls, one in the other, make a trace one of nested calls


def notice_nested_calls():
    """Lets the optimiser and the limits below know whether a trace has gone into calls within
    calls.
    """
    # what the recording of every trace begins with
    start = MetaInterpStaticData.try_to_free_some_loops.im_func
    enter = MetaInterp.newframe.im_func

    def try_to_free_some_loops(self):
        self.globaldata.has_nested_calls = False
        start(self)

    def newframe(self, jitcode, greenkey=None):
        frame = enter(self, jitcode, greenkey)
        if self.portal_call_depth >= NESTED:
            self.staticdata.globaldata.has_nested_calls = True
        return frame

    MetaInterpGlobalData.has_nested_calls = False
    MetaInterpStaticData.try_to_free_some_loops = try_to_free_some_loops
    MetaInterp.newframe = newframe


def resume_where_a_guard_fails():
    """Gives each guard resume data of its own.

    RPython lets consecutive guards share those of the first one, so that a bridge has to repeat
    what lies between. In programs of many small branches that is most of what a bridge does. In a
    trace of nested calls the repetition is worth it: what it tells of the arguments decides all the
    tests in the calls that follow.
    """
    original = Optimizer.emit_guard_operation.im_func

    def emit_guard_operation(self, op, pendingfields):
        opnum = op.getopnum()
        if (
            not self.metainterp_sd.globaldata.has_nested_calls
            and opnum != rop.GUARD_NO_EXCEPTION
            and opnum != rop.GUARD_EXCEPTION
        ):
            self._last_guard_op = None
        return original(self, op, pendingfields)

    Optimizer.emit_guard_operation = emit_guard_operation


LONGEST_TRACE_OF_CALLS = 12000  # operations


def limit_traces_of_nested_calls():
    """Ends a trace of nested calls sooner than the trace_limit, which is meant for long loops.

    A recursive function that is inlined into itself doubles the trace with every call; the longer
    such traces may be, the more of them are made before RPython stops inlining the function.
    """
    original = MetaInterp.blackhole_if_trace_too_long.im_func

    def blackhole_if_trace_too_long(self):
        state = self.jitdriver_sd.warmstate
        limit = state.trace_limit
        if self.staticdata.globaldata.has_nested_calls and limit > LONGEST_TRACE_OF_CALLS:
            state.trace_limit = LONGEST_TRACE_OF_CALLS
        try:
            original(self)
        finally:
            state.trace_limit = limit

    MetaInterp.blackhole_if_trace_too_long = blackhole_if_trace_too_long


def never_retrace_nested_calls():
    """Lets a bridge of nested calls that fits no loop enter by the loop's preamble.

    The retrace_limit is meant for loops. Such a bridge is long, and what another copy of it would
    know of its registers is little beside the frames that its calls make.
    """
    original = UnrollOptimizer.optimize_bridge.im_func

    def optimize_bridge(
        self,
        trace,
        runtime_boxes,
        call_pure_results,
        inline_short_preamble,
        box_names_memo,
        resumestorage,
    ):
        metainterp_sd = self.optimizer.metainterp_sd
        memory_manager = metainterp_sd.warmrunnerdesc.memory_manager
        limit = memory_manager.retrace_limit
        if metainterp_sd.globaldata.has_nested_calls:
            memory_manager.retrace_limit = 0
        try:
            return original(
                self,
                trace,
                runtime_boxes,
                call_pure_results,
                inline_short_preamble,
                box_names_memo,
                resumestorage,
            )
        finally:
            memory_manager.retrace_limit = limit

    UnrollOptimizer.optimize_bridge = optimize_bridge


CACHE_LINE = 64  # bytes
LONGEST_NOP = 8


def begin_loops_on_a_cache_line():
    """Has compiled code begin on a line of the processor's cache, and each loop in it too.

    RPython has both begin on a multiple of 16 bytes. A short loop then takes a tenth longer where
    it happens to lie across one line more, as a change anywhere before it decides.
    """
    original = RegAlloc.flush_loop.im_func

    def flush_loop(self):
        original(self)
        code = self.assembler.mc
        missing = -code.get_relative_pos() & (CACHE_LINE - 1)
        while missing > 0:
            length = min(missing, LONGEST_NOP)
            for char in code.MULTIBYTE_NOPs[length]:
                code.writechar(char)
            missing -= length

    RegAlloc.flush_loop = flush_loop
    BlockBuilderMixin.ALIGN_MATERIALIZE = CACHE_LINE


def fix_postponed_writes():
    """Works around an error in the JIT's optimiser, in the heap cache of RPython 0.2.1 and its
    contemporaries.

    The write of an immutable field of a new object may be postponed until something reads it. Where
    a called function both reads and writes such a field, only the write was noted, and for an
    immutable field then ignored: the function saw an object without its value. Here the postponed
    write is done before the call.
    """
    original = OptHeap.force_from_effectinfo.im_func

    def force_from_effectinfo(self, effectinfo):
        for fielddescr, cached in self.cached_fields.items():
            if fielddescr.is_always_pure() and effectinfo.check_write_descr_field(fielddescr):
                cached.force_lazy_set(self, fielddescr)
        original(self, effectinfo)

    OptHeap.force_from_effectinfo = force_from_effectinfo
