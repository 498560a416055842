"""Straight-line traces of int operations, made at random: what the optimiser leaves does the same
for every int.

The traces are followed for some ints, so that their guards hold for those; then both the trace and
what is left of it are executed for others. Both must leave at a guard, or neither, and then with
the same results.
"""

import random
import sys

import pytest
from rpython.jit.metainterp import compile
from rpython.jit.metainterp.history import Const
from rpython.jit.metainterp.optimize import InvalidLoop
from rpython.jit.metainterp.optimizeopt.test.test_optimizebasic import BaseTestBasic
from rpython.jit.metainterp.optimizeopt.test.test_util import (
    FakeJitDriverStaticData,
    FakeMetaInterpStaticData,
    LLtypeMixin,
)
from rpython.jit.tool.oparser import convert_loop_to_trace
from rpython.rlib.rarithmetic import intmask

SMALLEST = -sys.maxint - 1
LARGEST = sys.maxint
POWERS = [1 << exponent for exponent in (1, 2, 3, 5, 8, 31, 32, 61, 62)]
INTERESTING = sorted(
    set(
        [0, 1, -1, 3, 7, 10, 100, -100, SMALLEST, SMALLEST + 1, LARGEST, LARGEST - 1]
        + [sign * (power + around) for power in POWERS for around in (-1, 0, 1) for sign in (1, -1)]
    )
)
TRACES = 20
FAMILIES = 8

ARITHMETIC = {
    "int_add": lambda x, y: intmask(x + y),
    "int_sub": lambda x, y: intmask(x - y),
    "int_mul": lambda x, y: intmask(x * y),
    "int_and": lambda x, y: x & y,
    "int_or": lambda x, y: x | y,
    "int_xor": lambda x, y: x ^ y,
}
SHIFTS = {
    "int_lshift": lambda x, y: intmask(x << y),
    "int_rshift": lambda x, y: x >> y,
    "uint_rshift": lambda x, y: intmask((x & (1 << 64) - 1) >> y),
}
CHECKED = {
    "int_add_ovf": lambda x, y: x + y,
    "int_sub_ovf": lambda x, y: x - y,
    "int_mul_ovf": lambda x, y: x * y,
}
COMPARISONS = {
    "int_lt": lambda x, y: int(x < y),
    "int_le": lambda x, y: int(x <= y),
    "int_gt": lambda x, y: int(x > y),
    "int_ge": lambda x, y: int(x >= y),
    "int_eq": lambda x, y: int(x == y),
    "int_ne": lambda x, y: int(x != y),
}
UNARY = {
    "int_neg": lambda x: intmask(-x),
    "int_invert": lambda x: ~x,
    "int_is_zero": lambda x: int(x == 0),
    "int_is_true": lambda x: int(x != 0),
    "int_force_ge_zero": lambda x: max(x, 0),
    "same_as_i": lambda x: x,
}
OTHER = {"uint_mul_high": lambda x, y: intmask((x & (1 << 64) - 1) * (y & (1 << 64) - 1) >> 64)}
FUNCTIONS = {}
for functions in (ARITHMETIC, SHIFTS, CHECKED, COMPARISONS, UNARY, OTHER):
    FUNCTIONS.update(functions)


class GuardFails(Exception):
    pass


def execute(operations, values):
    """values: dict of box to int, of the inputs -> list of int, what escapes.  Raises
    GuardFails.
    """

    def value_of(box):
        return box.getint() if isinstance(box, Const) else values[box]

    escaped = []
    overflows = False
    for op in operations:
        name = op.getopname()
        arguments = [value_of(argument) for argument in op.getarglist()]
        if name == "escape_n":
            escaped.append(arguments[0])
        elif name == "guard_true" and not arguments[0] or name == "guard_false" and arguments[0]:
            raise GuardFails
        elif name == "guard_value" and arguments[0] != arguments[1]:
            raise GuardFails
        elif name == "guard_no_overflow" and overflows:
            raise GuardFails
        elif name in FUNCTIONS:
            result = FUNCTIONS[name](*arguments)
            values[op] = intmask(result)
            overflows = name in CHECKED and result != intmask(result)
    return escaped


