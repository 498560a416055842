"""Kinds of values: what literals and declarations say about them, checked against how they are
used.

Errors are only what is wrong on its face: a literal of another kind than the variable is declared
as, an integer that no value can hold, a position such as 0. What may well run, or is known only
from declarations, which nothing enforces at run time, is a warning. Of a union, and where nothing
is known, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from pymdvm.bytecode.model import I64_MAX, I64_MIN
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.findings import Finding, Severity
from pymdvm.compiler.frontend.fixes import Fix, inserting, replacing
from pymdvm.compiler.frontend.kind_inference import ARITHMETIC, NUMBERS, TEXTS, KindInference
from pymdvm.compiler.frontend.names import Resolution
from pymdvm.compiler.frontend.scopes import Variables
from pymdvm.compiler.frontend.syntax import (
    LIST_KINDS,
    BinaryOperator,
    Function,
    Kind,
    Place,
    UnaryOperator,
)
from pymdvm.compiler.frontend.tree import walk

# Sets of kinds whose values can take each other's place.
_FAMILIES = (
    NUMBERS,
    TEXTS,
    LIST_KINDS,
    *(frozenset({kind}) for kind in (Kind.NAMED_LIST, Kind.YES_NO, Kind.SET, Kind.FUNCTION)),
)
# Of these, most of a program, there is nothing to say by themselves.
_WITHOUT_KINDS = frozenset({syntax.Name, syntax.Say, syntax.If, syntax.While})
_NEVER_HELD = frozenset({Kind.DATE, Kind.DATETIME, Kind.TIME})

# Properties of values in other languages, and the phrases for them.
_SIZES = {"length": "length", "size": "length", "count": "length", "len": "length"}
_SIZES.update({"first": "first item", "last": "last item", "sum": "sum"})
_COMPARISONS = frozenset(
    {
        BinaryOperator.LESS,
        BinaryOperator.GREATER,
        BinaryOperator.LESS_OR_EQUAL,
        BinaryOperator.GREATER_OR_EQUAL,
    }
)


def check_kinds(resolution: Resolution, file: str) -> list[Finding]:
    """The findings about kinds in a resolved program, in no particular order."""
    program = resolution.program
    functions = {function.name: function for function in program.functions}
    findings = list(_Checker(file, functions, resolution.variables, {}).block(program.body))
    for name in sorted(resolution.own):
        function = functions[name]
        checker = _Checker(file, functions, resolution.variables, resolution.locals_of[name])
        findings.extend(checker.parameters(function))
        findings.extend(checker.block(function.body, function.gives))
    return findings


class _Checker:
    """Checks the statements of one scope; its methods give findings."""

    def __init__(
        self, file: str, functions: dict[str, Function], variables: Variables, own: Variables
    ) -> None:
        self._file = file
        self._functions = functions
        self._kinds = KindInference(functions, variables, own)

    def _error(self, code: str, place: Place, message: str, expected: str = "") -> Finding:
        return Finding(Severity.ERROR, code, self._file, place, message, expected)

    def _warning(self, code: str, place: Place, message: str, expected: str = "") -> Finding:
        return Finding(Severity.WARNING, code, self._file, place, message, expected)

    # ____________________________________________________________ statements

    def parameters(self, function: Function) -> Iterator[Finding]:
        for parameter in function.parameters:
            if parameter.default is not None:
                yield from self._assignment(parameter.name, parameter.kinds, parameter.default)
                yield from self.block(
                    (syntax.ExpressionStatement(parameter.place, parameter.default),)
                )

    def block(
        self, body: tuple[syntax.Statement, ...], gives: tuple[Kind, ...] = ()
    ) -> Iterator[Finding]:
        for node in walk(body):
            if type(node) not in _WITHOUT_KINDS:
                yield from self._node(node, gives)

    def _node(self, node: syntax.Node, gives: tuple[Kind, ...]) -> Iterator[Finding]:
        if isinstance(node, syntax.Literal):
            yield from self._range(node)
        elif isinstance(node, syntax.Define) and node.default is not None:
            yield from self._assignment(node.target.name, node.kinds, node.default)
        elif isinstance(node, syntax.Set):
            yield from self._assignment(
                node.target.name, self._kinds.declared(node.target), node.value
            )
        elif isinstance(node, syntax.GiveBack):
            yield from self._given_back(node, gives)
        elif isinstance(
            node,
            (syntax.ItemOf, syntax.SetItem, syntax.InsertItem, syntax.RemoveAt, syntax.ItemStep),
        ):
            yield from self._position(node)
        elif isinstance(node, syntax.Binary):
            yield from self._operands(node)
        elif isinstance(node, syntax.Unary):
            yield from self._negation(node)
        elif isinstance(node, syntax.Call):
            yield from self._arguments(node)
        elif isinstance(node, syntax.KindCheck) and node.kind in _NEVER_HELD:
            yield self._warning(
                "kind-check",
                node.place,
                f"no value is ever a {node.kind.value}",
                "it is always No; expected Text",
            )
        if isinstance(
            node,
            (
                syntax.SetEntry,
                syntax.AddItem,
                syntax.InsertItem,
                syntax.SetItem,
                syntax.Remove,
                syntax.RemoveAll,
                syntax.RemoveAt,
                syntax.Clear,
            ),
        ):
            yield from self._target(node)
        elif isinstance(
            node, (syntax.ForEach, syntax.ItemOf, syntax.EntryOf, syntax.NamesOf, syntax.ContentsOf)
        ):
            yield from self._collection(node)

    def _range(self, literal: syntax.Literal) -> Iterator[Finding]:
        value = literal.value
        if isinstance(value, int) and not I64_MIN <= value <= I64_MAX:
            yield self._error(
                "number-too-large",
                literal.place,
                f"{value} is too large for a Whole Number",
                f"expected {I64_MIN} to {I64_MAX}; a Float has a decimal point",
            )

    def _assignment(
        self, name: str, kinds: tuple[Kind, ...], value: syntax.Expression
    ) -> Iterator[Finding]:
        found = self._kinds.kind_of(value)
        if not kinds or found is None or _can_stand_for(found, kinds):
            return
        message = f"`{name}` is a {_listed(kinds)}, not a {found.value}"
        if _is_written_out(value):
            yield self._error("kind-mismatch", value.place, message, f"expected a {_listed(kinds)}")
        else:
            hint = _hint(name, kinds, value)
            is_list = not LIST_KINDS.isdisjoint(kinds) or Kind.NAMED_LIST in kinds
            if is_list and isinstance(value, (syntax.Unary, syntax.Binary)):
                hint = "if these are items, the colon behind `to` is missing"
            yield self._warning("kind-mismatch", value.place, message, hint)

    def _arguments(self, call: syntax.Call) -> Iterator[Finding]:
        """Arguments of other kinds than the parameters; a function may well do with them."""
        if call.built_in:
            return
        if call.function not in self._functions:
            return
        for parameter, argument in zip(self._functions[call.function].parameters, call.arguments):
            found = self._kinds.kind_of(argument)
            if parameter.kinds and found is not None and not _can_stand_for(found, parameter.kinds):
                yield self._warning(
                    "kind-mismatch",
                    argument.place,
                    f"`{parameter.name}` of `{call.function}` is a "
                    f"{_listed(parameter.kinds)}, not a {found.value}",
                )

    def _given_back(self, statement: syntax.GiveBack, gives: tuple[Kind, ...]) -> Iterator[Finding]:
        found = self._kinds.kind_of(statement.value)
        if gives and found is not None and not _can_stand_for(found, gives):
            yield self._warning(
                "kind-mismatch",
                statement.value.place,
                f"the function gives a {found.value}",
                f"its Outputs say {_listed(gives)}",
            )

    def _position(
        self,
        node: syntax.ItemOf
        | syntax.SetItem
        | syntax.InsertItem
        | syntax.RemoveAt
        | syntax.ItemStep,
    ) -> Iterator[Finding]:
        position = _constant_position(node.position)
        if (
            isinstance(position, syntax.Literal)
            and isinstance(position.value, int)
            and position.value < 1
        ):
            yield self._error(
                "no-such-position",
                position.place,
                f"there is no item {position.value}",
                "expected 1 or more: items are counted from 1",
            )
        elif (
            isinstance(node, syntax.ItemOf)
            and isinstance(node.collection, syntax.ListLiteral)
            and isinstance(position, syntax.Literal)
            and type(position.value) is int
            and position.value > len(node.collection.elements)
        ):
            count = len(node.collection.elements)
            yield self._error(
                "no-such-position",
                position.place,
                f"there is no item {position.value} in a list of {count}",
                f"expected 1 to {count}",
            )
        elif isinstance(position, syntax.Literal) and isinstance(
            position.value, (float, str, bool, type(None))
        ):
            yield self._warning("no-such-position", position.place, "a position is a Whole Number")

    def _target(
        self,
        node: syntax.SetEntry
        | syntax.AddItem
        | syntax.InsertItem
        | syntax.SetItem
        | syntax.Remove
        | syntax.RemoveAll
        | syntax.RemoveAt
        | syntax.Clear,
    ) -> Iterator[Finding]:
        kinds = self._kinds.declared(node.target)
        wanted = _collections_for(node)
        if kinds and not wanted & set(kinds):
            yield self._warning(
                "not-a-collection",
                node.target.place,
                f"`{node.target.name}` is a {_listed(kinds)}",
                f"expected a {_listed_choice(wanted)}",
            )

    def _collection(
        self,
        node: syntax.ForEach | syntax.ItemOf | syntax.EntryOf | syntax.NamesOf | syntax.ContentsOf,
    ) -> Iterator[Finding]:
        found = self._kinds.kind_of(node.collection)
        wanted = _collections_for(node)
        if found is None or found in wanted:
            return
        expected, fix = f"expected a {_listed_choice(wanted)}", None
        if isinstance(node, syntax.EntryOf) and isinstance(node.key, syntax.Literal):
            expected, fix = _size_of(node, node.key) or (expected, None)
        elif isinstance(node, syntax.ForEach) and found in TEXTS:
            expected, fix = _characters_of(node.collection)
        place = node.collection.place
        message = f"this is a {found.value}"
        yield Finding(
            Severity.WARNING, "not-a-collection", self._file, place, message, expected, fix
        )

    def _negation(self, node: syntax.Unary) -> Iterator[Finding]:
        """A minus sign in front of what is no number."""
        found = self._kinds.kind_of(node.operand)
        if node.operator is not UnaryOperator.NEGATE or found is None or found in NUMBERS:
            return
        if found is not Kind.EMPTY:
            message = f"`-` cannot take a {found.value}"
            yield self._warning("operands", node.place, message, "expected a number behind it")

    def _operands(self, node: syntax.Binary) -> Iterator[Finding]:
        """Operands that the instruction is certain to refuse, as far as declarations can be
        trusted.
        """
        left, right = self._kinds.kind_of(node.left), self._kinds.kind_of(node.right)
        if left is None or right is None or Kind.EMPTY in (left, right):
            return
        both_numbers = left in NUMBERS and right in NUMBERS
        both_texts = left in TEXTS and right in TEXTS
        fits = both_numbers or (
            both_texts and (node.operator is BinaryOperator.ADD or node.operator in _COMPARISONS)
        )
        if not fits and node.operator in ARITHMETIC | _COMPARISONS | {BinaryOperator.ADD}:
            if isinstance(node.left, syntax.Unary) and node.left.operator is UnaryOperator.NOT:
                return  # the parser tells of it
            is_text = node.operator is BinaryOperator.ADD and (left in TEXTS or right in TEXTS)
            expected = "expected `joined with`, which makes a text of both" if is_text else ""
            if isinstance(node.left, syntax.Binary) and node.left.operator in _COMPARISONS:
                expected = "expected `is between ... and ...`, or `and` and another comparison"
            yield Finding(
                Severity.WARNING,
                "operands",
                self._file,
                node.place,
                f"`{node.operator.value}` cannot take a {left.value} and a {right.value}",
                expected,
                replacing(node.place, "joined with") if is_text else None,
            )


def _size_of(node: syntax.EntryOf, key: syntax.Literal) -> tuple[str, Fix | None] | None:
    """`l`'s length, which is no entry."""
    word = key.value.lower() if isinstance(key.value, str) else ""
    phrase = _SIZES.get(word)
    if phrase is None or not isinstance(node.collection, syntax.Name):
        return None
    text = f"the {phrase} of `{node.collection.name}`"
    end = getattr(key.place, "end", None)
    return f"expected {text}", Fix(Place(*node.collection.place), end, text) if end else None


