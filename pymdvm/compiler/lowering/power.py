"""The library's function for `^`, which no instruction of the VM does.

Two ints, the right one not negative: multiplication and squaring, checked for overflow by the VM.
Otherwise the result is a float, that of C's pow: by repeated squaring for a small whole exponent,
else exp(y * log(x)), with log(x) from the series of the area tangent and exp from Taylor's, both
after the powers of two are taken out; all in pairs of floats (double_double.py). One thing
differs from pow: zero to a negative power divides by zero, which is an error here.
"""

from __future__ import annotations

from typing import Callable

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.lowering.double_double import DoubleDouble, Pair
from pymdvm.compiler.lowering.ssa import SsaBuilder
from pymdvm.compiler.mir.model import MirFunction, Operand
from pymdvm.compiler.mir.runtime_names import POWER

_INT, _FLOAT = 2, 3  # the numbers of these types in CHECK_TYPE and CAST

_ZERO = Constant.of(0.0)
_ONE = Constant.of(1.0)
_TWO = Constant.of(2.0)
_HALF = Constant.of(0.5)
_INFINITY = Constant.of(float("inf"))
_MINUS_INFINITY = Constant.of(float("-inf"))
_LARGE_STEP = Constant.of(2.0**64)
_LARGE_STEP_DOWN = Constant.of(2.0**-64)

# log(2) as a pair: the float next to it and the rest, from its decimal digits
# 0.693147180559945309417232121458176568...
_LOG_2 = Pair(Constant.of(0.6931471805599453), Constant.of(2.3190468138462996e-17))
_SQUARE_ROOT_OF_2 = Constant.of(1.4142135623730951)
_SQUARE_ROOT_OF_HALF = Constant.of(0.7071067811865476)

# Adding and taking away 1.5 * 2**52 rounds a small float to a whole one.
_ROUNDER = Constant.of(6755399441055744.0)

# The exponents of e beyond which a float has long overflowed or become zero.
_LARGEST_EXPONENT = Constant.of(800.0)

# Where the series are broken off: the next term is below 2**-106.
_LAST_DIVISOR_OF_LOG = Constant.of(45.0)
_LAST_DIVISOR_OF_EXP = Constant.of(25.0)


def make_power() -> MirFunction:
    """The function (left, right) -> left ^ right."""
    function = MirFunction(POWER, source_name=POWER)
    builder = SsaBuilder(function)
    left, right = function.new_value(), function.new_value()
    function.parameters = [left, right]
    _PowerWriter(builder).write(left, right)
    return builder.finish()


