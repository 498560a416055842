"""Recursion that goes another way at each call is compiled anew, with fewer calls inlined.

The JIT inlines a recursive function into itself, many calls deep. That is good where the calls
resemble each other, as those of fib do: a few bridges later every way through is compiled. Where a
call's way depends on data, as in a parser or in a search tree, no two go the same way, and each guard
of the many calls gets its bridge with as many calls again. Here the bridges of a trace are counted;
beyond a limit the code is given up, and made anew with one call of a function in another.

The optimisation `irregular-recursion` is this one.  The VM never imports this module.
"""

from rpython.jit.metainterp.compile import AbstractResumeGuardDescr, compile_tmp_callback
from rpython.jit.metainterp.history import JitCellToken
from rpython.jit.metainterp.pyjitpl import MetaInterp
from rpython.jit.metainterp.warmstate import WarmEnterState

from mdvm.settings.optimisations import optimisations
from translation.replacing import replace

# A trace with so many bridges of so many operations, each with calls within calls, is irregular.
MOST_BRIDGES = 16
LONG = 100

_CALLS_IN_IT = 1  # so deep a function is inlined into itself where it is irregular
_IRREGULAR = 0x1000  # a flag of a JitCell, beside RPython's


def compile_irregular_recursion_anew():
    """To be called once, before the translation and after notice_nested_calls."""
    remember_where_code_begins()
    count_bridges()
    inline_less_in_irregular_code()


def remember_where_code_begins():
    """Compiled code knows the place in the program that it was made for, and whether it is
    irregular.
    """
    attach = WarmEnterState.attach_procedure_to_interp.im_func

    def attach_procedure_to_interp(self, greenkey, procedure_token):
        procedure_token.greenkey = greenkey
        cell = self.JitCell.ensure_jit_cell_at_key(greenkey)
        procedure_token.is_irregular = cell.flags & _IRREGULAR != 0
        attach(self, greenkey, procedure_token)

    JitCellToken.greenkey = None
    JitCellToken.is_irregular = False
    JitCellToken.long_bridges = 0
    replace(WarmEnterState, "attach_procedure_to_interp", attach_procedure_to_interp)


def count_bridges():
    """Counts the long bridges of nested calls that compiled code has."""
    compile_bridge = AbstractResumeGuardDescr.compile_and_attach.im_func

    def compile_and_attach(self, metainterp, new_loop, orig_inputargs):
        compile_bridge(self, metainterp, new_loop, orig_inputargs)
        token = metainterp.resumekey_original_loop_token
        if metainterp.staticdata.globaldata.has_nested_calls and len(new_loop.operations) >= LONG:
            token.long_bridges += 1

    replace(AbstractResumeGuardDescr, "compile_and_attach", compile_and_attach)


def inline_less_in_irregular_code():
    """Gives code up that has too many bridges, and has what is irregular inline little."""
    record_loop = MetaInterp._compile_and_run_once.im_func
    record_bridge = MetaInterp._handle_guard_failure.im_func

    def limit_inlining(self, is_irregular):
        memory_manager = self.staticdata.warmrunnerdesc.memory_manager
        before = memory_manager.max_unroll_recursion
        if is_irregular and before > _CALLS_IN_IT:
            memory_manager.max_unroll_recursion = _CALLS_IN_IT
        return before

    def _compile_and_run_once(self, original_boxes):
        warmstate = self.jitdriver_sd.warmstate
        greenkey = original_boxes[: self.jitdriver_sd.num_green_args]
        cell = warmstate.JitCell.ensure_jit_cell_at_key(greenkey)
        before = limit_inlining(self, cell.flags & _IRREGULAR != 0)
        try:
            return record_loop(self, original_boxes)
        finally:
            self.staticdata.warmrunnerdesc.memory_manager.max_unroll_recursion = before

    def _handle_guard_failure(self, *arguments):
        token = self.resumekey_original_loop_token
        if token is not None and not token.is_irregular and token.greenkey is not None:
            if token.long_bridges >= MOST_BRIDGES and optimisations.irregular_recursion:
                give_up(self, token)
        before = limit_inlining(self, token is not None and token.is_irregular)
        try:
            return record_bridge(self, *arguments)
        finally:
            self.staticdata.warmrunnerdesc.memory_manager.max_unroll_recursion = before

    replace(MetaInterp, "_compile_and_run_once", _compile_and_run_once)
    replace(MetaInterp, "_handle_guard_failure", _handle_guard_failure)


def give_up(metainterp, token):
    """Has the place that token's code was made for compiled anew, soon; until then it is
    interpreted.
    """
    token.is_irregular = True
    jitdriver = metainterp.jitdriver_sd
    warmstate = jitdriver.warmstate
    cell = warmstate.JitCell.ensure_jit_cell_at_key(token.greenkey)
    cell.flags |= _IRREGULAR
    if cell.get_procedure_token() is not token:
        return
    kinds = "".join([kind[0] for kind in jitdriver.red_args_types])
    interpreted = compile_tmp_callback(
        warmstate.cpu,
        jitdriver,
        token.greenkey,
        kinds,
        metainterp.staticdata.warmrunnerdesc.memory_manager,
    )
    cell.set_procedure_token(interpreted, tmp=True)
    warmstate.cpu.redirect_call_assembler(token, interpreted)
    token.record_jump_to(interpreted)
    warmstate.JitCell.trace_next_iteration(token.greenkey)
