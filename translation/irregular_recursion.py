"""How far recursion is inlined (mdvm/analysis/recursion.py says why): its first traces inline it as
deep as is allowed, those after them not, and no call of irregular recursion is inlined.

The JIT inlines a recursive function into itself, many calls deep. Here the bridges are counted that
the code of a recursion gets. Beyond a first limit new traces call what is compiled. Beyond a second
the recursion is irregular: the code that was made before is given up and made anew.

The optimisation `irregular-recursion` is this one.  The VM never imports this module.
"""

from rpython.jit.metainterp.compile import AbstractResumeGuardDescr, compile_tmp_callback
from rpython.jit.metainterp.history import JitCellToken
from rpython.jit.metainterp.pyjitpl import MetaInterp
from rpython.jit.metainterp.warmstate import WarmEnterState
from rpython.rlib.objectmodel import we_are_translated
from rpython.rtyper.annlowlevel import cast_gcref_to_instance

from mdvm.analysis.recursion import (
    every_trace_inlines,
    is_irregular,
    no_more_traces_inline,
    note_bridge,
)
from mdvm.lowering.code import Function
from mdvm.settings.optimisations import optimisations
from translation.replacing import replace

LONG = 100  # operations of a bridge that counts
_FUNCTION = 1  # its position among the greens


def never_inline_irregular_recursion():
    """To be called once, before the translation and after notice_nested_calls."""
    notice_recursion()
    remember_what_code_is_made_for()
    count_bridges()
    inline_as_far_as_recursion_allows()
    give_up_code_that_inlines_them()


def recursion_of(greenkey):
    """greenkey: list of Const, where in a program -> Recursion that the function there is part of,
    or None.
    """
    if not we_are_translated():
        return None
    return cast_gcref_to_instance(Function, greenkey[_FUNCTION].getref_base()).recursion


def is_not_to_be_inlined(recursion):
    """recursion: Recursion or None -> bool."""
    return recursion is not None and is_irregular(recursion) and optimisations.irregular_recursion


def notice_recursion():
    """Remembers the recursion that a trace that is recorded has last gone into."""
    enter = MetaInterp.newframe.im_func

    def newframe(self, jitcode, greenkey=None):
        if greenkey is not None and self.is_main_jitcode(jitcode):
            recursion = recursion_of(greenkey)
            if recursion is not None:
                self.recursion = recursion
        return enter(self, jitcode, greenkey)

    MetaInterp.recursion = None
    replace(MetaInterp, "newframe", newframe)


def remember_what_code_is_made_for():
    """Compiled code knows the place in the program that it was made for, and which recursion it
    inlines.
    """
    attach = WarmEnterState.attach_procedure_to_interp.im_func

    def attach_procedure_to_interp(self, greenkey, procedure_token):
        recursion = recursion_of(greenkey)
        recorder = self.warmrunnerdesc.metainterp_sd.globaldata.recorder
        if recursion is None and recorder is not None:
            recursion = recorder.recursion
        procedure_token.greenkey = greenkey
        procedure_token.recursion = recursion
        procedure_token.may_inline_recursion = recursion is not None and not is_not_to_be_inlined(
            recursion
        )
        attach(self, greenkey, procedure_token)

    JitCellToken.greenkey = None
    JitCellToken.recursion = None
    JitCellToken.may_inline_recursion = False
    replace(WarmEnterState, "attach_procedure_to_interp", attach_procedure_to_interp)


def count_bridges():
    """Tells a recursion of each long bridge of calls within calls that goes into it or begins in one
    of its functions.
    """
    compile_bridge = AbstractResumeGuardDescr.compile_and_attach.im_func

    def compile_and_attach(self, metainterp, new_loop, orig_inputargs):
        compile_bridge(self, metainterp, new_loop, orig_inputargs)
        token = metainterp.resumekey_original_loop_token
        if (
            token.may_inline_recursion
            and metainterp.has_nested_calls
            and len(new_loop.operations) >= LONG
        ):
            recursion = metainterp.recursion
            if recursion is None:
                recursion = recursion_of(token.greenkey)
            if recursion is not None:
                note_bridge(recursion)

    replace(AbstractResumeGuardDescr, "compile_and_attach", compile_and_attach)


def inline_as_far_as_recursion_allows():
    """Has calls that are not to be inlined compiled as calls, and the functions as soon as possible."""
    make_callbacks = WarmEnterState.make_jitdriver_callbacks.im_func

    def make_jitdriver_callbacks(self):
        is_made = hasattr(self, "can_inline_callable")
        make_callbacks(self)
        if is_made:
            return
        can_inline_others = self.can_inline_callable
        dont_trace_here = self.dont_trace_here

        def can_inline_callable(greenkey):
            recursion = recursion_of(greenkey)
            if recursion is not None and optimisations.irregular_recursion:
                if no_more_traces_inline(recursion):
                    dont_trace_here(greenkey)
                    return False
                if every_trace_inlines(recursion) and is_as_deep_as_allowed(self, greenkey):
                    compile_soon(self, greenkey)
                    return False
            return can_inline_others(greenkey)

        self.can_inline_callable = can_inline_callable

    replace(WarmEnterState, "make_jitdriver_callbacks", make_jitdriver_callbacks)


def is_as_deep_as_allowed(warmstate, greenkey):
    """greenkey: list of Const -> bool, whether the trace that is being recorded is in so many calls
    of that function, one in the other, that RPython would have none inlined ever after.
    """
    description = warmstate.warmrunnerdesc
    recorder = description.metainterp_sd.globaldata.recorder
    if recorder is None:
        return False
    depth = 0
    for frame in recorder.framestack:
        if frame.greenkey is not None and is_the_same(frame.greenkey, greenkey):
            depth += 1
    return depth >= description.memory_manager.max_unroll_recursion


def is_the_same(greenkey, other):
    """greenkey, other: list of Const, of one length -> bool."""
    for i in range(len(greenkey)):
        if not greenkey[i].same_constant(other[i]):
            return False
    return True


def compile_soon(warmstate, greenkey):
    """Has a function compiled the next time that it is called, if it is not."""
    cell = warmstate.JitCell.ensure_jit_cell_at_key(greenkey)
    if cell.get_procedure_token() is None:
        warmstate.JitCell.trace_next_iteration(greenkey)


def give_up_code_that_inlines_them():
    """Gives code up that was made when its recursion was not yet known to be irregular, the next
    time that it is to get a bridge.
    """
    record_bridge = MetaInterp._handle_guard_failure.im_func

    def _handle_guard_failure(self, *arguments):
        token = self.resumekey_original_loop_token
        if (
            token is not None
            and token.may_inline_recursion
            and is_not_to_be_inlined(token.recursion)
        ):
            give_up(self, token)
        return record_bridge(self, *arguments)

    replace(MetaInterp, "_handle_guard_failure", _handle_guard_failure)


def give_up(metainterp, token):
    """Has the place that token's code was made for compiled anew, soon; until then it is
    interpreted.
    """
    token.may_inline_recursion = False
    jitdriver = metainterp.jitdriver_sd
    warmstate = jitdriver.warmstate
    cell = warmstate.JitCell.ensure_jit_cell_at_key(token.greenkey)
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
