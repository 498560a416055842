"""Functions and whole programs."""

from __future__ import annotations

import random

from .blocks import Blocks
from .values import (
    ATOM,
    DECLARED,
    NUMBERS,
    OR,
    SET,
    TEXT,
    TEXTS,
    WHOLE,
    Function,
    Names,
    Value,
)
from .writer import KINDS, SIMPLE

_FUNCTIONS = ("area", "make it", "f", "Number of things", "check", "g2", "len", "sum", "position")


class Programs(Blocks):
    """Draws them."""

    # ____________________________________________________________ functions

    def function(self) -> None:
        """A function, in one of its forms."""
        free = [name for name in _FUNCTIONS if name not in self._used]
        name = self.pick(free)
        self._used.add(name)
        number = len(self.names.functions)
        outer, used = self.names, set(self._used)
        parameters: list[tuple[str, str, Value | None]] = []
        optional = False
        for _ in range(self.random.randrange(4)):
            kind = self.pick((*SIMPLE, WHOLE, NUMBERS))
            optional = (optional or self.rarely(3)) and kind in SIMPLE
            default = self.literal(kind) if optional else None
            if default is not None and default.level != ATOM:
                default = Value(f"_{-7}_", ATOM, "(-7)") if kind == WHOLE else None
            parameters.append((self._name(), kind, default))
        if any(default is None for _, _, default in parameters[1:]):
            parameters = [(name, kind, None) for name, kind, _ in parameters]
        gives = self.pick((*SIMPLE, WHOLE, NUMBERS, TEXTS))
        made = Function(name, parameters, gives, f"function_{number}")
        # Functions see the variables of the top level that are defined in front of their calls.
        self.names = Names({}, list(outer.functions), [])
        before, self.lines = self.lines, []
        words = ", ".join(f"p{index}" for index in range(len(parameters)))
        self.code(f"def function_{number}({words}):")
        self._indent, self._depth, self._space = 1, 1, "L"
        self.code("L = {}")
        for index, (parameter, kind, _) in enumerate(parameters):
            self.code(f"L[{parameter!r}] = copied(p{index})")
            self._variable(parameter, kind)
        self._gives = gives
        self.block(1 + self.random.randrange(3), 2)
        if self.rarely(3):
            condition, early = self.condition(2), self.value(gives, 1)
            self.line(f"If {condition.at(OR)}, give back {early.words}.")
            self.code(f"if {condition.python}: return copied({early.python})")
        value = self.value(gives, 2)
        self.line(f"{self.pick(('Give back', 'give back', 'Gives back'))} {value.words}.")
        self.code(f"return copied({value.python})")
        body, self.lines = self.lines, before
        self._indent, self._depth, self._space = 0, 0, "G"
        self.names = outer
        self._used = used
        self._heading(made, body)
        outer.functions.append(made)

    def _heading(self, function: Function, body: list[str]) -> None:
        """The function around its body."""
        word = self.pick(("Utility", "Action", "Interaction"))
        if self.rarely(2):
            parameters = []
            for name, kind, default in function.parameters:
                as_kind = self.pick(("", f" as {self.pick(DECLARED[kind])}"))
                parameters.append(f"`{name}`{as_kind}" + (f" = {default.words}" if default else ""))
            with_ = f" with {', '.join(parameters)}" if parameters else ""
            self.lines += [f"{word} `{function.name}`{with_}:", *body, ""]
            return
        hashes = "#" * self.pick((3, 3, 1, 2, 6))
        bold = self.pick(("**", ""))
        heading = [f"{hashes} {bold}{word}{bold}: `{function.name}`", ""]
        inputs = [self.pick(("#### Inputs:", "### Input", "##### Inputs"))]
        for name, kind, default in function.parameters:
            declared = self.pick(DECLARED[kind])
            if default is not None:
                how = self.pick(
                    ("(optional, default: {})", "(default: {})", "(optional default: {})")
                )
                inputs.append(f"- `{name}` **as** {declared} {how.format(default.words)}")
            else:
                inputs.append(f"- `{name}` as {declared}{self.pick(('', ' (required)'))}")
        outputs = [
            self.pick(("#### Outputs:", "### Output")),
            f"- {self.pick(('`r` as Any', 'Returns Any', '`r`'))}",
        ]
        details = ["<details>", "<summary>What it does.</summary>", "", *body, "", "</details>"]
        sections = [
            [*inputs, ""] if function.parameters else [],
            [*outputs, ""] if self.rarely(2) else [],
        ]
        if self.rarely(2):
            sections.reverse()
        before = self.rarely(2)
        prose = ["Some prose.", ""] if self.rarely(3) else []
        around = [line for section in sections for line in section]
        self.lines += [*heading, *prose, *(around if before else [])]
        self.lines += [*details, "", *([] if before else around), ""]

    # ____________________________________________________________ programs

    def program(self) -> tuple[str, str]:
        """A document, and the same in Python."""
        self.code("G = {}")
        for _ in range(self.random.randrange(4)):
            self.function()
        for kind in (WHOLE, TEXT, self.pick(KINDS), self.pick(KINDS), NUMBERS):
            self.define(kind)
        self.block(3 + self.random.randrange(5), 3)
        for kind, values in self.names.variables.items():
            for value in values:
                shown = value.words if kind != SET else f"the number of items in {value.words}"
                self.line(f"Say {shown}.")
                self.code(f"say({value.python if kind != SET else f'len({value.python})'})")
        if self.rarely(3):
            value = self.value(self.pick((WHOLE, TEXT, NUMBERS)), 2)
            self.line(f"Give back {value.words}.")
            self.code(f"raise Ended(copied({value.python}))")
        beginning = self.pick(("", "", "---\ntitle: `x` _5_\n---\n\n", "# The program\n\n"))
        text = beginning + "\n".join(self.lines) + "\n"
        if self.rarely(8):
            text = text.replace("\n", "\r\n")
        return text, "\n".join(self.python) + "\n"


def program(seed: int) -> tuple[str, str]:
    """The document and the Python program of that number."""
    return Programs(random.Random(seed)).program()
