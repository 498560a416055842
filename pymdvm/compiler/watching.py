"""Programs that remember, in variables of their own, what the names in one statement held when it
was run last, and with which arguments the calls were made that have not returned: for telling why
it failed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from mdvm import opcodes
from pymdvm.bytecode.codec import write
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.front import analyse
from pymdvm.compiler.frontend.syntax import Dispatch, Scope
from pymdvm.compiler.frontend.tree import own_expressions, walk
from pymdvm.compiler.lowering.function import lower
from pymdvm.compiler.lowering.options import LoweringOptions
from pymdvm.compiler.output import generate
from pymdvm.compiler.passes.manager import optimise
from pymdvm.compiler.registers.convention import LATEST

# What the variables are called; no name in a source has parentheses.
_WATCH = "(watched) "
CALLS = "(calls)"
_GIVEN = "(given)"
_LEVEL = 1

Block = tuple[syntax.Statement, ...]


class Watched(NamedTuple):
    """bytecode: the program; names: what it watches, with the global variables that hold it, none
    if the statement can be run again while it is running; parameters: of each function. The global
    CALLS has a list for each call that has not returned: the function's name, then the arguments.
    """

    bytecode: bytes
    names: dict[str, str]
    parameters: dict[str, list[str]]


def watched(source: str, file: str, function: str, line: int, column: int) -> Watched | None:
    """The program that watches the statement at that place, of a function or, without a name, of
    the top level. None if there is none.
    """
    resolution = analyse(source, file).resolution
    if resolution is None:
        return None
    program = resolution.program
    watcher = _Watcher(line, column)
    functions = tuple(
        replace(each, body=watcher.block(each.body)) if each.name == function else each
        for each in program.functions
    )
    body = program.body if function else watcher.block(program.body)
    statement = watcher.found
    if statement is None:
        return None
    names = {} if _is_entered_again(program, function, statement) else watcher.names
    made = syntax.Program(tuple(map(_noted, functions)), (_no_calls(statement), *body))
    module = lower(made, LoweringOptions(keep_globals=True, latest=True))
    optimise(module, _LEVEL, (), lambda stage, module: None)
    generated = generate(module, LATEST, True, file, opcodes.PUBLISHED)
    parameters = {each.name: [one.name for one in each.parameters] for each in functions}
    return Watched(write(generated.program), names, parameters)


class _Watcher:
    """Puts the watching in front of the statement. found: that one; names: what is watched."""

    def __init__(self, line: int, column: int) -> None:
        self._place = (line, column)
        self.found: syntax.Statement | None = None
        self.names: dict[str, str] = {}

    def block(self, body: Block) -> Block:
        """The block with it, if the statement is in it."""
        made: list[syntax.Statement] = []
        for node in body:
            inner = self._inside(node)
            if self.found is None and self._is_meant(node):
                self.found = node
                made.extend(self._watching(node))
                if isinstance(node, syntax.While):
                    # Its condition is evaluated again behind the body.
                    inner = replace(node, body=(*node.body, *self._watching(node)))
                    if any(isinstance(each, syntax.SkipRound) for each in walk(node.body)):
                        self.names = {}
            made.append(inner)
        return tuple(made)

    def _inside(self, node: syntax.Statement) -> syntax.Statement:
        if isinstance(node, syntax.If):
            return replace(node, then=self.block(node.then), otherwise=self.block(node.otherwise))
        if isinstance(node, (syntax.While, syntax.ForEach, syntax.ForRange)):
            return replace(node, body=self.block(node.body))
        return node

    def _is_meant(self, node: syntax.Statement) -> bool:
        return any(
            (part.place.line, part.place.column) == self._place
            for part in (node, *walk(own_expressions(node)))
        )

    def _watching(self, node: syntax.Statement) -> Iterator[syntax.Statement]:
        # What a variable held that is about to be set has nothing to do with it.
        read = (node.value,) if isinstance(node, syntax.Set) else own_expressions(node)
        for part in walk(read):
            if not isinstance(part, syntax.Name) or part.scope is None or "(" in part.name:
                continue
            self.names[part.name] = _WATCH + part.name
            target = syntax.Name(part.place, _WATCH + part.name, Scope.GLOBAL)
            yield syntax.Set(part.place, target, part)


def _no_calls(node: syntax.Node) -> syntax.Statement:
    return syntax.Set(node.place, _calls(node), syntax.ListLiteral(node.place, ()))


def _calls(node: syntax.Node) -> syntax.Name:
    return syntax.Name(node.place, CALLS, Scope.GLOBAL)


def _noted(function: syntax.Function) -> syntax.Function:
    """The function, which adds its call to CALLS and takes it off before it returns."""
    place = function.place
    arguments = (syntax.Name(place, each.name, Scope.LOCAL) for each in function.parameters)
    call = syntax.ListLiteral(place, (syntax.Literal(place, function.name), *arguments))
    begun = syntax.AddItem(place, _calls(function), call, Dispatch.LIST)
    return replace(function, body=(begun, *_leaving(function.body), _ended(function)))


def _ended(node: syntax.Node) -> syntax.Statement:
    return syntax.RemoveAt(node.place, _calls(node), syntax.Last(node.place))


def _leaving(body: Block) -> Block:
    """The block, in which each Give back takes the call off CALLS when its value is there."""
    made: list[syntax.Statement] = []
    for node in body:
        if isinstance(node, syntax.GiveBack):
            given = syntax.Name(node.place, _GIVEN, Scope.LOCAL)
            made.append(syntax.Set(node.place, given, node.value))
            made.append(_ended(node))
            made.append(syntax.GiveBack(node.place, given))
        elif isinstance(node, syntax.If):
            then, otherwise = _leaving(node.then), _leaving(node.otherwise)
            made.append(replace(node, then=then, otherwise=otherwise))
        elif isinstance(node, (syntax.While, syntax.ForEach, syntax.ForRange)):
            made.append(replace(node, body=_leaving(node.body)))
        else:
            made.append(node)
    return tuple(made)


def _is_entered_again(program: syntax.Program, function: str, statement: syntax.Statement) -> bool:
    """Whether the statement calls what may lead to its function once more, so that what is watched
    would be of another call.
    """
    if not function:
        return False
    bodies = {each.name: each.body for each in program.functions}
    waiting = list(_called_in(tuple(own_expressions(statement))))
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        if name == "":
            return True  # a function in a variable, which may be any
        waiting.extend(_called_in(bodies.get(name, ())))
    return function in reached


def _called_in(nodes: tuple[syntax.Node, ...]) -> Iterator[str]:
    """The functions of the program that are called there, "" for those that variables hold."""
    for node in walk(nodes):
        if isinstance(node, syntax.CallValue):
            yield ""
        elif isinstance(node, syntax.Call) and not node.built_in:
            yield node.function
