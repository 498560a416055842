"""Faults to put into the VM, to see that the harness finds them. For the VM's modules under this
Python, never for the built VM.

Each fault wraps or replaces one function of mdvm/ in the process that asks for it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

FAULTS: dict[str, Callable[[], None]] = {}


def _fault(put_in: Callable[[], None]) -> Callable[[], None]:
    FAULTS[put_in.__name__] = put_in
    return put_in


def _module(name: str) -> Any:
    return importlib.import_module(f"mdvm.{name}")


def _replace(owner: Any, name: str, fault: Any) -> None:
    """Put something into a module or class in place of what it has under that name."""
    assert hasattr(owner, name), (
        f"{owner.__name__} has no {name}: what the fault is about has moved"
    )
    setattr(owner, name, fault)


def plant(name: str) -> None:
    """Put one of FAULTS into the VM of this process."""
    FAULTS[name]()


def _replace_handler(name: str, change: Callable[[Callable[..., int]], Callable[..., int]]) -> None:
    """Change how the interpreter executes the instruction of that name."""
    interp = _module("interp")

    handlers = interp._unrolled_handlers
    for place, (number, handler) in enumerate(handlers):
        if handler.__name__ == name:
            handlers[place] = (number, change(handler))
            return
    raise AssertionError(f"there is no instruction {name}")


def _both(kind: str) -> Callable[[Any, Any], bool]:
    objects = _module("objects")

    wanted = getattr(objects, kind)
    return lambda w_left, w_right: isinstance(w_left, wanted) and isinstance(w_right, wanted)


@_fault
def sign_of_remainder() -> None:
    """MOD of ints has the divisor's sign."""
    objects, operations = _module("objects"), _module("values.operations")

    right_one, both_ints = operations.modulo, _both("W_Int")

    def modulo(w_left: Any, w_right: Any) -> Any:
        if both_ints(w_left, w_right) and w_right.intval != 0:
            return objects.W_Int(w_left.intval % w_right.intval)
        return right_one(w_left, w_right)

    _replace(operations, "modulo", modulo)


@_fault
def smallest_int_by_minus_one() -> None:
    """MIN / -1 is MIN, and no overflow."""
    objects, operations = _module("objects"), _module("values.operations")

    right_one, both_ints = operations.divide, _both("W_Int")

    def divide(w_left: Any, w_right: Any) -> Any:
        if both_ints(w_left, w_right) and w_left.intval == -(2**63) and w_right.intval == -1:
            return objects.W_Int(w_left.intval)
        return right_one(w_left, w_right)

    _replace(operations, "divide", divide)


@_fault
def index_below_zero() -> None:
    """The index -1 is the last element."""
    containers = _module("values.containers")

    right_one = containers.index_into

    def index_into(w_array: Any, w_index: Any) -> int:
        if getattr(w_index, "intval", 0) == -1 and w_array.length() > 0:
            return int(w_array.length()) - 1
        return int(right_one(w_array, w_index))

    _replace(containers, "index_into", index_into)


@_fault
def store_without_a_copy() -> None:
    """ARRAY_SET into an array of boxed values that somebody else holds too changes it for both."""
    arrays = _module("values.arrays")

    _replace(arrays.W_ObjectArray, "copy", lambda w_array: w_array)


@_fault
def nan_equals_itself() -> None:
    """EQ of NaN with NaN is true."""
    equality = _module("values.equality")

    right_one, both_floats = equality.equal, _both("W_Float")

    def equal(w_left: Any, w_right: Any) -> bool:
        if (
            both_floats(w_left, w_right)
            and w_left.floatval != w_left.floatval
            and w_right.floatval != w_right.floatval
        ):
            return True
        return bool(right_one(w_left, w_right))

    _replace(equality, "equal", equal)


@_fault
def order_after_removal() -> None:
    """A dict that has lost an entry shows the others the other way round."""
    dicts = _module("values.dicts")

    right_one = dicts.W_Dict.remove

    def remove(w_dict: Any, w_key: Any) -> None:
        count = w_dict.count
        right_one(w_dict, w_key)
        if w_dict.count < count:
            entries = [(w_dict.keys[place], w_dict.value_at(place)) for place in w_dict.places()]
            w_dict._clear()
            for w_left, w_value in reversed(entries):
                w_dict.set(w_left, w_value)

    dicts.W_Dict.remove = remove


@_fault
def zero_without_a_sign() -> None:
    """-0.0 is printed as 0."""
    text = _module("values.text")

    right_one = text.float_print
    _replace(text, "float_print", lambda value: right_one(value + 0.0 if value == 0.0 else value))


