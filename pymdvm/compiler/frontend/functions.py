"""Functions: a heading, the body in a <details> block or behind a colon, and the sections."""

from __future__ import annotations

from typing import NamedTuple

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.control import Block, Control
from pymdvm.compiler.frontend.faults import A_BLOCK, Fault, Stop
from pymdvm.compiler.frontend.fixes import Fix, inserting
from pymdvm.compiler.frontend.syntax import Kind, Place, Span
from pymdvm.compiler.frontend.tokens import Token

_NO_BODY = "expected <details> and the body, whose lines begin with >"
_NO_END = "expected </details> after the body, whose lines begin with >"


class Heading(NamedTuple):
    """A function's kind and name, and where they stand."""

    place: Span
    name: str


class Functions(Control):
    """Parses functions."""

    def function(self) -> syntax.Function | None:
        """The function whose heading is next; None if it has a fault, which is noted."""
        is_told = self.token.bare
        try:
            heading = self._heading()
        except Stop as stop:
            self.faults.append(stop.fault)
            self._to_next_heading()
            return None
        inputs: list[syntax.Parameter] = []
        outputs: list[Kind] = []
        try:
            self._sections(inputs, outputs)
            body = self._body(heading)
        except Stop as stop:
            if not is_told:
                self.faults.append(stop.fault)
            self._to_next_heading()
            return None
        self._sections(inputs, outputs)
        return syntax.Function(
            heading.place, heading.name, tuple(inputs), body, tuple(dict.fromkeys(outputs))
        )

    def _heading(self) -> Heading:
        start = self.advance()
        if not start.value:
            raise self.unexpected("expected a colon", fix=inserting(self.end_of_last(), ":"))
        if self.token.kind != t.NAME or self.token.line != start.line:
            raise self.unexpected("expected the name of a function in backticks")
        name = self.advance()
        while self.token.line == name.line and self.token.kind in (".", t.BAD):
            self.advance()
        return Heading(self.span_from(start), name.value)

    def _to_next_heading(self) -> None:
        """Leave out the rest of a faulty function, but for what is wrong in its blocks."""
        while self.token.kind not in (t.FUNCTION, t.HEADING, t.END):
            token = self.advance()
            if token.kind == t.DETAILS_END:
                while self.token.kind == t.SECTION:
                    self._section([], [])
                return

    # ____________________________________________________________ the body

    def _body(self, heading: Heading) -> Block:
        while self.token.kind == t.BREAK and self.token.depth == 0:
            self.advance()
        if not self.skip(t.DETAILS):
            if self._has_before_heading(t.DETAILS):
                raise self.unexpected(_NO_BODY)
            message = f"`{heading.name}` has no body"
            raise Stop(Fault(heading.place, message, _NO_BODY, fix=self._fix_of_body()))
        while self.token.kind == t.BREAK and self.ahead().kind in (t.BREAK, t.DETAILS_END):
            self.advance()
        if self.token.kind == t.BREAK and self.token.depth == 1:
            self.advance()
            body = self.statements(1)
        elif self.token.kind == t.BREAK and self.token.depth > 1:
            body = self.statements(1)
        else:
            body = ()
        end = self.end_of_last()
        while self.token.kind == t.BREAK:
            if self.ahead().kind not in (t.BREAK, t.DETAILS_END):
                break
            self.advance()
        if not self.skip(t.DETAILS_END):
            if self._has_before_heading(t.DETAILS_END):
                raise self.unexpected(_NO_END)
            fix = inserting(end, "\n\n</details>") if body else None
            message = f"the body of `{heading.name}` has no end"
            raise Stop(Fault(heading.place, message, _NO_END, fix=fix))
        return body

    def _fix_of_body(self) -> Fix | None:
        """Tags around the block that stands where the body should."""
        if self.token.kind != t.BREAK:
            return None
        first = last = self.ahead()
        steps = 1
        while self.ahead(steps).kind not in t.STRUCTURE or self.ahead(steps).kind == t.BREAK:
            if self.ahead(steps).kind == t.BREAK and self.ahead(steps).depth == 0:
                break
            last = self.ahead(steps)
            steps += 1
        lines = self.lines_from(first.line, last.end_line - first.line + 1)
        end = Place(last.end_line, len(lines[-1]) + 1)
        text = "\n".join(("<details>", "", *lines, "", "</details>"))
        return Fix(Place(first.line, 1), end, text)

    def _has_before_heading(self, kind: str) -> bool:
        """Whether such a word stands in front of the next heading."""
        steps = 0
        while self.ahead(steps).kind not in (kind, t.FUNCTION, t.HEADING, t.END):
            steps += 1
        return self.ahead(steps).kind == kind

    def short_function(self) -> syntax.Function | None:
        """`Action name with parameters:` and a block."""
        start = self.token
        index = self._index
        try:
            self.advance()
            name = self.expect(t.NAME, "expected the name of a function in backticks")
            parameters = []
            if self.skip("with"):
                parameters.append(self._short_parameter())
                while self.token.kind in (",", "and"):
                    self.advance()
                    parameters.append(self._short_parameter())
            if self.token.kind == "(":
                raise self.unexpected("expected `with` and the parameters", fix=self._with())
            place = self.span_from(start)
            self._colon("the function's name and its parameters")
            if self.token.kind != t.BREAK:
                raise self.unexpected(A_BLOCK)
            return syntax.Function(place, name.value, tuple(parameters), self.block(start))
        except Stop as stop:
            self.faults.append(stop.fault)
            self._recover(index)
            return None

    def _with(self) -> Fix | None:
        """Parameters in parentheses, as they are written here."""
        steps, words = 1, []
        while self.ahead(steps).kind not in (")", ":", t.END):
            words.append(self.ahead(steps).text)
            steps += 1
        if self.ahead(steps).kind != ")":
            return None
        written = " ".join(words).replace(" ,", ",")
        end = Place(*self.ahead(steps).span.end)
        return Fix(self.end_of_last(), end, f" with {written}" if words else "")

    def _short_parameter(self) -> syntax.Parameter:
        name = self.expect(t.NAME, "expected the name of a parameter in backticks")
        kinds = self.kinds() if self.skip("as") else ()
        default = self.expression(3) if self.skip("=") else None
        return syntax.Parameter(self.span_from(name), name.value, kinds, default)

    # ____________________________________________________________ sections

    def _sections(self, inputs: list[syntax.Parameter], outputs: list[Kind]) -> None:
        while True:
            if self.token.kind == t.BREAK and self.ahead().kind in (t.SECTION, t.BREAK):
                self.advance()
            elif self.token.kind == t.SECTION:
                self._section(inputs, outputs)
            else:
                return

    def _section(self, inputs: list[syntax.Parameter], outputs: list[Kind]) -> None:
        is_input = self.advance().value == "input"
        while self.token.kind == "-" and self.token.first:
            self.advance()
            try:
                if is_input:
                    inputs.append(self._input())
                else:
                    outputs.extend(self._output())
                self._end_of_declaration()
            except Stop as stop:
                self.faults.append(stop.fault)
                self._skip_declaration()

    def _end_of_declaration(self) -> None:
        token = self.token
        self.skip(".")
        token = self.token
        if not token.first and token.kind not in t.STRUCTURE:
            fix, value = None, self.ahead()
            if token.kind == "=" and (self.ahead(2).first or self.ahead(2).kind in t.STRUCTURE):
                text = f"(default: {value.text})"
                fix = Fix(Place(*token.span), Place(*value.span.end), text)
            expected = "expected (required), (optional) or (default: VALUE)"
            raise self.unexpected(expected, fix=fix)

    def _skip_declaration(self) -> None:
        while not self.token.first and self.token.kind not in t.STRUCTURE:
            self.advance()

    def _skip_text(self) -> None:
        """The description behind a colon: prose to the end of the line."""
        line = self.last.line
        while True:
            self._meant.update(id(filler) for filler in self.token.before if filler.line == line)
            if self.token.line != line or self.token.kind in t.STRUCTURE:
                return
            self.advance()

    def _input(self) -> syntax.Parameter:
        token = self.token
        if token.kind != t.NAME:
            raise self.unexpected("expected a name in backticks")
        self.advance()
        default: syntax.Expression | None = None
        if self.token.kind == "(":
            self.advance()
            kinds = self.kinds()
            self.expect(")", "expected a closing parenthesis")
        else:
            self._as()
            kinds = self.kinds()
            if self.token.kind == "(":
                default = self._declared_default()
        place = self.span_from(token)
        if self.token.kind == ":":
            self.advance()
            self._skip_text()
        return syntax.Parameter(place, token.value, kinds, default)

    def _as(self) -> None:
        """The word in front of a declaration's kind."""
        if self.skip("as"):
            return
        expected = "expected `as` and a kind"
        if self.token.first or self.token.kind in t.STRUCTURE:
            end = self.end_of_last()
            fault = Fault(
                end, "the declaration has no kind", expected, fix=inserting(end, " as Any")
            )
            raise Stop(fault)
        is_kind = self.ahead().kind in t.KIND_KEYWORDS
        fix = Fix(self.end_of_last(), Place(*self.token.span.end), " as") if is_kind else None
        if self.token.kind in t.KIND_KEYWORDS:
            fix = inserting(self.end_of_last(), " as")
        raise self.unexpected(expected, fix=fix)

    def _output(self) -> tuple[Kind, ...]:
        token = self.token
        if token.bare and token.value.lower() == "returns" or token.kind == "give back":
            self.advance()
            kinds = self.kinds()
        elif token.kind == t.NAME:
            self.advance()
            if self.token.first or self.token.kind in t.STRUCTURE or self.token.kind in (".", ":"):
                # A name alone says nothing.
                if self.skip(":"):
                    self._skip_text()
                return ()
            if self.token.kind == "(":
                self.advance()
                kinds = self.kinds()
                self.expect(")", "expected a closing parenthesis")
            else:
                self._as()
                kinds = self.kinds()
        else:
            kinds = self.kinds()
        if self.token.kind == "(":
            self._declared_default()
        if self.token.kind == ":":
            self.advance()
            self._skip_text()
        return kinds

    def _declared_default(self) -> syntax.Expression | None:
        """What stands in parentheses behind a declaration."""
        self.advance()
        default: syntax.Expression | None = None
        if self.skip("optional") or self.skip("required"):
            self.skip(",")
        if self.token.kind == "default":
            self.advance()
            if not self.skip(":"):
                fix = inserting(self.end_of_last(), ":")
                raise self.unexpected("expected a colon after `default`", fix=fix)
            default = self.expression()
        if not self.skip(")"):
            raise self.unexpected("expected (required), (optional) or (default: VALUE)")
        return default


def misplaced(token: Token) -> Fault:
    """A function inside a block."""
    return Fault(token.span, "a function cannot stand inside a block", "expected it at top level")
