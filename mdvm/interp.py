"""The interpreter: the dispatch loop with its JitDriver, and the calls.

A call in the program is a call of `run`, so the JIT sees the program's functions as functions and
can inline them. What each opcode does stands in instructions.py, but for those that the loop has to
do with: calls, the jump that closes a loop, and what ends a frame.
"""

from mdvm import container_instructions, errors, instructions
from mdvm.applied import Runner
from mdvm.builtins import Builtin, builtin_of
from mdvm.calls import execute_builtin, execute_host_call, find_callee, write_result
from mdvm.debugging.disassembler import printable_location
from mdvm.debugging.instruction_log import instruction_log
from mdvm.debugging.profiler import profiler
from mdvm.frame import (
    NO_TAG,
    Frame,
    drop_saved_tags,
    inherit,
    inherit_tags,
    move_operand,
    read_operand,
    read_registers,
)
from mdvm.objects import w_empty
from mdvm.instructions import ProgramEnd
from mdvm.lowering.code import Function
from mdvm.opcodes import field, op, opcode_numbers
from mdvm.run_state import end_if_requested, enter_call, run_state
from mdvm.system.interruption import interruption_requested
from mdvm.system.jit import JitDriver, dont_look_inside, hint, promote, unroll_safe, we_are_jitted
from mdvm.system.language import (
    StackOverflow,
    check_stack_overflow,
    unrolling_iterable,
    we_are_translated,
)
from mdvm.system.heap import WIDE, heap
from mdvm.settings.jit_parameters import jit
from mdvm.trace_liveness import apply_liveness
from mdvm.unboxed.execution import run_unboxed
from mdvm.unboxed.moves import RESULT, pass_arguments, return_unboxed, w_unboxed
from mdvm.unboxed.operands import box_operands
from mdvm.unboxed.registers import (
    CHANGED,
    box,
    can_save,
    forget_all,
    kind_at,
    loaded,
    restore,
    save,
    set_boxed,
    value_of,
    write_unboxed,
)
from mdvm.values.functions import name_of_function


jitdriver = JitDriver(
    greens=["pc", "function"],
    reds=["frame"],
    virtualizables=["frame"],
    is_recursive=True,
    get_printable_location=printable_location,
    name="mdvm",
)


class Interpreter(Runner):
    """Executes programs, one at a time; what belongs to the run and to no frame is in run_state."""

    def execute_program(self, code):
        """Runs the program of code from its start.  -> W_Value, or None when it ended with no
        value.  Raises RunError.
        """
        return self.execute_function(code.start(), [w_empty][:0])

    def execute_function(self, function, arguments):
        """Runs the program of the function's code as if it were a call of this function.

        arguments: list of W_Value, the caller's no longer. -> W_Value, or None when it ended with
        no value. Raises RunError.
        """
        code = function.code
        frame = Frame(function.frame_size)
        for argument in range(min(len(arguments), function.frame_size)):
            frame.write(argument, arguments[argument])
        inherit(frame, None, function, len(arguments))
        if code.has_tags:
            frame.tags = [NO_TAG] * function.frame_size
        run_state.depth = 0
        heap.wide_registers = 0
        try:
            return _run_suitably(function, frame)
        except ProgramEnd:
            return None
        except StackOverflow:
            raise _no_more_stack()

    def run(self, function, frame):
        return _run_suitably(function, frame)


interpreter = Interpreter()


# ____________________________________________________________ the loop


def run(function, frame):
    """Executes a function in a frame that holds its arguments.  -> W_Value, or None when it returns
    no value.
    """
    frame = hint(frame, access_directly=True)
    pc = function.entry
    assert pc >= 0
    while True:
        jitdriver.jit_merge_point(pc=pc, function=function, frame=frame)
        ops = function.ops
        opcode = ops[pc]
        if opcode == op.RETURN:
            return read_operand(frame, function, ops[pc + 1])
        if opcode == op.RETURN_NOTHING:
            return None
        try:
            next_pc = _execute(opcode, frame, function, ops, pc)
        except errors.RunError as error:
            raise _located(error, function, pc)
        except MemoryError:
            raise _located(_no_more_memory(), function, pc)
        except StackOverflow:
            raise _located(_no_more_stack(), function, pc)
        # as RPython knows then, so that it never looks for indexes counted from the end
        assert next_pc >= 0
        if we_are_jitted():
            apply_liveness(frame, function.trace_liveness, pc, next_pc)
        pc = next_pc


