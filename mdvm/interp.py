"""The interpreter: the dispatch loop with its JitDriver, one function per opcode, calls.

A guest call is a call of `run`, so the JIT sees guest functions as functions and can inline them.
The function here that is named as an opcode executes it: it gets the frame, the function, the ops
and the place pc of the opcode in them, and gives the place of the next one. Only the RETURNs, which
leave the loop, stand in the loop itself.
"""

from mdvm import errors
from mdvm.values import operations
from mdvm.values.arrays import W_Array, new_array
from mdvm.system.compat import (
    JitDriver,
    StackOverflow,
    check_stack_overflow,
    conditional_call,
    dont_look_inside,
    hint,
    interruption_requested,
    promote,
    sample_requested,
    unroll_safe,
    unrolling_iterable,
    we_are_jitted,
    we_are_translated,
)
from mdvm.values.dicts import W_Dict, new_dict
from mdvm.debugging.disassembler import disassemble_instruction
from mdvm.trace_liveness import follow_fates
from mdvm.frame import NO_TAG, Frame, inherit
from mdvm.system.heap import heap
from mdvm.objects import W_Float, W_Int, share, w_empty, wrap_bool
from mdvm.opcodes import LOWERED_OPCODES, OPCODES, REGISTER_MASK, number, operand_constant
from mdvm.debugging.profiler import profiler, take_sample
from mdvm.run_state import BYTES_PER_UNIT, charge, run_state
from mdvm.values.strings import W_Str
from mdvm.values.text import print_text
from mdvm.debugging.instruction_log import Tracer

BYTES_PER_ELEMENT = 8

tracer = Tracer()


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


class Interpreter(object):
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
        try:
            return run(function, frame)
        except ProgramEnd:
            return None
        except StackOverflow:
            raise _no_more_stack()


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
        if opcode == number.RETURN:
            return _read(frame, function, ops[pc + 1])
        if opcode == number.RETURN_NOTHING:
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
        # as RPython knows then, so that it never looks for places counted from the end
        assert next_pc >= 0
        if we_are_jitted():
            follow_fates(frame, function.fates, pc, next_pc)
        pc = next_pc


