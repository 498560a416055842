"""Warnings about what runs, but hardly as meant: variables that nobody reads, statements that are
never reached, values that nobody uses, loops that never end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.built_ins import HOST_FUNCTIONS
from pymdvm.compiler.frontend.findings import Finding, Severity
from pymdvm.compiler.frontend.fixes import Fix, inserting
from pymdvm.compiler.frontend.names import Resolution
from pymdvm.compiler.frontend.syntax import BinaryOperator, Place, Scope
from pymdvm.compiler.frontend.tree import walk

_LOOPS = (syntax.While, syntax.ForEach, syntax.ForRange)
_LEAVES = (syntax.GiveBack, syntax.StopLoop, syntax.SkipRound)
_WRITES = (syntax.Define, syntax.Set)
_DIVISIONS = (BinaryOperator.DIVIDE, BinaryOperator.REMAINDER)
_ACTS = (syntax.Say, syntax.GiveBack)


def lint(resolution: Resolution, parsed: syntax.Program, file: str) -> list[Finding]:
    """The findings, in no particular order. parsed: the program as it is written."""
    program = resolution.program
    bodies = [program.body]
    bodies += [each.body for each in program.functions if each.name in resolution.own]
    linter = _Linter(file)
    for body in bodies:
        linter.block(body)
        linter.expressions(body)
    # A variable that is never set is read where it is written out, but not in the resolved tree.
    written = {each.name: each.body for each in parsed.functions}
    all_written = [parsed.body, *written.values()]
    linter.unused(program.body, [*bodies, *all_written], Scope.GLOBAL)
    for function in program.functions:
        if function.name in resolution.own:
            readers = [function.body, written.get(function.name, ())]
            linter.unused(function.body, readers, Scope.LOCAL)
    linter.defined_in_blocks(program.body)
    for body in bodies[1:]:
        linter.defined_in_blocks(body)
    return linter.findings


class _Linter:
    def __init__(self, file: str) -> None:
        self._file = file
        self.findings: list[Finding] = []

    def _warning(
        self, code: str, place: Place, message: str, expected: str = "", fix: Fix | None = None
    ) -> None:
        self.findings.append(
            Finding(Severity.WARNING, code, self._file, place, message, expected, fix)
        )

    # ____________________________________________________________ statements

    def block(self, body: tuple[syntax.Statement, ...]) -> None:
        """Of a block, and those inside it."""
        for index, node in enumerate(body):
            if isinstance(node, _LEAVES) or _never_ends(node):
                if index + 1 < len(body):
                    self._warning(
                        "unreachable",
                        body[index + 1].place,
                        "this is never reached",
                        f"the statement in line {node.place.line} always leaves",
                    )
                break
        for node in body:
            self._statement(node)

    def _statement(self, node: syntax.Statement) -> None:
        if isinstance(node, syntax.If):
            self.block(node.then)
            self.block(node.otherwise)
        elif isinstance(node, _LOOPS):
            self.block(node.body)
            if isinstance(node, syntax.While):
                self._endless(node)
        elif isinstance(node, syntax.ExpressionStatement):
            self._unused_value(node)

    def _unused_value(self, node: syntax.ExpressionStatement) -> None:
        value = node.expression
        if any(_is_own_call(part) for part in walk((value,))):
            return
        if isinstance(value, syntax.Call) and value.function in ("print", *HOST_FUNCTIONS):
            return
        expected = "expected Say in front of it, or Set ... to"
        if (
            isinstance(value, syntax.Binary)
            and value.operator is BinaryOperator.EQUAL
            and isinstance(value.left, syntax.Name)
        ):
            expected = f"expected Set `{value.left.name}` to ..., if that is what is meant"
        self._warning("unused-value", node.place, "nothing is done with this value", expected)

    def _endless(self, node: syntax.While) -> None:
        """A loop whose condition nothing in it can change."""
        parts = list(walk(node.body))
        if any(isinstance(part, (*_ACTS, syntax.StopLoop)) for part in parts):
            return
        whole = [*parts, *walk((node.condition,))]
        if any(isinstance(part, syntax.Call) for part in whole):
            return
        names = {part.name for part in walk((node.condition,)) if isinstance(part, syntax.Name)}
        written = set()
        for part in parts:
            target = getattr(part, "target", getattr(part, "item", None))
            if isinstance(target, syntax.Name):
                written.add(target.name)
        if not names and not _is_yes(node.condition):
            return
        if not names & written:
            self._warning(
                "endless-loop",
                node.place,
                "nothing in this loop changes its condition",
                "once begun it never ends, and nobody sees that it runs",
            )

    # ____________________________________________________________ expressions

    def expressions(self, body: Iterable[syntax.Node]) -> None:
        """Operands of `and` and `or` that are no conditions."""
        for node in walk(body):
            if not isinstance(node, syntax.Binary):
                continue
            if node.operator in _DIVISIONS and _is_zero(node.right):
                message = f"`{node.operator.value}` cannot take a zero behind it"
                self._warning("operands", node.right.place, message, "expected another number")
            if node.operator not in (BinaryOperator.AND, BinaryOperator.OR):
                continue
            for side in (node.right, node.left):
                if isinstance(side, syntax.Literal) and type(side.value) in (int, float, str):
                    self._warning(
                        "constant-operand",
                        side.place,
                        f"`{node.operator.value}` takes conditions, and gives Yes or No",
                        _either_hint(node) or "expected a comparison, a comma, or two statements",
                        _fix_of_either(node),
                    )
                    break

    # ____________________________________________________________ variables

    def unused(
        self,
        body: tuple[syntax.Statement, ...],
        readers: list[tuple[syntax.Statement, ...]],
        scope: Scope,
    ) -> None:
        """Variables that are defined in the body and read in none of the readers."""
        defined: dict[str, syntax.Name] = {}
        for node in walk(body):
            if isinstance(node, syntax.Define) and node.target.scope is scope:
                defined.setdefault(node.target.name, node.target)
        unread = set(defined)
        for reader in readers:
            if unread:  # mostly all are read soon
                unread.difference_update(_read_in(reader, unread))
        for name, target in defined.items():
            if name in unread:
                self._warning("unused-variable", target.place, f"`{name}` is never read")

    def defined_in_blocks(self, body: tuple[syntax.Statement, ...]) -> None:
        """Variables that are defined in a block only, and used behind it."""
        top = {node.target.name for node in body if isinstance(node, syntax.Define)}
        inner: dict[str, int] = {}
        told: set[str] = set()
        for statement in body:
            defined = _defined_within(statement)
            items = _items_within(statement)
            for node in walk((statement,)) if inner else ():
                if (
                    isinstance(node, syntax.Name)
                    and node.name in inner
                    and node.name not in top | told
                    and node.name not in defined
                    and node.name not in items
                ):
                    told.add(node.name)
                    self._warning(
                        "defined-in-block",
                        node.place,
                        f"`{node.name}` is defined in a block, in line {inner[node.name]}",
                        "expected its Define in front of that block",
                    )
            if not isinstance(statement, syntax.Define):
                for name, line in defined.items():
                    inner.setdefault(name, line)


def _is_zero(node: syntax.Expression) -> bool:
    return isinstance(node, syntax.Literal) and type(node.value) in (int, float) and not node.value


def _either_hint(node: syntax.Binary) -> str:
    """`x is 1 or 2` compares nothing with 2."""
    left = node.left
    while isinstance(left, syntax.Binary) and left.operator is BinaryOperator.OR:
        left = left.left
    if (
        isinstance(left, syntax.Binary)
        and left.operator is BinaryOperator.UNEQUAL
        and node.operator is BinaryOperator.AND
    ):
        return "expected `is not` in front of it too"
    is_equality = isinstance(left, syntax.Binary) and left.operator is BinaryOperator.EQUAL
    if node.operator is not BinaryOperator.OR or not is_equality:
        return ""
    return "expected `is either ... or ...`, which compares with each"


def _fix_of_either(node: syntax.Binary) -> Fix | None:
    """`x is 1 or 2` as `x is either 1 or 2`, `x is not 1 and 2` with another `is not`."""
    left = node.left
    if not isinstance(left, syntax.Binary):
        return None
    width = getattr(left.place, "end", left.place).column - left.place.column
    if left.operator is BinaryOperator.EQUAL and node.operator is BinaryOperator.OR:
        return inserting(left.right.place, "either ") if width == len("is") else None
    if left.operator is BinaryOperator.UNEQUAL and node.operator is BinaryOperator.AND:
        return inserting(node.right.place, "is not ") if width == len("is not") else None
    return None


def _defined_within(statement: syntax.Statement) -> dict[str, int]:
    return {
        node.target.name: node.target.place.line
        for node in walk((statement,))
        if isinstance(node, syntax.Define)
    }


def _items_within(statement: syntax.Statement) -> set[str]:
    """The variables that its loops define."""
    return {
        node.item.name
        for node in walk((statement,))
        if isinstance(node, (syntax.ForEach, syntax.ForRange))
    }


def _read_in(body: Iterable[syntax.Node], wanted: set[str]) -> set[str]:
    """Which of the names are read, or have a part that is changed."""
    targets = set()
    read: set[str] = set()
    for node in walk(body):
        if isinstance(node, _WRITES):
            targets.add(id(node.target))
        elif isinstance(node, syntax.Name) and node.name in wanted and id(node) not in targets:
            read.add(node.name)
            if len(read) == len(wanted):
                break
    return read


def _is_own_call(node: syntax.Node) -> bool:
    """Whether it calls a function of the program, which may do anything."""
    return isinstance(node, syntax.CallValue) or (
        isinstance(node, syntax.Call) and not node.built_in
    )


def _is_yes(condition: syntax.Expression) -> bool:
    return isinstance(condition, syntax.Literal) and bool(condition.value)


def _never_ends(node: syntax.Statement) -> bool:
    return (
        isinstance(node, syntax.While)
        and _is_yes(node.condition)
        and not any(isinstance(part, syntax.StopLoop) for part in _own_loop(node.body))
    )


def _own_loop(body: Iterable[syntax.Node]) -> Iterator[syntax.Node]:
    """What is in a loop, without the loops in it."""
    for node in body:
        yield node
        if isinstance(node, syntax.If):
            yield from _own_loop((*node.then, *node.otherwise))