@_fault
def label_of_phi() -> None:
    """A PHI that knows the jump last taken takes its last source, not that of the jump."""

    def change(right_one: Callable[..., int]) -> Callable[..., int]:
        def phi(frame: Any, function: Any, ops: Any, pc: int) -> int:
            count = ops[pc + 2]
            labels = [ops[pc + 4 + 2 * source] for source in range(count)]
            if frame.last_jump in labels:
                frame.last_jump = labels[-1]
            return right_one(frame, function, ops, pc)

        return phi

    _replace_handler("PHI", change)


@_fault
def order_of_arguments() -> None:
    """The first two of three arguments or more arrive in each other's place."""
    interp = _module("interp")

    right_one = interp._call

    def call(frame: Any, function: Any, callee: Any, ops: Any, pc: int) -> None:
        if ops[pc + 3] >= 3:
            ops = list(ops)
            ops[pc + 4], ops[pc + 5] = ops[pc + 5], ops[pc + 4]
        right_one(frame, function, callee, ops, pc)

    _replace(interp, "_call", call)


@_fault
def cast_that_cuts() -> None:
    """CAST of a float with a fraction to int cuts it off."""
    operations = _module("values.operations")

    right_one = operations._float_to_int

    def float_to_int(value: float) -> int:
        return int(right_one(float(int(value)) if abs(value) < 2.0**53 else value))

    _replace(operations, "_float_to_int", float_to_int)


@_fault
def lost_tag() -> None:
    """A DEFINE of r0 to r63 outlives a call."""
    interp = _module("interp")

    _replace(interp, "drop_saved_tags", lambda tags: None)


@_fault
def types_of_comparison() -> None:
    """The types in the error of a GT are not swapped."""
    errors = _module("errors")

    right_one = errors.invalid_comparison
    _replace(errors, "invalid_comparison", lambda left, right: right_one(*sorted((left, right))))


@_fault
def one_call_too_many() -> None:
    """A limit of the depth allows one nested call more."""
    interp, errors = _module("interp"), _module("errors")
    run_state = _module("run_state").run_state

    def enter_call() -> None:
        if run_state.depth > run_state.max_depth:
            raise errors.stack_overflow()
        run_state.depth += 1

    _replace(interp, "enter_call", enter_call)


@_fault
def read_before_overwritten() -> None:
    """An element is moved out where its place may be read before it is overwritten."""
    ownership = _module("analysis.ownership")

    _replace(ownership._Walk, "_is_overwritten_after", lambda self, index: True)


# ____________________________________________________________ version 2


@_fault
def push_without_a_copy() -> None:
    """What changes the length of an array changes it for every holder."""
    _replace(_module("container_instructions"), "_own_array", lambda w_array: w_array)


@_fault
def true_is_one_as_a_key() -> None:
    """true and 1 are one key, and one member of a set."""
    objects, scalars = _module("objects"), _module("values.scalars")

    right_one = scalars.as_scalar

    def as_scalar(w_value: Any) -> Any:
        return objects.W_Int(1) if w_value is objects.w_true else right_one(w_value)

    for name in ("container_instructions", "values.containers", "builtin_functions.text"):
        _replace(_module(name), "as_scalar", as_scalar)


@_fault
def length_in_bytes() -> None:
    """The function len counts bytes."""
    _replace(_module("builtin_functions.text"), "character_count", lambda w_text: w_text.size)


@_fault
def neighbour_removed() -> None:
    """ARRAY_REMOVE of the second of several elements takes the first one."""
    arrays = _module("values.arrays")

    right_one = arrays.without

    def without(w_array: Any, index: int) -> Any:
        return right_one(w_array, 0 if index == 1 and w_array.length() > 2 else index)

    _replace(arrays, "without", without)


@_fault
def members_forget_their_order() -> None:
    """The members of a set of ints come out sorted."""
    sets, unboxed = _module("values.sets"), _module("values.unboxed_arrays")

    right_one = sets.W_IntSet.member_array

    def member_array(w_set: Any) -> Any:
        w_members = right_one(w_set)
        if w_members.length() == 0:
            return w_members
        return unboxed.W_IntArray(sorted(w_members.items))

    _replace(sets.W_IntSet, "member_array", member_array)


@_fault
def applied_function_inherits() -> None:
    """What map calls finds its argument in every register."""
    applied = _module("applied")

    right_one = applied.inherit

    def inherit(frame: Any, caller: Any, function: Any, given: int) -> None:
        right_one(frame, caller, function, given)
        for register in function.inherited:
            if register >= given:
                frame.write(register, frame.read(0))

    _replace(applied, "inherit", inherit)
