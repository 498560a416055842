"""Statements with blocks, and how blocks stand: by the number of marks of their lines."""

from __future__ import annotations

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.faults import A_BLOCK, Fault, Stop
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.statements import Statements
from pymdvm.compiler.frontend.syntax import Place, UnaryOperator
from pymdvm.compiler.frontend.tokens import Token

Block = tuple[syntax.Statement, ...]

_COMPARATIVES = ("greater", "less", "larger", "smaller", "bigger", "higher", "lower", "fewer")
# What a block without marks ends in front of, and how long one is that is still understood.
_OTHER_BLOCKS = ("else", "otherwise", "if ", "when", "while ", "for each")
_MOST_LINES = 100
_HEADERS = frozenset({"if", "while", "for"})
# So many blocks in each other, and so many parts of a value, are more than anybody writes.
_LIMIT = "the program is nested too deeply"


class Control(Statements):
    """Parses statements of all sorts."""

    def statements(self, depth: int) -> Block:
        """The statements of lines with so many marks, up to a line with fewer, or to a heading or
        tag.
        """
        made: list[syntax.Statement] = []
        outer, self.depth = self.depth, depth
        while True:
            token = self.token
            if token.kind == t.BREAK:
                if token.depth < depth:
                    break
                self.advance()
                if token.depth > depth:
                    self._too_deep(token, depth)
                continue
            if token.kind in t.STRUCTURE:
                break
            if token.kind == ".":
                self.advance()
                continue
            statement = self.statement()
            if statement is not None:
                made.append(statement)
        self.depth = outer
        return tuple(made)

    def _too_deep(self, token: Token, depth: int) -> None:
        """Lines that are deeper than a header has said."""
        marks = "a line without >" if depth == 0 else f"{depth} > in front of this line"
        shown = self._shown(self.token)
        self.faults.append(
            Fault(self.token.span, f"unexpected {shown}", f"expected {marks}, not {token.depth}")
        )
        self.statements(token.depth)

    def statement(self) -> syntax.Statement | None:
        """The next statement; None if it has a fault, which is noted."""
        start = self._index
        try:
            if self.token.kind in _HEADERS:
                return self._header()
            return self.simple_statement()
        except Stop as stop:
            self.faults.append(stop.fault)
            self._recover(start)
            return None

    def _recover(self, start: int) -> None:
        """Go on behind the faulty statement."""
        is_header = self._tokens[start].kind in (*_HEADERS, "else")
        if self._index == start:
            self.advance()
        while True:
            token = self.token
            if token.kind in t.STRUCTURE:
                break
            if token.kind == "." and (self.ahead().first or self.ahead().kind in t.STRUCTURE):
                self.advance()
                break
            if token.kind == "." and self.begins_statement(self.ahead()):
                self.advance()
                break
            if (
                token.first
                and token.kind not in ("-", t.NUMBER)
                and (
                    token.paragraph != self.last.paragraph
                    or (self.begins_statement(token) and token.line > self.last.line)
                )
            ):
                break
            self.advance()
        if any(self._tokens[index].kind == ":" for index in range(start, self._index)):
            self._drop_items()
        # What other languages begin a block with is told once, too.
        is_header = is_header or self.last.kind == ":"
        if is_header and self.token.kind == t.BREAK and self.token.depth > self.depth:
            depth = self.token.depth
            self.advance()
            self.statements(depth)
            self._drop_else()

    def _drop_items(self) -> None:
        """Pass the items of a list in which something is wrong, behind that one."""
        while self.token.first and self.token.kind in ("-", t.NUMBER):
            line = self.token.line
            while self.token.line == line and self.token.kind not in t.STRUCTURE:
                self.advance()

    def _drop_else(self) -> None:
        """Pass an Else that belongs to a faulty If."""
        while self._else_follows():
            while self.token.kind not in t.STRUCTURE and self.token.kind != ":":
                self.advance()
            self.skip(":")
            if self.token.kind == t.BREAK and self.token.depth > self.depth:
                depth = self.token.depth
                self.advance()
                self.statements(depth)

    # ____________________________________________________________ blocks

    def block(self, header: Token) -> Block:
        """The block behind a header, whose colon has been passed: a simple statement behind it on
        its line, or lines with one more mark.
        """
        depth = self.depth
        token = self.token
        is_behind = token.line == self.last.line and token.kind not in _HEADERS
        if is_behind and self.begins_statement(token):
            return (self.simple_statement(),)
        if token.kind != t.BREAK or token.depth <= depth:
            raise self.unexpected(A_BLOCK, fix=self._fix_of_marks())
        self.advance()
        if token.depth > depth + 1:
            raise Stop(
                Fault(
                    self.token.span,
                    f"unexpected {self._shown(self.token)}",
                    f"expected {depth + 1} > in front of this line, not {token.depth}",
                    fix=self.less_deep(self.token.line, token.depth - depth - 1),
                )
            )
        faults = len(self.faults)
        made = self.statements(depth + 1)
        if not made and len(self.faults) == faults:
            raise self.unexpected(A_BLOCK)
        return made

    def _header(self) -> syntax.Statement:
        token = self.token
        if token.kind == "if":
            return self._if()
        return self._while() if token.kind == "while" else self._for_each()

    def _colon(self, after: str) -> None:
        if self.skip(":"):
            return
        expected = f"expected a colon after {after}"
        if self.token.kind in t.STRUCTURE:
            end = self.end_of_last()
            raise Stop(Fault(end, "the header has no end", expected, fix=inserting(end, ":")))
        raise self._no_condition_end(expected)

    def _no_condition_end(self, expected: str) -> Stop:
        """What to say of the word behind a condition, where a colon should be."""
        token = self.token
        if token.kind == "=":
            return self.unexpected("compare with `equals`", fix=replacing(token.span, "equals"))
        if token.bare and token.value.lower() == "equal":
            return self.unexpected("expected `equals`", fix=replacing(token.span, "equals"))
        if self.last.bare and self.last.value.lower() in _COMPARATIVES:
            fix = inserting(self.end_of_last(), " than")
            return self.unexpected(f"expected `{self.last.text} than`", fix=fix)
        if token.kind == t.BREAK or token.first:
            fix = self._fix_of_marks(":") or inserting(self.end_of_last(), ":")
            return self.unexpected(expected, fix=fix)
        if token.kind == ",":
            return self.unexpected(expected, fix=replacing(token.span, ":"))
        if token.kind == "{":
            self.in_braces = True
            return self.unexpected(f"{expected}; {A_BLOCK}", fix=self._fix_of_braces())
        advice = self.habit()
        return self.unexpected(*(advice[:1] if advice else (expected,)), fix=advice and advice[1])

    def _fix_of_braces(self) -> Fix | None:
        """A colon and marks, where braces stand around lines without others."""
        first = self.token.line + 1
        lines = self.lines_from(first, _MOST_LINES)
        stripped = [line.strip("> \t\r") for line in lines]
        if "}" not in stripped:
            return None
        inside = stripped[: stripped.index("}")]
        if any("{" in line or "}" in line for line in inside):
            return None
        marks = "> " * (self.depth + 1)
        end = Place(first + len(inside), len(lines[len(inside)]) + 1)
        return Fix(self.end_of_last(), end, "\n".join((":", *(marks + line for line in inside))))

    def _fix_of_marks(self, colon: str = "") -> Fix | None:
        """Marks in front of the lines that are meant to be the block, up to an empty line."""
        token = self.ahead() if self.token.kind == t.BREAK else self.token
        if token.kind in t.STRUCTURE or token.line != self.last.end_line + 1:
            return None
        lines = self.lines_from(token.line, _MOST_LINES)
        depth = len(lines[0]) - len(lines[0].lstrip("> \t"))
        marked = []
        for line in lines:
            text = line.lstrip("> \t")
            if not text.strip() or text.lower().startswith(_OTHER_BLOCKS):
                break
            if len(line) - len(text) != depth:
                return None
            marked.append("> " * (self.depth + 1) + text)
        if not marked or len(marked) == _MOST_LINES:
            return None
        end = Place(token.line + len(marked) - 1, len(lines[len(marked) - 1]) + 1)
        return Fix(self.end_of_last(), end, "\n".join([colon, *marked]))

    # ____________________________________________________________ If

    def _if(self) -> syntax.Statement:
        start = self.advance()
        condition = self.expression()
        comma = self.skip(",")
        if self.token.kind == "then" and self.last.bare and self.last.value in _COMPARATIVES:
            fix = replacing(self.token.span, "than")
            raise self.unexpected(f"expected `{self.last.text} than`", fix=fix)
        then = self.skip("then")
        comma = self.skip(",") or comma
        place = self.span_from(start)
        if self.token.kind == t.BREAK and self.token.depth == self.depth + 1:
            return self._with_else(start, place, condition, self.block(start))
        if self.token.kind == ":":
            self.advance()
            return self._with_else(start, place, condition, self.block(start))
        if not comma and not then:
            expected = "expected a colon after the condition"
            raise self._no_condition_end(expected)
        body = self._if() if self.token.kind == "if" else self.simple_statement()
        return self._with_else(start, place, condition, (body,))

    def _with_else(
        self, start: Token, place: syntax.Span, condition: syntax.Expression, then: Block
    ) -> syntax.Statement:
        otherwise: Block = ()
        if self._else_follows():
            otherwise = self._otherwise()
        return syntax.If(place, condition, then, otherwise)

    def _else_follows(self) -> bool:
        """Whether an Else of this depth is next, which is made the next word."""
        token = self.token
        if token.kind == t.BREAK:
            following = self.ahead()
            if token.depth != self.depth or following.kind != "else":
                return False
            self.advance()
            return True
        return token.kind == "else" and token.depth == self.depth

    def _otherwise(self) -> Block:
        start = self.advance()
        self.skip(",")
        if self.token.kind == "if":
            return (self._if(),)
        if self.skip(":") or (self.token.kind == t.BREAK and self.token.depth > self.depth):
            return self.block(start)
        following = self.token
        if following.line == start.line and self.begins_statement(following):
            return (self.simple_statement(),)
        end = self.end_of_last()
        raise self.unexpected("expected a colon after Else", fix=inserting(end, ":"))

    # ____________________________________________________________ loops

    def _while(self) -> syntax.Statement:
        start = self.advance()
        condition = self.expression()
        self._colon("the condition")
        place = self.span_from(start)
        return syntax.While(place, condition, self.block(start))

    def _for_each(self) -> syntax.Statement:
        start = self.advance()
        if self.token.kind != "each":
            each = inserting(Place(*start.span.end), " each")
            raise self.unexpected("expected `each`", next(iter(self.token.before), None), each)
        self.advance()
        is_in = self.token.kind == "in" and not self.token.before
        if is_in and self.ahead().kind in (t.NAME, t.POSSESSOR, "["):
            raise self.unexpected("expected the name of a variable in backticks")
        item = self.variable()
        if self.token.kind == "from":
            return self._range(start, item)
        if self.token.kind != "in":
            raise self.unexpected("expected `in`", fix=self._fix_of_each(item))
        in_ = self.advance()
        collection = self.expression()
        if self.token.kind == "to" or self._is_range():
            end = self.token.span if self.last is in_ else self.last.span
            hint = "expected `from` and the first number"
            is_number = self.token.kind == "to" or self.token.kind == t.NUMBER
            start_of_range = Place(*(end if self.token.kind == "to" else self.token.span))
            fix = Fix(Place(*in_.span), start_of_range, "from ") if is_number else None
            raise self.unexpected(hint, in_, fix)
        self._colon("the list")
        place = self.span_from(start)
        return syntax.ForEach(place, item, collection, self.block(start))

    def _is_range(self) -> bool:
        """Whether `range` stands where a list should."""
        return self.last.bare and self.last.value == "range" and self.last.value not in self.defined

    def _fix_of_each(self, item: syntax.Name) -> Fix | None:
        token = self.token
        if token.kind == "of":
            return replacing(token.span, "in")
        if token.kind == t.NAME and not token.bare:
            # `For each number `n` in`: the word in front of the name is left out.
            return Fix(Place(*item.place), Place(*token.span), "")
        return None

    def _range(self, start: Token, item: syntax.Name) -> syntax.Statement:
        self.advance()
        first = self.expression()
        down = self.token.kind == "to" and self.filler("down")
        self.filler("up")
        until = next((each for each in self.token.before if each.text == "until"), None)
        if until is not None and self.token.kind != "to":
            fix = replacing(until.span, "to")
            raise self.stop(until, "unexpected until", "expected `to` and the last number", fix=fix)
        self.expect("to", "expected `to` and the last number")
        self._ends_at_by = True
        try:
            last = self.expression()
        finally:
            self._ends_at_by = False
        step: syntax.Expression | None = None
        if self.filler("by"):
            step = self.expression()
        if down:
            one = syntax.Literal(self.last.span, 1)
            step = syntax.Unary(self.last.span, UnaryOperator.NEGATE, step or one)
        self._colon("the range")
        place = self.span_from(start)
        return syntax.ForRange(place, item, first, last, step, self.block(start))
