"""What map, filter and fold call: a function of the program, a built-in one or one of the host.

A function of the program finds Empty in the registers that it is not given.
"""

from mdvm.builtin_functions.applying import Applied
from mdvm.builtins import call_builtin
from mdvm.debugging.profiler import profiler
from mdvm.frame import NO_TAG, Frame, inherit
from mdvm.objects import w_empty
from mdvm.run_state import end_if_requested, enter_call, run_state
from mdvm.system.heap import WIDE, heap
from mdvm.system.language import we_are_translated


class Runner(object):
    """What executes functions: the interpreter, which knows this module."""

    def run(self, function, frame):
        """function: Function; frame: Frame, with its arguments -> W_Value, or None when it returns
        no value.
        """
        raise NotImplementedError


class AppliedBuiltin(Applied):
    """A built-in function that map, filter or fold calls.  builtin: Builtin."""

    def __init__(self, builtin):
        self.builtin = builtin

    def call(self, arguments):
        return call_builtin(self.builtin, arguments)


class AppliedHostFunction(Applied):
    """One of the host.  name: str."""

    def __init__(self, name):
        self.name = name

    def call(self, arguments):
        return run_state.host_functions.call(self.name, arguments)


class AppliedFunction(Applied):
    """One of the program.

    runner: Runner.
    callee: Function.
    caller: Function; pc: int, the CALL in it.
    """

    def __init__(self, runner, callee, caller, pc):
        self.runner = runner
        self.callee = callee
        self.caller = caller
        self.pc = pc

    def call(self, arguments):
        callee = self.callee
        count = len(arguments)
        frame = Frame(callee.frame_size)
        for argument in range(min(count, callee.frame_size)):
            frame.write(argument, arguments[argument])
        inherit(frame, None, callee, count)
        if not we_are_translated() and self.caller.code.options.interruptible:
            end_if_requested()
        if callee.frame_size > WIDE:
            heap.wide_registers += callee.frame_size
        w_result = self._run(frame)
        if callee.frame_size > WIDE:
            heap.wide_registers -= callee.frame_size
        return w_empty if w_result is None else w_result

    def _run(self, frame):
        code = self.caller.code
        if code.has_tags:
            frame.tags = [NO_TAG] * self.callee.frame_size
        if code.options.limit_depth:
            enter_call()
        if code.options.profiling:
            profiler.enter_call(self.caller, self.pc)
        w_result = self.runner.run(self.callee, frame)
        if code.options.profiling:
            profiler.leave_call()
        if code.options.limit_depth:
            run_state.depth -= 1
        return w_result
