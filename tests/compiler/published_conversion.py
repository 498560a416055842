"""From the published parser's tree to ours.

The nodes are told apart by the names of their classes, so that nothing of the published package is
imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.findings import Finding, Severity
from pymdvm.compiler.frontend.syntax import BinaryOperator, Kind, Place, UnaryOperator

_ORDINALS = {"first": 1, "second": 2, "third": 3}
_LAST = "last"

_KINDS = {kind.value: kind for kind in Kind}

_BINARY = {operator.value: operator for operator in BinaryOperator}

_FUNCTIONS = ("ActionStatement", "InteractionStatement", "UtilityStatement")


class Converter:
    """Converts one file's tree.

    place: gives the Place of a published token. findings: what cannot be converted; once there is
    one, the tree is not to be used.
    """

    def __init__(self, file: str, place: Callable[[Any], Place]) -> None:
        self.findings: list[Finding] = []
        self._file = file
        self._place = place

    def program(self, statements: Iterable[Any]) -> syntax.Program:
        """The whole tree; functions may stand between the statements of the top level."""
        functions: list[syntax.Function] = []
        body: list[syntax.Statement] = []
        for statement in statements:
            if type(statement).__name__ in _FUNCTIONS:
                functions.append(self._function(statement))
            else:
                body.extend(self._statement(statement))
        return syntax.Program(tuple(functions), tuple(body))

    def _error(self, node: Any, message: str, expected: str = "") -> None:
        self.findings.append(
            Finding(
                Severity.ERROR, "syntax", self._file, self._place(node.token), message, expected
            )
        )

    # ____________________________________________________________ functions

    def _function(self, node: Any) -> syntax.Function:
        gives = tuple(
            dict.fromkeys(kind for output in node.outputs for kind in _kinds(output.type_name))
        )
        return syntax.Function(
            self._place(node.token),
            node.name.value,
            tuple(self._parameter(parameter) for parameter in node.inputs),
            self._block(node.body),
            gives,
        )

    def _parameter(self, node: Any) -> syntax.Parameter:
        default = None if node.default_value is None else self._expression(node.default_value)
        return syntax.Parameter(
            self._place(node.token), node.name.value, _kinds(node.type_name), default
        )

    # ____________________________________________________________ statements

    def _block(self, node: Any) -> tuple[syntax.Statement, ...]:
        return (
            ()
            if node is None
            else tuple(made for statement in node.statements for made in self._statement(statement))
        )

    def _statement(self, node: Any) -> tuple[syntax.Statement, ...]:
        """The statement, or nothing if there is none to make; it is an error then."""
        name = type(node).__name__
        if name in _FUNCTIONS:
            self._error(node, "a function cannot stand inside a block", "expected it at top level")
            return ()
        convert = _STATEMENTS.get(name)
        if convert is None:
            self._error(node, "this is not a statement")
            return ()
        return (convert(self, node),)

    def _define(self, node: Any) -> syntax.Statement:
        default = None if node.initial_value is None else self._expression(node.initial_value)
        return syntax.Define(
            self._place(node.token),
            self._name(node.name),
            tuple(_KINDS[kind] for kind in node.type_spec),
            default,
        )

    def _set(self, node: Any) -> syntax.Statement:
        return syntax.Set(
            self._place(node.token), self._name(node.name), self._expression(node.value)
        )

    def _if(self, node: Any) -> syntax.Statement:
        return syntax.If(
            self._place(node.token),
            self._expression(node.condition),
            self._block(node.consequence),
            self._block(node.alternative),
        )

    def _while(self, node: Any) -> syntax.Statement:
        return syntax.While(
            self._place(node.token), self._expression(node.condition), self._block(node.body)
        )

    def _for_each(self, node: Any) -> syntax.Statement:
        return syntax.ForEach(
            self._place(node.token),
            self._name(node.item),
            self._expression(node.collection),
            self._block(node.body),
        )

    def _say(self, node: Any) -> syntax.Statement:
        return syntax.Say(self._place(node.token), self._expression(node.expression))

    def _give_back(self, node: Any) -> syntax.Statement:
        return syntax.GiveBack(self._place(node.token), self._expression(node.return_value))

    def _expression_statement(self, node: Any) -> syntax.Statement:
        expression = self._expression(node.expression)
        return syntax.ExpressionStatement(expression.place, expression)

    def _use(self, node: Any) -> syntax.Statement:
        call = self._call(node)
        return syntax.ExpressionStatement(call.place, call)

    def _mutation(self, node: Any) -> syntax.Statement:
        return _MUTATIONS[node.operation](self, node)

    def _add(self, node: Any) -> syntax.Statement:
        if node.position_type == "key":
            return self._update(node)
        return syntax.AddItem(
            self._place(node.token), self._name(node.collection), self._expression(node.value)
        )

    def _update(self, node: Any) -> syntax.Statement:
        return syntax.SetEntry(
            self._place(node.token),
            self._name(node.collection),
            self._expression(node.position),
            self._expression(node.value),
        )

    def _insert(self, node: Any) -> syntax.Statement:
        return syntax.InsertItem(
            self._place(node.token),
            self._name(node.collection),
            self._expression(node.position),
            self._expression(node.value),
        )

    def _set_item(self, node: Any) -> syntax.Statement:
        return syntax.SetItem(
            self._place(node.token),
            self._name(node.collection),
            self._position(node, node.position),
            self._expression(node.value),
        )

    def _remove(self, node: Any) -> syntax.Statement:
        return syntax.Remove(
            self._place(node.token), self._name(node.collection), self._expression(node.value)
        )

    def _clear(self, node: Any) -> syntax.Statement:
        return syntax.Clear(self._place(node.token), self._name(node.collection))

    # ____________________________________________________________ expressions

    def _expression(self, node: Any) -> syntax.Expression:
        convert = _EXPRESSIONS.get(type(node).__name__)
        if convert is None:
            if node is not None:
                self._error(node, "this is not a value", "expected a value")
            return syntax.Literal(Place(1, 1), None)
        return convert(self, node)

    def _name(self, node: Any) -> syntax.Name:
        return syntax.Name(self._place(node.token), node.value)

    def _literal(self, node: Any) -> syntax.Expression:
        return syntax.Literal(self._place(node.token), node.value)

    def _blank(self, node: Any) -> syntax.Expression:
        return syntax.Blank(self._place(node.token))

    def _list(self, node: Any) -> syntax.Expression:
        return syntax.ListLiteral(
            self._place(node.token), tuple(self._expression(element) for element in node.elements)
        )

    def _named_list(self, node: Any) -> syntax.Expression:
        return syntax.NamedListLiteral(
            self._place(node.token),
            tuple((name, self._expression(content)) for name, content in node.entries),
        )

    def _unary(self, node: Any) -> syntax.Expression:
        return syntax.Unary(
            self._place(node.token), UnaryOperator(node.operator), self._expression(node.right)
        )

    def _binary(self, node: Any) -> syntax.Expression:
        # A long sum leans to the left; going down its side by recursion would end at Python's
        # limit.
        side = [node]
        while type(side[-1].left) is type(node):
            side.append(side[-1].left)
        made = self._expression(side[-1].left)
        for part in reversed(side):
            made = syntax.Binary(
                self._place(part.token), _BINARY[part.operator], made, self._expression(part.right)
            )
        return made

    def _conditional(self, node: Any) -> syntax.Expression:
        consequence = self._expression(node.consequence)
        return syntax.Conditional(
            consequence.place,
            self._expression(node.condition),
            consequence,
            self._expression(node.alternative),
        )

    def _access(self, node: Any) -> syntax.Expression:
        place = self._place(node.token)
        if node.access_type == "property":
            return syntax.EntryOf(
                place, self._name(node.collection), syntax.Literal(place, node.accessor)
            )
        return syntax.ItemOf(
            place, self._expression(node.collection), self._position(node, node.accessor)
        )

    def _position(self, node: Any, position: Any) -> syntax.Position:
        """position: an ordinal, a number, or a published expression."""
        place = self._place(node.token)
        if position == _LAST:
            return syntax.Last(place)
        if isinstance(position, str):
            return syntax.Literal(place, _ORDINALS[position])
        if isinstance(position, int):
            return syntax.Literal(place, position)
        return self._expression(position)

    def _extraction(self, node: Any) -> syntax.Expression:
        make = syntax.NamesOf if node.extract_type == "names" else syntax.ContentsOf
        return make(self._place(node.token), self._expression(node.dictionary))

    def _kind_check(self, node: Any) -> syntax.Expression:
        return syntax.KindCheck(
            self._place(node.token), self._expression(node.operand), _KINDS[node.kind]
        )

    def _call(self, node: Any) -> syntax.Call:
        function = "" if node.function_name is None else node.function_name.value
        positional = node.arguments.positional if node.arguments else ()
        named = node.arguments.named if node.arguments else ()
        return syntax.Call(
            self._place(node.token),
            function,
            tuple(self._expression(argument) for argument in positional),
            tuple(
                syntax.NamedArgument(self._place(name.token), name.value, self._expression(value))
                for name, value in named
            ),
        )


def _kinds(names: str) -> tuple[Kind, ...]:
    return tuple(_KINDS[name] for name in names.split(" or "))


_STATEMENTS: dict[str, Callable[[Converter, Any], syntax.Statement]] = {
    "DefineStatement": Converter._define,
    "SetStatement": Converter._set,
    "IfStatement": Converter._if,
    "WhileStatement": Converter._while,
    "ForEachStatement": Converter._for_each,
    "SayStatement": Converter._say,
    "ReturnStatement": Converter._give_back,
    "CallStatement": Converter._use,
    "ExpressionStatement": Converter._expression_statement,
    "CollectionMutationStatement": Converter._mutation,
}

_MUTATIONS: dict[str, Callable[[Converter, Any], syntax.Statement]] = {
    "add": Converter._add,
    "update": Converter._update,
    "insert": Converter._insert,
    "set": Converter._set_item,
    "remove": Converter._remove,
    "clear": Converter._clear,
}

_EXPRESSIONS: dict[str, Callable[[Converter, Any], syntax.Expression]] = {
    "Identifier": Converter._name,
    "WholeNumberLiteral": Converter._literal,
    "FloatLiteral": Converter._literal,
    "StringLiteral": Converter._literal,
    "URLLiteral": Converter._literal,
    "YesNoLiteral": Converter._literal,
    "EmptyLiteral": Converter._literal,
    "BlankLiteral": Converter._blank,
    "OrderedListLiteral": Converter._list,
    "UnorderedListLiteral": Converter._list,
    "NamedListLiteral": Converter._named_list,
    "PrefixExpression": Converter._unary,
    "InfixExpression": Converter._binary,
    "ConditionalExpression": Converter._conditional,
    "CollectionAccessExpression": Converter._access,
    "DictExtraction": Converter._extraction,
    "_KindCheck": Converter._kind_check,
    "CallExpression": Converter._call,
}