def _execute(opcode, frame, function, ops, pc):
    """Executes one instruction.  -> int, the place of the next."""
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

    Who interrupts the program takes away its stack, so that calls need no other check. See
    embedding.c.
    """
    check_stack_overflow()
    return errors.interrupted() if interruption_requested() else errors.stack_overflow()


def _read(frame, function, operand):
    """operand: int, a register, or a constant if it is negative -> W_Value."""
    if operand < 0:
        return function.constants[operand_constant(operand)]
    return frame.read(operand)


def _hand_over(frame, function, operand):
    """The same for a value that is going to be held in a second place, see Frame.hand_over."""
    if operand < 0:
        return function.constants[operand_constant(operand)]
    return frame.hand_over(operand)


# ____________________________________________________________ registers and globals


def LOAD_CONST(frame, function, ops, pc):
    frame.write(ops[pc + 1], function.constants[ops[pc + 2]])
    return pc + 3


def INVALID_CONSTANT(frame, function, ops, pc):
    raise errors.invalid_constant_index(ops[pc + 1])


def MOVE(frame, function, ops, pc):
    frame.write(ops[pc + 1], _hand_over(frame, function, ops[pc + 2]))
    return pc + 3


def LOAD_GLOBAL(frame, function, ops, pc):
    frame.write(ops[pc + 1], share(function.cells[ops[pc + 2]].w_value))
    return pc + 3


def TAKE_GLOBAL(frame, function, ops, pc):
    frame.write(ops[pc + 1], function.cells[ops[pc + 2]].w_value)
    return pc + 3


def STORE_GLOBAL(frame, function, ops, pc):
    function.cells[ops[pc + 2]].w_value = _hand_over(frame, function, ops[pc + 1])
    return pc + 3


# ____________________________________________________________ types


def DEFINE(frame, function, ops, pc):
    frame.tags[ops[pc + 1]] = ops[pc + 2]
    return pc + 3


def UNTAG(frame, function, ops, pc):
    frame.tags[ops[pc + 1]] = NO_TAG
    return pc + 2


def CHECK_TYPE(frame, function, ops, pc):
    frame.write(ops[pc + 1], wrap_bool(_read(frame, function, ops[pc + 2]).type_id == ops[pc + 3]))
    return pc + 4


def CHECK_TAG(frame, function, ops, pc):
    source = ops[pc + 2]
    tag = frame.tags[source]
    if tag == NO_TAG:
        tag = frame.read(source).type_id
    frame.write(ops[pc + 1], wrap_bool(tag == ops[pc + 3]))
    return pc + 4


def CAST(frame, function, ops, pc):
    frame.write(ops[pc + 1], operations.cast(_read(frame, function, ops[pc + 2]), ops[pc + 3]))
    return pc + 4


# ____________________________________________________________ arithmetic and logic


def ADD(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        operations.add(_read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])),
    )
    return pc + 4


def SUB(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        operations.subtract(
            _read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])
        ),
    )
    return pc + 4


def MUL(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        operations.multiply(
            _read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])
        ),
    )
    return pc + 4


def DIV(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        operations.divide(_read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])),
    )
    return pc + 4


def MOD(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        operations.modulo(_read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])),
    )
    return pc + 4


def NEG(frame, function, ops, pc):
    frame.write(ops[pc + 1], operations.negate(_read(frame, function, ops[pc + 2])))
    return pc + 3


def NOT(frame, function, ops, pc):
    frame.write(ops[pc + 1], wrap_bool(not _read(frame, function, ops[pc + 2]).is_truthy()))
    return pc + 3


def AND(frame, function, ops, pc):
    both = (
        _read(frame, function, ops[pc + 2]).is_truthy()
        and _read(frame, function, ops[pc + 3]).is_truthy()
    )
    frame.write(ops[pc + 1], wrap_bool(both))
    return pc + 4


def OR(frame, function, ops, pc):
    either = (
        _read(frame, function, ops[pc + 2]).is_truthy()
        or _read(frame, function, ops[pc + 3]).is_truthy()
    )
    frame.write(ops[pc + 1], wrap_bool(either))
    return pc + 4


# ____________________________________________________________ comparison


def EQ(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        wrap_bool(
            operations.equal(
                _read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])
            )
        ),
    )
    return pc + 4


def NEQ(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        wrap_bool(
            not operations.equal(
                _read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])
            )
        ),
    )
    return pc + 4


def LT(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        wrap_bool(
            operations.less_than(
                _read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])
            )
        ),
    )
    return pc + 4


def GT(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        wrap_bool(
            operations.less_than(
                _read(frame, function, ops[pc + 3]), _read(frame, function, ops[pc + 2])
            )
        ),
    )
    return pc + 4


def LTE(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        wrap_bool(
            operations.less_or_equal(
                _read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])
            )
        ),
    )
    return pc + 4


def GTE(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        wrap_bool(
            operations.less_or_equal(
                _read(frame, function, ops[pc + 3]), _read(frame, function, ops[pc + 2])
            )
        ),
    )
    return pc + 4


# ____________________________________________________________ jumps


def JUMP(frame, function, ops, pc):
    return ops[pc + 1]


@unroll_safe
def LOOP(frame, function, ops, pc):
    # A register that nobody reads again must not keep its box alive into the next turn.
    at = pc + 3
    end = at + ops[pc + 2]
    while at < end:
        frame.write(ops[at], None)
        at += 1
    target = ops[pc + 1]
    jitdriver.can_enter_jit(pc=target, function=function, frame=frame)
    return target


def JUMP_IF(frame, function, ops, pc):
    if _read(frame, function, ops[pc + 1]).is_truthy():
        return ops[pc + 2]
    return pc + 3


def JUMP_IF_NOT(frame, function, ops, pc):
    if _read(frame, function, ops[pc + 1]).is_truthy():
        return pc + 3
    return ops[pc + 2]


# The comparisons below stand where their outcome is tested, and not in operations.py: a guard then
# fails at the comparison itself, and the bridge from it learns what was compared.


def JUMP_IF_LT(frame, function, ops, pc):
    return _if_less(frame, function, ops, pc, ops[pc + 3], pc + 4)


def JUMP_UNLESS_LT(frame, function, ops, pc):
    return _if_less(frame, function, ops, pc, pc + 4, ops[pc + 3])


def _if_less(frame, function, ops, pc, then, otherwise):
    """-> int, one of the places then and otherwise."""
    w_left = _read(frame, function, ops[pc + 1])
    w_right = _read(frame, function, ops[pc + 2])
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return then if w_left.intval < w_right.intval else otherwise
    if isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
        return then if w_left.floatval < w_right.floatval else otherwise
    return then if operations.less_than(w_left, w_right) else otherwise


def JUMP_IF_LTE(frame, function, ops, pc):
    return _if_less_or_equal(frame, function, ops, pc, ops[pc + 3], pc + 4)


def JUMP_UNLESS_LTE(frame, function, ops, pc):
    return _if_less_or_equal(frame, function, ops, pc, pc + 4, ops[pc + 3])


def _if_less_or_equal(frame, function, ops, pc, then, otherwise):
    w_left = _read(frame, function, ops[pc + 1])
    w_right = _read(frame, function, ops[pc + 2])
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return then if w_left.intval <= w_right.intval else otherwise
    if isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
        return then if w_left.floatval <= w_right.floatval else otherwise
    return then if operations.less_or_equal(w_left, w_right) else otherwise


def JUMP_IF_EQ(frame, function, ops, pc):
    return _if_equal(frame, function, ops, pc, ops[pc + 3], pc + 4)


def JUMP_UNLESS_EQ(frame, function, ops, pc):
    return _if_equal(frame, function, ops, pc, pc + 4, ops[pc + 3])


def _if_equal(frame, function, ops, pc, then, otherwise):
    w_left = _read(frame, function, ops[pc + 1])
    w_right = _read(frame, function, ops[pc + 2])
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return then if w_left.intval == w_right.intval else otherwise
    if isinstance(w_left, W_Str) and isinstance(w_right, W_Str) and w_right.single >= 0:
        return then if w_left.single == w_right.single else otherwise
    return then if operations.equal(w_left, w_right) else otherwise


def INTERRUPTION_POINT(frame, function, ops, pc):
    _end_if_requested()
    return pc + 1


def _end_if_requested():
    if interruption_requested():
        raise errors.interrupted()


def MARK_JUMP(frame, function, ops, pc):
    frame.last_jump = ops[pc + 1]
    return pc + 2


@unroll_safe
def PHI(frame, function, ops, pc):
    count = ops[pc + 2]
    end = pc + 3 + 2 * count
    at = pc + 3
    while at < end:
        if ops[at + 1] == frame.last_jump:
            frame.write(ops[pc + 1], share(frame.read(ops[at])))
            if function.code.has_tags:
                frame.tags[ops[pc + 1]] = NO_TAG
            break
        at += 2
    return end


def END(frame, function, ops, pc):
    raise ProgramEnd


def HALT(frame, function, ops, pc):
    raise ProgramEnd


# ____________________________________________________________ calls


def CALL_FUNCTION(frame, function, ops, pc):
    callee = function.code.function(ops[pc + 1])
    _call(frame, function, callee, ops, pc)
    return pc + 4 + ops[pc + 3]


def CALL(frame, function, ops, pc):
    callee = _find_function(function.code, _read(frame, function, ops[pc + 1]))
    _call(frame, function, callee, ops, pc)
    return pc + 4 + ops[pc + 3]


def _find_function(code, w_function):
    """w_function: W_Value, what a CALL names its function with -> Function.

    The function is promoted, not its name: a program may make the name anew for every call.
    """
    if isinstance(w_function, W_Str):
        return promote(code.function_named(w_function.text()))
    if isinstance(w_function, W_Int):
        return promote(code.function_numbered(w_function.intval))
    raise errors.no_function_specified()


@unroll_safe
def _call(frame, function, callee, ops, pc):
    """Calls callee as the CALL at pc says, and writes what it returns."""
    count = ops[pc + 3]
    callee_frame = Frame(callee.frame_size)
    argument = 0
    while argument < count:
        w_value = _hand_over(frame, function, ops[pc + 4 + argument])
        if argument < callee.frame_size:
            callee_frame.write(argument, w_value)
        argument += 1
    if len(callee.inherited) > 0:
        inherit(callee_frame, frame, callee, count)
    if not we_are_translated() and function.code.lowering.interruptible:
        _end_if_requested()  # translated, the check of the stack notices
    if function.code.watches_calls:
        w_result = _run_watched(frame, function, callee, callee_frame, ops, pc)
    else:
        w_result = run(callee, callee_frame)
    if w_result is not None:
        frame.write(ops[pc + 2], w_result)
        if function.code.has_tags:
            frame.tags[ops[pc + 2]] = NO_TAG


def _run_watched(frame, function, callee, callee_frame, ops, pc):
    """Runs callee with what tags, debug mode, a limit of the depth and a profile need before and
    after.  -> as `run`.
    """
    code = function.code
    if code.has_tags:
        callee_frame.tags = _inherit_tags(frame.tags, callee.frame_size, ops[pc + 3])
    if code.lowering.debug:
        _trace_arguments(frame, ops, pc + 3)
    if code.lowering.limit_depth:
        _enter_call()
    if code.lowering.profiling:
        profiler.enter_call(function, pc)
    w_result = run(callee, callee_frame)
    if code.lowering.profiling:
        profiler.leave_call()
    if code.lowering.limit_depth:
        run_state.depth -= 1
    if code.has_tags:
        _drop_saved_tags(frame.tags)
    return w_result


def _enter_call():
    if run_state.depth >= run_state.max_depth:
        raise errors.stack_overflow()
    run_state.depth += 1


# ____________________________________________________________ assertions


def ASSERT_TRUTHY(frame, function, ops, pc):
    if not _read(frame, function, ops[pc + 1]).is_truthy():
        raise _assertion_failed(function, ops[pc + 2])
    return pc + 3


def ASSERT_NOT_EMPTY(frame, function, ops, pc):
    if _read(frame, function, ops[pc + 1]) is w_empty:
        raise _assertion_failed(function, ops[pc + 2])
    return pc + 3


def ASSERT_RANGE(frame, function, ops, pc):
    w_value = _read(frame, function, ops[pc + 1])
    if not isinstance(w_value, W_Int) or not ops[pc + 3] <= w_value.intval <= ops[pc + 4]:
        raise _assertion_failed(function, ops[pc + 2])
    return pc + 5


# ____________________________________________________________ strings


def CONCAT_STR(frame, function, ops, pc):
    frame.write(
        ops[pc + 1],
        operations.concatenate(
            _read(frame, function, ops[pc + 2]), _read(frame, function, ops[pc + 3])
        ),
    )
    return pc + 4


def STR_LEN(frame, function, ops, pc):
    w_string = _read(frame, function, ops[pc + 2])
    if not isinstance(w_string, W_Str):
        raise errors.type_mismatch("string", w_string.found_name)
    frame.write(ops[pc + 1], W_Int(w_string.length()))
    return pc + 3


# ____________________________________________________________ arrays


def NEW_ARRAY(frame, function, ops, pc):
    w_size = _read(frame, function, ops[pc + 2])
    if not isinstance(w_size, W_Int):
        raise errors.type_mismatch("integer", w_size.found_name)
    if w_size.intval < 0:
        raise errors.invalid_operation("create array", "negative size: %d" % w_size.intval)
    if w_size.intval > heap.largest() // BYTES_PER_ELEMENT:
        raise errors.out_of_memory()
    frame.write(ops[pc + 1], new_array(w_size.intval))
    return pc + 3


def ARRAY_GET(frame, function, ops, pc):
    w_array = _as_array(_read(frame, function, ops[pc + 2]))
    index = _index_into(w_array, _read(frame, function, ops[pc + 3]))
    frame.write(ops[pc + 1], share(w_array.get(index)))
    return pc + 4


def ARRAY_TAKE(frame, function, ops, pc):
    w_array = _as_array(_read(frame, function, ops[pc + 2]))
    w_value = w_array.get(_index_into(w_array, _read(frame, function, ops[pc + 3])))
    if w_array.shared:
        share(w_value)
    frame.write(ops[pc + 1], w_value)
    return pc + 4


def ARRAY_SET(frame, function, ops, pc):
    register = ops[pc + 1]
    w_array = _as_array(frame.read(register))
    index = _index_into(w_array, _read(frame, function, ops[pc + 2]))
    w_value = _hand_over(frame, function, ops[pc + 3])
    if w_array.shared:
        w_array = w_array.copy()
    frame.write(register, w_array.set(index, w_value))
    return pc + 4


def ARRAY_LEN(frame, function, ops, pc):
    frame.write(ops[pc + 1], W_Int(_as_array(_read(frame, function, ops[pc + 2])).length()))
    return pc + 3


# ____________________________________________________________ dicts


def DICT_NEW(frame, function, ops, pc):
    frame.write(ops[pc + 1], new_dict())
    return pc + 2


def DICT_GET(frame, function, ops, pc):
    w_dict = _as_dict(_read(frame, function, ops[pc + 2]))
    frame.write(ops[pc + 1], share(w_dict.get(_as_key(_read(frame, function, ops[pc + 3])))))
    return pc + 4


def DICT_TAKE(frame, function, ops, pc):
    w_dict = _as_dict(_read(frame, function, ops[pc + 2]))
    w_value = w_dict.get(_as_key(_read(frame, function, ops[pc + 3])))
    if w_dict.shared:
        share(w_value)
    frame.write(ops[pc + 1], w_value)
    return pc + 4


def DICT_SET(frame, function, ops, pc):
    register = ops[pc + 1]
    w_dict = _as_dict(frame.read(register))
    w_key = _as_key(_read(frame, function, ops[pc + 2]))
    w_value = _hand_over(frame, function, ops[pc + 3])
    _own_dict(frame, register, w_dict).set(w_key, w_value)
    return pc + 4


def DICT_REMOVE(frame, function, ops, pc):
    register = ops[pc + 1]
    w_dict = _as_dict(frame.read(register))
    w_key = _as_key(_read(frame, function, ops[pc + 2]))
    _own_dict(frame, register, w_dict).remove(w_key)
    return pc + 3


def DICT_CONTAINS(frame, function, ops, pc):
    w_dict = _as_dict(_read(frame, function, ops[pc + 2]))
    frame.write(
        ops[pc + 1], wrap_bool(w_dict.contains(_as_key(_read(frame, function, ops[pc + 3]))))
    )
    return pc + 4


def DICT_KEYS(frame, function, ops, pc):
    frame.write(ops[pc + 1], _as_dict(_read(frame, function, ops[pc + 2])).key_array())
    return pc + 3


def DICT_VALUES(frame, function, ops, pc):
    frame.write(ops[pc + 1], _as_dict(_read(frame, function, ops[pc + 2])).value_array())
    return pc + 3


def DICT_CLEAR(frame, function, ops, pc):
    _as_dict(_read(frame, function, ops[pc + 1]))
    frame.write(ops[pc + 1], new_dict())
    return pc + 2


def DICT_LEN(frame, function, ops, pc):
    frame.write(ops[pc + 1], W_Int(_as_dict(_read(frame, function, ops[pc + 2])).length()))
    return pc + 3


# ____________________________________________________________ output and counting


def DEBUG_PRINT(frame, function, ops, pc):
    w_value = _read(frame, function, ops[pc + 1])
    if w_value is not w_empty:
        _print_line(print_text(w_value))
    return pc + 2


@dont_look_inside
def _print_line(text):
    charge(len(text) // BYTES_PER_UNIT)
    run_state.output.write_line(text)


def COUNT(frame, function, ops, pc):
    executed = run_state.executed + ops[pc + 1]
    run_state.executed = executed
    if function.code.lowering.limit_instructions and executed > run_state.max_executed:
        raise _no_more_instructions()
    return pc + 2


@dont_look_inside
def _no_more_instructions():
    run_state.executed -= 1  # not even the instruction before which this happens is executed
    return errors.too_many_instructions(run_state.instruction_limit)


def SAMPLE(frame, function, ops, pc):
    # A guard would leave compiled code at every sample, and what runs then would be slower than
    # what is measured.
    conditional_call(sample_requested(), take_sample, function, pc)
    return pc + 1


def TRACE(frame, function, ops, pc):
    tracer.before(run_state.output, function.code, ops[pc + 1], _read_all(frame, ops, pc + 2))
    return pc + 3 + ops[pc + 2]


def TRACE_RESULT(frame, function, ops, pc):
    tracer.after(run_state.output, function.code, ops[pc + 1], _read_all(frame, ops, pc + 2))
    return pc + 3 + ops[pc + 2]


def _trace_arguments(frame, ops, pc):
    tracer.arguments(run_state.output, ops, pc, _read_all(frame, ops, pc))


@unroll_safe
def _read_all(frame, ops, pc):
    """pc: int, where ops hold n and n registers -> list of W_Value, what those registers hold."""
    return [frame.read(ops[pc + 1 + index] & REGISTER_MASK) for index in range(ops[pc])]


def _assertion_failed(function, message):
    if message < 0:
        return errors.invalid_constant_index(-1 - message)
    w_message = function.code.constants[message]
    assert isinstance(w_message, W_Str)
    return errors.assertion_failed(w_message.text())


def _as_array(w_value):
    if not isinstance(w_value, W_Array):
        raise errors.type_mismatch("array", w_value.found_name)
    return w_value


def _index_into(w_array, w_index):
    """-> int, an index that the array has."""
    if not isinstance(w_index, W_Int):
        raise errors.type_mismatch("integer index", w_index.found_name)
    index = w_index.intval
    if not 0 <= index < w_array.length():
        raise errors.index_out_of_bounds(index, w_array.length())
    return index


def _as_dict(w_value):
    if not isinstance(w_value, W_Dict):
        raise errors.type_mismatch("dict", w_value.found_name)
    return w_value


def _as_key(w_value):
    if not isinstance(w_value, W_Str):
        raise errors.type_mismatch("string key", w_value.found_name)
    return w_value


def _own_dict(frame, register, w_dict):
    """-> W_Dict, the register's own: w_dict itself, or a copy that has taken its place if somebody
    else holds w_dict.
    """
    if w_dict.shared:
        w_dict = w_dict.copy()
        frame.write(register, w_dict)
    return w_dict


_SAVED_REGISTERS = 64  # the registers whose type tags a CALL drops


@dont_look_inside
def _inherit_tags(tags, size, given):
    """tags: list of int, the caller's -> those of a callee with `size` registers, of which the
    first `given` were written.
    """
    inherited = [NO_TAG] * size
    for register in range(given, min(size, len(tags))):
        inherited[register] = tags[register]
    return inherited


@dont_look_inside
def _drop_saved_tags(tags):
    for register in range(min(_SAVED_REGISTERS, len(tags))):
        tags[register] = NO_TAG


def _find_handlers():
    """-> list of (number, function) for every opcode that has a function of its name in this
    module.
    """
    handlers = []
    for opcode in OPCODES:
        if opcode.name in globals():
            handlers.append((opcode.number, globals()[opcode.name]))
    for lowered in LOWERED_OPCODES:
        if lowered.name in globals():
            handlers.append((lowered.number, globals()[lowered.name]))
    return handlers


HANDLERS = _find_handlers()
_unrolled_handlers = unrolling_iterable(HANDLERS)
