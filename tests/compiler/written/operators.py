"""Numbers and texts, by operators and phrases."""

from __future__ import annotations

from .values import (
    ATOM,
    CONDITION,
    FLOAT,
    KEYS,
    NAMED,
    NUMBERS,
    OR,
    POWER,
    PREFIX,
    PRODUCT,
    SET,
    SUM,
    TEXT,
    TEXTS,
    WHOLE,
    YES_NO,
    Value,
    Values,
    inner_of,
)


class Operators(Values):
    """Draws them."""

    def conditional(self, kind: str, depth: int) -> Value:
        condition = self.condition(depth)
        first, second = self.value(kind, depth), self.value(kind, depth)
        if_, else_ = self.pick((("if", "else"), ("when", "otherwise"), ("if", "; else")))
        else_ = else_ if else_[0] == ";" else f" {else_}"
        return Value(
            f"{first.at(OR)} {if_} {condition.at(OR)}{else_} {second.at(CONDITION)}",
            CONDITION,
            f"({first.python} if {condition.python} else {second.python})",
        )

    def whole(self, depth: int) -> Value:
        choice = self.random.randrange(12)
        value = self.value
        if choice < 4:
            words, level, python = self.pick(
                (
                    ("+", SUM, "add({}, {})"),
                    ("plus", SUM, "add({}, {})"),
                    ("-", SUM, "subtract({}, {})"),
                    ("minus", SUM, "subtract({}, {})"),
                    ("*", PRODUCT, "multiply({}, {})"),
                    ("times", PRODUCT, "multiply({}, {})"),
                )
            )
            return self._binary(words, level, python, value(WHOLE, depth), value(WHOLE, depth))
        if choice == 4:
            words, python = self.pick(
                (
                    ("/", "divide({}, {})"),
                    ("divided by", "divide({}, {})"),
                    ("%", "remainder({}, {})"),
                    ("modulo", "remainder({}, {})"),
                )
            )
            divisor = self._whole_literal(self.pick((1, 2, 3, 7, -2)))
            return self._binary(words, PRODUCT, python, value(WHOLE, depth), divisor)
        if choice == 5:
            words = self.pick(("^", "**"))
            exponent = self._whole_literal(self.pick((0, 1, 2, 3)))
            base = self._whole_literal(self.pick((2, 3, -2, 10)))
            return self._binary(words, POWER, "power({}, {})", base, exponent)
        if choice == 6:
            operand = value(WHOLE, depth)
            return Value(f"-{operand.at(ATOM)}", PREFIX, f"whole(-{operand.python})")
        if choice == 7:
            kind = self.there(TEXT, NUMBERS, TEXTS, NAMED, SET)
            words = {TEXT: "characters", NAMED: "entries"}.get(kind, "items")
            phrase = self.pick(("the length of", "length of", f"the number of {words} in"))
            return self._unary_phrase(phrase, "len({})", value(kind, depth))
        if choice == 8:
            return self._item(NUMBERS, depth)
        if choice == 9:
            return self._entry()
        if choice == 10:
            return self._place_of(depth)
        if self.rarely(3):
            words, python = self.pick(
                (
                    ("rounded", "round({})"),
                    ("rounded up", "math.ceil({})"),
                    ("rounded down", "math.floor({})"),
                    ("as Whole Number", "int({})"),
                )
            )
            return self._behind(value(FLOAT, depth), words, python)
        if self.rarely(3):
            words = self.pick(("as Text as Whole Number", "as Text as Number", "as Number"))
            return self._behind(value(WHOLE, depth), words, "{}")
        if self.rarely(3):
            factor = self.pick(self.names.variables.get(WHOLE) or [self.literal(WHOLE)])
            plain = factor.words if factor.words.startswith("`") else "2"
            python = factor.python if factor.words.startswith("`") else "2"
            words = f"$${plain} * (3 + {plain}) - 1$$"
            python = f"subtract(multiply({python}, add(3, {python})), 1)"
            return Value(words, ATOM, python)
        phrase, python = self.pick(
            (
                ("the sum of", "whole(sum({}))"),
                ("the absolute value of", "whole(abs({}))"),
                ("the smallest of", "min({})"),
                ("the largest of", "max({})"),
            )
        )
        if phrase == "the sum of":
            return self._unary_phrase(phrase, python, value(NUMBERS, depth))
        if phrase == "the absolute value of":
            return self._unary_phrase(phrase, python, value(WHOLE, depth))
        items = self.brackets([value(WHOLE, depth) for _ in range(1 + self.random.randrange(3))])
        return self._unary_phrase(phrase, python, items)

    def _item(self, kind: str, depth: int) -> Value:
        """An item of a list that has some: one is read, or the last one."""
        known = self.names.variables.get(kind, [])
        items = self.pick(known) if known else self.literal(kind)
        if not known or self.rarely():
            items = self.brackets([self.value(inner_of(kind), depth - 1) for _ in range(3)])
        elif not self.rarely(6):
            # Mostly the list is known to be long enough.
            least = (
                self.value(kind, 0)
                if self.rarely()
                else self.brackets([self.literal(inner_of(kind))] * 3)
            )
            items = Value(
                f"({items.words} if the length of {items.words} is at least 3 else {least.at(CONDITION)})",
                ATOM,
                f"({items.python} if len({items.python}) >= 3 else {least.python})",
            )
        if self.rarely(3):
            word, back = self.pick((("first", 0), ("last", 1), ("second to last", 2), ("third", 3)))
            python = f"from_end({{}}, {back})" if 0 < back < 3 else f"at({{}}, {back or 1})"
            return self._unary_phrase(f"the {word} item of", python, items)
        place = self._whole_literal(self.pick((1, 2, 3)))
        if self.rarely(3):
            place = self._binary(
                "%", PRODUCT, "remainder({}, {})", self.value(WHOLE, 0), self._whole_literal(3)
            )
            place = self._unary_phrase("the absolute value of", "abs({})", place)
            place = self._binary("+", SUM, "add({}, {})", place, self._whole_literal(1))
        return Value(
            f"item {place.at(SUM)} of {items.at(ATOM)}",
            PREFIX,
            f"at({items.python}, {place.python})",
        )

    def _entry(self) -> Value:
        known = self.names.variables.get(NAMED, [])
        if not known:
            return self.literal(WHOLE)
        named, key = self.pick(known), self.pick(KEYS)
        words = [f'"{key}"', f'_"{key}"_', *([key] if " " not in key else [])]
        entry = f"{named.words}'s {self.pick(words)}"
        # An entry that is not there is Empty, with which nothing can be calculated.
        condition = f'{named.words} has _"{key}"_'
        return Value(
            f"({entry} if {condition} else 0)",
            ATOM,
            f"({named.python}[{key!r}] if {key!r} in {named.python} else 0)",
        )

    def _place_of(self, depth: int) -> Value:
        kind, inner = self.pick(((TEXT, TEXT), (NUMBERS, WHOLE), (TEXTS, TEXT)))
        part, where = self.value(inner, depth), self.value(kind, depth)
        if kind == TEXT:
            part = self.text_literal(self.pick(("a", "b", "x", "t")))
        return Value(
            f"the position of {part.at(SUM)} in {where.at(ATOM)}",
            PREFIX,
            f"position({where.python}, {part.python})",
        )

    def float(self, depth: int) -> Value:
        words, level, python = self.pick(
            (
                ("+", SUM, "add({}, {})"),
                ("-", SUM, "subtract({}, {})"),
                ("*", PRODUCT, "multiply({}, {})"),
                ("times", PRODUCT, "multiply({}, {})"),
            )
        )
        if self.rarely():
            number = self.value(WHOLE, depth)
            return self._behind(number, "as Float", "float({})")
        kinds = self.pick(((FLOAT, WHOLE), (WHOLE, FLOAT), (FLOAT, FLOAT)))
        left, right = (self.value(kind, depth) for kind in kinds)
        return self._binary(words, level, python, left, right)

    def text(self, depth: int) -> Value:
        choice, value = self.random.randrange(10), self.value
        if choice < 2:
            return self._binary("+", SUM, "({} + {})", value(TEXT, depth), value(TEXT, depth))
        if choice < 4:
            kinds = (WHOLE, FLOAT, TEXT, YES_NO)
            left, right = value(self.pick(kinds), depth), value(self.pick(kinds), depth)
            return self._binary("joined with", SUM, "(text({}) + text({}))", left, right)
        if choice == 4:
            kind = self.pick((WHOLE, FLOAT, YES_NO))
            return self._behind(value(kind, depth), "as Text", "text({})")
        if choice == 5:
            words, python = self.pick(
                (
                    ("in upper case", "{}.upper()"),
                    ("in uppercase", "{}.upper()"),
                    ("in lower case", "{}.lower()"),
                    ("without spaces around it", "{}.strip()"),
                    ('with "a" replaced by "-"', "{}.replace('a', '-')"),
                    ("repeated 2 times", "({} * 2)"),
                    ("reversed", "{}[::-1]"),
                )
            )
            return self._behind(value(TEXT, depth), words, python)
        if choice == 6:
            items = value(self.pick((TEXTS, NUMBERS)), depth)
            separator = self.text_literal(self.pick((", ", "-", "")))
            python = f"{separator.python}.join(map(text, {items.python}))"
            return Value(f"{items.at(ATOM)} joined with {separator.words}", SUM, python)
        if choice == 7:
            return self._item(TEXTS, depth)
        subject = value(TEXT, depth)
        if choice == 8:
            place = self._whole_literal(self.pick((1, 1, 2)))
            python = f"at({subject.python}, {place.python})"
            return Value(f"character {place.words} of {subject.at(ATOM)}", PREFIX, python)
        word = self.text_literal("abcdef")
        joined = self._binary("+", SUM, "({} + {})", subject, word)
        first, last = self.pick(((1, 1), (2, 4), (1, 6), (3, 3)))
        return Value(
            f"characters {first} to {last} of {joined.at(ATOM)}",
            PREFIX,
            f"part({joined.python}, {first}, {last})",
        )
