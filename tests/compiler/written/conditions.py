"""Collections, conditions and calls."""

from __future__ import annotations

from .operators import Operators
from .values import (
    AND,
    ATOM,
    EQUALITY,
    FLOAT,
    NAMED,
    NUMBERS,
    OR,
    ORDER,
    PREFIX,
    SET,
    SUM,
    TABLE,
    TEXT,
    TEXTS,
    WHOLE,
    YES_NO,
    Function,
    Value,
)


class Conditions(Operators):
    """Draws them."""

    # ____________________________________________________________ collections

    def numbers(self, depth: int) -> Value:
        choice = self.random.randrange(6)
        if choice < 2:
            count = self.random.randrange(4)
            return self.brackets([self.value(WHOLE, depth) for _ in range(count)])
        if choice == 2:
            return self._behind(self.value(NUMBERS, depth), "sorted", "sorted({})")
        if choice == 3:
            return self._behind(self.value(NUMBERS, depth), "reversed", "{}[::-1]")
        if choice == 4:
            return self._item(TABLE, depth)
        known = self.names.variables.get(NAMED, [])
        if known:
            words = self.pick(("the contents of", "the values of"))
            return self._unary_phrase(words, "list({}.values())", self.pick(known))
        return self.literal(NUMBERS)

    def texts(self, depth: int) -> Value:
        choice = self.random.randrange(5)
        if choice == 0:
            return self.brackets([self.value(TEXT, depth) for _ in range(self.random.randrange(4))])
        if choice == 1:
            return self._unary_phrase("the words of", "{}.split()", self.value(TEXT, depth))
        if choice == 2:
            operand = self.value(TEXT, depth)
            return self._behind(operand, 'split at "a"', "{}.split('a')")
        if choice == 3:
            return self._unary_phrase("the characters of", "list({})", self.value(TEXT, depth))
        known = self.names.variables.get(NAMED, [])
        if known:
            words = self.pick(("the names of", "the keys of"))
            return self._unary_phrase(words, "list({})", self.pick(known))
        return self.literal(TEXTS)

    def table(self, depth: int) -> Value:
        count = 1 + self.random.randrange(2)
        return self.brackets([self.value(NUMBERS, depth) for _ in range(count)])

    # ____________________________________________________________ conditions

    def condition(self, depth: int) -> Value:
        """A Yes/No."""
        choice, value = self.random.randrange(10), self.value
        if depth <= 0:
            choice = 4
        if choice == 0:
            return self._binary(
                "and", AND, "both({}, {})", value(YES_NO, depth), value(YES_NO, depth)
            )
        if choice == 1:
            return self._binary(
                "or", OR, "either({}, {})", value(YES_NO, depth), value(YES_NO, depth)
            )
        if choice == 2:
            operand = value(YES_NO, depth)
            return Value(f"not {operand.at(ATOM)}", PREFIX, f"(not {operand.python})")
        if choice == 3:
            words, python = self.pick(_EQUALITY)
            kind = self.pick((WHOLE, TEXT, FLOAT, NUMBERS, YES_NO))
            left, right = value(kind, depth), value(kind, depth)
            return self._binary(words, EQUALITY, python, left, right)
        if choice == 4:
            words, python = self.pick(_ORDERS)
            kind = self.pick((WHOLE, FLOAT, WHOLE))
            return self._binary(
                words, ORDER, f"({{}} {python} {{}})", value(kind, depth), value(WHOLE, depth)
            )
        if choice == 5:
            words, python = self.pick((("is between", "{}"), ("is not between", "(not {})")))
            what, low, high = (value(WHOLE, depth) for _ in range(3))
            inside = f"between({what.python}, {low.python}, {high.python})"
            return Value(
                f"{what.at(ORDER)} {words} {low.at(SUM)} and {high.at(SUM)}",
                ORDER,
                python.format(inside),
            )
        if choice == 6:
            return self._shared()
        if choice == 7:
            kind = self.pick((WHOLE, TEXT, NUMBERS))
            is_it = self.pick(("is a", "is not a"))
            name = {WHOLE: "Whole Number", TEXT: "Text", NUMBERS: "List"}[kind]
            operand = value(self.pick((WHOLE, TEXT, NUMBERS, YES_NO)), depth)
            python_kind = {WHOLE: "int", TEXT: "str", NUMBERS: "list"}[kind]
            python = (
                f"(type({operand.python}) {'is' if is_it == 'is a' else 'is not'} {python_kind})"
            )
            return Value(f"{operand.at(ORDER)} {is_it} {name}", ORDER, python)
        return self._membership(depth) if self.rarely(2) else self._other_form(depth)

    def _other_form(self, depth: int) -> Value:
        """A form that is not in the table of operators."""
        form, value = self.random.randrange(6), self.value
        number = value(WHOLE, depth)
        if form == 0:
            words, python = self.pick(
                (
                    ("is even", "({} % 2 == 0)"),
                    ("is odd", "({} % 2 == 1)"),
                    ("is not even", "({} % 2 == 1)"),
                    ("is divisible by 3", "({} % 3 == 0)"),
                )
            )
            return Value(f"{number.at(ORDER)} {words}", ORDER, python.format(number.python))
        if form == 1:
            first, second = value(WHOLE, depth), value(WHOLE, depth)
            python = f"({number.python} in ({first.python}, {second.python}))"
            words = f"({number.at(ORDER)} is either {first.at(AND)} or {second.at(AND)})"
            return Value(words, ATOM, python)
        if form == 2:
            word, joiner, python = self.pick(
                (("either", "or", "either({}, {})"), ("both", "and", "both({}, {})"))
            )
            left, right = self.condition(depth - 1), self.condition(depth - 1)
            words = f"({word} {left.at(EQUALITY)} {joiner} {right.at(EQUALITY)})"
            return Value(words, ATOM, python.format(left.python, right.python))
        operand = value(self.pick((WHOLE, TEXT, FLOAT, YES_NO)), depth)
        if form == 3:
            words, kinds = self.pick(
                (
                    ("is a Text or a Whole Number", "(str, int)"),
                    ("is not a Text or Number", "(bool,)"),
                    ("is a Yes/No or a List", "(bool,)"),
                )
            )
            python = f"(type({operand.python}) in {kinds})"
            return Value(f"({operand.at(ORDER)} {words})", ATOM, python)
        text, part = value(TEXT, depth), self.literal(TEXT)
        words, python = self.pick(
            (("starts with", "{}.startswith({})"), ("ends with", "{}.endswith({})"))
        )
        return self._binary(words, ORDER, python, text, part)

    def _shared(self) -> Value:
        """A comparison without its left side behind another."""
        known = [*self.names.variables.get(WHOLE, ()), self.literal(WHOLE)]
        subject = self.pick(known)
        low, high = self.literal(WHOLE), self.literal(WHOLE)
        joiner = self.pick(("and", "or"))
        first, one = self.pick((("is at least", ">="), ("is more than", ">"), ("is", "==")))
        second, other = self.pick(
            (("at most", "<="), ("less than", "<"), ("is not", "!="), ("is under", "<"))
        )
        return Value(
            f"{subject.at(ORDER)} {first} {low.at(SUM)} {joiner} {second} {high.at(SUM)}",
            OR if joiner == "or" else AND,
            f"({subject.python} {one} {low.python} {joiner} {subject.python} {other} {high.python})",
        )

    def _membership(self, depth: int) -> Value:
        kind, inner = self.pick(
            ((NUMBERS, WHOLE), (TEXTS, TEXT), (TEXT, TEXT), (SET, WHOLE), (NAMED, TEXT))
        )
        if kind in (SET, NAMED) and not self.names.variables.get(kind):
            kind, inner = NUMBERS, WHOLE
        where, what = self.value(kind, depth), self.value(inner, depth)
        python = f"contains({where.python}, {what.python})"
        form = self.random.randrange(4)
        if form == 0:
            return Value(f"{what.at(ORDER)} is in {where.at(SUM)}", ORDER, python)
        if form == 1:
            return Value(f"{what.at(ORDER)} is not in {where.at(SUM)}", ORDER, f"(not {python})")
        words = self.pick(
            ("contains", "has") if form == 2 else ("does not contain", "does not have")
        )
        negated = python if form == 2 else f"(not {python})"
        return Value(f"{where.at(ORDER)} {words} {what.at(SUM)}", ORDER, negated)

    # ____________________________________________________________ calls

    def call(self, function: Function, depth: int) -> Value:
        """A call between parentheses."""
        words, python = self.call_words(function, depth)
        return Value(f"({words})", ATOM, python)

    def call_words(self, function: Function, depth: int) -> tuple[str, str]:
        """A call as it stands behind `using` and Use."""
        given = [self.value(kind, depth) for _, kind, _ in function.parameters]
        opening = f"`{function.name}`"
        with_names = bool(given) and self.rarely(3)
        first_named = 0 if with_names else self.random.randrange(len(given) + 1)
        python: list[str] = []
        words: list[str] = []
        sign = "` is" if with_names else self.pick(("`:", "` ="))
        for index, ((name, _, default), value) in enumerate(zip(function.parameters, given)):
            if default is not None and self.rarely(2):
                # It is left out, so that those behind it have to be named.
                python.append(default.python)
                first_named = min(first_named, index)
                continue
            python.append(value.python)
            named = f"`{name}{sign} " if index >= first_named else ""
            words.append(named + value.at(EQUALITY))
        call = f"{function.python}({', '.join(python)})"
        if not words:
            return opening, call
        separator = self.pick((", ", " and ", ", "))
        return f"{opening} {'where' if with_names else 'with'} {separator.join(words)}", call


_EQUALITY = (
    ("equals", "equal({}, {})"),
    ("is equal to", "equal({}, {})"),
    ("is the same as", "equal({}, {})"),
    ("is not", "(not equal({}, {}))"),
    ("does not equal", "(not equal({}, {}))"),
    ("is different from", "(not equal({}, {}))"),
    ("isn't", "(not equal({}, {}))"),
    ("is strictly equal to", "same({}, {})"),
    ("is identical to", "same({}, {})"),
    ("is not exactly equal to", "(not same({}, {}))"),
)
_ORDERS = (
    ("<", "<"),
    (">", ">"),
    ("<=", "<="),
    (">=", ">="),
    ("is less than", "<"),
    ("is under", "<"),
    ("is fewer than", "<"),
    ("is greater than", ">"),
    ("is more than", ">"),
    ("is at least", ">="),
    ("is no less than", ">="),
    ("is at most", "<="),
    ("is no more than", "<="),
    ("is greater than or equal to", ">="),
    ("is less than or equal to", "<="),
    ("is not more than", "<="),
    ("is not at least", "<"),
    ("is not under", ">="),
    ("**is at most**", "<="),
)