def _run_suitably(function, frame):
    """Executes it by the loop that suits.  -> as `run`."""
    if we_are_jitted() or jit.counts or not function.runs_unboxed:
        return run(function, frame)
    return _run_uncounted(function, frame)


@dont_look_inside
def _run_uncounted(function, frame):
    """The same with the JIT off, for a function that can run unboxed."""
    count = loaded.count
    if not can_save(count):
        return run(function, frame)
    saved = save(count)
    try:
        forget_all(function.frame_size)
        w_result = _interpret(function, frame)
        if w_result is w_unboxed:
            w_result = box(kind_at(RESULT), value_of(RESULT))
        return w_result
    except MemoryError:
        raise _no_more_memory()
    finally:
        forget_all(function.frame_size)
        restore(saved, count)
        loaded.count = count


@dont_look_inside
def _interpret(function, frame):
    """Does what `run` does without the JIT, and without boxes for numbers: of those, the arguments
    are in their registers.  -> W_Value, None, or w_unboxed: the register RESULT has the result.
    """
    frame = hint(frame, access_directly=True)
    ops = function.ops
    pc = function.entry
    while True:
        pc = run_unboxed(frame, function, pc)
        assert pc >= 0
        opcode = ops[pc]
        if opcode == op.RETURN:
            return return_unboxed(frame, function, ops[pc + 1])
        if opcode == op.RETURN_NOTHING:
            return None
        try:
            if opcode == op.CALL_FUNCTION:
                pc = _call_unboxed(frame, function, ops, pc)
            else:
                pc = _execute_boxed(opcode, frame, function, ops, pc)
        except errors.RunError as error:
            raise _located(error, function, pc)
        except MemoryError:
            raise _located(_no_more_memory(), function, pc)
        except StackOverflow:
            raise _located(_no_more_stack(), function, pc)


@dont_look_inside
def _execute_boxed(opcode, frame, function, ops, pc):
    """Executes one instruction with what it needs in the frame.  -> int, the pc of the next."""
    box_operands(frame, function, pc)
    return _execute(opcode, frame, function, ops, pc)


def _execute(opcode, frame, function, ops, pc):
    """Executes one instruction.  -> int, the pc of the next."""
    for opcode_number, handler in _unrolled_handlers:
        if opcode == opcode_number:
            return handler(frame, function, ops, pc)
    raise AssertionError("not an opcode")


@dont_look_inside
def _located(error, function, pc):
    """Notes that the error passes a frame of the function, and where.  Returns error."""
    if error.instruction() < 0:
        run_state.executed -= function.body.not_executed_after(function.body.number_at(pc))
    error.pass_frame(function.name, function.instruction_at(pc))
    return error


@dont_look_inside
def _no_more_memory():
    """-> RunError.  To be called in an except clause for MemoryError."""
    return errors.stack_overflow() if heap.frames_overflow else errors.out_of_memory()


@dont_look_inside
def _no_more_stack():
    """-> RunError.  To be called in an except clause for StackOverflow.

    An interruption takes the program's stack away, so that calls need no other check. See
    embedding.c.
    """
    check_stack_overflow()
    return errors.interrupted() if interruption_requested() else errors.stack_overflow()


# ____________________________________________________________ jumps


@unroll_safe
def LOOP(frame, function, ops, pc):
    # A register that is dead must not keep its box alive into the next iteration.
    at = pc + 3
    end = at + ops[pc + 2]
    while at < end:
        frame.write(ops[at], None)
        at += 1
    target = ops[pc + 1]
    jitdriver.can_enter_jit(pc=target, function=function, frame=frame)
    return target


# ____________________________________________________________ calls


def CALL_FUNCTION(frame, function, ops, pc):
    callee = function.code.function(ops[pc + field.CALL_FUNC])
    return _call(frame, function, callee, ops, pc)


def CALL(frame, function, ops, pc):
    w_callee = read_operand(frame, function, ops[pc + field.CALL_FUNC])
    callee = promote(find_callee(function.code, w_callee))
    if isinstance(callee, Function):
        return _call(frame, function, callee, ops, pc)
    if isinstance(callee, Builtin):
        return execute_builtin(interpreter, frame, function, callee, ops, pc)
    return execute_host_call(frame, function, callee.name, ops, pc)


def CALL_BUILTIN(frame, function, ops, pc):
    callee = builtin_of(ops[pc + field.CALL_FUNC])
    return execute_builtin(interpreter, frame, function, callee, ops, pc)


