"""The Builder: instructions and constants one after the other, with labels, to a Program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Union

from mdvm import opcodes
from mdvm.loading.module import DEFAULT_FLAGS, DEFAULT_VERSION
from pymdvm.bytecode.codec import check_instruction, write
from pymdvm.bytecode.model import (
    DEFAULT_NAME,
    BytecodeError,
    Constant,
    ConstantValue,
    FormatLimitError,
    Function,
    Instruction,
    OperandValue,
    Program,
    check_type,
)

MAX_CONSTANTS = 2**16


class BuildError(BytecodeError, ValueError):
    """A Builder was asked for something that makes no instruction.

    instruction: int or None, the index of the instruction at fault when it is an earlier one
    """

    def __init__(self, message: str, instruction: int | None = None) -> None:
        super().__init__(message)
        self.instruction = instruction


class Label:
    """An index among a Builder's instructions, known now or later.  Made by Builder.label and
    Builder.here.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.index: int | None = None

    def __repr__(self) -> str:
        return f"<Label {self.name} at {self.index}>"


# What the last operand is when the caller leaves it out.
_DEFAULTS = {opcodes.ARGUMENTS: (), opcodes.RESULT: None, opcodes.RANGE: ()}

BuilderOperand = Union[
    None, int, str, Label, Constant, Sequence[int], Sequence[tuple[int, Union[int, Label]]]
]


class _PendingInstruction:
    """An instruction whose labels have no index yet."""

    def __init__(self, opcode: int, operands: Sequence[object]) -> None:
        self.opcode = opcode
        self.operands = operands


