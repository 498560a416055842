"""What lowering has to know about variables before it reaches them."""

from __future__ import annotations

from collections.abc import Iterable

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.tree import walk

_WRITE_NOTHING = (
    syntax.Say,
    syntax.GiveBack,
    syntax.ExpressionStatement,
    syntax.StopLoop,
    syntax.SkipRound,
)


def shared_globals(program: syntax.Program) -> frozenset[str]:
    """The variables of the top level that a function of a resolved program reads or sets.

    They have to be global variables of the VM; the others are as good as local to the program
    itself.
    """
    return frozenset(
        node.name
        for function in program.functions
        for node in walk(function.body)
        if isinstance(node, syntax.Name) and node.scope is syntax.Scope.GLOBAL
    )


def written_in(statements: Iterable[syntax.Statement]) -> frozenset[str]:
    """The variables that the statements, and those inside them, may put something into."""
    names: set[str] = set()
    work = list(statements)
    while work:
        statement = work.pop()
        if isinstance(statement, syntax.If):
            work.extend(statement.then)
            work.extend(statement.otherwise)
        elif isinstance(statement, syntax.While):
            work.extend(statement.body)
        elif isinstance(statement, (syntax.ForEach, syntax.ForRange)):
            names.add(statement.item.name)
            work.extend(statement.body)
        elif isinstance(statement, syntax.ChangePart):
            names.add(statement.target.name)
            names.add(syntax.PART)
        elif not isinstance(statement, _WRITE_NOTHING):
            names.add(statement.target.name)
    return frozenset(names)
