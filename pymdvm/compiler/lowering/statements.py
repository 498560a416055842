"""Statements of the syntax tree to blocks and instructions of MIR.  What each node means stands in
syntax.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from pymdvm.bytecode.model import U16_MAX, Constant
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.syntax import Dispatch
from pymdvm.compiler.lowering.expressions import ExpressionLowering, FunctionValues
from pymdvm.compiler.lowering.options import LoweringOptions
from pymdvm.compiler.lowering.scopes import written_in
from pymdvm.compiler.lowering.ssa import SsaBuilder
from pymdvm.compiler.mir import runtime_names
from pymdvm.compiler.mir.model import EMPTY, Block, Operand

_ZERO = Constant.of(0)
_ONE = Constant.of(1)


class StatementLowering(ExpressionLowering):
    """Lowers the statements of one function.

    options: how the tree is lowered
    """

    def __init__(
        self,
        builder: SsaBuilder,
        table_names: dict[str, str],
        shared: frozenset[str] | None,
        options: LoweringOptions,
        values: FunctionValues,
    ) -> None:
        super().__init__(builder, table_names, shared, options.latest, values)
        self._scopes = options.scopes
        self._scope_count = 0
        # The scopes that are open, and for each loop around the current statement where its next
        # round begins, what comes after it, and how many scopes are open around its body.
        self._open_scopes: list[int] = []
        self._loops: list[tuple[Block, Block, int]] = []
        self._statement_handlers: dict[type, Callable[..., None]] = {
            syntax.Define: self._define,
            syntax.Set: self._set,
            syntax.If: self._if,
            syntax.While: self._while,
            syntax.ForEach: self._for_each,
            syntax.ForRange: self._for_range,
            syntax.StopLoop: self._stop_loop,
            syntax.SkipRound: self._skip_round,
            syntax.Say: self._say,
            syntax.GiveBack: self._give_back,
            syntax.ExpressionStatement: self._expression_statement,
            syntax.AddItem: self._add_item,
            syntax.InsertItem: self._insert_item,
            syntax.SetItem: self._set_item,
            syntax.SetEntry: self._set_entry,
            syntax.Remove: self._remove,
            syntax.RemoveAll: self._remove_all,
            syntax.RemoveAt: self._remove_at,
            syntax.Clear: self._clear,
            syntax.ChangePart: self._change_part,
        }

    def lower_statements(self, statements: Sequence[syntax.Statement]) -> None:
        """Adds the instructions of the statements, up to the first that is never reached."""
        for statement in statements:
            if not self.builder.is_reachable():
                return
            self.builder.place = statement.place
            self._statement_handlers[type(statement)](statement)

    def _evaluate(self, expression: syntax.Expression, place: syntax.Place) -> Operand:
        """The expression's value; what follows is at this source location."""
        value = self.lower_expression(expression)
        self.builder.place = place
        return value

    def _enter_sealed(self, block: Block) -> None:
        """Continues in a block that has all its predecessors."""
        self.builder.seal(block)
        self.builder.enter(block)

    def _lower_body(self, body: Sequence[syntax.Statement], after: Block) -> None:
        """Lowers the statements of a block of the source, then goes on to `after`."""
        builder = self.builder
        self._scope_count += 1
        scope = self._scope_count & U16_MAX
        if self._scopes:
            builder.act("SCOPE_ENTER", detail=scope)
            self._open_scopes.append(scope)
        self.lower_statements(body)
        if self._scopes:
            builder.act("SCOPE_EXIT", detail=scope)
            self._open_scopes.pop()
        builder.jump(after)

    def _lower_loop_body(
        self, body: Sequence[syntax.Statement], next_round: Block, after: Block
    ) -> None:
        """The same for the body of a loop."""
        self._loops.append((next_round, after, len(self._open_scopes)))
        self._lower_body(body, next_round)
        self._loops.pop()

    # ________________________________________________________ variables

    def _define(self, define: syntax.Define) -> None:
        self.write(
            define.target,
            EMPTY if define.default is None else self._evaluate(define.default, define.place),
        )

    def _set(self, statement: syntax.Set) -> None:
        self.write(statement.target, self._evaluate(statement.value, statement.place))

    # ________________________________________________________ control flow

    def _if(self, statement: syntax.If) -> None:
        builder = self.builder
        condition = self._evaluate(statement.condition, statement.place)
        then, after = builder.new_block(), builder.new_block()
        otherwise = builder.new_block() if statement.otherwise else after
        builder.bypass(after, written_in((statement,)))
        builder.branch(condition, then, otherwise)
        self._enter_sealed(then)
        self._lower_body(statement.then, after)
        if statement.otherwise:
            self._enter_sealed(otherwise)
            self._lower_body(statement.otherwise, after)
        self._go_on(after)

    def _go_on(self, block: Block) -> None:
        """The same if anything leads to the block."""
        if self.builder.has_predecessors(block):
            self._enter_sealed(block)

    def _while(self, loop: syntax.While) -> None:
        builder = self.builder
        header, body, after = builder.new_block(), builder.new_block(), builder.new_block()
        builder.bypass(header, written_in(loop.body))
        builder.jump(header)
        builder.enter(header)
        condition = self._evaluate(loop.condition, loop.place)
        builder.branch(condition, body, after)
        self._enter_sealed(body)
        self._lower_loop_body(loop.body, header, after)
        builder.seal(header)
        self._go_on(after)

    def _for_each(self, loop: syntax.ForEach) -> None:
        builder = self.builder
        items = self._items(loop)
        length = builder.emit("ARRAY_LEN", items)
        index = self.new_hidden_variable()
        builder.write(index, _ZERO)
        header, body, next_item, after = [builder.new_block() for _ in range(4)]
        builder.bypass(header, written_in((loop,)) | {index})
        builder.jump(header)
        builder.enter(header)
        builder.branch(builder.emit("LT", builder.read(index), length), body, after)
        self._enter_sealed(body)
        self.write(loop.item, builder.emit("ARRAY_GET", items, builder.read(index)))
        self._lower_loop_body(loop.body, next_item, after)
        self._go_on(next_item)
        builder.place = loop.place
        builder.write(index, builder.emit("ADD", builder.read(index), _ONE))
        builder.jump(header)
        builder.seal(header)
        self._go_on(after)

    def _for_range(self, loop: syntax.ForRange) -> None:
        builder = self.builder
        first = self.lower_expression(loop.first)
        last = self.lower_expression(loop.last)
        step = _ONE if loop.step is None else self.lower_expression(loop.step)
        builder.place = loop.place
        counter = self.new_hidden_variable()
        builder.write(counter, first)
        header, body, next_round, after = [builder.new_block() for _ in range(4)]
        builder.bypass(header, written_in((loop,)) | {counter})
        builder.jump(header)
        builder.enter(header)
        builder.branch(self._is_within(loop.step, builder.read(counter), last, step), body, after)
        self._enter_sealed(body)
        self.write(loop.item, builder.read(counter))
        self._lower_loop_body(loop.body, next_round, after)
        self._go_on(next_round)
        builder.place = loop.place
        if builder.is_reachable():
            builder.write(counter, builder.emit("ADD", builder.read(counter), step))
        builder.jump(header)
        builder.seal(header)
        self._go_on(after)

    def _is_within(
        self, written: syntax.Expression | None, count: Operand, last: Operand, step: Operand
    ) -> Operand:
        """Whether the count is not beyond the last one; written: the step in the source."""
        builder = self.builder
        sign = 1 if written is None else _sign_of(written)
        if sign:
            return builder.emit("LTE" if sign > 0 else "GTE", count, last)
        up = builder.emit("AND", builder.emit("GT", step, _ZERO), builder.emit("LTE", count, last))
        down = builder.emit(
            "AND", builder.emit("LT", step, _ZERO), builder.emit("GTE", count, last)
        )
        return builder.emit("OR", up, down)

    def _stop_loop(self, statement: syntax.StopLoop) -> None:
        self._leave_to(self._loops[-1][1])

    def _skip_round(self, statement: syntax.SkipRound) -> None:
        self._leave_to(self._loops[-1][0])

    def _leave_to(self, target: Block) -> None:
        """Goes there from inside the body of the innermost loop."""
        for scope in reversed(self._open_scopes[self._loops[-1][2] :]):
            self.builder.act("SCOPE_EXIT", detail=scope)
        self.builder.jump(target)

    def _items(self, loop: syntax.ForEach) -> Operand:
        """The list that a for-each walks."""
        collection = self._evaluate(loop.collection, loop.place)
        if loop.dispatch is Dispatch.NAMED:
            return self.builder.emit("DICT_KEYS", collection)
        if loop.dispatch is Dispatch.SET:
            return self.builder.emit("SET_VALUES", collection)
        if loop.dispatch is Dispatch.BY_VALUE:
            return self.builder.call(runtime_names.ITEMS, collection)
        return collection

    def _say(self, say: syntax.Say) -> None:
        self.builder.act("DEBUG_PRINT", self._evaluate(say.value, say.place))

    def _give_back(self, statement: syntax.GiveBack) -> None:
        self.builder.give_back(self._evaluate(statement.value, statement.place))

    def _expression_statement(self, statement: syntax.ExpressionStatement) -> None:
        self.lower_expression(statement.expression)

    # ________________________________________________________ collections

    def _update(
        self, target: syntax.Name, place: syntax.Place, opcode: str, *operands: Operand
    ) -> None:
        """Does what the opcode does with the container in the variable."""
        container = self.read(target)
        self.builder.place = place
        self.write(target, self.builder.emit(opcode, container, *operands))

    def _replace(
        self, target: syntax.Name, place: syntax.Place, function: str, *operands: Operand
    ) -> None:
        """Puts into the variable what a function of the library makes of its value."""
        container = self.read(target)
        self.builder.place = place
        self.write(target, self.builder.call(function, container, *operands))

    def _add_item(self, statement: syntax.AddItem) -> None:
        value = self._evaluate(statement.value, statement.place)
        if statement.dispatch is Dispatch.SET:
            self._update(statement.target, statement.place, "SET_ADD", value)
        elif self._latest and statement.dispatch is Dispatch.BY_VALUE:
            self._replace(statement.target, statement.place, runtime_names.ADDED, value)
        elif self._latest:
            self._update(statement.target, statement.place, "ARRAY_PUSH", value)
        else:
            self._replace(statement.target, statement.place, runtime_names.APPEND, value)

    def _insert_item(self, statement: syntax.InsertItem) -> None:
        value = self._evaluate(statement.value, statement.place)
        index = self.index_of(statement.position, EMPTY)
        if self._latest:
            self._update(statement.target, statement.place, "ARRAY_INSERT", index, value)
        else:
            self._replace(statement.target, statement.place, runtime_names.INSERT, index, value)

    def _set_item(self, statement: syntax.SetItem) -> None:
        collection = (
            self.read(statement.target) if isinstance(statement.position, syntax.Last) else EMPTY
        )
        self.builder.place = statement.place
        index = self.index_of(statement.position, collection)
        value = self._evaluate(statement.value, statement.place)
        self._update(statement.target, statement.place, "ARRAY_SET", index, value)

    def _set_entry(self, statement: syntax.SetEntry) -> None:
        key = self.lower_expression(statement.key)
        value = self._evaluate(statement.value, statement.place)
        self._update(statement.target, statement.place, "DICT_SET", key, value)

    def _remove(self, statement: syntax.Remove) -> None:
        value = self._evaluate(statement.value, statement.place)
        if statement.dispatch is Dispatch.NAMED:
            self._update(statement.target, statement.place, "DICT_REMOVE", value)
        elif statement.dispatch is Dispatch.SET:
            self._update(statement.target, statement.place, "SET_REMOVE", value)
        else:
            function = (
                runtime_names.REMOVE_ITEM
                if statement.dispatch is Dispatch.LIST
                else runtime_names.REMOVE
            )
            self._replace(statement.target, statement.place, function, value)

    def _remove_all(self, statement: syntax.RemoveAll) -> None:
        value = self._evaluate(statement.value, statement.place)
        self._replace(statement.target, statement.place, runtime_names.REMOVE_ALL, value)

    def _remove_at(self, statement: syntax.RemoveAt) -> None:
        collection = (
            self.read(statement.target) if isinstance(statement.position, syntax.Last) else EMPTY
        )
        self.builder.place = statement.place
        index = self.index_of(statement.position, collection)
        if self._latest:
            self._update(statement.target, statement.place, "ARRAY_REMOVE", index)
        else:
            self._replace(statement.target, statement.place, runtime_names.REMOVE_AT, index)

    def _change_part(self, statement: syntax.ChangePart) -> None:
        builder = self.builder
        container = self.read(statement.target)
        containers: list[tuple[Operand, Operand, str]] = []
        for step in statement.path:
            is_item = isinstance(step, syntax.ItemStep)
            builder.place = step.place
            key = (
                self.index_of(step.position, container)
                if isinstance(step, syntax.ItemStep)
                else self.lower_expression(step.key)
            )
            builder.place = step.place
            containers.append((container, key, "ARRAY_SET" if is_item else "DICT_SET"))
            container = builder.emit("ARRAY_GET" if is_item else "DICT_GET", container, key)
        builder.write(syntax.PART, container)
        self.lower_statements((statement.change,))
        builder.place = statement.place
        part = builder.read(syntax.PART)
        for container, key, opcode in reversed(containers):
            part = builder.emit(opcode, container, key, part)
        self.write(statement.target, part)
        builder.write(syntax.PART, EMPTY)

    def _clear(self, statement: syntax.Clear) -> None:
        if statement.dispatch is Dispatch.LIST:
            self.write(statement.target, self.builder.emit("NEW_ARRAY", _ZERO))
        elif statement.dispatch is Dispatch.NAMED:
            self.write(statement.target, self.builder.emit("DICT_NEW"))
        elif statement.dispatch is Dispatch.SET:
            self.write(statement.target, self.builder.emit("SET_NEW"))
        else:
            self._replace(statement.target, statement.place, runtime_names.CLEAR)


def _sign_of(step: syntax.Expression) -> int:
    """1 or -1 for a step that is a number in the source, else 0."""
    if isinstance(step, syntax.Unary) and step.operator is syntax.UnaryOperator.NEGATE:
        return -_sign_of(step.operand)
    if isinstance(step, syntax.Literal) and type(step.value) in (int, float) and step.value:
        return 1 if step.value > 0 else -1  # type: ignore[operator]
    return 0
