"""Lists as other languages write them, as this one does."""

from __future__ import annotations

from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.comparisons import Comparisons
from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.frontend.tokens import Token


class OtherLists(Comparisons):
    """Knows them."""

    def listed(self, start: Token, end: Token | None = None) -> Fix | None:
        """The words from one on as a list in brackets, up to what closes it, if they are simple.
        end: the word behind the last one, if nothing closes it.
        """
        items = []
        steps = 0
        while self._tokens[self._index - 1 - steps] is not start:
            steps += 1
        steps = -steps if end is None else -steps - 1
        while True:
            token = self.ahead(steps)
            if token is end or (end is None and token.kind in (")", "]", "}")):
                break
            if token.kind in (t.NUMBER, t.TEXT, t.YES_NO, t.NAME):
                items.append(token.text)
            elif token.kind != ",":
                return None
            steps += 1
        close = Place(*token.span) if end is not None else Place(*token.span.end)
        return Fix(Place(*start.span), close, f"[{', '.join(items)}]") if items else None

    def braces(self) -> tuple[str, Token, Fix | None]:
        """A list or dictionary of another language."""
        token = self.token
        pairs, steps = [], 1
        while self.ahead(steps + 1).kind == ":":
            pairs.append(f"- {self.ahead(steps).text}: {self.ahead(steps + 2).text}")
            steps += 3
            if self.ahead(steps).kind != ",":
                break
            steps += 1
        if not pairs:
            self.advance()
            return "a list stands in brackets: [1, 2]", token, self.listed(token)
        hint = 'the entries of a named list stand below `to:`, each as - "key": value'
        closing, period = self.ahead(steps), self.ahead(steps + 1)
        if self.last.kind != "to" or closing.kind != "}" or period.kind != ".":
            return hint, token, None
        text = "\n".join([":", *pairs])
        return hint, token, Fix(self.end_of_last(), Place(*period.span.end), text)
