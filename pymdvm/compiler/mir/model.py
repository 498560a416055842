"""The data types of MIR: MirModule, MirFunction, Block, Phi, Instruction and the four terminators.

What holds of a well-formed function (mir/checker.py proves it):

* Every Value is defined once: as a parameter, by a Phi or by an Instruction. Each use is dominated
  by the definition; a use in a Phi counts as one at the end of the predecessor that it belongs to.
* The first block is the entry. It has no predecessors and no phis. Every other block can be reached
  from it.
* The two targets of a Branch differ. An edge from a block with two successors to one with several
  predecessors (a critical edge) may exist: a pass that puts moves on edges has to split it.
* A Phi has one operand for each predecessor of its block, by label, in any order. All phis of a
  block happen at once.
* Parameters are values that arrive in registers 0, 1, ... in their order. The entry function
  `module.functions[0]` has none; execution starts there, and returning from it ends the program.
* An instruction is named by its opcode in mdvm.opcodes and its operands follow that table:

      operand kind in the table    in an Instruction
      write                        result
      read, arguments, constant    the next of operands; a CALL's first one is the function's name,
                                   nearly always a Constant
      update                       operands[0] is the value before, result the value after: the two
                                   are tied
      name                         detail, a str: the global variable
      type, scope                  detail, an int
      condition, message, range    detail, an Assertion

* Containers are values. `b = ARRAY_SET a, i, v` leaves `a` as it was. Giving a tied result the
  register of its first operand is right when that operand is not used afterwards; otherwise it has
  to be copied first.
* CALL always has a result, also where nobody uses it.  Every function returns a value.
* There is no undefined value: a variable without one is the constant Empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, NewType, Union

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend.syntax import Place as Place

Value = NewType("Value", int)
Operand = Union[Value, Constant]

EMPTY = Constant.empty()


class InlinedPlace(Place):
    """A source location in a function whose call was inlined.

    function: the function's name in the source
    call: the location of the call, which may be in an inlined function itself
    """

    function: str
    call: Place

    @classmethod
    def at(cls, place: Place, function: str, call: Place) -> InlinedPlace:
        """The location in the function, called from the other one."""
        inlined = cls(place.line, place.column)
        inlined.function = function
        inlined.call = call
        return inlined


class Assertion(NamedTuple):
    """What an ASSERT asks for: the number of the condition (mdvm.opcodes.CONDITION_NAMES), the
    message, the range of ints.
    """

    condition: int
    message: str
    smallest: int = 0
    largest: int = 0


Detail = Union[None, str, int, Assertion]


class Instruction:
    """One operation.

    opcode: str, a name in mdvm.opcodes
    operands: list of Value or Constant
    result: Value or None
    detail: see above
    place: Place or None, the source location
    """

    __slots__ = ("opcode", "operands", "result", "detail", "place")

    def __init__(
        self,
        opcode: str,
        operands: list[Operand],
        result: Value | None = None,
        detail: Detail = None,
        place: Place | None = None,
    ) -> None:
        self.opcode = opcode
        self.operands = operands
        self.result = result
        self.detail = detail
        self.place = place


class Phi:
    """The value that belongs to the edge by which its block was entered.

    result: Value
    operands: dict from the label of a predecessor to Value or Constant
    """

    __slots__ = ("result", "operands")

    def __init__(self, result: Value, operands: dict[str, Operand]) -> None:
        self.result = result
        self.operands = operands


class Jump:
    """Goes to the block with the label target."""

    __slots__ = ("target", "place")

    def __init__(self, target: str, place: Place | None = None) -> None:
        self.target = target
        self.place = place


class Branch:
    """Goes to `then` if the condition is truthy, else to `otherwise`; the two are different
    labels.
    """

    __slots__ = ("condition", "then", "otherwise", "place")

    def __init__(
        self, condition: Operand, then: str, otherwise: str, place: Place | None = None
    ) -> None:
        self.condition = condition
        self.then = then
        self.otherwise = otherwise
        self.place = place


class Return:
    """Leaves the function with a value; leaving the entry function ends the program with it."""

    __slots__ = ("value", "place")

    def __init__(self, value: Operand, place: Place | None = None) -> None:
        self.value = value
        self.place = place


class Halt:
    """Ends the program with no value."""

    __slots__ = ("place",)

    def __init__(self, place: Place | None = None) -> None:
        self.place = place


Terminator = Union[Jump, Branch, Return, Halt]


class Block:
    """A basic block.

    label: str, unique in its function
    """

    __slots__ = ("label", "phis", "instructions", "terminator")

    def __init__(
        self,
        label: str,
        phis: list[Phi] | None = None,
        instructions: list[Instruction] | None = None,
        terminator: Terminator | None = None,
    ) -> None:
        self.label = label
        self.phis = [] if phis is None else phis
        self.instructions = [] if instructions is None else instructions
        self.terminator: Terminator = Halt() if terminator is None else terminator

    def successors(self) -> tuple[str, ...]:
        """The labels of the blocks that can follow."""
        terminator = self.terminator
        if isinstance(terminator, Jump):
            return (terminator.target,)
        if isinstance(terminator, Branch):
            return (terminator.then, terminator.otherwise)
        return ()


@dataclass
class MirFunction:
    """A function, or the program itself.

    name: its name in the function table
    parameters: the values that arrive
    blocks: by label; the first is the entry
    source_name: its name in the source
    variables: the name of the source's variable that a value belongs to, where there is one
    place: the source location of its definition
    """

    name: str
    parameters: list[Value] = field(default_factory=list)
    blocks: dict[str, Block] = field(default_factory=dict)
    source_name: str = ""
    variables: dict[Value, str] = field(default_factory=dict)
    place: Place | None = None
    next_value: int = 0
    next_label: int = 0

    @property
    def entry(self) -> Block:
        """The first block."""
        return next(iter(self.blocks.values()))

    def new_value(self) -> Value:
        """A Value that nothing defines yet."""
        value = Value(self.next_value)
        self.next_value += 1
        return value

    def new_block(self) -> Block:
        """An empty block with a new label, added at the end."""
        while f"b{self.next_label}" in self.blocks:
            self.next_label += 1
        block = Block(f"b{self.next_label}")
        self.next_label += 1
        self.blocks[block.label] = block
        return block

    def predecessors(self) -> dict[str, list[str]]:
        """The labels of each block's predecessors, in the order of the blocks."""
        found: dict[str, list[str]] = {label: [] for label in self.blocks}
        for block in self.blocks.values():
            for label in block.successors():
                found[label].append(block.label)
        return found

    def instructions(self) -> Iterator[Instruction]:
        """All instructions, block by block."""
        for block in self.blocks.values():
            yield from block.instructions


@dataclass
class MirModule:
    """A program: functions[0] is the entry function, the others can be called by name."""

    functions: list[MirFunction] = field(default_factory=list)

    @property
    def entry(self) -> MirFunction:
        """The program itself."""
        return self.functions[0]

    def by_name(self) -> dict[str, MirFunction]:
        """The functions that can be called."""
        return {function.name: function for function in self.functions[1:]}
