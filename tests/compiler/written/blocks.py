"""Statements of all sorts, with their blocks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .statements import Statements
from .values import EQUALITY, NAMED, NUMBERS, OR, SET, SUM, TABLE, TEXT, TEXTS, WHOLE, Value
from .writer import KINDS

_PROSE = (
    "This is prose, and means nothing.",
    "And so it goes on",
    "# A heading",
    "### Part `two` of _5_",
    "<!-- Say _1_. -->",
    "```\nSay _2_.\n```",
    "| a | b |\n|---|---|\n| `x` | _5_ |",
    "- first point\n- second, and more",
    "---",
)


class Blocks(Statements):
    """Draws them."""

    # ____________________________________________________________ blocks

    def block(self, count: int, depth: int) -> None:
        """So many statements, with blocks of that depth."""
        for _ in range(count):
            if not self._depth and self._space == "G" and self.rarely(6):
                self.lines += ["", self.pick(_PROSE), ""]
            elif self._depth and self.rarely(12):
                self.line("")
            self.statement(depth)

    def statement(self, depth: int) -> None:
        """One of any sort."""
        choice = self.random.randrange(16)
        if choice < 4 or (depth <= 0 and choice >= 10):
            self._say()
        elif choice < 6:
            self._set()
        elif choice < 8:
            self._change_list()
        elif choice == 8:
            self._change_named()
        elif choice == 9:
            self._use()
        elif choice == 10:
            self.define(self.pick(KINDS))
        elif choice < 13:
            self._if(depth - 1)
        elif choice == 13:
            self._while(depth - 1)
        else:
            self._for_each(depth - 1)

    def _if(self, depth: int) -> None:
        condition = self.condition(2)
        if self.rarely(5):
            self._if_on_a_line(condition)
            return
        form = self.pick(("If {}:", "If {} then:", "When {}, then:", "**if** {}:", "Whenever {}"))
        self.line(form.format(condition.at(OR)))
        self.code(f"if {condition.python}:")
        with self._block():
            self.block(1 + self.random.randrange(2), depth)
        opened = 0
        while self.rarely(3):
            condition = self.condition(1)
            form = self.pick(("Else if {}:", "Otherwise, if {}:", "Else, when {} then:"))
            self.line(form.format(condition.at(OR)))
            self.code("else:")
            self._indent += 1
            opened += 1
            self.code(f"if {condition.python}:")
            with self._block():
                self.block(1, depth)
        if self.rarely(2):
            self.line(self.pick(("Else:", "Otherwise:", "Else")))
            self.code("else:")
            with self._block():
                self.block(1, depth)
        self._indent -= opened

    def _if_on_a_line(self, condition: Value) -> None:
        form = self.pick(("If {}, {}.", "If {} then {}.", "When {}, then {}."))
        first, second = self._short(), self._short()
        words = form.format(condition.at(OR), first[0])
        self.code(f"if {condition.python}: {first[1]}")
        if self.rarely(2):
            words += f" {self.pick(('Else', 'Otherwise'))} {second[0]}."
            self.code(f"else: {second[1]}")
        self.line(words)

    def _short(self) -> tuple[str, str]:
        """A statement on one line, without its period."""
        if self._loops and self.rarely(2):
            return self.pick(
                (
                    ("stop", "break"),
                    ("stop the loop", "break"),
                    ("skip", "continue"),
                    ("skip to the next", "continue"),
                )
            )
        value = self.value(self.pick((WHOLE, TEXT)), 1)
        found = self._target(NUMBERS)
        if found and self.rarely(2):
            number = self.value(WHOLE, 1)
            return (
                f"add {number.at(OR)} to {found[0].words}",
                f"{found[0].python}.append({number.python})",
            )
        return f"say {value.at(OR)}", f"say({value.python})"

    def _while(self, depth: int) -> None:
        name = self._name()
        limit = 1 + self.random.randrange(4)
        python = f"{self._space}[{name!r}]"
        self.line(f"Define `{name}` as Whole Number (default: 0){self.end()}")
        self.code(f"{python} = 0")
        condition = self.condition(1)
        with_more = self.rarely(3)
        more = f" and {condition.at(EQUALITY)}" if with_more else ""
        self.line(f"While `{name}` is less than {limit}{more}:")
        self.code(f"while both({python} < {limit}, {condition.python if with_more else True}):")
        with self._loop():
            self.line(f"Set `{name}` to `{name}` + 1{self.end()}")
            self.code(f"{python} += 1")
            self._variable(name, WHOLE, fixed=True)
            self.block(1 + self.random.randrange(2), depth)

    @contextmanager
    def _loop(self) -> Iterator[None]:
        self._loops += 1
        with self._block():
            yield
        self._loops -= 1

    def _for_each(self, depth: int) -> None:
        name = self._name()
        python = f"{self._space}[{name!r}]"
        form = self.random.randrange(7)
        fixed = True
        if form < 2:
            kind = WHOLE
            # Not too many rounds.
            first, last = self._whole_literal(self.pick((1, 1, 0, 2, -1))), self.literal(WHOLE)
            step = self.pick((1, 1, 2, 3, -1))
            words = {1: "", -1: self.pick((" by _-1_", " by -1"))}.get(step, f" by {step}")
            to = "to"
            if step == -1 and self.rarely(2):
                to, words = "down to", ""
            small = self._whole_literal(self.pick((1, 3, 4, 0)))
            last = small if last.python == "(100)" else last
            head = f"from {first.at(SUM)} {to} {last.at(SUM)}{words}"
            loop = f"counted({first.python}, {last.python}, {step})"
            fixed = False
        elif form < 4:
            kind = WHOLE
            items = self.value(NUMBERS, 2)
            head, loop = f"in {items.words}", f"copied({items.python})"
        elif form == 4:
            kind = TEXT
            items = self.value(TEXTS, 1)
            head, loop = f"in {items.words}", f"copied({items.python})"
        elif form == 5 and self.names.variables.get(NAMED):
            kind = TEXT
            items = self.pick(self.names.variables[NAMED])
            head, loop = f"in {items.words}", f"list({items.python})"
        elif self.names.variables.get(SET):
            kind = WHOLE
            items = self.pick(self.names.variables[SET])
            head, loop = f"in {items.words}", f"copied({items.python})"
        else:
            kind = NUMBERS
            items = self.value(TABLE, 1)
            head, loop = f"in {items.words}", f"copied({items.python})"
        self._hidden += 1
        self.line(f"{self.pick(('For each', 'for each', 'For each the'))} `{name}` {head}:")
        self.code(f"for each_{self._hidden} in {loop}:")
        number = self._hidden
        with self._loop():
            self.code(f"{python} = copied(each_{number})")
            self._variable(name, kind, fixed=fixed)
            self.block(1 + self.random.randrange(2), depth)
