"""Arithmetic on pairs of floats, emitted as MIR: a pair is the unevaluated sum of a float and a
much smaller one.

It carries about 106 bits, so that a function computed with it is right to the last bit of a float
nearly always. The algorithms are Dekker's, "A floating-point technique for extending the available
precision" (1971), and Knuth's exact sum; they need nothing but +, - and *.
"""

from __future__ import annotations

from typing import NamedTuple

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.lowering.ssa import SsaBuilder
from pymdvm.compiler.mir.model import Operand

# Multiplying by it splits the 53 bits of a float into two halves of at most 26 bits (Veltkamp).
_SPLITTER = Constant.of(134217729.0)


class Pair(NamedTuple):
    """high + low, where high is that sum rounded to a float."""

    high: Operand
    low: Operand


class DoubleDouble:
    """Emits operations on pairs with a builder.  No operand may be so large that 2**27 times it
    overflows.
    """

    def __init__(self, builder: SsaBuilder) -> None:
        self._builder = builder

    def _add(self, left: Operand, right: Operand) -> Operand:
        return self._builder.emit("ADD", left, right)

    def _subtract(self, left: Operand, right: Operand) -> Operand:
        return self._builder.emit("SUB", left, right)

    def _multiply(self, left: Operand, right: Operand) -> Operand:
        return self._builder.emit("MUL", left, right)

    def _divide(self, left: Operand, right: Operand) -> Operand:
        return self._builder.emit("DIV", left, right)

    def exact_sum(self, left: Operand, right: Operand) -> Pair:
        """The sum of two floats."""
        high = self._add(left, right)
        from_right = self._subtract(high, left)
        from_left = self._subtract(high, from_right)
        return Pair(
            high, self._add(self._subtract(left, from_left), self._subtract(right, from_right))
        )

    def ordered_sum(self, large: Operand, small: Operand) -> Pair:
        """The sum of two floats of which the first is not the smaller one."""
        high = self._add(large, small)
        return Pair(high, self._subtract(small, self._subtract(high, large)))

    def exact_product(self, left: Operand, right: Operand) -> Pair:
        """The product of two floats."""
        high = self._multiply(left, right)
        left_high, left_low = self._split(left)
        right_high, right_low = self._split(right)
        low = self._subtract(self._multiply(left_high, right_high), high)
        low = self._add(low, self._multiply(left_high, right_low))
        low = self._add(low, self._multiply(left_low, right_high))
        return Pair(high, self._add(low, self._multiply(left_low, right_low)))

    def _split(self, value: Operand) -> tuple[Operand, Operand]:
        scaled = self._multiply(value, _SPLITTER)
        high = self._subtract(scaled, self._subtract(scaled, value))
        return high, self._subtract(value, high)

    def add(self, left: Pair, right: Pair) -> Pair:
        """The sum of two pairs."""
        high = self.exact_sum(left.high, right.high)
        low = self._add(high.low, self._add(left.low, right.low))
        return self.ordered_sum(high.high, low)

    def subtract(self, left: Pair, right: Pair) -> Pair:
        """The difference of two pairs."""
        return self.add(
            left, Pair(self._builder.emit("NEG", right.high), self._builder.emit("NEG", right.low))
        )

    def multiply(self, left: Pair, right: Pair) -> Pair:
        """The product of two pairs."""
        high = self.exact_product(left.high, right.high)
        crossed = self._add(
            self._multiply(left.high, right.low), self._multiply(left.low, right.high)
        )
        return self.ordered_sum(high.high, self._add(high.low, crossed))

    def scale(self, pair: Pair, factor: Operand) -> Pair:
        """The product of a pair and a float."""
        high = self.exact_product(pair.high, factor)
        return self.ordered_sum(high.high, self._add(high.low, self._multiply(pair.low, factor)))

    def divide(self, left: Pair, right: Pair) -> Pair:
        """The quotient of two pairs."""
        quotient = self._divide(left.high, right.high)
        rest = self.subtract(left, self.scale(right, quotient))
        return self.ordered_sum(quotient, self._divide(rest.high, right.high))
