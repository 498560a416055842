"""Random programs that are well formed and end: a hypothesis strategy of unresolved syntax trees.

Mostly every expression is of the kind that its place wants, so that programs get far; now and then
it is not, so that they end with a run-time error. Loops count up to small numbers with counters of
their own, functions call only those in front of them, or themselves with a smaller first argument.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hypothesis import strategies as st

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.syntax import BinaryOperator, Kind, Place, UnaryOperator

Item = TypeVar("Item")

_P = Place(1, 1)

NUMBER, TEXT, YES_NO, LIST, NAMED = Kind.NUMBER, Kind.TEXT, Kind.YES_NO, Kind.LIST, Kind.NAMED_LIST
_KINDS = (NUMBER, NUMBER, TEXT, YES_NO, LIST, NAMED)

_NUMBERS: tuple[int | float, ...] = (0, 1, 2, 3, -1, 7, 10, 100, 0.5, 2.0, -1.5)
# Numbers at which something changes; most sums with them overflow or lose digits.
_EDGES: tuple[int | float, ...] = (2**31, 2**62, 2**63 - 1, -(2**63), 0.0, -0.0, 1.0, 1e16, 1e-7)
# Numbers that are often equal to each other, of the same kind or not.
_FEW: tuple[int | float, ...] = (0, 1, 2, 1.0, 2.0)
_TEXTS = ("", "a", "b", "ab", "k", "m", "{", "[", "0", "naïve 🦊", "it's")
_KEYS = ("k", "m", "z", "a b")
_DECLARED = {
    NUMBER: ((Kind.NUMBER,), (Kind.WHOLE_NUMBER, Kind.FLOAT), (Kind.NUMBER, Kind.EMPTY)),
    TEXT: ((Kind.TEXT,), (Kind.TEXT, Kind.NUMBER)),
    YES_NO: ((Kind.YES_NO,),),
    LIST: ((Kind.LIST,), (Kind.ORDERED_LIST,), (Kind.LIST, Kind.NAMED_LIST)),
    NAMED: ((Kind.NAMED_LIST,), (Kind.NAMED_LIST, Kind.EMPTY)),
}
_CHECKED = (
    Kind.NUMBER,
    Kind.WHOLE_NUMBER,
    Kind.FLOAT,
    Kind.TEXT,
    Kind.YES_NO,
    Kind.LIST,
    Kind.NAMED_LIST,
    Kind.EMPTY,
)

_ARITHMETIC = (
    BinaryOperator.ADD,
    BinaryOperator.ADD,
    BinaryOperator.SUBTRACT,
    BinaryOperator.MULTIPLY,
)
_ORDER = (
    BinaryOperator.LESS,
    BinaryOperator.GREATER,
    BinaryOperator.LESS_OR_EQUAL,
    BinaryOperator.GREATER_OR_EQUAL,
)
_EQUALITY = (
    BinaryOperator.EQUAL,
    BinaryOperator.UNEQUAL,
    BinaryOperator.STRICTLY_EQUAL,
    BinaryOperator.STRICTLY_UNEQUAL,
)
_LOGIC = (BinaryOperator.AND, BinaryOperator.OR)


@dataclass
class _Scope:
    """The variables that statements may use, by kind, and how many counters there have been."""

    variables: dict[Kind, list[str]] = field(
        default_factory=lambda: {kind: [] for kind in _DECLARED}
    )
    counters: int = 0

    def copy(self) -> _Scope:
        return _Scope({kind: list(names) for kind, names in self.variables.items()}, self.counters)

    def names(self) -> list[str]:
        return [name for names in self.variables.values() for name in names]


@dataclass(frozen=True)
class _Callable:
    """A function that may be called: its parameters' kinds, how many of them have to be given, and
    what it gives.
    """

    name: str
    kinds: tuple[Kind, ...]
    required: int
    gives: Kind
    recursive: bool


@st.composite
def programs(draw: st.DrawFn) -> syntax.Program:
    """Programs with up to two functions and a few statements."""
    return _Maker(draw).program()


class _Maker:
    """Draws one program."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._scope = _Scope()
        self._functions: list[_Callable] = []
        self._in_function = False

    # ____________________________________________________________ choices

    def _below(self, limit: int) -> int:
        return self._draw(st.integers(0, limit - 1))

    def _pick(self, items: Sequence[Item]) -> Item:
        return items[self._below(len(items))]

    def _rarely(self, chance: int = 12) -> bool:
        """Yes one time out of so many; shrinks to no."""
        return self._below(chance) == chance - 1

    # ____________________________________________________________ programs

    def program(self) -> syntax.Program:
        kinds = (NUMBER, LIST, NAMED, *(self._pick(_KINDS) for _ in range(self._below(4))))
        variables = self._variables("g", kinds)
        top = self._scope
        functions = [self._function(number, top) for number in range(self._below(3))]
        self._scope, self._in_function = top, False
        body = self._block(2 + self._below(5), depth=2)
        # What the program has done can be seen from its variables.
        shown = tuple(syntax.Say(_P, syntax.Name(_P, name)) for name in top.names())
        return syntax.Program(tuple(functions), (*variables, *body, *shown))

    def _variables(self, prefix: str, kinds: Sequence[Kind]) -> list[syntax.Statement]:
        statements: list[syntax.Statement] = []
        for number, kind in enumerate(kinds):
            name = f"{prefix}{number}"
            target = syntax.Name(_P, name)
            declared = self._pick(_DECLARED[kind])
            if kind in (NUMBER, TEXT, YES_NO) and self._below(2):
                statements.append(syntax.Define(_P, target, declared, self._literal(kind)))
            else:
                statements.append(syntax.Define(_P, target, declared))
                if not self._rarely(30):
                    statements.append(syntax.Set(_P, target, self._initial(kind)))
            self._scope.variables[kind].append(name)
        return statements

    def _initial(self, kind: Kind) -> syntax.Expression:
        if kind is LIST:
            elements = tuple(self._element() for _ in range(self._below(5)))
            return syntax.ListLiteral(_P, elements) if elements else syntax.Blank(_P)
        if kind is NAMED:
            entries = tuple((self._pick(_KEYS), self._element()) for _ in range(self._below(4)))
            return syntax.NamedListLiteral(_P, entries) if entries else syntax.Blank(_P)
        return self._literal(kind)

    def _element(self) -> syntax.Expression:
        if self._below(2):
            return self._number(self._pick(_FEW))
        return self._expression(TEXT if self._rarely(12) else NUMBER, 1)

    def _function(self, number: int, top: _Scope) -> syntax.Function:
        kinds = tuple(self._pick(_KINDS) for _ in range(self._below(4)))
        recursive = self._rarely(3)
        if recursive:
            kinds = (NUMBER, *kinds)
        required = (
            self._below(len(kinds) + 1) if not recursive else max(1, self._below(len(kinds) + 1))
        )
        made = _Callable(f"f{number}", kinds, required, self._pick(_KINDS), recursive)
        # Functions see the globals; half the time a local has the name of one.
        self._scope, self._in_function = top.copy(), True
        parameters = tuple(
            self._parameter(position, kind, position >= required)
            for position, kind in enumerate(kinds)
        )
        for names in self._scope.variables.values():
            names[:] = [
                name for name in names if name not in {parameter.name for parameter in parameters}
            ]
        for parameter, kind in zip(parameters, kinds):
            self._scope.variables[kind].append(parameter.name)
        body = self._variables(f"v{number}", [self._pick(_KINDS) for _ in range(self._below(3))])
        if recursive:
            body += self._recursion(made, parameters[0].name)
        body += self._block(1 + self._below(3), depth=1)
        if not self._rarely(5):
            body.append(syntax.GiveBack(_P, self._expression(made.gives, 2)))
        self._functions.append(made)
        return syntax.Function(_P, made.name, parameters, tuple(body))

    def _parameter(self, position: int, kind: Kind, optional: bool) -> syntax.Parameter:
        default = (
            self._literal(kind)
            if optional and kind in (NUMBER, TEXT, YES_NO) and not self._rarely(3)
            else None
        )
        name = f"g{position}" if self._rarely(4) else f"p{position}"
        return syntax.Parameter(_P, name, self._pick(_DECLARED[kind]), default)

    def _recursion(self, function: _Callable, counter: str) -> list[syntax.Statement]:
        """Ends the function at once when its first argument is no small positive number, else calls
        it with one less.
        """
        name = syntax.Name(_P, counter)
        smaller = syntax.Name(_P, "smaller")
        result = syntax.Name(_P, "result")
        small = self._binary(
            BinaryOperator.AND,
            self._binary(BinaryOperator.GREATER, name, self._number(0)),
            self._binary(BinaryOperator.LESS, name, self._number(6)),
        )
        self._scope.variables[function.gives].append("result")
        return [
            syntax.Define(_P, result, self._pick(_DECLARED[function.gives])),
            syntax.If(
                _P,
                small,
                (
                    syntax.Define(
                        _P,
                        smaller,
                        (Kind.NUMBER,),
                        self._binary(BinaryOperator.SUBTRACT, name, self._number(1)),
                    ),
                    syntax.Set(_P, result, self._call(function, smaller)),
                ),
            ),
        ]

    # ____________________________________________________________ statements

    def _block(self, count: int, depth: int) -> tuple[syntax.Statement, ...]:
        """So many statements; what they define is not used behind them, where it need not have been
        defined.
        """
        before = self._scope.copy()
        block = tuple(made for _ in range(count) for made in self._statements(depth))
        before.counters = self._scope.counters
        self._scope = before
        return block

    def _statements(self, depth: int) -> list[syntax.Statement]:
        """One statement, or a few that belong together."""
        makers: list[Callable[[int], list[syntax.Statement]]] = [
            self._say,
            self._set,
            self._set,
            self._change,
            self._change,
            self._call_statement,
            self._evaluate,
        ]
        if depth:
            makers += [
                self._if,
                self._if,
                self._while,
                self._for_each,
                self._for_each,
                self._define,
            ]
        if self._rarely(15 if self._in_function else 40):
            return [syntax.GiveBack(_P, self._expression(self._pick(_KINDS), 1))]
        return self._pick(makers)(depth)

    def _say(self, depth: int) -> list[syntax.Statement]:
        return [syntax.Say(_P, self._expression(self._pick(_KINDS), 2))]

    def _evaluate(self, depth: int) -> list[syntax.Statement]:
        return [syntax.ExpressionStatement(_P, self._expression(self._pick(_KINDS), 2))]

    def _define(self, depth: int) -> list[syntax.Statement]:
        """Defines a variable, which is set on one way only."""
        self._scope.counters += 1
        target = syntax.Name(_P, f"t{depth}{self._scope.counters}")
        setting = syntax.Set(_P, target, self._value_for(NUMBER, 1))
        condition = self._expression(YES_NO, 1)
        self._scope.variables[NUMBER].append(target.name)
        default = self._literal(NUMBER) if self._rarely(3) else None
        return [
            syntax.Define(_P, target, (NUMBER,), default),
            syntax.If(_P, condition, (setting,)),
            syntax.Say(_P, target),
        ]

    def _set(self, depth: int) -> list[syntax.Statement]:
        kind, target = self._variable()
        if kind in (LIST, NAMED) and self._below(2):
            return [syntax.Set(_P, target, self._initial(kind))]
        return [syntax.Set(_P, target, self._value_for(kind, 3))]

    def _value_for(self, kind: Kind, depth: int) -> syntax.Expression:
        """A value for a variable of the kind, which may be of another one, but not a literal: that
        is an error in itself.
        """
        value = self._expression(kind, depth)
        return self._literal(kind) if isinstance(value, (syntax.Literal, syntax.Unary)) else value

    def _change(self, depth: int) -> list[syntax.Statement]:
        """Changes a list or named list, or, rarely, tries to change something else."""
        kind, target = self._variable(self._pick((LIST, NAMED)))
        value = self._element()
        return [
            self._entry_change(target, value)
            if (kind is NAMED) != self._rarely()
            else self._item_change(target, value)
        ]

    def _entry_change(self, target: syntax.Name, value: syntax.Expression) -> syntax.Statement:
        key = self._expression(TEXT, 1)
        changes: tuple[syntax.Statement, ...] = (
            syntax.SetEntry(_P, target, key, value),
            syntax.Remove(_P, target, key),
            syntax.Clear(_P, target),
        )
        return self._pick(changes)

    def _item_change(self, target: syntax.Name, value: syntax.Expression) -> syntax.Statement:
        changes: tuple[syntax.Statement, ...] = (
            syntax.AddItem(_P, target, value),
            syntax.SetItem(_P, target, self._position(), value),
            syntax.Remove(_P, target, value),
            syntax.InsertItem(_P, target, self._number(1 + self._below(2)), value),
            syntax.Clear(_P, target),
        )
        return self._pick(changes)

    def _call_statement(self, depth: int) -> list[syntax.Statement]:
        if not self._functions:
            return self._say(depth)
        function = self._pick(self._functions)
        first = self._number(self._below(5)) if function.recursive else None
        call = self._call(function, first)
        if self._below(3) == 0:
            return [syntax.ExpressionStatement(_P, call)]
        return [syntax.Set(_P, self._variable(function.gives)[1], call)]

    def _call(self, function: _Callable, first: syntax.Expression | None) -> syntax.Call:
        count = function.required + self._below(len(function.kinds) - function.required + 1)
        arguments = [self._argument(kind) for kind in function.kinds[:count]]
        if first is not None:
            arguments[:1] = [first]
        return syntax.Call(_P, function.name, tuple(arguments))

    def _argument(self, kind: Kind) -> syntax.Expression:
        names = self._scope.variables[kind]
        if names and self._below(3):
            return syntax.Name(_P, self._pick(names))
        return self._literal(kind)

    def _if(self, depth: int) -> list[syntax.Statement]:
        condition = self._expression(YES_NO, 2)
        then = self._block(1 + self._below(3), depth - 1)
        return [syntax.If(_P, condition, then, self._block(self._below(3), depth - 1))]

    def _while(self, depth: int) -> list[syntax.Statement]:
        """A loop with a counter that nothing else sets."""
        self._scope.counters += 1
        counter = syntax.Name(_P, f"c{depth}{self._scope.counters}")
        condition: syntax.Expression = self._binary(
            BinaryOperator.LESS, counter, self._number(self._below(6))
        )
        if self._rarely(4):
            condition = self._binary(BinaryOperator.AND, condition, self._expression(YES_NO, 1))
        step = syntax.Set(_P, counter, self._binary(BinaryOperator.ADD, counter, self._number(1)))
        body = (step, *self._block(1 + self._below(3), depth - 1))
        return [
            syntax.Define(_P, counter, (Kind.NUMBER,), self._number(0)),
            syntax.While(_P, condition, body),
        ]

    def _for_each(self, depth: int) -> list[syntax.Statement]:
        self._scope.counters += 1
        name = f"i{depth}{self._scope.counters}"
        collection = self._expression(self._pick((LIST, LIST, NAMED)), 1)
        item = syntax.Name(_P, name)
        before = self._scope.copy()
        self._scope.variables[NUMBER].append(name)
        body = self._block(1 + self._below(3), depth - 1)
        if isinstance(collection, syntax.Name) and self._below(2):
            # The loop goes over what the collection was at its start.
            change = (
                self._entry_change
                if collection.name in self._scope.variables[NAMED]
                else self._item_change
            )
            body = (change(collection, self._element()), *body)
        before.counters = self._scope.counters
        self._scope = before
        return [syntax.ForEach(_P, item, collection, body)]

    def _variable(self, kind: Kind | None = None) -> tuple[Kind, syntax.Name]:
        """A variable, of the kind if there is one."""
        names = self._scope.variables[kind] if kind else []
        if not names or self._rarely(20):
            kind = self._pick([kind for kind, names in self._scope.variables.items() if names])
            names = self._scope.variables[kind]
        assert kind is not None
        return kind, syntax.Name(_P, self._pick(names))

    # ____________________________________________________________ expressions

    def _expression(self, kind: Kind, depth: int) -> syntax.Expression:
        if self._rarely(40):
            kind = self._pick(_KINDS)
        if depth == 0 or self._below(4) == 0:
            return self._leaf(kind)
        if self._rarely(8):
            return syntax.Conditional(
                _P,
                self._expression(YES_NO, depth - 1),
                self._expression(kind, depth - 1),
                self._expression(kind, depth - 1),
            )
        makers = {
            NUMBER: self._number_expression,
            TEXT: self._text_expression,
            YES_NO: self._yes_no_expression,
            LIST: self._list_expression,
            NAMED: self._leaf_of_depth(NAMED),
        }
        return makers[kind](depth - 1)

    def _leaf_of_depth(self, kind: Kind) -> Callable[[int], syntax.Expression]:
        return lambda depth: self._leaf(kind)

    def _leaf(self, kind: Kind) -> syntax.Expression:
        names = self._scope.variables[kind]
        if names and (kind in (LIST, NAMED) or self._below(3)):
            return syntax.Name(_P, self._pick(names))
        return self._literal(kind)

    def _literal(self, kind: Kind) -> syntax.Expression:
        """A literal; for collections, which have none in expressions, Empty."""
        if kind is NUMBER:
            return self._number(self._pick(_EDGES if self._rarely(16) else _NUMBERS))
        if kind is TEXT:
            return syntax.Literal(_P, self._pick(_TEXTS))
        return syntax.Literal(_P, bool(self._below(2)) if kind is YES_NO else None)

    def _number(self, value: int | float) -> syntax.Literal:
        return syntax.Literal(_P, value)

    def _binary(
        self, operator: BinaryOperator, left: syntax.Expression, right: syntax.Expression
    ) -> syntax.Binary:
        return syntax.Binary(_P, operator, left, right)

    def _number_expression(self, depth: int) -> syntax.Expression:
        choice = self._below(8)
        if choice == 7 and self._scope.variables[LIST]:
            return syntax.ItemOf(_P, self._leaf(LIST), self._literal_position())
        if choice == 6 and self._scope.variables[NAMED]:
            return syntax.EntryOf(
                _P,
                syntax.Name(_P, self._pick(self._scope.variables[NAMED])),
                syntax.Literal(_P, self._pick(_KEYS)),
            )
        if choice == 5:
            return syntax.Unary(_P, UnaryOperator.NEGATE, self._expression(NUMBER, depth))
        # Powers are rare, because the function for them is longer than the program around it.
        if self._rarely(20):
            exponent = self._number(self._pick((0, 1, 2, 3, 0.5, -1)))
            return self._binary(BinaryOperator.POWER, self._expression(NUMBER, depth), exponent)
        if self._rarely(6):
            divisor = (
                self._expression(NUMBER, depth)
                if self._rarely(5)
                else self._number(self._pick((1, 2, -3, 0.5)))
            )
            return self._binary(BinaryOperator.DIVIDE, self._expression(NUMBER, depth), divisor)
        return self._binary(
            self._pick(_ARITHMETIC),
            self._expression(NUMBER, depth),
            self._expression(NUMBER, depth),
        )

    def _text_expression(self, depth: int) -> syntax.Expression:
        return self._binary(
            BinaryOperator.ADD, self._expression(TEXT, depth), self._expression(TEXT, depth)
        )

    def _yes_no_expression(self, depth: int) -> syntax.Expression:
        choice = self._below(5)
        if choice == 0:
            kind = self._pick((NUMBER, NUMBER, TEXT))
            return self._binary(
                self._pick(_ORDER), self._expression(kind, depth), self._expression(kind, depth)
            )
        if choice == 1 and self._below(2):
            return self._binary(
                self._pick(_EQUALITY), self._leaf(NUMBER), self._number(self._pick(_FEW))
            )
        if choice == 1:
            kind = self._pick(_KINDS)
            return self._binary(
                self._pick(_EQUALITY), self._expression(kind, depth), self._expression(kind, depth)
            )
        if choice == 2:
            return self._binary(
                self._pick(_LOGIC),
                self._expression(YES_NO, depth),
                self._expression(self._pick(_KINDS), depth),
            )
        if choice == 3:
            return syntax.Unary(
                _P, UnaryOperator.NOT, self._expression(self._pick((YES_NO, *_KINDS)), depth)
            )
        return syntax.KindCheck(
            _P, self._expression(self._pick(_KINDS), depth), self._pick(_CHECKED)
        )

    def _list_expression(self, depth: int) -> syntax.Expression:
        if not self._scope.variables[NAMED]:
            return self._leaf(LIST)
        collection = self._leaf(NAMED)
        return (
            syntax.NamesOf(_P, collection) if self._below(2) else syntax.ContentsOf(_P, collection)
        )

    def _literal_position(self) -> syntax.Position:
        return (
            syntax.Last(_P)
            if self._below(3) == 0
            else self._number(3 if self._rarely(8) else 1 + self._below(2))
        )

    def _position(self) -> syntax.Position:
        """Any number, at times; written as a sum, because a literal that can be no position is an
        error in itself.
        """
        if self._rarely(4):
            return self._binary(BinaryOperator.ADD, self._expression(NUMBER, 1), self._number(0))
        return self._literal_position()


def with_named_arguments(program: syntax.Program) -> syntax.Program:
    """The same program, whose calls at top level name their arguments, in the opposite order."""
    names = {
        function.name: [parameter.name for parameter in function.parameters]
        for function in program.functions
    }

    def renamed(statement: syntax.Statement) -> syntax.Statement:
        if isinstance(statement, syntax.Set) and isinstance(statement.value, syntax.Call):
            return replace(
                statement, value=_named(statement.value, names[statement.value.function])
            )
        if isinstance(statement, syntax.ExpressionStatement) and isinstance(
            statement.expression, syntax.Call
        ):
            return replace(
                statement,
                expression=_named(statement.expression, names[statement.expression.function]),
            )
        return statement

    return replace(program, body=tuple(renamed(statement) for statement in program.body))


def _named(call: syntax.Call, names: list[str]) -> syntax.Call:
    arguments = tuple(
        syntax.NamedArgument(_P, name, value) for name, value in zip(names, call.arguments)
    )
    return replace(call, arguments=(), named=arguments[::-1])
