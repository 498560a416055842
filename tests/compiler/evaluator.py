"""A plain evaluator of resolved programs: what a compiled program has to do, word for word of
syntax.py.

Single operations are the VM's own code, untranslated (pymdvm.compiler.passes.evaluation), so that
arithmetic, comparison, text and the texts of errors are defined in one place; everything that the
compiler decides is written out here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from mdvm import errors
from mdvm.errors import RunError
from mdvm.objects import W_Bool, W_Empty, W_Float, W_Int, W_Value, w_empty, wrap_bool
from mdvm.system.untranslated import call_with_deep_stack
from mdvm.values.array_base import W_Array
from mdvm.values.dicts import W_Dict
from mdvm.values.functions import W_Function
from mdvm.values.sets import W_Set
from mdvm.values.strings import W_Str
from mdvm.values.text import debug_text, print_text
from pymdvm.bytecode.model import I64_MAX, I64_MIN, Constant
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.syntax import BinaryOperator, Dispatch, Kind, Scope, UnaryOperator
from pymdvm.compiler.passes.evaluation import evaluate, to_value

from .evaluator_built_ins import built_in, items_of

NO_VALUE = "Empty"

_UNARY = {UnaryOperator.NEGATE: "NEG", UnaryOperator.NOT: "NOT"}

_BINARY = {
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

_CLASSES: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (W_Str,),
    Kind.URL: (W_Str,),
    Kind.WHOLE_NUMBER: (W_Int,),
    Kind.FLOAT: (W_Float,),
    Kind.NUMBER: (W_Int, W_Float),
    Kind.YES_NO: (W_Bool,),
    Kind.LIST: (W_Array,),
    Kind.ORDERED_LIST: (W_Array,),
    Kind.UNORDERED_LIST: (W_Array,),
    Kind.NAMED_LIST: (W_Dict,),
    Kind.EMPTY: (W_Empty,),
    Kind.FUNCTION: (W_Function,),
    Kind.SET: (W_Set,),
    Kind.DATE: (),
    Kind.DATETIME: (),
    Kind.TIME: (),
}


class TooLong(Exception):
    """The program takes more steps than it was given."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to: its output, the debug form of its value (`Empty` if there is none), the
    text of its error.
    """

    stdout: str
    value: str = NO_VALUE
    error: str = ""


class _GivenBack(Exception):
    """Ends a function, or the program, with a value."""

    def __init__(self, w_value: W_Value) -> None:
        super().__init__()
        self.w_value = w_value


def run(program: syntax.Program, steps: int = 1000000, latest: bool = True) -> Outcome:
    """Runs a resolved program.  Raises TooLong after so many statements and expressions. latest:
    whether it may be a file of version 2, in which named lists have other names than texts.
    """
    outcome: Outcome | None = call_with_deep_stack(_run, program, steps, latest)
    if outcome is None:
        raise TooLong
    return outcome


def _run(program: syntax.Program, steps: int, latest: bool) -> Outcome | None:
    """The same, but None if the program takes too long."""
    evaluator = _Evaluator(program, steps, latest)
    try:
        evaluator.block(program.body, {})
    except _GivenBack as given:
        return Outcome(evaluator.output(), _python_text(debug_text(given.w_value)))
    except RunError as error:
        return Outcome(evaluator.output(), error=_python_text(error.text))
    except TooLong:
        return None
    return Outcome(evaluator.output())


def _python_text(text: str) -> str:
    """The VM's strings hold one byte a character."""
    return text.encode("latin-1").decode("utf-8")


class _LoopStopped(Exception):
    """Ends the loop around it."""


class _RoundSkipped(Exception):
    """Goes on with the next round of the loop around it."""


Locals = dict[str, W_Value]


