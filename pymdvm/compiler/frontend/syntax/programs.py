"""The nodes of whole programs."""

from __future__ import annotations

from dataclasses import dataclass

from pymdvm.compiler.frontend.syntax.base import Kind, Node
from pymdvm.compiler.frontend.syntax.expressions import Expression
from pymdvm.compiler.frontend.syntax.statements import Statement


@dataclass(frozen=True)
class Parameter(Node):
    """A parameter: a local name that a call sets. The default is used where a call leaves the
    argument out.

    Names in a default are global, whatever the caller's or the function's locals are.
    """

    name: str
    kinds: tuple[Kind, ...] = ()
    default: Expression | None = None


@dataclass(frozen=True)
class Function(Node):
    """A Utility, Action or Interaction: the three do the same. `gives` is what the Outputs section
    declares, if anything.

    A call sets the parameters, leaves the other locals Empty and runs the body; falling off its end
    gives Empty.
    """

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    gives: tuple[Kind, ...] = ()


@dataclass(frozen=True)
class Program:
    """A file: its functions in the order of the source, and the statements at top level, which are
    what running it runs.

    Running off the end of the body ends the program without a value.  Globals start out Empty.
    """

    functions: tuple[Function, ...]
    body: tuple[Statement, ...]
