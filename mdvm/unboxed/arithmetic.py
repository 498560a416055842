"""Arithmetic, comparison and logic on operands without boxes.

Only the plain case is here: a function says that it has not done it, or that it does not know,
where the operands are of other types, an int overflows or a divisor is zero. The instruction of the
interpreter then does it, or raises the error.
"""

from mdvm.objects import W_Float, W_Int
from mdvm.system.arithmetic import float_to_bits, int_divide, int_remainder, ovfcheck
from mdvm.system.language import always_inline, never_inline
from mdvm.unboxed.registers import (
    BOOL,
    BOXED,
    CHANGED,
    FLOAT,
    INT,
    NUMBER,
    WITHOUT_FRACTION,
    boxed,
    float_of,
    kind_at,
    kind_of,
    number_of,
    write_unboxed,
    value_of,
)
from mdvm.values.strings import W_Str, W_Url

_SMALLEST_INT = -0x7FFFFFFFFFFFFFFF - 1

UNKNOWN = -1  # in the place of a truth: the tier cannot tell


def _make_arithmetic(name):
    """name: str, "+", "-" or "*" -> the function.

    It is a constant to RPython, which so makes three functions with one operation each. The check
    for an overflow cannot be in a function of its own, as RPython would not inline that.
    """

    def compute(left, right):
        if name == "+":
            return left + right
        if name == "-":
            return left - right
        return left * right

    @always_inline
    def calculate(registers, ops, pc):
        """-> bool, whether it is done."""
        left = ops[pc + 2]
        right = ops[pc + 3]
        left_kind = kind_of(registers, left)
        right_kind = kind_of(registers, right)
        if left_kind & right_kind & INT:
            left_value = value_of(left)
            right_value = value_of(right)
            try:
                if name == "+":
                    result = ovfcheck(left_value + right_value)
                elif name == "-":
                    result = ovfcheck(left_value - right_value)
                else:
                    result = ovfcheck(left_value * right_value)
            except OverflowError:
                return False
            write_unboxed(registers, ops[pc + 1], INT | CHANGED, result)
            return True
        if left_kind & right_kind & FLOAT:
            number = compute(float_of(left), float_of(right))
        elif left_kind & NUMBER and right_kind & NUMBER:
            number = compute(number_of(left_kind, left), number_of(right_kind, right))
        else:
            return False
        write_unboxed(registers, ops[pc + 1], FLOAT | CHANGED, float_to_bits(number))
        return True

    return calculate


add = _make_arithmetic("+")
subtract = _make_arithmetic("-")
multiply = _make_arithmetic("*")


@always_inline
def divide(registers, ops, pc):
    left = ops[pc + 2]
    right = ops[pc + 3]
    left_kind = kind_of(registers, left)
    right_kind = kind_of(registers, right)
    if left_kind & right_kind & INT:
        divisor = value_of(right)
        if divisor == 0 or divisor == -1:
            return False
        write_unboxed(registers, ops[pc + 1], INT | CHANGED, int_divide(value_of(left), divisor))
        return True
    if left_kind & NUMBER and right_kind & NUMBER:
        denominator = number_of(right_kind, right)
        if denominator == 0.0:
            return False
        result = number_of(left_kind, left) / denominator
        write_unboxed(registers, ops[pc + 1], FLOAT | CHANGED, float_to_bits(result))
        return True
    return False


@always_inline
def modulo(registers, ops, pc):
    left = ops[pc + 2]
    right = ops[pc + 3]
    if kind_of(registers, left) & kind_of(registers, right) & INT:
        divisor = value_of(right)
        if divisor == 0 or divisor == -1:
            return False
        write_unboxed(
            registers,
            ops[pc + 1],
            INT | CHANGED,
            int_remainder(value_of(left), divisor),
        )
        return True
    return False


@always_inline
def negate(registers, ops, pc):
    operand = ops[pc + 2]
    kind = kind_of(registers, operand)
    if kind & INT:
        value = value_of(operand)
        if value == _SMALLEST_INT:
            return False
        write_unboxed(registers, ops[pc + 1], INT | CHANGED, -value)
        return True
    if kind & FLOAT:
        write_unboxed(registers, ops[pc + 1], FLOAT | CHANGED, float_to_bits(-float_of(operand)))
        return True
    return False


def _make_comparison(compare, compare_floats):
    @always_inline
    def holds(registers, left, right):
        """-> 1 or 0, whether it holds, or UNKNOWN."""
        left_kind = kind_of(registers, left)
        right_kind = kind_of(registers, right)
        both = left_kind & right_kind
        if both & INT:
            return 1 if compare(value_of(left), value_of(right)) else 0
        if both & FLOAT:
            return 1 if compare_floats(float_of(left), float_of(right)) else 0
        if left_kind & NUMBER and right_kind & NUMBER:
            left_number = number_of(left_kind, left)
            right_number = number_of(right_kind, right)
            return 1 if compare_floats(left_number, right_number) else 0
        return UNKNOWN

    return holds


less = _make_comparison(lambda left, right: left < right, lambda left, right: left < right)
less_or_equal = _make_comparison(
    lambda left, right: left <= right, lambda left, right: left <= right
)
_same_numbers = _make_comparison(
    lambda left, right: left == right, lambda left, right: left == right
)


@always_inline
def equal(registers, constants, left, right):
    truth = _same_numbers(registers, left, right)
    if truth == UNKNOWN:
        return _equal_others(registers, constants, left, right)
    return truth


@never_inline
def _equal_others(registers, constants, left, right):
    """-> 1 or 0, whether the operands, not both numbers, are equal, or UNKNOWN."""
    left_kind = kind_at(left)
    right_kind = kind_at(right)
    if left_kind & right_kind & BOOL:
        return 1 if value_of(left) == value_of(right) else 0
    if left_kind == BOXED and right_kind == BOXED:
        w_left = boxed(registers, constants, left)
        w_right = boxed(registers, constants, right)
        if isinstance(w_left, W_Url) or isinstance(w_right, W_Url):
            return UNKNOWN
        if isinstance(w_left, W_Str) and isinstance(w_right, W_Str) and w_right.single >= 0:
            return 1 if w_left.single == w_right.single else 0
    return UNKNOWN


@always_inline
def compare(registers, ops, pc, truth):
    """-> bool, whether it is done."""
    if truth == UNKNOWN:
        return False
    write_unboxed(registers, ops[pc + 1], BOOL | CHANGED, truth)
    return True


@always_inline
def truth(registers, constants, operand):
    """-> 1 or 0, whether the operand is truthy."""
    kind = kind_of(registers, operand)
    if kind & WITHOUT_FRACTION:
        return 1 if value_of(operand) != 0 else 0
    if kind & FLOAT:
        value = float_of(operand)
        return 1 if value != 0.0 and value == value else 0
    return _truth_of_boxed(registers, constants, operand)


@never_inline
def _truth_of_boxed(registers, constants, operand):
    return 1 if boxed(registers, constants, operand).is_truthy() else 0


@never_inline
def cast(registers, ops, pc):
    """-> bool, whether it is done."""
    operand = ops[pc + 2]
    kind = kind_of(registers, operand)
    type_id = ops[pc + 3]
    value = value_of(operand)
    if kind & INT and type_id == W_Float.type_id:
        kind = FLOAT
        value = float_to_bits(float(value))
    elif kind & FLOAT and type_id == W_Float.type_id:
        kind = FLOAT
    elif kind & INT and type_id == W_Int.type_id:
        kind = INT
    else:
        return False
    write_unboxed(registers, ops[pc + 1], kind | CHANGED, value)
    return True