class _Evaluator:
    """One run: the globals, the lines printed so far and the steps that are left."""

    def __init__(self, program: syntax.Program, steps: int, latest: bool) -> None:
        self._functions = {function.name: function for function in program.functions}
        self._globals: dict[str, W_Value] = {}
        self._lines: list[str] = []
        self._steps = steps
        self._latest = latest

    def output(self) -> str:
        return "".join(f"{_python_text(line)}\n" for line in self._lines)

    def _step(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise TooLong

    # ____________________________________________________________ variables

    def _load(self, name: syntax.Name, own: Locals) -> W_Value:
        return (own if name.scope is Scope.LOCAL else self._globals).get(name.name, w_empty)

    def _store(self, name: syntax.Name, w_value: W_Value, own: Locals) -> None:
        (own if name.scope is Scope.LOCAL else self._globals)[name.name] = w_value

    # ____________________________________________________________ statements

    def block(self, statements: Iterable[syntax.Statement], own: Locals) -> None:
        for statement in statements:
            self._step()
            self._statement(statement, own)

    def _statement(self, node: syntax.Statement, own: Locals) -> None:
        if isinstance(node, syntax.Define):
            self._store(
                node.target,
                w_empty if node.default is None else self._value(node.default, own),
                own,
            )
        elif isinstance(node, syntax.Set):
            self._store(node.target, self._value(node.value, own), own)
        elif isinstance(node, syntax.If):
            self.block(
                node.then if self._value(node.condition, own).is_truthy() else node.otherwise, own
            )
        elif isinstance(node, syntax.While):
            with suppress(_LoopStopped):
                while self._value(node.condition, own).is_truthy():
                    self._round(node.body, own)
        elif isinstance(node, syntax.ForRange):
            with suppress(_LoopStopped):
                self._for_range(node, own)
        elif isinstance(node, syntax.StopLoop):
            raise _LoopStopped
        elif isinstance(node, syntax.SkipRound):
            raise _RoundSkipped
        elif isinstance(node, syntax.ForEach):
            with suppress(_LoopStopped):
                self._for_each(node, own)
        elif isinstance(node, syntax.Say):
            self._say(self._value(node.value, own))
        elif isinstance(node, syntax.GiveBack):
            raise _GivenBack(self._value(node.value, own))
        elif isinstance(node, syntax.ExpressionStatement):
            self._value(node.expression, own)
        elif isinstance(node, syntax.ChangePart):
            self._change_part(node, own)
        else:
            self._store(node.target, self._changed(node, own), own)

    def _change_part(self, node: syntax.ChangePart, own: Locals) -> None:
        w_part = self._load(node.target, own)
        on_the_way: list[tuple[W_Value, W_Value, str]] = []
        for step in node.path:
            if isinstance(step, syntax.ItemStep):
                w_owner = w_part
                w_key = self._index(step.position, lambda: w_owner, own)  # noqa: B023
                on_the_way.append((w_part, w_key, "ARRAY_SET"))
                w_part = evaluate("ARRAY_GET", [w_part, w_key], None)
            else:
                w_key = self._value(step.key, own)
                on_the_way.append((w_part, w_key, "DICT_SET"))
                w_part = evaluate("DICT_GET", [w_part, w_key], None, self._latest)
        own[syntax.PART] = w_part
        self._statement(node.change, own)
        w_part = own.pop(syntax.PART)
        for w_owner, w_key, opcode in reversed(on_the_way):
            w_part = evaluate(opcode, [w_owner, w_key, w_part], None, self._latest)
        self._store(node.target, w_part, own)

    def _for_each(self, node: syntax.ForEach, own: Locals) -> None:
        w_collection = self._value(node.collection, own)
        if _goes_as_named(node.dispatch, w_collection):
            w_collection = evaluate("DICT_KEYS", [w_collection], None)
        elif _goes_as_set(node.dispatch, w_collection):
            w_collection = evaluate("SET_VALUES", [w_collection], None)
        for w_item in items_of(w_collection):
            self._store(node.item, w_item, own)
            self._step()
            self._round(node.body, own)

    def _for_range(self, node: syntax.ForRange, own: Locals) -> None:
        w_count, w_last = self._value(node.first, own), self._value(node.last, own)
        w_step = W_Int(1) if node.step is None else self._value(node.step, own)
        rising = evaluate("GT", [w_step, W_Int(0)], None).is_truthy()
        falling = evaluate("LT", [w_step, W_Int(0)], None).is_truthy()
        while (rising and evaluate("LTE", [w_count, w_last], None).is_truthy()) or (
            falling and evaluate("GTE", [w_count, w_last], None).is_truthy()
        ):
            self._store(node.item, w_count, own)
            self._step()
            self._round(node.body, own)
            w_count = evaluate("ADD", [w_count, w_step], None)

    def _round(self, body: Iterable[syntax.Statement], own: Locals) -> None:
        with suppress(_RoundSkipped):
            self.block(body, own)

    def _say(self, w_value: W_Value) -> None:
        if w_value is not w_empty:
            self._lines.append(print_text(w_value))

    # ____________________________________________________________ changes of collections

    def _changed(
        self,
        node: syntax.AddItem
        | syntax.InsertItem
        | syntax.SetItem
        | syntax.SetEntry
        | syntax.Remove
        | syntax.RemoveAll
        | syntax.RemoveAt
        | syntax.Clear,
        own: Locals,
    ) -> W_Value:
        """The variable's collection after the statement."""
        if isinstance(node, syntax.AddItem):
            w_value = self._value(node.value, own)
            if _goes_as_set(node.dispatch, self._load(node.target, own)):
                return evaluate("SET_ADD", [self._load(node.target, own), w_value], None)
            return _list_of([*items_of(self._load(node.target, own)), w_value])
        if isinstance(node, syntax.InsertItem):
            return self._with_item(node, own)
        if isinstance(node, syntax.SetItem):
            w_index = self._index(node.position, lambda: self._load(node.target, own), own)
            w_value = self._value(node.value, own)
            return evaluate("ARRAY_SET", [self._load(node.target, own), w_index, w_value], None)
        if isinstance(node, syntax.SetEntry):
            w_key = self._value(node.key, own)
            w_value = self._value(node.value, own)
            return evaluate(
                "DICT_SET", [self._load(node.target, own), w_key, w_value], None, self._latest
            )
        if isinstance(node, syntax.Remove):
            return self._without(node, own)
        if isinstance(node, syntax.RemoveAll):
            w_value = self._value(node.value, own)
            return _list_of(
                [
                    w_item
                    for w_item in items_of(self._load(node.target, own))
                    if evaluate("NEQ", [w_item, w_value], None).is_truthy()
                ]
            )
        if isinstance(node, syntax.RemoveAt):
            w_list = self._load(node.target, own)
            w_index = self._index(node.position, lambda: w_list, own)
            evaluate("ARRAY_GET", [w_list, w_index], None)
            items = items_of(w_list)
            return _list_of([*items[: _int(w_index)], *items[_int(w_index) + 1 :]])
        return self._cleared(node, own)

    def _with_item(self, node: syntax.InsertItem, own: Locals) -> W_Value:
        w_value = self._value(node.value, own)
        w_index = evaluate("SUB", [self._value(node.position, own), W_Int(1)], None)
        w_list = self._load(node.target, own)
        w_length = evaluate("ARRAY_LEN", [w_list], None)
        if evaluate("EQ", [w_index, w_length], None).is_truthy():
            return _list_of([*items_of(w_list), w_value])
        evaluate("ARRAY_GET", [w_list, w_index], None)
        items, index = items_of(w_list), _int(w_index)
        return _list_of([*items[:index], w_value, *items[index:]])

    def _without(self, node: syntax.Remove, own: Locals) -> W_Value:
        w_value = self._value(node.value, own)
        w_collection = self._load(node.target, own)
        if _goes_as_named(node.dispatch, w_collection):
            return evaluate("DICT_REMOVE", [w_collection, w_value], None, self._latest)
        if _goes_as_set(node.dispatch, w_collection):
            return evaluate("SET_REMOVE", [w_collection, w_value], None)
        items = items_of(w_collection)
        for index, w_item in enumerate(items):
            if evaluate("EQ", [w_item, w_value], None).is_truthy():
                return _list_of([*items[:index], *items[index + 1 :]])
        return w_collection

    def _cleared(self, node: syntax.Clear, own: Locals) -> W_Value:
        w_collection = self._load(node.target, own)
        if _goes_as_named(node.dispatch, w_collection):
            return evaluate("DICT_NEW", [], None)
        if _goes_as_set(node.dispatch, w_collection):
            return evaluate("SET_NEW", [], None)
        if node.dispatch is Dispatch.BY_VALUE:
            evaluate("ARRAY_LEN", [w_collection], None)
        return _list_of([])

    # ____________________________________________________________ expressions

    def _value(self, node: syntax.Expression, own: Locals) -> W_Value:
        self._step()
        if isinstance(node, syntax.Literal):
            return to_value(Constant.of(node.value))
        if isinstance(node, syntax.Name):
            return self._load(node, own)
        if isinstance(node, syntax.Unary):
            return evaluate(_UNARY[node.operator], [self._value(node.operand, own)], None)
        if isinstance(node, syntax.Binary):
            return _binary(node.operator, self._value(node.left, own), self._value(node.right, own))
        if isinstance(node, syntax.Conditional):
            return self._value(
                node.consequence
                if self._value(node.condition, own).is_truthy()
                else node.alternative,
                own,
            )
        if isinstance(node, syntax.KindCheck):
            return _yes_no(isinstance(self._value(node.operand, own), _CLASSES[node.kind]))
        if isinstance(node, syntax.Contains):
            return self._contains(node, own)
        if isinstance(node, syntax.Call) and node.built_in:
            return self._built_in(node, own)
        if isinstance(node, syntax.Call):
            return self._call(node, own)
        if isinstance(node, syntax.Kept):
            own[node.name] = self._value(node.value, own)
            return own[node.name]
        if isinstance(node, syntax.Again):
            return own[node.name]
        if isinstance(node, syntax.EmptySet):
            return evaluate("SET_NEW", [], None)
        if isinstance(node, syntax.FunctionName):
            return W_Function(node.name)
        if isinstance(node, syntax.CallValue):
            return self._call_value(node, own)
        return self._collection(node, own)

    def _call_value(self, node: syntax.CallValue, own: Locals) -> W_Value:
        arguments = [self._value(argument, own) for argument in node.arguments]
        w_function = self._load(node.function, own)
        assert isinstance(w_function, W_Function)
        if w_function.name in self._functions:
            return self._run(self._functions[w_function.name], arguments)
        return built_in(w_function.name, arguments)

    def _collection(
        self,
        node: syntax.Blank
        | syntax.ListLiteral
        | syntax.NamedListLiteral
        | syntax.ItemOf
        | syntax.EntryOf
        | syntax.NamesOf
        | syntax.ContentsOf
        | syntax.EmptySet,
        own: Locals,
    ) -> W_Value:
        """An expression that makes a collection or looks into one."""
        if isinstance(node, syntax.ListLiteral):
            return _list_of([self._value(element, own) for element in node.elements])
        if isinstance(node, syntax.NamedListLiteral):
            w_dict = evaluate("DICT_NEW", [], None)
            for name, content in node.entries:
                w_dict = evaluate(
                    "DICT_SET",
                    [w_dict, to_value(Constant.of(name)), self._value(content, own)],
                    None,
                )
            return w_dict
        if isinstance(node, syntax.ItemOf):
            w_list = self._value(node.collection, own)
            return evaluate(
                "ARRAY_GET", [w_list, self._index(node.position, lambda: w_list, own)], None
            )
        if isinstance(node, syntax.EntryOf):
            return evaluate(
                "DICT_GET", [self._value(node.collection, own), self._value(node.key, own)], None
            )
        if isinstance(node, syntax.NamesOf):
            return evaluate("DICT_KEYS", [self._value(node.collection, own)], None)
        if isinstance(node, syntax.ContentsOf):
            return evaluate("DICT_VALUES", [self._value(node.collection, own)], None)
        raise AssertionError("not in a resolved tree")

    def _index(
        self, position: syntax.Position, load_list: Callable[[], W_Value], own: Locals
    ) -> W_Value:
        """The VM's index of a position; the list is looked at only to find its last item."""
        if isinstance(position, syntax.Last):
            w_length = evaluate("ARRAY_LEN", [load_list()], None)
            return evaluate("SUB", [w_length, W_Int(position.before + 1)], None)
        return evaluate("SUB", [self._value(position, own), W_Int(1)], None)

    def _contains(self, node: syntax.Contains, own: Locals) -> W_Value:
        w_collection, w_value = self._value(node.collection, own), self._value(node.value, own)
        if isinstance(w_collection, W_Dict):
            return evaluate("DICT_CONTAINS", [w_collection, w_value], None, self._latest)
        if isinstance(w_collection, W_Set):
            return evaluate("SET_CONTAINS", [w_collection, w_value], None)
        if isinstance(w_collection, W_Str):
            return built_in("contains", [w_collection, w_value])
        return _yes_no(
            any(
                evaluate("EQ", [w_item, w_value], None).is_truthy()
                for w_item in items_of(w_collection)
            )
        )

    def _built_in(self, node: syntax.Call, own: Locals) -> W_Value:
        values = [self._value(argument, own) for argument in node.arguments]
        if node.function == "print":
            self._say(values[0])
            return w_empty
        return built_in(node.function, values)

    def _call(self, node: syntax.Call, own: Locals) -> W_Value:
        arguments = [self._value(argument, own) for argument in node.arguments]
        return self._run(self._functions[node.function], arguments)

    def _run(self, function: syntax.Function, arguments: list[W_Value]) -> W_Value:
        try:
            self.block(
                function.body,
                {
                    parameter.name: w_value
                    for parameter, w_value in zip(function.parameters, arguments)
                },
            )
        except _GivenBack as given:
            return given.w_value
        return w_empty


def _list_of(items: Sequence[W_Value]) -> W_Value:
    w_list = evaluate("NEW_ARRAY", [W_Int(len(items))], None)
    for index, w_item in enumerate(items):
        w_list = evaluate("ARRAY_SET", [w_list, W_Int(index), w_item], None)
    return w_list


def _goes_as_named(dispatch: Dispatch, w_collection: W_Value) -> bool:
    return dispatch is Dispatch.NAMED or (
        dispatch is Dispatch.BY_VALUE and isinstance(w_collection, W_Dict)
    )


def _goes_as_set(dispatch: Dispatch, w_collection: W_Value) -> bool:
    return dispatch is Dispatch.SET or (
        dispatch is Dispatch.BY_VALUE and isinstance(w_collection, W_Set)
    )


def _binary(operator: BinaryOperator, w_left: W_Value, w_right: W_Value) -> W_Value:
    if operator is BinaryOperator.POWER:
        return _power(w_left, w_right)
    if operator in (BinaryOperator.STRICTLY_EQUAL, BinaryOperator.STRICTLY_UNEQUAL):
        same = (
            type(w_left).type_name == type(w_right).type_name
            and evaluate("EQ", [w_left, w_right], None).is_truthy()
        )
        return _yes_no(same is (operator is BinaryOperator.STRICTLY_EQUAL))
    return evaluate(_BINARY[operator], [w_left, w_right], None)


def _power(w_left: W_Value, w_right: W_Value) -> W_Value:
    if not isinstance(w_left, (W_Int, W_Float)) or not isinstance(w_right, (W_Int, W_Float)):
        return evaluate("MUL", [w_left, w_right], None)
    if isinstance(w_left, W_Int) and isinstance(w_right, W_Int) and _int(w_right) >= 0:
        return W_Int(_int_power(_int(w_left), _int(w_right)))
    base, exponent = _float(w_left), _float(w_right)
    if base == 0.0 and exponent < 0.0:
        raise errors.division_by_zero()
    return W_Float(_float_power(base, exponent))


def _int_power(base: int, exponent: int) -> int:
    # Bases beyond 1 have left the 64 bits behind at the 64th power; smaller ones come back every
    # second time.
    result: int = base ** (min(exponent, 64) if abs(base) > 1 else min(exponent, 2 - exponent % 2))
    if not I64_MIN <= result <= I64_MAX:
        raise errors.integer_overflow()
    return result


def _float_power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        return math.nan


def _yes_no(value: bool) -> W_Value:
    w_value: W_Value = wrap_bool(value)
    return w_value


def _int(w_value: W_Value) -> int:
    assert isinstance(w_value, W_Int)
    return int(w_value.intval)


def _float(w_number: W_Int | W_Float) -> float:
    return float(w_number.intval if isinstance(w_number, W_Int) else w_number.floatval)