def CALL_HOST(frame, function, ops, pc):
    name = name_of_function(function.constants[ops[pc + field.CALL_FUNC]])
    assert name is not None
    return execute_host_call(frame, function, name, ops, pc)


@unroll_safe
def _call(frame, function, callee, ops, pc):
    """Calls callee as the CALL at pc says, and writes what it returns.  -> int, the pc of the next
    instruction.
    """
    arguments = pc + field.CALL_ARGS
    count = ops[arguments]
    callee_frame = Frame(callee.frame_size)
    argument = 0
    while argument < count:
        w_value = move_operand(frame, function, ops[arguments + 1 + argument])
        if argument < callee.frame_size:
            callee_frame.write(argument, w_value)
        argument += 1
    if callee.inherits_beyond(count):
        inherit(callee_frame, frame, callee, count)
    if not we_are_translated() and function.code.options.interruptible:
        end_if_requested()  # translated, the check of the stack notices
    if callee.frame_size > WIDE:
        heap.wide_registers += callee.frame_size  # the GC looks whether that is too much
    if function.code.watches_calls:
        w_result = _run_watched(frame, function, callee, callee_frame, ops, pc)
    elif we_are_jitted() or jit.counts or not callee.runs_unboxed:
        w_result = run(callee, callee_frame)
    else:
        w_result = _run_uncounted(callee, callee_frame)
    if callee.frame_size > WIDE:
        heap.wide_registers -= callee.frame_size
    if w_result is not None:
        return write_result(frame, function, w_result, ops, pc)
    return arguments + 1 + count


@dont_look_inside
def _call_unboxed(frame, function, ops, pc):
    """The CALL_FUNCTION at pc, with no boxes for numbers.  -> int, the pc of the next instruction."""
    callee = function.code.lowered_function(ops[pc + field.CALL_FUNC])
    arguments = pc + field.CALL_ARGS
    count = ops[arguments]
    size = function.frame_size
    if (
        not callee.runs_unboxed
        or function.code.watches_calls
        or callee.frame_size > WIDE
        or count > callee.frame_size
        or callee.inherits_beyond(count)
        or not can_save(size)
    ):
        return _execute_boxed(op.CALL_FUNCTION, frame, function, ops, pc)
    if not we_are_translated() and function.code.options.interruptible:
        end_if_requested()  # translated, the check of the stack notices
    callee_frame = Frame(callee.frame_size)
    saved = save(size)
    forget_all(callee.frame_size)
    pass_arguments(frame, function, ops, arguments, saved, callee_frame)
    w_result = _interpret(callee, callee_frame)
    kind = kind_at(RESULT)
    value = value_of(RESULT)
    restore(saved, size)
    if w_result is w_unboxed:
        write_unboxed(frame.registers, ops[pc + field.CALL_DST], kind | CHANGED, value)
    elif w_result is not None:
        set_boxed(frame.registers, ops[pc + field.CALL_DST], w_result)
    return arguments + 1 + count


def _run_watched(frame, function, callee, callee_frame, ops, pc):
    """Runs callee with what tags, debug mode, a limit of the depth and a profile need before and
    after.  -> as `run`.
    """
    code = function.code
    arguments = pc + field.CALL_ARGS
    if code.has_tags:
        callee_frame.tags = inherit_tags(frame.tags, callee.frame_size, ops[arguments])
    if code.options.debug:
        instruction_log.arguments(
            run_state.output, ops, arguments, read_registers(frame, ops, arguments)
        )
    if code.options.limit_depth:
        enter_call()
    if code.options.profiling:
        profiler.enter_call(function, pc)
    w_result = _run_suitably(callee, callee_frame)
    if code.options.profiling:
        profiler.leave_call()
    if code.options.limit_depth:
        run_state.depth -= 1
    if code.has_tags:
        drop_saved_tags(frame.tags)
    return w_result


# ____________________________________________________________ the handlers


def _find_handlers():
    """-> list of (number, function) for every opcode that has a function of its name here, in
    instructions.py or in container_instructions.py.
    """
    namespace = dict(vars(instructions), **vars(container_instructions))
    namespace.update(globals())
    handlers = []
    for name, opcode_number in opcode_numbers():
        if name in namespace:
            handler = namespace[name]
            handler.__name__ = name  # as the graph of a closure is called
            handlers.append((opcode_number, handler))
    return handlers


HANDLERS = _find_handlers()
_unrolled_handlers = unrolling_iterable(HANDLERS)
