"""Calls of functions that the file does not define: built-in ones and those of the host; and what
all calls have in common: which function a value names, arguments, results.
"""

from mdvm import errors
from mdvm.applied import AppliedBuiltin, AppliedFunction, AppliedHostFunction
from mdvm.builtin_functions.applying import cannot_be_applied
from mdvm.builtin_functions.arguments import as_list
from mdvm.builtins import Builtin, call_builtin
from mdvm.callees import check_count
from mdvm.frame import NO_TAG, drop_saved_tags, read_operand
from mdvm.lowering.code import Function
from mdvm.objects import W_Int, w_empty
from mdvm.opcodes import REGISTER_MASK, field
from mdvm.run_state import run_state
from mdvm.system.jit import dont_look_inside, promote, unroll_safe
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Str


def find_callee(code, w_callee):
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


def execute_builtin(runner, frame, function, callee, ops, pc):
    arguments = _read_arguments(frame, function, ops, pc)
    if callee.applies:
        w_result = _apply(runner, frame, function, callee, arguments, pc)
    else:
        w_result = call_builtin(callee, arguments)
    return write_result(frame, function, w_result, ops, pc)


def _apply(runner, frame, function, builtin, arguments, pc):
    """builtin: Builtin, which calls the function that is its second argument -> W_Value."""
    check_count(builtin.name, builtin.least, builtin.most, len(arguments))
    as_list(arguments[0])
    callee = promote(find_callee(function.code, arguments[1]))
    if isinstance(callee, Function):
        applied = AppliedFunction(runner, callee, function, pc)
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


def execute_host_call(frame, function, name, ops, pc):
    w_result = _ask_host(name, _read_arguments(frame, function, ops, pc))
    return write_result(frame, function, w_result, ops, pc)


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


def write_result(frame, function, w_result, ops, pc):
    """Writes what the CALL at pc has come to.  -> int, the pc of the next instruction."""
    target = ops[pc + field.CALL_DST]
    frame.write(target, w_result)
    if function.code.has_tags:
        frame.tags[target] = NO_TAG
    arguments = pc + field.CALL_ARGS
    return arguments + 1 + ops[arguments]
