"""Programs that remember, in variables of their own, what the names in one statement held when it
was run last: for telling why it failed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from mdvm import opcodes
from pymdvm.bytecode.codec import write
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.front import analyse
from pymdvm.compiler.frontend.syntax import Scope
from pymdvm.compiler.frontend.tree import own_expressions, walk
from pymdvm.compiler.lowering.function import lower
from pymdvm.compiler.lowering.options import LoweringOptions
from pymdvm.compiler.output import generate
from pymdvm.compiler.passes.manager import optimise
from pymdvm.compiler.registers.convention import LATEST

# What the variables are called; no name in a source has parentheses.
_WATCH = "(watched) "
_LEVEL = 1

Block = tuple[syntax.Statement, ...]


class Watched(NamedTuple):
    """bytecode: the program; names: what it watches, with the global variables that hold it."""

    bytecode: bytes
    names: dict[str, str]


def watched(source: str, file: str, function: str, line: int, column: int) -> Watched | None:
    """The program that watches the statement at that place, of a function or, without a name, of
    the top level. None if there is none, or if it could be run again while it is running.
    """
    resolution = analyse(source, file).resolution
    if resolution is None:
        return None
    program = resolution.program
    watcher = _Watcher(line, column)
    if function:
        functions = tuple(
            replace(each, body=watcher.block(each.body)) if each.name == function else each
            for each in program.functions
        )
        made = replace(program, functions=functions)
    else:
        made = replace(program, body=watcher.block(program.body))
    statement = watcher.found
    if statement is None or not watcher.names or _is_entered_again(program, function, statement):
        return None
    module = lower(made, LoweringOptions(keep_globals=True, latest=True))
    optimise(module, _LEVEL, (), lambda stage, module: None)
    generated = generate(module, LATEST, True, file, opcodes.PUBLISHED)
    return Watched(write(generated.program), watcher.names)


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
        for part in walk(own_expressions(node)):
            if not isinstance(part, syntax.Name) or part.scope is None or "(" in part.name:
                continue
            self.names[part.name] = _WATCH + part.name
            target = syntax.Name(part.place, _WATCH + part.name, Scope.GLOBAL)
            yield syntax.Set(part.place, target, part)


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
