"""The instructions that call nothing, but for those of containers: one function per opcode, named
as it is.

Most are made by a shape (shapes.py) of what they do with their operands; the others are handlers as
they stand there.
"""

from mdvm import errors
from mdvm.debugging.instruction_log import instruction_log
from mdvm.debugging.profiler import take_sample
from mdvm.frame import NO_TAG, move_operand, read_operand, read_registers
from mdvm.objects import W_Float, W_Int, share, w_empty, wrap_bool
from mdvm.run_state import BYTES_PER_UNIT, charge, end_if_requested, run_state
from mdvm.system.interruption import sample_requested
from mdvm.system.jit import conditional_call, dont_look_inside, unroll_safe
from mdvm.shapes import binary, branch, comparison, instruction, unary
from mdvm.values import operations
from mdvm.values.equality import equal
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Str
from mdvm.values.text import print_text

# ____________________________________________________________ registers and globals


@instruction
def LOAD_CONST(frame, function, target, constant):
    frame.write(target, function.constants[constant])


@instruction
def INVALID_CONSTANT(frame, function, constant):
    raise errors.invalid_constant_index(constant)


@instruction
def MOVE(frame, function, target, source):
    frame.write(target, move_operand(frame, function, source))


@instruction
def LOAD_GLOBAL(frame, function, target, cell):
    frame.write(target, share(function.cells[cell].load()))


def _load_without_sharing(frame, function, target, cell):
    frame.write(target, function.cells[cell].load())


LOAD_OWNED_GLOBAL = instruction(_load_without_sharing)
LOAD_BORROWED_GLOBAL = instruction(_load_without_sharing)


@instruction
def SHARE_IF_SAME(frame, function, left, right):
    assert left >= 0
    assert right >= 0
    w_value = frame.registers[left]  # None in a register without a value
    if w_value is frame.registers[right] and w_value is not None:
        share(w_value)


@instruction
def STORE_GLOBAL(frame, function, source, cell):
    function.cells[cell].store(move_operand(frame, function, source))


# ____________________________________________________________ types


@instruction
def DEFINE(frame, function, register, type_id):
    frame.tags[register] = type_id


@instruction
def UNTAG(frame, function, register):
    frame.tags[register] = NO_TAG


@instruction
def CHECK_TYPE(frame, function, target, source, type_id):
    frame.write(target, wrap_bool(read_operand(frame, function, source).type_id == type_id))


@instruction
def CHECK_TAG(frame, function, target, source, type_id):
    tag = frame.tags[source]
    if tag == NO_TAG:
        tag = frame.read(source).type_id
    frame.write(target, wrap_bool(tag == type_id))


@instruction
def CAST(frame, function, target, source, type_id):
    frame.write(target, operations.cast(read_operand(frame, function, source), type_id))


CAST_TO_URL = unary(operations.cast_to_url)


@instruction
def CAST_TO_FUNCTION(frame, function, target, source):
    w_value = read_operand(frame, function, source)
    if isinstance(w_value, W_Str):
        w_value = _function_named(function.code, w_value)
    elif not isinstance(w_value, W_Function):
        raise errors.type_mismatch("function", w_value.found_name)
    frame.write(target, w_value)


@dont_look_inside
def _function_named(code, w_name):
    name = w_name.text()
    if not code.defines(name):
        raise errors.undefined_function(name)
    return W_Function(name)


# ____________________________________________________________ arithmetic, logic, comparison


ADD = binary(operations.add)
SUB = binary(operations.subtract)
MUL = binary(operations.multiply)
DIV = binary(operations.divide)
MOD = binary(operations.modulo)
NEG = unary(operations.negate)

NOT = unary(lambda w_value: wrap_bool(not w_value.is_truthy()))
AND = comparison(lambda w_left, w_right: w_left.is_truthy() and w_right.is_truthy())
OR = comparison(lambda w_left, w_right: w_left.is_truthy() or w_right.is_truthy())

EQ = comparison(equal)
NEQ = comparison(lambda w_left, w_right: not equal(w_left, w_right))
LT = comparison(operations.less_than)
GT = comparison(lambda w_left, w_right: operations.less_than(w_right, w_left))
LTE = comparison(operations.less_or_equal)
GTE = comparison(lambda w_left, w_right: operations.less_or_equal(w_right, w_left))


# ____________________________________________________________ jumps


def JUMP(frame, function, ops, pc):
    return ops[pc + 1]


def JUMP_IF(frame, function, ops, pc):
    if read_operand(frame, function, ops[pc + 1]).is_truthy():
        return ops[pc + 2]
    return pc + 3


def JUMP_IF_NOT(frame, function, ops, pc):
    if read_operand(frame, function, ops[pc + 1]).is_truthy():
        return pc + 3
    return ops[pc + 2]