class Maker(object):
    """Makes one trace, and follows it for some ints: `names` has the value that each box has
    then.
    """

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.values = {}
        for number in range(3):
            self.values["i%d" % number] = self.some_int()
        self.inputs = sorted(self.values)

    def some_int(self):
        if self.random.random() < 0.5:
            return self.random.randrange(-12, 13)
        return self.random.choice(INTERESTING)

    def operand(self):
        if self.random.random() < 0.3:
            return str(self.some_int())
        return self.random.choice(sorted(self.values))

    def value_of(self, operand):
        return self.values[operand] if operand in self.values else int(operand)

    def emit(self, name, *operands):
        result = FUNCTIONS[name](*[self.value_of(operand) for operand in operands])
        if name in CHECKED and result != intmask(result):
            return None
        box = "i%d" % len(self.values)
        self.lines.append("%s = %s(%s)" % (box, name, ", ".join(operands)))
        if name in CHECKED:
            self.lines.append("guard_no_overflow() []")
        self.values[box] = intmask(result)
        return box

    def step(self):
        kind = self.random.random()
        if kind < 0.35:
            self.emit(self.random.choice(sorted(ARITHMETIC)), self.operand(), self.operand())
        elif kind < 0.5:
            self.emit(self.random.choice(sorted(CHECKED)), self.operand(), self.operand())
        elif kind < 0.6:
            self.emit(
                self.random.choice(sorted(SHIFTS)),
                self.operand(),
                str(self.random.choice([0, 1, 2, 7, 31, 62, 63])),
            )
        elif kind < 0.65:
            self.emit(self.random.choice(sorted(UNARY)), self.operand())
        elif kind < 0.67:
            self.emit("uint_mul_high", self.operand(), self.operand())
        else:
            self.guard()

    def guard(self):
        box = self.emit(self.random.choice(sorted(COMPARISONS)), self.operand(), self.operand())
        if self.random.random() < 0.7:
            self.lines.append("guard_%s(%s) []" % (("false", "true")[self.values[box]], box))

    def text(self, length):
        while len(self.values) < length:
            self.step()
        escapes = ["escape_n(%s)" % box for box in sorted(self.values)]
        return "\n".join(["[%s]" % ", ".join(self.inputs)] + self.lines + escapes + ["finish()"])


class TestRandomInts(BaseTestBasic, LLtypeMixin):
    def optimised(self, loop):
        if hasattr(self, "_do_optimize_loop"):
            trace = convert_loop_to_trace(loop, FakeMetaInterpStaticData(self.cpu))
            data = compile.SimpleCompileData(trace, call_pure_results=None)
            return self._do_optimize_loop(data)
        # later RPythons
        trace = convert_loop_to_trace(loop, self.metainterp_sd)
        data = compile.SimpleCompileData(
            trace, call_pure_results=None, enable_opts=self.enable_opts
        )
        return data.optimize_trace(self.metainterp_sd, FakeJitDriverStaticData(), {})

    def check(self, seed):
        maker = Maker(seed)
        text = maker.text(maker.random.choice([8, 14, 25]))
        loop = self.parse(text)
        try:
            info, left = self.optimised(loop)
        except InvalidLoop:
            raise AssertionError(
                "a trace that was followed is no invalid loop: %d\n%s" % (seed, text)
            )
        followed = [maker.values[name] for name in maker.inputs]
        for attempt in range(60):
            inputs = [
                maker.some_int() if attempt and maker.random.random() < 0.7 else number
                for number in followed
            ]
            outcomes = []
            for boxes, operations in ((loop.inputargs, loop.operations), (info.inputargs, left)):
                try:
                    outcomes.append(execute(operations, dict(zip(boxes, inputs))))
                except GuardFails:
                    outcomes.append("leaves")
            assert outcomes[0] == outcomes[1], "%d: %s\n%s\n---\n%s" % (
                seed,
                inputs,
                text,
                "\n".join([str(op) for op in left]),
            )

    @pytest.mark.parametrize("family", range(FAMILIES))
    def test_what_is_left_does_the_same(self, corrected, family):
        for seed in range(family * TRACES, (family + 1) * TRACES):
            self.check(seed)


@pytest.fixture
def corrected(correct):
    correct("int_arithmetic", "wrapping_ints")
