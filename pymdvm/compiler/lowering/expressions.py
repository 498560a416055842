"""Expressions of the syntax tree to instructions of MIR.  What each node means stands in
syntax.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from mdvm import opcodes
from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.syntax import BinaryOperator, Dispatch, Kind
from pymdvm.compiler.lowering.built_ins import call_built_in
from pymdvm.compiler.lowering.ssa import SsaBuilder
from pymdvm.compiler.mir import runtime_names
from pymdvm.compiler.mir.model import EMPTY, Operand
from pymdvm.compiler.mir.variables import HIDDEN
from pymdvm.values import URL

_BINARY_OPCODES = {
    BinaryOperator.ADD: "ADD",
    BinaryOperator.SUBTRACT: "SUB",
    BinaryOperator.MULTIPLY: "MUL",
    BinaryOperator.DIVIDE: "DIV",
    BinaryOperator.EQUAL: "EQ",
    BinaryOperator.UNEQUAL: "NEQ",
    BinaryOperator.LESS: "LT",
    BinaryOperator.GREATER: "GT",
    BinaryOperator.LESS_OR_EQUAL: "LTE",
    BinaryOperator.GREATER_OR_EQUAL: "GTE",
    BinaryOperator.REMAINDER: "MOD",
    BinaryOperator.JOIN: "CONCAT_STR",
    BinaryOperator.AND: "AND",
    BinaryOperator.OR: "OR",
}

_UNARY_OPCODES = {syntax.UnaryOperator.NEGATE: "NEG", syntax.UnaryOperator.NOT: "NOT"}

# The type tags of the kinds that CHECK_TYPE knows; a container has none.
_TAGS = {
    Kind.TEXT: ("string",),
    Kind.URL: ("string",),
    Kind.FUNCTION: ("function",),
    Kind.WHOLE_NUMBER: ("int",),
    Kind.FLOAT: ("float",),
    Kind.NUMBER: ("int", "float"),
    Kind.YES_NO: ("bool",),
    Kind.EMPTY: ("empty",),
}

_LATEST_TYPES = opcodes.type_names(opcodes.LATEST)
_LATEST_TAGS = {
    **dict.fromkeys(syntax.LIST_KINDS, "array"),
    Kind.NAMED_LIST: "dict",
    Kind.SET: "set",
}
INT_TYPE = opcodes.TYPE_NAMES.index("int")

_ONE = Constant.of(1)
_TWO = Constant.of(2)


@dataclass(frozen=True)
class FunctionValues:
    """The functions that a program uses as values.

    most_parameters: of its own ones, of that which has most
    built_ins: the names of the others
    """

    most_parameters: int
    built_ins: tuple[str, ...]


class ExpressionLowering:
    """Lowers the expressions of one function.

    builder: where the instructions go
    table_names: the names in the function table by those in the source
    latest: whether version 2 of the file format may be used
    shared: the variables of the top level that are global variables of the VM; None if all are
    values: the functions that a call of a variable may reach
    """

    def __init__(
        self,
        builder: SsaBuilder,
        table_names: dict[str, str],
        shared: frozenset[str] | None,
        latest: bool,
        values: FunctionValues,
    ) -> None:
        self.builder = builder
        self._values = values
        self._latest = latest
        self._table_names = table_names
        self._shared = shared
        self._handlers: dict[type, Callable[..., Operand]] = {
            syntax.Literal: self._literal,
            syntax.ListLiteral: self._list_literal,
            syntax.NamedListLiteral: self._named_list_literal,
            syntax.Name: self.read,
            syntax.Unary: self._unary,
            syntax.Binary: self._binary,
            syntax.Conditional: self._conditional,
            syntax.ItemOf: self._item_of,
            syntax.EntryOf: self._entry_of,
            syntax.NamesOf: self._names_of,
            syntax.ContentsOf: self._contents_of,
            syntax.KindCheck: self._kind_check,
            syntax.Contains: self._contains,
            syntax.Call: self._call,
            syntax.CallValue: self._call_value,
            syntax.FunctionName: self._function_name,
            syntax.EmptySet: self._empty_set,
            syntax.Kept: self._kept,
            syntax.Again: self._again,
        }
        self._hidden_count = 0
        # The variables of the values that are kept, by their names.
        self._kept_in: dict[str, str] = {}

    def lower_expression(self, expression: syntax.Expression) -> Operand:
        """Adds the instructions that evaluate the expression; returns its value."""
        return self._handlers[type(expression)](expression)

    def new_hidden_variable(self) -> str:
        """The name of a variable that no source can name."""
        self._hidden_count += 1
        return f"{HIDDEN}{self._hidden_count})"

    # ________________________________________________________ variables

    def _is_shared(self, name: syntax.Name) -> bool:
        return name.scope is syntax.Scope.GLOBAL and (
            self._shared is None or name.name in self._shared
        )

    def read(self, name: syntax.Name) -> Operand:
        """The variable's value."""
        if self._is_shared(name):
            self.builder.place = name.place
            return self.builder.emit("LOAD_GLOBAL", detail=name.name)
        return self.builder.read(name.name)

    def write(self, name: syntax.Name, value: Operand) -> None:
        """Puts the value into the variable."""
        if self._is_shared(name):
            self.builder.act("STORE_GLOBAL", value, detail=name.name)
        else:
            self.builder.write(name.name, value)

    # ________________________________________________________ one kind of expression each

    def _literal(self, literal: syntax.Literal) -> Operand:
        if isinstance(literal.value, URL) and not self._latest:
            return self.builder.constant(str(literal.value))
        return self.builder.constant(literal.value)

    def _kept(self, node: syntax.Kept) -> Operand:
        value = self.lower_expression(node.value)
        self._kept_in[node.name] = self.new_hidden_variable()
        self.builder.write(self._kept_in[node.name], value)
        return value

    def _again(self, node: syntax.Again) -> Operand:
        return self.builder.read(self._kept_in[node.name])

    def _empty_set(self, node: syntax.EmptySet) -> Operand:
        self.builder.place = node.place
        return self.builder.emit("SET_NEW")

    def _function_name(self, node: syntax.FunctionName) -> Operand:
        return Constant.function(self._table_names.get(node.name, node.name))

    def _call_value(self, call: syntax.CallValue) -> Operand:
        arguments = [self.lower_expression(argument) for argument in call.arguments]
        function = self.read(call.function)
        self.builder.place = call.place
        # A parameter without an argument would have what its register holds in the caller.
        missing = [EMPTY] * (self._values.most_parameters - len(arguments))
        if not missing or not self._values.built_ins:
            return self.builder.emit("CALL", function, *arguments, *missing)
        # A built-in function counts its arguments.
        is_built_in: Operand = Constant.of(False)
        for name in self._values.built_ins:
            same = self.builder.emit("EQ", function, Constant.function(name))
            is_built_in = self.builder.emit("OR", is_built_in, same)
        return self._either(
            is_built_in,
            lambda: self.builder.emit("CALL", function, *arguments),
            lambda: self.builder.emit("CALL", function, *arguments, *missing),
        )

    def _list_literal(self, literal: syntax.ListLiteral) -> Operand:
        elements = [self.lower_expression(element) for element in literal.elements]
        self.builder.place = literal.place
        array = self.builder.emit("NEW_ARRAY", Constant.of(len(elements)))
        for index, element in enumerate(elements):
            array = self.builder.emit("ARRAY_SET", array, Constant.of(index), element)
        return array

    def _named_list_literal(self, literal: syntax.NamedListLiteral) -> Operand:
        entries = [(key, self.lower_expression(value)) for key, value in literal.entries]
        self.builder.place = literal.place
        named_list = self.builder.emit("DICT_NEW")
        for key, value in entries:
            named_list = self.builder.emit("DICT_SET", named_list, Constant.of(key), value)
        return named_list

    def _unary(self, unary: syntax.Unary) -> Operand:
        operand = self.lower_expression(unary.operand)
        self.builder.place = unary.place
        return self.builder.emit(_UNARY_OPCODES[unary.operator], operand)

    def _binary(self, binary: syntax.Binary) -> Operand:
        # A long sum leans to the left: it is walked down here, not by recursion.
        spine = [binary]
        while isinstance(spine[-1].left, syntax.Binary):
            spine.append(spine[-1].left)
        left = self.lower_expression(spine[-1].left)
        for node in reversed(spine):
            right = self.lower_expression(node.right)
            self.builder.place = node.place
            left = self._operation(node.operator, left, right)
        return left

    def _operation(self, operator: BinaryOperator, left: Operand, right: Operand) -> Operand:
        if operator is BinaryOperator.POWER:
            return self._power(left, right)
        if operator is BinaryOperator.STRICTLY_EQUAL:
            return self._strictly_equal(left, right)
        if operator is BinaryOperator.STRICTLY_UNEQUAL:
            return self.builder.emit("NOT", self._strictly_equal(left, right))
        return self.builder.emit(_BINARY_OPCODES[operator], left, right)

    def _power(self, left: Operand, right: Operand) -> Operand:
        if right == _TWO:
            # MUL's error for what is no number would name the left side twice.
            self.builder.emit("MUL", left, right)
            return self.builder.emit("MUL", left, left)
        return self.builder.call(runtime_names.POWER, left, right)

    def _strictly_equal(self, left: Operand, right: Operand) -> Operand:
        """EQ takes an int for equal to a float, and never takes values of two other kinds for
        equal.
        """
        equal = self.builder.emit("EQ", left, right)
        left_is_int = self.builder.emit("CHECK_TYPE", left, detail=INT_TYPE)
        right_is_int = self.builder.emit("CHECK_TYPE", right, detail=INT_TYPE)
        same = self.builder.emit("EQ", left_is_int, right_is_int)
        return self.builder.emit("AND", equal, same)

    def _conditional(self, conditional: syntax.Conditional) -> Operand:
        condition = self.lower_expression(conditional.condition)
        self.builder.place = conditional.place
        return self._either(
            condition,
            lambda: self.lower_expression(conditional.consequence),
            lambda: self.lower_expression(conditional.alternative),
        )

    def _either(
        self,
        condition: Operand,
        then_value: Callable[[], Operand],
        else_value: Callable[[], Operand],
    ) -> Operand:
        """The value of one or the other."""
        builder = self.builder
        result = self.new_hidden_variable()
        then, otherwise, after = builder.new_block(), builder.new_block(), builder.new_block()
        builder.bypass(after, frozenset((result,)))
        builder.branch(condition, then, otherwise)
        for block, value in ((then, then_value), (otherwise, else_value)):
            builder.seal(block)
            builder.enter(block)
            builder.write(result, value())
            builder.jump(after)
        builder.seal(after)
        builder.enter(after)
        return builder.read(result)

    def index_of(self, position: syntax.Position, collection: Operand) -> Operand:
        """The VM's index, from 0, of a position in a list."""
        if isinstance(position, syntax.Last):
            length = self.builder.emit("ARRAY_LEN", collection)
            return self.builder.emit("SUB", length, Constant.of(position.before + 1))
        if isinstance(position, syntax.Literal) and type(position.value) is int:
            return Constant.of(position.value - 1)
        value = self.lower_expression(position)
        self.builder.place = position.place
        return self.builder.emit("SUB", value, _ONE)

    def _item_of(self, item: syntax.ItemOf) -> Operand:
        collection = self.lower_expression(item.collection)
        self.builder.place = item.place
        index = self.index_of(item.position, collection)
        self.builder.place = item.place
        return self.builder.emit("ARRAY_GET", collection, index)

    def _entry_of(self, entry: syntax.EntryOf) -> Operand:
        collection = self.lower_expression(entry.collection)
        key = self.lower_expression(entry.key)
        self.builder.place = entry.place
        return self.builder.emit("DICT_GET", collection, key)

    def _names_of(self, names: syntax.NamesOf) -> Operand:
        collection = self.lower_expression(names.collection)
        self.builder.place = names.place
        return self.builder.emit("DICT_KEYS", collection)

    def _contents_of(self, contents: syntax.ContentsOf) -> Operand:
        collection = self.lower_expression(contents.collection)
        self.builder.place = contents.place
        return self.builder.emit("DICT_VALUES", collection)

    def _kind_check(self, check: syntax.KindCheck) -> Operand:
        operand = self.lower_expression(check.operand)
        self.builder.place = check.place
        if self._latest and check.kind in _LATEST_TAGS:
            tag = _LATEST_TYPES.index(_LATEST_TAGS[check.kind])
            return self.builder.emit("CHECK_TYPE", operand, detail=tag)
        if check.kind in syntax.LIST_KINDS:
            return self.builder.call(runtime_names.IS_LIST, operand)
        if check.kind is Kind.NAMED_LIST:
            return self.builder.call(runtime_names.IS_NAMED_LIST, operand)
        result: Operand = Constant.of(False)
        tags = _TAGS.get(check.kind, ())
        if self._latest and check.kind in (Kind.TEXT, Kind.URL):
            tags = (*tags, "url")
        for number, tag in enumerate(tags):
            answer = self.builder.emit("CHECK_TYPE", operand, detail=opcodes.TYPE_NAMES.index(tag))
            result = self.builder.emit("OR", result, answer) if number else answer
        return result

    def _contains(self, node: syntax.Contains) -> Operand:
        collection = self.lower_expression(node.collection)
        value = self.lower_expression(node.value)
        self.builder.place = node.place
        if not self._latest:
            return self.builder.call(runtime_names.CONTAINS, collection, value)
        if node.dispatch is Dispatch.SET:
            return self.builder.emit("SET_CONTAINS", collection, value)
        if node.dispatch is Dispatch.NAMED:
            return self.builder.emit("DICT_CONTAINS", collection, value)
        if node.dispatch is Dispatch.LIST:
            index = self.builder.emit("ARRAY_FIND", collection, value)
            return self.builder.emit("GTE", index, Constant.of(0))
        return self.builder.call("contains", collection, value)

    def _call(self, call: syntax.Call) -> Operand:
        arguments = [self.lower_expression(argument) for argument in call.arguments]
        self.builder.place = call.place
        if call.built_in:
            return call_built_in(self.builder, call.function, arguments, self._latest)
        return self.builder.call(self._table_names[call.function], *arguments)
