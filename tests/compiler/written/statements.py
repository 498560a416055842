"""Simple statements: what sets, changes, says and calls."""

from __future__ import annotations

from .values import KEYS, NAMED, NUMBERS, OR, SET, SUM, TABLE, TEXT, TEXTS, WHOLE
from .writer import KINDS, SIMPLE, Writer


class Statements(Writer):
    """Draws them."""

    # ____________________________________________________________ changes

    def _set(self) -> None:
        found = self._target(*SIMPLE, NUMBERS, TEXTS, TABLE, NAMED, SET)
        if found is None:
            self._say()
            return
        target, kind = found
        calls = [function for function in self.names.functions if function.gives == kind]
        if calls and self.rarely(2):
            words, python = self.call_words(self.pick(calls), 1)
            form = self.random.randrange(3)
            if form == 0:
                self.line(f"Set {target.words} using {words}{self.end()}")
            else:
                use = self.pick(("Use", "Call", "Apply", "Trigger"))
                it = self.pick(("it ", ""))
                self.line(f"{use} {words} and store {it}in {target.words}{self.end()}")
            self.code(f"{target.python} = copied({python})")
            return
        value = self.value(kind, 3)
        self._set_words(target.words, kind, value)
        self.code(f"{target.python} = copied({value.python})")

    def _change_list(self) -> None:
        found = self._target(NUMBERS, TEXTS, TABLE)
        if found is None:
            self.define(NUMBERS)
            return
        target, kind = found
        inner = {NUMBERS: WHOLE, TEXTS: TEXT, TABLE: NUMBERS}[kind]
        words, python = target.words, target.python
        if kind == TABLE and self.rarely(2):
            # Of the first row.
            words, python, inner = f"item 1 of {words}", f"at({python}, 1)", WHOLE
        value = self.value(inner, 1)
        place = self._whole_literal(self.pick((1, 1, 2, 3)))
        choice = self.random.randrange(10)
        if choice < 3:
            self.line(f"Add {value.at(OR)} to {words}{self.end()}")
            self.code(f"{python}.append(copied({value.python}))")
        elif choice == 3:
            at, plus = self.pick(
                (("at position", 0), ("at", 0), ("before position", 0), ("after position", 1))
            )
            self.line(f"Insert {value.at(OR)} {at} {place.words} in {words}{self.end()}")
            self.code(f"insert({python}, {place.python} + {plus}, copied({value.python}))")
        elif choice == 4:
            all_ = self.rarely(3)
            self.line(f"Remove {'all ' * all_}{value.at(SUM)} from {words}{self.end()}")
            self.code(f"remove{'_all' * all_}({python}, {value.python})")
        elif choice == 5:
            which, index = self.pick(
                (
                    (f"item {place.words}", place.python),
                    ("the first item", "1"),
                    ("the last item", f"len({python})"),
                    ("the second to last item", f"len({python}) - 1"),
                )
            )
            self.line(f"Remove {which} from {words}{self.end()}")
            self.code(f"remove_at({python}, {index})")
        elif choice == 6:
            clear = self.pick(("Clear", "Empty", "Clear all items from"))
            self.line(f"{clear} {words}{self.end()}")
            self.code(f"{python}.clear()")
            self.line(f"Add {value.at(OR)} to {words}{self.end()}")
            self.code(f"{python}.append(copied({value.python}))")
        else:
            which, index = self.pick(
                (
                    (f"item {place.words}", place.python),
                    ("the first item", "1"),
                    ("the last item", f"len({python})"),
                    ("second item", "2"),
                )
            )
            self.line(f"Set {which} of {words} to {value.words}{self.end()}")
            self.code(f"put({python}, {index}, copied({value.python}))")

    def _change_named(self) -> None:
        found = self._target(NAMED, SET)
        if found is None:
            self.define(self.pick((NAMED, SET)))
            return
        target, kind = found
        if kind == SET:
            if self.rarely(3):
                value = self.value(WHOLE, 1)
                self.line(f"Remove {value.at(SUM)} from {target.words}{self.end()}")
                self.code(f"remove({target.python}, {value.python})")
            else:
                self.add_member(target)
            return
        key = self.pick(KEYS)
        value = self.value(WHOLE, 2)
        words, python = target.words, target.python
        form = self.random.randrange(5)
        if form == 0:
            self.line(f'Add "{key}" to {words} with value {value.words}{self.end()}')
        elif form == 1:
            self.line(f'Update _"{key}"_ in {words} to {value.words}{self.end()}')
        elif form == 2:
            written = key if key.isalpha() and key != "if" else f'"{key}"'
            self.line(f"Set {words}'s {written} to {value.words}{self.end()}")
        elif form == 3:
            self.line(f'Add "{key}" to {words} with {value.words}{self.end()}')
        else:
            self.line(f'Remove "{key}" from {words}{self.end()}')
            self.code(f"{python}.pop({key!r}, None)")
            return
        self.code(f"{python}[{key!r}] = {value.python}")

    # ____________________________________________________________ Say

    def _say(self) -> None:
        say = self.pick(("Say", "say", "**Say**", "Tell", "Say the"))
        count = self.pick((1, 1, 2, 3))
        values = [self.value(self.there(*KINDS[:-1]), 3) for _ in range(count)]
        words = ", ".join(value.at(OR) if count > 1 else value.words for value in values)
        self.line(f"{say} {words}{self.end()}")
        if count == 1:
            self.code(f"say({values[0].python})")
        else:
            self.code("say(" + " + ".join(f"text({value.python})" for value in values) + ")")

    def _use(self) -> None:
        if not self.names.functions:
            self._say()
            return
        words, python = self.call_words(self.pick(self.names.functions), 1)
        self.line(f"{self.pick(('Use', 'Call', 'Trigger', 'Apply'))} {words}{self.end()}")
        self.code(python)
