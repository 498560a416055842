"""Statements that change a part of a variable: its items, entries and members."""

from __future__ import annotations

from collections.abc import Callable

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.cursor import as_name
from pymdvm.compiler.frontend.faults import A_VARIABLE, Fault
from pymdvm.compiler.frontend.fixes import inserting, replacing
from pymdvm.compiler.frontend.literal_lists import LiteralLists
from pymdvm.compiler.frontend.syntax import BinaryOperator
from pymdvm.compiler.frontend.tokens import Token

_ORDINALS = ("first", "second", "third", "last")
_LINKS = frozenset({"in", "from", "to", "with"})
_BEHIND_NAMES = _LINKS | {".", t.END, t.POSSESSIVE}
_ENDS = ("end", "beginning", "start", "front", "back")

Path = tuple[syntax.Step, ...]


class Mutations(LiteralLists):
    """Parses them."""

    # ____________________________________________________________ targets

    def variable(self) -> syntax.Name:
        """The name of a variable; some keywords do as well."""
        token = self.token
        if token.kind == t.NAME:
            self.advance()
            return syntax.Name(token.span, token.value)
        if token.text.replace(" ", "").isalpha() and token.kind in t.KEYWORDS.values():
            if token.before and token.kind in _LINKS and self.ahead().kind not in _BEHIND_NAMES:
                # The filler word in front is meant, as in `For each i in [1, 2]`.
                raise self.stop(token.before[-1], *as_name(token.before[-1]))
            self.advance()
            return syntax.Name(token.span, token.text)
        raise self.unexpected(A_VARIABLE)

    def begins_part(self, token: Token) -> bool:
        """Whether the word begins an item or an entry of a variable."""
        return token.kind in (t.POSSESSOR, "item", "(") or self._is_ordinal(token)

    def _target(self) -> tuple[syntax.Name, Path]:
        """A variable, or a part of one: the variable and the way to the part."""
        token = self.token
        if token.kind == t.POSSESSOR:
            return self._path_of(self._entry())
        if token.kind == "item" or self._is_ordinal(token):
            position = self._loose_position()
            self.skip("of")
            name, path = self._target()
            return name, (*path, syntax.ItemStep(self.span_from(token), position))
        if token.kind == "(":
            self.advance()
            name, path = self._target()
            self.expect(")", "expected a closing parenthesis")
        else:
            name, path = self.variable(), ()
        while self.token.kind == t.POSSESSIVE:
            owner = self.advance()
            key, _ = self.key()
            path = (*path, syntax.EntryStep(owner.span, key))
        return name, path

    def _path_of(self, node: syntax.Expression) -> tuple[syntax.Name, Path]:
        """The same of an access that has been read."""
        steps: list[syntax.Step] = []
        while isinstance(node, syntax.EntryOf):
            steps.append(syntax.EntryStep(node.place, node.key))
            node = node.collection
        assert isinstance(node, syntax.Name)
        return node, tuple(reversed(steps))

    def _changed(
        self, start: Token, target: tuple[syntax.Name, Path], make: Callable[..., syntax.Statement]
    ) -> syntax.Statement:
        """The statement that changes the target; make: gives it for a place and a variable."""
        name, path = target
        place = self.span_from(start)
        if not path:
            return make(place, name)
        part = syntax.Name(name.place, syntax.PART, syntax.Scope.LOCAL)
        return syntax.ChangePart(place, name, path, make(place, part))

    # ____________________________________________________________ Set

    def _set_part(self, start: Token) -> syntax.Statement:
        name, path = self._target()
        is_entry = path and isinstance(path[-1], syntax.EntryStep)
        if self.token.kind == "=" and not is_entry:
            raise self.unexpected("expected `to`", fix=replacing(self.token.span, "to"))
        if is_entry and self.token.kind not in ("to", "using"):
            fix = replacing(self.token.span, "to") if self.token.kind == "=" else None
            raise self.unexpected("expected `to` and a value", fix=fix)
        value = self.assigned(start)
        return self._set_at(start, name, path, value)

    def _set_at(
        self, start: Token, name: syntax.Name, path: Path, value: syntax.Expression
    ) -> syntax.Statement:
        if not path:
            return syntax.Set(self.span_from(start), name, value)
        *outer, last = path

        def make(place: syntax.Place, target: syntax.Name) -> syntax.Statement:
            if isinstance(last, syntax.ItemStep):
                return syntax.SetItem(place, target, last.position, value)
            return syntax.SetEntry(place, target, last.key, value)

        return self._changed(start, (name, tuple(outer)), make)

    def assigned(self, start: Token) -> syntax.Expression:
        """`to` and a value, or `using` and a call."""
        if self.skip("using"):
            return self.call(self.token)
        self.skip("to")
        token = self.token
        if token.kind == ":":
            self.advance()
            return self.literal_list()
        if token.kind == "blank":
            self.advance()
            return syntax.Blank(token.span)
        return self.expression()

    def store(self, start: Token, value: syntax.Expression) -> syntax.Statement:
        """`store it in` and a target, behind a call and `and`."""
        self.advance()
        if self.token.kind == t.NAME:
            fix = inserting(self.end_of_last(), " in")
            raise self.unexpected("expected `in` and a variable", fix=fix)
        self.expect("in", "expected `in` and a variable")
        name, path = self._target()
        return self._set_at(start, name, path, value)

    def _loose_position(self) -> syntax.Position:
        """A position, in which `item` may be missing behind an ordinal."""
        token = self.token
        if token.kind in _ORDINALS and self.ahead().kind in ("of", t.NAME):
            self.advance()
            if token.kind == "last":
                return syntax.Last(token.span)
            return syntax.Literal(token.span, _ORDINALS.index(token.kind) + 1)
        return self.position()

    # ____________________________________________________________ Add, Update, Clear

    def _linking_word(self, kind: str) -> None:
        """The word in front of the collection, which may be missing where nothing else is."""
        if self.skip(kind):
            return
        if self.token.kind != t.NAME or self.ahead().kind not in (".", "with", "to", t.END):
            fix = None
            if self.token.kind in ("from", "in", "to", "of") and self.ahead().kind == t.NAME:
                fix = replacing(self.token.span, kind)
            raise self.unexpected(f"expected `{kind}` and the name of a list", fix=fix)
        if self.ahead().kind == kind:
            raise self.unexpected(f"expected `{kind}` and the name of a list")
        message, fix = f"`{kind}` is missing", inserting(self.end_of_last(), f" {kind}")
        expected = f"expected `{kind}` and the name of a list"
        self.faults.append(Fault(self.token.span, message, expected, is_error=False, fix=fix))

    def add(self) -> syntax.Statement:
        """Add."""
        start = self.advance()
        value = self.expression()
        if self.token.kind == ":" and self.last.kind == t.TEXT:
            raise self.unexpected(f"expected Add {self.last.text} to ... with and a value")
        self._linking_word("to")
        target = self._target()
        if not self.skip("with"):
            return self._changed(
                start, target, lambda place, name: syntax.AddItem(place, name, value)
            )
        self.skip("value")
        content = self.expression()
        return self._changed(
            start, target, lambda place, name: syntax.SetEntry(place, name, value, content)
        )

    def update(self) -> syntax.Statement:
        """Update."""
        start = self.advance()
        key = self.expression()
        self._linking_word("in")
        target = self._target()
        self.skip("to")
        value = self.expression()
        return self._changed(
            start, target, lambda place, name: syntax.SetEntry(place, name, key, value)
        )

    def clear(self) -> syntax.Statement:
        """Clear."""
        start = self.advance()
        self.filler("all")
        if self.is_word("entries", "items") and self.ahead().kind == "from":
            self.filler("all")
            self.advance()
            self.advance()
        return self._changed(start, self._target(), syntax.Clear)

    # ____________________________________________________________ Insert

    def insert(self) -> syntax.Statement:
        """Insert."""
        start = self.advance()
        value = self.expression()
        if self.token.kind == "to" and self.ahead().kind == t.NAME:
            hint = "expected `at position ... in`, or Add"
            raise self.unexpected(hint, fix=replacing(start.span, "Add"))
        if self.token.kind == "in" or (self.token.kind == t.NAME and self.filler("into")):
            return self._insert_in(start, value)
        after = self.filler("after")
        self.filler("at", "before")
        if self.is_word(*_ENDS) and self.ahead().kind in ("of", "in"):
            return self._insert_at_end(start, value)
        if self.token.kind == t.NAME and self.token.value.lower() == "position":
            self.advance()
            after = self.filler("after") or after
        position, target = self._insert_position()
        return self._inserted(start, value, target, position, after)

    def _insert_in(self, start: Token, value: syntax.Expression) -> syntax.Statement:
        """`Insert x in l at position n`."""
        self.skip("in")
        target = self._target()
        after = self.filler("after")
        self.filler("at", "before")
        if self.is_word("position"):
            self.advance()
            after = self.filler("after") or after
        position = self._loose_position() if self.begins_position() else self.expression()
        return self._inserted(start, value, target, position, after)

    def begins_position(self) -> bool:
        """Whether an item's position comes next, and not just a number."""
        return self.token.kind == "item" or self._is_ordinal(self.token)

    def _inserted(
        self,
        start: Token,
        value: syntax.Expression,
        target: tuple[syntax.Name, Path],
        position: syntax.Position,
        after: bool,
    ) -> syntax.Statement:
        """The Insert in front of the position, or behind it."""

        def make(place: syntax.Place, name: syntax.Name) -> syntax.Statement:
            if isinstance(position, syntax.Last):
                length = syntax.Call(position.place, "len", (name,), (), True)
                back = position.before - after
                at: syntax.Expression = length
                if back:
                    number = syntax.Literal(position.place, abs(back))
                    operator = BinaryOperator.SUBTRACT if back > 0 else BinaryOperator.ADD
                    at = syntax.Binary(position.place, operator, length, number)
                return syntax.InsertItem(place, name, at, value)
            at = position
            if after:
                one = syntax.Literal(position.place, 1)
                at = syntax.Binary(position.place, BinaryOperator.ADD, position, one)
            return syntax.InsertItem(place, name, at, value)

        return self._changed(start, target, make)

    def _insert_position(self) -> tuple[syntax.Position, tuple[syntax.Name, Path]]:
        """The position, and the list behind it."""
        if self.begins_position():
            position = self._loose_position()
            if not self.skip("of"):
                self._linking_word("in")
            return position, self._target()
        position = self.expression()
        self._linking_word("in")
        return position, self._target()

    def _insert_at_end(self, start: Token, value: syntax.Expression) -> syntax.Statement:
        word = self.advance()
        self.advance()
        target = self._target()
        if word.value.lower() in ("end", "back"):
            return self._changed(
                start, target, lambda place, name: syntax.AddItem(place, name, value)
            )
        first = syntax.Literal(word.span, 1)
        return self._changed(
            start, target, lambda place, name: syntax.InsertItem(place, name, first, value)
        )

    # ____________________________________________________________ Remove

    def remove(self) -> syntax.Statement:
        """Remove."""
        start = self.advance()
        all_of_them = self.filler("all")
        token = self.token
        if token.kind == "item" or self._is_ordinal(token):
            position = self.position()
            if self.skip("from"):
                return self._changed(
                    start,
                    self._target(),
                    lambda place, name: syntax.RemoveAt(place, name, position),
                )
            self.expect("of", "expected `of` or `from` and a list")
            if self._removes_here():
                return self._changed(
                    start,
                    self._target(),
                    lambda place, name: syntax.RemoveAt(place, name, position),
                )
            value: syntax.Expression = syntax.ItemOf(
                self.span_from(token), self.expression(10), position
            )
        else:
            value = self.expression()
        self._linking_word("from")
        if all_of_them:
            return self._changed(
                start, self._target(), lambda place, name: syntax.RemoveAll(place, name, value)
            )
        return self._changed(
            start, self._target(), lambda place, name: syntax.Remove(place, name, value)
        )

    def _removes_here(self) -> bool:
        """Whether `Remove the first item of l.` ends there, so that it means `from`."""
        return self.token.kind == t.NAME and self.ahead().kind in (".", t.END)