class _PowerWriter:
    """Writes the function's body.  Variables are named as in the formulas: x ^ y = exp(y *
    log(x)).
    """

    def __init__(self, builder: SsaBuilder) -> None:
        self._builder = builder
        self._pairs = DoubleDouble(builder)

    # ________________________________________________________ small parts

    def _emit(self, opcode: str, *operands: Operand) -> Operand:
        return self._builder.emit(opcode, *operands)

    def _if(
        self,
        condition: Operand,
        then: Callable[[], None],
        otherwise: Callable[[], None] | None = None,
    ) -> None:
        builder = self._builder
        blocks = builder.new_block(), builder.new_block(), builder.new_block()
        builder.branch(condition, blocks[0], blocks[1])
        for block, body in zip(blocks, (then, otherwise)):
            builder.seal(block)
            builder.enter(block)
            if body is not None:
                body()
            builder.jump(blocks[2])
        if builder.has_predecessors(blocks[2]):
            builder.seal(blocks[2])
            builder.enter(blocks[2])

    def _while(self, condition: Callable[[], Operand], body: Callable[[], None]) -> None:
        builder = self._builder
        header, inside, after = builder.new_block(), builder.new_block(), builder.new_block()
        builder.jump(header)
        builder.enter(header)
        builder.branch(condition(), inside, after)
        builder.seal(inside)
        builder.enter(inside)
        body()
        builder.jump(header)
        builder.seal(header)
        builder.seal(after)
        builder.enter(after)

    def _update(self, variable: str, opcode: str, operand: Operand) -> None:
        """variable = variable opcode operand."""
        self._builder.write(variable, self._emit(opcode, self._builder.read(variable), operand))

    def _read_pair(self, variable: str) -> Pair:
        return Pair(self._builder.read(f"{variable} high"), self._builder.read(f"{variable} low"))

    def _write_pair(self, variable: str, pair: Pair) -> None:
        self._builder.write(f"{variable} high", pair.high)
        self._builder.write(f"{variable} low", pair.low)

    def _give_back_if(self, condition: Operand, value: Operand) -> None:
        self._if(condition, lambda: self._builder.give_back(value))

    # ________________________________________________________ kinds of operands

    def write(self, left: Operand, right: Operand) -> None:
        left_is_int = self._builder.emit("CHECK_TYPE", left, detail=_INT)
        right_is_int = self._builder.emit("CHECK_TYPE", right, detail=_INT)
        self._if(
            self._emit("AND", left_is_int, right_is_int), lambda: self._write_int_power(left, right)
        )
        left_is_float = self._builder.emit("CHECK_TYPE", left, detail=_FLOAT)
        right_is_float = self._builder.emit("CHECK_TYPE", right, detail=_FLOAT)
        numbers = self._emit(
            "AND",
            self._emit("OR", left_is_int, left_is_float),
            self._emit("OR", right_is_int, right_is_float),
        )
        # MUL has the right error for what is no number.
        self._if(
            numbers, lambda: None, lambda: self._builder.give_back(self._emit("MUL", left, right))
        )
        x = self._builder.emit("CAST", left, detail=_FLOAT)
        y = self._builder.emit("CAST", right, detail=_FLOAT)
        self._write_special_cases(x, y)
        self._write_float_power(x, y)

    def _write_int_power(self, left: Operand, right: Operand) -> None:
        self._if(
            self._emit("GTE", right, Constant.of(0)), lambda: self._write_squaring(left, right)
        )

    def _write_squaring(self, left: Operand, right: Operand) -> None:
        builder = self._builder
        builder.write("result", Constant.of(1))
        builder.write("base", left)
        builder.write("exponent", right)

        def turn() -> None:
            odd = self._emit("MOD", builder.read("exponent"), Constant.of(2))
            self._if(odd, lambda: self._update("result", "MUL", builder.read("base")))
            self._update("exponent", "DIV", Constant.of(2))
            # Only a square that is needed may overflow.
            self._if(
                builder.read("exponent"), lambda: self._update("base", "MUL", builder.read("base"))
            )

        self._while(lambda: builder.read("exponent"), turn)
        builder.give_back(builder.read("result"))

    def _write_special_cases(self, x: Operand, y: Operand) -> None:
        """What the formula cannot do: no exponent, zero, infinities, NaN, a negative base with a
        broken exponent.
        """
        self._give_back_if(
            self._emit("OR", self._emit("EQ", y, _ZERO), self._emit("EQ", x, _ONE)), _ONE
        )
        self._give_back_if(
            self._emit("OR", self._emit("NEQ", x, x), self._emit("NEQ", y, y)),
            self._emit("ADD", x, y),
        )
        self._if(self._is_infinite(y), lambda: self._write_infinite_exponent(x, y))
        remainder = self._emit("MOD", y, _TWO)
        odd = self._emit(
            "OR", self._emit("EQ", remainder, _ONE), self._emit("EQ", remainder, Constant.of(-1.0))
        )
        self._builder.write("odd", odd)
        self._if(self._emit("EQ", x, _ZERO), lambda: self._write_power_of_zero(x, y))
        self._if(self._is_infinite(x), lambda: self._write_power_of_infinity(x, y))

    def _is_infinite(self, value: Operand) -> Operand:
        return self._emit(
            "OR", self._emit("EQ", value, _INFINITY), self._emit("EQ", value, _MINUS_INFINITY)
        )

    def _write_infinite_exponent(self, x: Operand, y: Operand) -> None:
        square = self._emit("MUL", x, x)
        self._give_back_if(self._emit("EQ", square, _ONE), _ONE)
        grows = self._emit("EQ", self._emit("GT", square, _ONE), self._emit("GT", y, _ZERO))
        self._give_back_if(grows, _INFINITY)
        self._builder.give_back(_ZERO)

    def _write_power_of_zero(self, x: Operand, y: Operand) -> None:
        self._if(
            self._emit("LT", y, _ZERO), lambda: self._builder.give_back(self._emit("DIV", _ONE, x))
        )
        self._give_back_if(self._builder.read("odd"), x)
        self._builder.give_back(_ZERO)

    def _write_power_of_infinity(self, x: Operand, y: Operand) -> None:
        self._builder.write("magnitude", _ZERO)
        self._if(self._emit("GT", y, _ZERO), lambda: self._builder.write("magnitude", _INFINITY))
        self._give_back_signed(x)

    def _give_back_signed(self, x: Operand) -> None:
        """The magnitude, negative if x is and the exponent is odd."""
        negative = self._emit("AND", self._emit("LT", x, _ZERO), self._builder.read("odd"))
        self._if(
            negative,
            lambda: self._builder.give_back(self._emit("NEG", self._builder.read("magnitude"))),
        )
        self._builder.give_back(self._builder.read("magnitude"))

    # ________________________________________________________ the formula

    def _write_float_power(self, x: Operand, y: Operand) -> None:
        builder = self._builder
        builder.write("m", x)
        self._if(self._emit("LT", x, _ZERO), lambda: self._write_negative_base(x, y))
        builder.write("magnitude", _ONE)
        self._if(self._emit("EQ", builder.read("m"), _ONE), lambda: self._give_back_signed(x))
        self._if(self._is_small_power(y), lambda: self._write_repeated_squares(x, y))
        logarithm = self._write_logarithm()
        product = self._emit("MUL", logarithm.high, y)
        builder.write("magnitude", _INFINITY)
        self._if(self._emit("GT", product, _LARGEST_EXPONENT), lambda: self._give_back_signed(x))
        builder.write("magnitude", _ZERO)
        self._if(self._emit("LT", product, Constant.of(-800.0)), lambda: self._give_back_signed(x))
        self._write_exponential(self._pairs.scale(logarithm, y))
        self._give_back_signed(x)

    def _write_negative_base(self, x: Operand, y: Operand) -> None:
        broken = self._emit("NEQ", self._emit("MOD", y, _ONE), _ZERO)
        self._if(broken, lambda: self._builder.give_back(self._emit("SUB", _INFINITY, _INFINITY)))
        self._builder.write("m", self._emit("NEG", x))

    def _is_small_power(self, y: Operand) -> Operand:
        """Whether repeated squaring is faster than the formula, and nothing on the way overflows or
        loses bits.
        """
        whole = self._emit("EQ", self._emit("MOD", y, _ONE), _ZERO)
        small = self._emit("LTE", self._emit("MUL", y, y), Constant.of(64.0**2))
        m = self._builder.read("m")
        moderate = self._emit(
            "AND",
            self._emit("LTE", m, Constant.of(256.0)),
            self._emit("LTE", Constant.of(2.0**-8), m),
        )
        return self._emit("AND", self._emit("AND", whole, small), moderate)

    def _write_repeated_squares(self, x: Operand, y: Operand) -> None:
        builder, pairs = self._builder, self._pairs
        builder.write("exponent", y)
        self._if(
            self._emit("LT", y, _ZERO), lambda: builder.write("exponent", self._emit("NEG", y))
        )
        self._write_pair("result", Pair(_ONE, _ZERO))
        self._write_pair("base", Pair(builder.read("m"), _ZERO))

        def multiply(factor: str, product: str) -> None:
            self._write_pair(
                product, pairs.multiply(self._read_pair(product), self._read_pair(factor))
            )

        def turn() -> None:
            odd = self._emit("MOD", builder.read("exponent"), _TWO)
            self._if(odd, lambda: multiply("base", "result"))
            builder.write(
                "exponent",
                self._emit("MUL", self._emit("SUB", builder.read("exponent"), odd), _HALF),
            )
            self._if(builder.read("exponent"), lambda: multiply("base", "base"))

        self._while(lambda: builder.read("exponent"), turn)
        self._if(
            self._emit("LT", y, _ZERO),
            lambda: self._write_pair(
                "result", pairs.divide(Pair(_ONE, _ZERO), self._read_pair("result"))
            ),
        )
        builder.write("magnitude", builder.read("result high"))
        self._give_back_signed(x)

    def _write_logarithm(self) -> Pair:
        """log of the variable m > 0, which is left between the square roots of a half and of
        two.
        """
        builder, pairs = self._builder, self._pairs
        builder.write("k", _ZERO)
        self._move_into_range("LT", Constant.of(2.0**-64), _LARGE_STEP, Constant.of(-64.0))
        self._move_into_range("LT", _SQUARE_ROOT_OF_HALF, _TWO, Constant.of(-1.0))
        self._move_into_range("GT", _LARGE_STEP, _LARGE_STEP_DOWN, Constant.of(64.0))
        self._move_into_range("GT", _SQUARE_ROOT_OF_2, _HALF, _ONE)
        m = builder.read("m")
        # log(m) = 2 artanh(s) = 2 s (1 + s^2/3 + s^4/5 + ...)
        s = pairs.divide(Pair(self._emit("SUB", m, _ONE), _ZERO), pairs.exact_sum(m, _ONE))
        square = pairs.multiply(s, s)
        self._write_pair("sum", Pair(_ZERO, _ZERO))
        builder.write("divisor", _LAST_DIVISOR_OF_LOG)

        def turn() -> None:
            term = pairs.divide(Pair(_ONE, _ZERO), Pair(builder.read("divisor"), _ZERO))
            self._write_pair("sum", pairs.add(term, pairs.multiply(self._read_pair("sum"), square)))
            self._update("divisor", "SUB", _TWO)

        self._while(lambda: self._emit("GT", builder.read("divisor"), _ZERO), turn)
        log_of_m = pairs.scale(pairs.multiply(s, self._read_pair("sum")), _TWO)
        return pairs.add(pairs.scale(_LOG_2, builder.read("k")), log_of_m)

    def _move_into_range(
        self, comparison: str, limit: Operand, factor: Operand, step: Operand
    ) -> None:
        """While m is beyond the limit: m *= factor, a power of two; k += step, the power that
        goes away.
        """
        builder = self._builder

        def turn() -> None:
            self._update("m", "MUL", factor)
            self._update("k", "ADD", step)

        self._while(lambda: self._emit(comparison, builder.read("m"), limit), turn)

    def _write_exponential(self, exponent: Pair) -> None:
        """magnitude = exp(exponent), for an exponent between -800 and 800."""
        builder, pairs = self._builder, self._pairs
        quotient = self._emit("DIV", exponent.high, _LOG_2.high)
        power = self._emit("SUB", self._emit("ADD", quotient, _ROUNDER), _ROUNDER)
        rest = pairs.subtract(exponent, pairs.scale(_LOG_2, power))
        # exp(r) = 1 + r/1 (1 + r/2 (1 + r/3 (...)))
        self._write_pair("sum", Pair(_ONE, _ZERO))
        builder.write("divisor", _LAST_DIVISOR_OF_EXP)

        def turn() -> None:
            quotient = pairs.divide(
                pairs.multiply(rest, self._read_pair("sum")), Pair(builder.read("divisor"), _ZERO)
            )
            self._write_pair("sum", pairs.add(Pair(_ONE, _ZERO), quotient))
            self._update("divisor", "SUB", _ONE)

        self._while(lambda: self._emit("GT", builder.read("divisor"), _ZERO), turn)
        builder.write("magnitude", builder.read("sum high"))
        builder.write("k", power)
        self._multiply_by_power_of_two()

    def _multiply_by_power_of_two(self) -> None:
        """magnitude *= 2 ** k; small steps first, so that a result that is no normal number is
        rounded once.
        """
        builder = self._builder
        small = self._emit("MOD", builder.read("k"), Constant.of(64.0))
        builder.write("large", self._emit("SUB", builder.read("k"), small))
        builder.write("small", small)
        for variable, size, up, down in (
            ("small", _ONE, _TWO, _HALF),
            ("large", Constant.of(64.0), _LARGE_STEP, _LARGE_STEP_DOWN),
        ):
            self._step_while("GT", variable, "SUB", size, up)
            self._step_while("LT", variable, "ADD", size, down)

    def _step_while(
        self, comparison: str, variable: str, opcode: str, size: Operand, factor: Operand
    ) -> None:
        """While the variable is beyond zero, brings it nearer by size and multiplies magnitude
        by factor.
        """
        builder = self._builder

        def turn() -> None:
            self._update("magnitude", "MUL", factor)
            self._update(variable, opcode, size)

        self._while(lambda: self._emit(comparison, builder.read(variable), _ZERO), turn)
