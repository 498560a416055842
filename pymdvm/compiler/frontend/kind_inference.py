"""Which kind of value an expression gives, as far as literals and declarations say."""

from __future__ import annotations

from collections.abc import Mapping

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.built_ins import KIND_OF_RESULT
from pymdvm.compiler.frontend.scopes import Variables
from pymdvm.compiler.frontend.syntax import BinaryOperator, Function, Kind, Scope
from pymdvm.compiler.frontend.tree import left_side
from pymdvm.values import URL

NUMBERS = frozenset({Kind.WHOLE_NUMBER, Kind.FLOAT, Kind.NUMBER})
TEXTS = frozenset({Kind.TEXT, Kind.URL, Kind.DATE, Kind.DATETIME, Kind.TIME})
ARITHMETIC = frozenset(
    {
        BinaryOperator.SUBTRACT,
        BinaryOperator.MULTIPLY,
        BinaryOperator.DIVIDE,
        BinaryOperator.REMAINDER,
        BinaryOperator.POWER,
    }
)
_ALWAYS_YES_NO = frozenset(BinaryOperator) - ARITHMETIC - {BinaryOperator.ADD, BinaryOperator.JOIN}


class KindInference:
    """Knows what the declarations of one scope say."""

    def __init__(
        self, functions: Mapping[str, Function], variables: Variables, own: Variables
    ) -> None:
        self._functions = functions
        self._globals = variables
        self._locals = own
        # Of each Binary, by identity: the tree stays as it is meanwhile.
        self._kinds: dict[int, Kind | None] = {}

    def declared(self, name: syntax.Name) -> tuple[Kind, ...]:
        variables = self._locals if name.scope is Scope.LOCAL else self._globals
        return variables[name.name].kinds if name.name in variables else ()

    def kind_of(self, node: syntax.Expression) -> Kind | None:
        """The one kind that the expression is known to be of, None if nothing certain is known."""
        if isinstance(node, syntax.Literal):
            return _kind_of_literal(node)
        if isinstance(node, syntax.Name):
            return _only(self.declared(node))
        if isinstance(node, syntax.Call) and node.built_in:
            return self._kind_of_built_in(node)
        if isinstance(node, syntax.Call):
            return (
                _only(self._functions[node.function].gives)
                if node.function in self._functions
                else None
            )
        if isinstance(node, (syntax.ListLiteral, syntax.NamesOf, syntax.ContentsOf)):
            return Kind.LIST
        if isinstance(node, syntax.EmptySet):
            return Kind.SET
        if isinstance(node, syntax.Kept):
            return self.kind_of(node.value)
        if isinstance(node, syntax.FunctionName):
            return Kind.FUNCTION
        if isinstance(node, syntax.NamedListLiteral):
            return Kind.NAMED_LIST
        if isinstance(node, (syntax.KindCheck, syntax.Contains)):
            return Kind.YES_NO
        if isinstance(node, syntax.Unary):
            return (
                Kind.YES_NO
                if node.operator is syntax.UnaryOperator.NOT
                else self.kind_of(node.operand)
            )
        if isinstance(node, syntax.Binary):
            return self._kind_of_sum(node)
        return None

    def _kind_of_built_in(self, node: syntax.Call) -> Kind | None:
        if node.function in ("slice", "reverse") and node.arguments:
            return self.kind_of(node.arguments[0])
        return KIND_OF_RESULT.get(node.function)

    def _kind_of_sum(self, node: syntax.Binary) -> Kind | None:
        """Of a Binary and all that it leans on; each is looked at once, however often its kind is
        asked for.
        """
        if id(node) in self._kinds:
            return self._kinds[id(node)]
        side = left_side(node)
        kind = self.kind_of(side[-1].left)
        for part in reversed(side):
            kind = self._kinds[id(part)] = _kind_of_result(
                part.operator, kind, self.kind_of(part.right)
            )
        return kind


def _kind_of_result(operator: BinaryOperator, left: Kind | None, right: Kind | None) -> Kind | None:
    if operator in _ALWAYS_YES_NO:
        return Kind.YES_NO
    if operator is BinaryOperator.JOIN:
        return Kind.TEXT
    if left in NUMBERS and right in NUMBERS:
        whole = left is right is Kind.WHOLE_NUMBER and operator is not BinaryOperator.POWER
        return Kind.WHOLE_NUMBER if whole else Kind.NUMBER
    return (
        Kind.TEXT if left in TEXTS and right in TEXTS and operator is BinaryOperator.ADD else None
    )


def _kind_of_literal(literal: syntax.Literal) -> Kind:
    value = literal.value
    if value is None:
        return Kind.EMPTY
    if isinstance(value, bool):
        return Kind.YES_NO
    if isinstance(value, int):
        return Kind.WHOLE_NUMBER
    if isinstance(value, URL):
        return Kind.URL
    return Kind.FLOAT if isinstance(value, float) else Kind.TEXT


def _only(kinds: tuple[Kind, ...]) -> Kind | None:
    return kinds[0] if len(kinds) == 1 else None