class Builder:
    """Collects constants, functions and instructions, and fixes up the jumps between them.

    name: str
    version, flags: int: the header of the file; the instructions of version 2 take version=2
    """

    def __init__(
        self, name: str = DEFAULT_NAME, version: int = DEFAULT_VERSION, flags: int = DEFAULT_FLAGS
    ) -> None:
        check_type("name", name, str)
        check_type("version", version, int)
        check_type("flags", flags, int)
        self.name = name
        self.version = version
        self.flags = flags
        self._constants: list[Constant] = []
        self._constant_indices: dict[Constant, int] = {}
        self._functions: list[tuple[str, int | Label]] = []
        self._instructions: list[_PendingInstruction] = []

    # Constants

    def constant(self, value: ConstantValue | Constant) -> int:
        """The index of a constant equal in type and in every bit, added to the pool if there is
        none.

        value: None (Empty), bool, int, float, str or Constant. Raises FormatLimitError if an
        instruction could not name it, because the pool holds 65,536 others, and for an int outside
        64 bits or a str that UTF-8 cannot hold.
        """
        wanted = value if isinstance(value, Constant) else Constant.of(value)
        index = self._constant_indices.get(wanted)
        if index is not None:
            return index
        if len(self._constants) >= MAX_CONSTANTS:
            raise FormatLimitError(f"a program cannot use more than {MAX_CONSTANTS} constants")
        return self.append_constant(wanted)

    def append_constant(self, value: ConstantValue | Constant) -> int:
        """Add an entry at the end of the pool even if there is an equal one or nothing can reach
        it; returns its index.

        Raises FormatLimitError for an int outside 64 bits or a str that UTF-8 cannot hold.
        """
        added = value if isinstance(value, Constant) else Constant.of(value)
        index = len(self._constants)
        self._constants.append(added)
        # Only the first 65,536 can be named by an instruction.
        if index < MAX_CONSTANTS:
            self._constant_indices.setdefault(added, index)
        return index

    # Labels

    def label(self, name: str = "") -> Label:
        """A label without an index; `place` gives it one.  The name appears in errors."""
        check_type("the name of a label", name, str)
        return Label(name or "(unnamed)")

    def place(self, label: Label) -> None:
        """Put the label before the next instruction.  Raises BuildError if it has an index
        already.
        """
        check_type("label", label, Label)
        if label.index is not None:
            raise BuildError(f"the label {label.name} is placed twice")
        label.index = len(self._instructions)

    def here(self, name: str = "") -> Label:
        """A new label before the next instruction."""
        label = self.label(name)
        self.place(label)
        return label

    @property
    def next_index(self) -> int:
        """The index that the next instruction will have."""
        return len(self._instructions)

    # Functions

    def function(self, name: str, target: None | int | Label = None) -> None:
        """Add an entry to the function table.

        target: an instruction index or a Label; None is the next instruction. A second entry of the
        same name is allowed, and the VM uses the last.
        """
        check_type("the name of a function", name, str)
        if target is not None and not isinstance(target, Label):
            check_type("the target of a function", target, int)
        self._functions.append((name, self.next_index if target is None else target))

    # Instructions

    def load_constant(self, register: int, value: ConstantValue | Constant) -> int:
        """Emit LOAD_CONST with the constant's index.  Returns the instruction's index.  Raises as
        `constant` and `emit` do.
        """
        return self.emit("LOAD_CONST", register, self.constant(value))

    def emit(self, name: str, *operands: BuilderOperand) -> int:
        """Add the instruction `name`, such as "ADD", and return its index.

        The operands stand in the order of mdvm.opcodes (so CALL is function, dst, arguments):

            a register, a scope              int
            a constant, a name, a message    int, the constant's index; or str or Constant, which
                                             is added to the pool
            a type                           int; or str, such as "int"
            a jump                           a Label; or int, the distance from the next instruction
            a condition                      int: 0 truthy, 1 not Empty, 2 an int in a range
            a range                          (smallest, largest) after condition 2; else left out
            arguments                        a sequence of registers; may be left out
            sources                          a sequence of (register, Label before the jump, or its
                                             index)
            a result                         a register; None or left out for no value; or
                                             (has, register)

        Raises BuildError for an unknown name or the wrong number or types of operands,
        FormatLimitError for one that does not fit.
        """
        check_type("the name of an instruction", name, str)
        opcode = opcodes.BY_NAME.get(name)
        if opcode is None:
            raise BuildError(f"unknown instruction {name}")
        given: list[BuilderOperand] = list(operands)
        if len(given) < len(opcode.operands) and opcode.operands[-1].kind in _DEFAULTS:
            given.append(_DEFAULTS[opcode.operands[-1].kind])
        if len(given) != len(opcode.operands):
            raise BuildError(f"{name} takes {len(opcode.operands)} operands, not {len(operands)}")
        converted = [
            self._converted(operand.kind, operand.name, value)
            for operand, value in zip(opcode.operands, given)
        ]
        check_instruction(Instruction(opcode.number, _resolved(converted, None)), self.version)
        self._instructions.append(_PendingInstruction(opcode.number, converted))
        return len(self._instructions) - 1

    def _converted(self, kind: int, name: str, value: BuilderOperand) -> object:
        """The operand as Instruction has it, but for labels, which stay until `build`."""
        if kind == opcodes.RESULT and value is None:
            return (0,)
        if kind == opcodes.RESULT and _is_int(value):
            return (1, value)
        if kind in (opcodes.ARGUMENTS, opcodes.RANGE, opcodes.RESULT):
            if isinstance(value, (list, tuple)) and all(_is_int(item) for item in value):
                return tuple(value)
        elif kind == opcodes.SOURCES:
            if isinstance(value, (list, tuple)) and all(_is_source(item) for item in value):
                return tuple([tuple(source) for source in value])
        elif _is_int(value) or (kind == opcodes.JUMP_DISTANCE and isinstance(value, Label)):
            return value
        elif isinstance(value, (Constant, str)) and kind in (
            opcodes.CONSTANT,
            opcodes.NAME,
            opcodes.MESSAGE,
        ):
            return self.constant(value)
        elif kind == opcodes.TYPE and isinstance(value, str):
            names = opcodes.type_names(self.version)
            if not value or value not in names:
                raise BuildError(f"unknown type {value}")
            return names.index(value)
        raise BuildError(f"{value!r} cannot be the operand {name}:{opcodes.KIND_NAMES[kind]}")

    # The result

    def build(self) -> Program:
        """The Program.  Raises BuildError for a label without an index, FormatLimitError for what
        does not fit.
        """
        instructions = []
        for index, pending in enumerate(self._instructions):
            instruction = Instruction(pending.opcode, _resolved(pending.operands, index))
            try:
                check_instruction(instruction, self.version)
            except FormatLimitError as error:
                raise BuildError(
                    f"instruction {index}, {instruction.name}: {error}", index
                ) from None
            instructions.append(instruction)
        functions = [Function(name, _place_of(target, None)) for name, target in self._functions]
        return Program(
            self.name,
            self.version,
            self.flags,
            tuple(self._constants),
            tuple(functions),
            tuple(instructions),
        )

    def to_bytes(self) -> bytes:
        """The bytes of the .mdbc file.  Raises as `build` does."""
        return write(self.build())


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_source(value: object) -> bool:
    return (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and _is_int(value[0])
        and (_is_int(value[1]) or isinstance(value[1], Label))
    )


def _place_of(target: int | Label, instruction: int | None) -> int:
    if not isinstance(target, Label):
        return target
    if target.index is None:
        raise BuildError(f"the label {target.name} is never placed", instruction)
    return target.index


def _resolved(operands: Sequence[Any], index: int | None) -> tuple[OperandValue, ...]:
    """The operands of the instruction with this index, its labels replaced by numbers; by 0 while
    the index is None.
    """
    resolved: list[OperandValue] = []
    for value in operands:
        if isinstance(value, Label):
            resolved.append(0 if index is None else _place_of(value, index) - (index + 1))
        elif isinstance(value, tuple) and value and isinstance(value[0], tuple):
            resolved.append(
                tuple([(register, _phi_label(label, index)) for register, label in value])
            )
        else:
            resolved.append(value)
    return tuple(resolved)


def _phi_label(label: int | Label, index: int | None) -> int:
    return 0 if index is None and isinstance(label, Label) else _place_of(label, index)