def _characters_of(node: syntax.Expression) -> tuple[str, Fix | None]:
    """A text is walked by its characters."""
    fix = None
    if isinstance(node, (syntax.Name, syntax.Literal)):
        fix = inserting(node.place, "the characters of ")
    return "expected `the characters of` it, or a List or Named List", fix


def _hint(name: str, kinds: tuple[Kind, ...], value: syntax.Expression) -> str:
    is_answer = isinstance(value, syntax.Call) and value.built_in and value.function == "ask"
    number = next((kind for kind in kinds if kind in NUMBERS), None)
    if not is_answer or number is None:
        return ""
    wanted = Kind.FLOAT if number is Kind.NUMBER else number
    return f"expected Set `{name}` to (`ask` with ...) as {wanted.value}"


def _is_written_out(node: syntax.Expression) -> bool:
    """Whether the value's kind is plain to see, whatever has been declared."""
    if isinstance(node, syntax.Unary):
        return _is_written_out(node.operand)
    return isinstance(node, (syntax.Literal, syntax.ListLiteral, syntax.NamedListLiteral))


def _can_stand_for(found: Kind, kinds: tuple[Kind, ...]) -> bool:
    """Whether a value of the kind is one of the kinds, or does as well: a fraction does not for a
    whole number.
    """
    if found is Kind.EMPTY or found in kinds:
        return True
    if found is Kind.FLOAT:
        return Kind.NUMBER in kinds
    return any(found in family and not family.isdisjoint(kinds) for family in _FAMILIES)