# These compare where the outcome is tested, and not in operations.py: a guard then fails at the
# comparison itself, and the bridge from it learns what was compared.


def _if_less(w_left, w_right, then, otherwise):
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return then if w_left.intval < w_right.intval else otherwise
    if isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
        return then if w_left.floatval < w_right.floatval else otherwise
    return then if operations.less_than(w_left, w_right) else otherwise


def _if_less_or_equal(w_left, w_right, then, otherwise):
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return then if w_left.intval <= w_right.intval else otherwise
    if isinstance(w_left, W_Float) and isinstance(w_right, W_Float):
        return then if w_left.floatval <= w_right.floatval else otherwise
    return then if operations.less_or_equal(w_left, w_right) else otherwise


def _if_equal(w_left, w_right, then, otherwise):
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int):
        return then if w_left.intval == w_right.intval else otherwise
    if isinstance(w_left, W_Str) and isinstance(w_right, W_Str) and w_right.single >= 0:
        return then if w_left.single == w_right.single else otherwise
    return then if equal(w_left, w_right) else otherwise


JUMP_IF_LT = branch(_if_less, True)
JUMP_UNLESS_LT = branch(_if_less, False)
JUMP_IF_LTE = branch(_if_less_or_equal, True)
JUMP_UNLESS_LTE = branch(_if_less_or_equal, False)
JUMP_IF_EQ = branch(_if_equal, True)
JUMP_UNLESS_EQ = branch(_if_equal, False)


@instruction
def MARK_JUMP(frame, function, index):
    frame.last_jump = index


@unroll_safe
def PHI(frame, function, ops, pc):
    target = ops[pc + 1]
    at = pc + 3
    end = at + 2 * ops[pc + 2]
    while at < end:
        if ops[at + 1] == frame.last_jump:
            frame.write(target, share(frame.read(ops[at])))
            if function.code.has_tags:
                frame.tags[target] = NO_TAG
            break
        at += 2
    return end


# ____________________________________________________________ assertions


@instruction
def ASSERT_TRUTHY(frame, function, source, message):
    if not read_operand(frame, function, source).is_truthy():
        raise _assertion_failed(function, message)


@instruction
def ASSERT_NOT_EMPTY(frame, function, source, message):
    if read_operand(frame, function, source) is w_empty:
        raise _assertion_failed(function, message)


@instruction
def ASSERT_RANGE(frame, function, source, message, smallest, largest):
    w_value = read_operand(frame, function, source)
    if not isinstance(w_value, W_Int) or not smallest <= w_value.intval <= largest:
        raise _assertion_failed(function, message)


def _assertion_failed(function, message):
    """message: int, the index of a constant that is a string; of any other, or of none, -1 - that
    index.
    """
    if message < 0:
        return errors.invalid_constant_index(-1 - message)
    w_message = function.code.constants[message]
    assert isinstance(w_message, W_Str)
    return errors.assertion_failed(w_message.text())


# ____________________________________________________________ strings


CONCAT_STR = binary(operations.concatenate)
STR_LEN = unary(operations.string_length)


# ____________________________________________________________ output, counting, logging


@instruction
def DEBUG_PRINT(frame, function, source):
    w_value = read_operand(frame, function, source)
    if w_value is not w_empty:
        _print_line(print_text(w_value, run_state.output))


@dont_look_inside
def _print_line(text):
    charge(len(text) // BYTES_PER_UNIT)
    run_state.output.write_line(text)


@instruction
def COUNT(frame, function, count):
    executed = run_state.executed + count
    run_state.executed = executed
    if function.code.options.limit_instructions and executed > run_state.max_executed:
        raise _no_more_instructions()


@dont_look_inside
def _no_more_instructions():
    run_state.executed -= 1  # not even the instruction before which this happens is executed
    return errors.too_many_instructions(run_state.instruction_limit)


def SAMPLE(frame, function, ops, pc):
    # A guard would leave compiled code at every sample, and what runs then would be slower than
    # what is measured.
    conditional_call(sample_requested(), take_sample, function, pc)
    return pc + 1


def LOG(frame, function, ops, pc):
    registers = pc + 2
    instruction_log.before(
        run_state.output, function.code, ops[pc + 1], read_registers(frame, ops, registers)
    )
    return registers + 1 + ops[registers]


def LOG_RESULT(frame, function, ops, pc):
    registers = pc + 2
    instruction_log.after(
        run_state.output, function.code, ops[pc + 1], read_registers(frame, ops, registers)
    )
    return registers + 1 + ops[registers]


# ____________________________________________________________ ends


class ProgramEnd(Exception):
    """The program has ended with no value, wherever in it that was."""


def INTERRUPTION_POINT(frame, function, ops, pc):
    end_if_requested()
    return pc + 1


def END(frame, function, ops, pc):
    raise ProgramEnd


def HALT(frame, function, ops, pc):
    raise ProgramEnd
