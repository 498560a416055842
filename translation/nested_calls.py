"""How the JIT of RPython 0.2.1 treats traces that go into calls within calls, as those of recursive
functions do: how long they may be, where their guards resume, and how they end.
"""

from rpython.jit.metainterp.optimizeopt.optimizer import Optimizer
from rpython.jit.metainterp.optimizeopt.unroll import UnrollOptimizer
from rpython.jit.metainterp.pyjitpl import MetaInterp, MetaInterpGlobalData
from rpython.jit.metainterp.resoperation import rop

from translation.replacing import replace


NESTED = 2  # so many calls, one in the other, make a trace one of nested calls


def notice_nested_calls():
    """Lets the optimiser and the limits below know what is recorded, and whether it has gone into
    calls within calls.

    What is called while a trace is recorded may have a trace of its own recorded.
    """
    enter = MetaInterp.newframe.im_func
    record = MetaInterp.interpret.im_func

    def newframe(self, jitcode, greenkey=None):
        frame = enter(self, jitcode, greenkey)
        if self.portal_call_depth >= NESTED:
            self.has_nested_calls = True
        return frame

    def interpret(self):
        globaldata = self.staticdata.globaldata
        outer = globaldata.recorder
        globaldata.recorder = self
        try:
            record(self)
        finally:
            globaldata.recorder = outer

    MetaInterp.has_nested_calls = False
    MetaInterpGlobalData.recorder = None
    replace(MetaInterp, "newframe", newframe)
    replace(MetaInterp, "interpret", interpret)


def has_nested_calls(staticdata):
    """staticdata: MetaInterpStaticData -> bool, whether the trace that is being recorded has gone
    into calls within calls.
    """
    recorder = staticdata.globaldata.recorder
    return recorder is not None and recorder.has_nested_calls


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
            not has_nested_calls(self.metainterp_sd)
            and opnum != rop.GUARD_NO_EXCEPTION
            and opnum != rop.GUARD_EXCEPTION
        ):
            self._last_guard_op = None
        return original(self, op, pendingfields)

    replace(Optimizer, "emit_guard_operation", emit_guard_operation)


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
        if self.has_nested_calls and limit > LONGEST_TRACE_OF_CALLS:
            state.trace_limit = LONGEST_TRACE_OF_CALLS
        try:
            original(self)
        finally:
            state.trace_limit = limit

    replace(MetaInterp, "blackhole_if_trace_too_long", blackhole_if_trace_too_long)


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
        if has_nested_calls(metainterp_sd):
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

    replace(UnrollOptimizer, "optimize_bridge", optimize_bridge)