def _constant_position(position: syntax.Position) -> syntax.Position:
    """The position, with a minus sign in front of a literal worked out."""
    if (
        isinstance(position, syntax.Unary)
        and isinstance(position.operand, syntax.Literal)
        and isinstance(position.operand.value, int)
    ):
        return syntax.Literal(position.place, -position.operand.value)
    return position


def _collections_for(node: syntax.Node) -> frozenset[Kind]:
    """The kinds of collection that the statement or expression works on."""
    if isinstance(node, (syntax.SetEntry, syntax.EntryOf, syntax.NamesOf, syntax.ContentsOf)):
        return frozenset({Kind.NAMED_LIST})
    if isinstance(node, (syntax.Remove, syntax.Clear, syntax.ForEach)):
        return LIST_KINDS | {Kind.NAMED_LIST, Kind.SET}
    return LIST_KINDS | {Kind.SET} if isinstance(node, syntax.AddItem) else LIST_KINDS


def _listed(kinds: tuple[Kind, ...]) -> str:
    return " or ".join(kind.value for kind in kinds)


def _listed_choice(kinds: frozenset[Kind]) -> str:
    """The shortest name for a set of collections."""
    names = [kind.value for kind in (Kind.LIST, Kind.NAMED_LIST) if kind in kinds]
    return " or ".join(names)
