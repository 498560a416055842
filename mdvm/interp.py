"""The interpreter: the dispatch loop with its JitDriver, and the calls.

A call in the program is a call of `run`, so the JIT sees the program's functions as functions and
can inline them. What each opcode does stands in instructions.py, but for those that the loop has to
do with: calls, the jump that closes a loop, and what ends a frame or the program.
"""

from mdvm import container_instructions, errors, instructions
from mdvm.applied import AppliedBuiltin, AppliedFunction, AppliedHostFunction, Runner
from mdvm.builtin_functions.applying import cannot_be_applied
from mdvm.builtin_functions.arguments import as_list
from mdvm.builtins import Builtin, builtin_of, call_builtin
from mdvm.callees import check_count
from mdvm.debugging.disassembler import disassemble_instruction
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
from mdvm.objects import W_Int, w_empty
from mdvm.lowering.code import Function
from mdvm.opcodes import REGISTER_MASK, field, op, opcode_numbers
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
from mdvm.trace_liveness import apply_liveness
from mdvm.values.functions import W_Function, name_of_function
from mdvm.values.strings import W_Str


class ProgramEnd(Exception):
    """The program has ended with no value, wherever in it that was."""


def _printable_location(pc, function):
    index = function.instruction_at(pc)
    return "%s %d: %s" % (
        function.name,
        index,
        disassemble_instruction(function.code.module, index),
    )


jitdriver = JitDriver(
    greens=["pc", "function"],
    reds=["frame"],
    virtualizables=["frame"],
    is_recursive=True,
    get_printable_location=_printable_location,
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
            return run(function, frame)
        except ProgramEnd:
            return None
        except StackOverflow:
            raise _no_more_stack()

    def run(self, function, frame):
        return run(function, frame)


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
            _locate(error, function, pc)
            raise error
        except MemoryError:
            error = _no_more_memory()
            _locate(error, function, pc)
            raise error
        except StackOverflow:
            error = _no_more_stack()
            _locate(error, function, pc)
            raise error
        # as RPython knows then, so that it never looks for indexes counted from the end
        assert next_pc >= 0
        if we_are_jitted():
            apply_liveness(frame, function.trace_liveness, pc, next_pc)
        pc = next_pc


def _execute(opcode, frame, function, ops, pc):
    """Executes one instruction.  -> int, the pc of the next."""
    for opcode_number, handler in _unrolled_handlers:
        if opcode == opcode_number:
            return handler(frame, function, ops, pc)
    raise AssertionError("not an opcode")


@dont_look_inside
def _locate(error, function, pc):
    """Notes that the error passes a frame of the function, and where."""
    if error.instruction() < 0:
        run_state.executed -= function.body.not_executed_after(function.body.number_at(pc))
    error.pass_frame(function.name, function.instruction_at(pc))


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


# ____________________________________________________________ jumps and ends


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


def INTERRUPTION_POINT(frame, function, ops, pc):
    end_if_requested()
    return pc + 1


def END(frame, function, ops, pc):
    raise ProgramEnd


def HALT(frame, function, ops, pc):
    raise ProgramEnd


# ____________________________________________________________ calls


def CALL_FUNCTION(frame, function, ops, pc):
    callee = function.code.function(ops[pc + field.CALL_FUNC])
    return _call(frame, function, callee, ops, pc)


def CALL(frame, function, ops, pc):
    w_callee = read_operand(frame, function, ops[pc + field.CALL_FUNC])
    callee = promote(_find_callee(function.code, w_callee))
    if isinstance(callee, Function):
        return _call(frame, function, callee, ops, pc)
    if isinstance(callee, Builtin):
        return _call_builtin(frame, function, callee, ops, pc)
    return _call_host(frame, function, callee.name, ops, pc)


def _find_callee(code, w_callee):
    """w_callee: W_Value, what a CALL names its function with -> Callee.

    What it reaches is promoted, not its name: a program may make the name anew for every call.
    """
    if isinstance(w_callee, W_Str):
        return code.callee_named(w_callee.text())
    if isinstance(w_callee, W_Int):
        return code.callee_numbered(w_callee.intval)
    if isinstance(w_callee, W_Function):
        return code.callee_named(w_callee.name)
    raise errors.no_function_specified()


def CALL_BUILTIN(frame, function, ops, pc):
    callee = builtin_of(ops[pc + field.CALL_FUNC])
    return _call_builtin(frame, function, callee, ops, pc)


def _call_builtin(frame, function, callee, ops, pc):
    arguments = _read_arguments(frame, function, ops, pc)
    if callee.applies:
        w_result = _apply(frame, function, callee, arguments, pc)
    else:
        w_result = call_builtin(callee, arguments)
    return _write_result(frame, function, w_result, ops, pc)


def _apply(frame, function, builtin, arguments, pc):
    """builtin: Builtin, which calls the function that is its second argument -> W_Value."""
    check_count(builtin.name, builtin.least, builtin.most, len(arguments))
    as_list(arguments[0])
    callee = promote(_find_callee(function.code, arguments[1]))
    if isinstance(callee, Function):
        applied = AppliedFunction(interpreter, callee, function, pc)
        w_result = builtin.apply(applied, arguments)
        if function.code.has_tags:
            drop_saved_tags(frame.tags)
        return w_result
    if isinstance(callee, Builtin):
        if callee.applies:
            raise cannot_be_applied(builtin.name, callee.name)
        return builtin.apply(AppliedBuiltin(callee), arguments)
    if not run_state.host_functions.has(callee.name):
        raise errors.undefined_function(callee.name)
    return builtin.apply(AppliedHostFunction(callee.name), arguments)


def CALL_HOST(frame, function, ops, pc):
    name = name_of_function(function.constants[ops[pc + field.CALL_FUNC]])
    assert name is not None
    return _call_host(frame, function, name, ops, pc)


def _call_host(frame, function, name, ops, pc):
    w_result = _ask_host(name, _read_arguments(frame, function, ops, pc))
    return _write_result(frame, function, w_result, ops, pc)


@dont_look_inside
def _ask_host(name, arguments):
    return run_state.host_functions.call(name, arguments)


@unroll_safe
def _read_arguments(frame, function, ops, pc):
    """-> list of W_Value, those of the CALL at pc, which the callee only looks at."""
    arguments = pc + field.CALL_ARGS
    values = [w_empty] * ops[arguments]
    for argument in range(ops[arguments]):
        operand = ops[arguments + 1 + argument]
        if operand >= 0:
            operand &= REGISTER_MASK
        values[argument] = read_operand(frame, function, operand)
    return values


def _write_result(frame, function, w_result, ops, pc):
    """Writes what the CALL at pc has come to.  -> int, the pc of the next instruction."""
    target = ops[pc + field.CALL_DST]
    frame.write(target, w_result)
    if function.code.has_tags:
        frame.tags[target] = NO_TAG
    arguments = pc + field.CALL_ARGS
    return arguments + 1 + ops[arguments]


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
    if len(callee.inherited) > 0:
        inherit(callee_frame, frame, callee, count)
    if not we_are_translated() and function.code.options.interruptible:
        end_if_requested()  # translated, the check of the stack notices
    if callee.frame_size > WIDE:
        heap.wide_registers += callee.frame_size  # the GC looks whether that is too much
    if function.code.watches_calls:
        w_result = _run_watched(frame, function, callee, callee_frame, ops, pc)
    else:
        w_result = run(callee, callee_frame)
    if callee.frame_size > WIDE:
        heap.wide_registers -= callee.frame_size
    if w_result is not None:
        return _write_result(frame, function, w_result, ops, pc)
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
    w_result = run(callee, callee_frame)
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
