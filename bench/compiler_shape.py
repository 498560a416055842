"""The same program as a compiler without optimisation writes it.

    python3 -m bench.compiler_shape PROGRAM.mdasm [-o PROGRAM.mdbc]     # without -o: a listing

A person keeps a value in a register and loads a constant once. A compiler that translates one
expression after the other does neither, and `compiler_shaped` rewrites a program accordingly; its
results stay the same:

* Every register becomes a variable. An operand that reads it gets a copy in a temporary, made by a
  MOVE right before; what an instruction writes arrives in a temporary and is moved from there. A
  store into a container is therefore MOVE temporary <- variable, ARRAY_SET temporary, MOVE variable
  <- temporary.
* A register that only ever holds one constant is no variable: each use loads the constant anew, the
  names of called functions too.
* Each temporary has a register of its own, as long as there are registers.
* Jumps lead to jumps: each goes to a pad at the end of its function, and the pad jumps to the
  target. A conditional jump is followed by a jump to the instruction after it.

Functions have to stand one after the other, each entered only at its beginning and ending with a
jump or a RETURN, and each called with a constant name and returning a value; PHI and DEFINE, which
name instructions and registers themselves, are refused. That is how the programs of this folder are
written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mdvm import opcodes
from pymdvm.assembler import assemble
from pymdvm.bytecode import Builder, BuilderOperand, Instruction, Label, Program, write
from pymdvm.bytecode.model import ConstantKind
from pymdvm.vm_text import bytes_to_vm, from_vm

REGISTERS = 256
_READS = (opcodes.READ, opcodes.UPDATE)
_WRITES = (opcodes.WRITE, opcodes.UPDATE)
_REFUSED = ("PHI", "DEFINE")


class CannotShape(Exception):
    """The program is not one that can be rewritten. The text says why."""


@dataclass
class _Function:
    """A stretch of instructions that belongs together: from `start` up to `end`, which is not part
    of it.
    """

    start: int
    end: int
    arguments: int = 0
    # register -> the only constant that it ever holds
    constants: Mapping[int, int] = field(default_factory=dict)


def compiler_shaped(program: Program) -> Program:
    """The program rewritten; see above. Raises CannotShape."""
    return _Rewriting(program).rewrite()


def _operands(instruction: Instruction) -> Iterator[tuple[int, object]]:
    """Each operand of an instruction, after its kind."""
    for operand, value in zip(_row(instruction).operands, instruction.operands):
        yield operand.kind, value


def _row(instruction: Instruction) -> opcodes.Opcode:
    """What the opcode table says about the instruction."""
    return opcodes.OPCODES[instruction.opcode]


def _registers_read(instruction: Instruction) -> list[int]:
    """The registers that an instruction reads, in the order of its operands."""
    read: list[int] = []
    for kind, value in _operands(instruction):
        if kind in _READS:
            assert isinstance(value, int)
            read.append(value)
        elif kind == opcodes.ARGUMENTS:
            read.extend(_numbers(value))
        elif kind == opcodes.RESULT:
            read.extend(_numbers(value)[1:])
    return read


def _registers_written(instruction: Instruction) -> list[int]:
    return [
        value
        for kind, value in _operands(instruction)
        if kind in _WRITES and isinstance(value, int)
    ]


def _numbers(value: object) -> list[int]:
    assert isinstance(value, tuple)
    return [number for number in value if isinstance(number, int)]


def _jump_target(index: int, instruction: Instruction) -> int | None:
    """Where the instruction may jump to; None if it is no jump."""
    for kind, value in _operands(instruction):
        if kind == opcodes.JUMP_DISTANCE:
            assert isinstance(value, int)
            return index + 1 + value
    return None


class _Rewriting:
    """One program on its way to its new shape."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._builder = Builder(program.name, program.version, program.flags)
        self._functions = self._find_functions()
        self._places = [
            self._builder.label(str(index)) for index in range(len(program.instructions))
        ]
        self._next_temporary = 0
        self._first_temporary = 0

    # What the program is made of

    def _find_functions(self) -> list[_Function]:
        """The functions in the order of their instructions; what stands before the first one counts
        as one too.
        """
        instructions = self._program.instructions
        starts = sorted({0, *(function.target for function in self._program.functions)})
        ends = [*starts[1:], len(instructions)]
        functions = [_Function(start, end) for start, end in zip(starts, ends)]
        for function in functions:
            self._check(function)
            function.constants = self._constants_of(function)
        for function in functions:
            self._note_arguments(function, {each.start: each for each in functions})
        for function in functions:
            function.constants = {
                register: constant
                for register, constant in function.constants.items()
                if register >= function.arguments
            }
        return functions

    def _check(self, function: _Function) -> None:
        for index in range(function.start, function.end):
            instruction = self._program.instructions[index]
            target = _jump_target(index, instruction)
            if instruction.name in _REFUSED:
                raise CannotShape(f"instruction {index} is a {instruction.name}")
            if target is not None and not function.start <= target < function.end:
                raise CannotShape(f"instruction {index} jumps out of its function")
        if function.start == function.end:
            raise CannotShape(f"the function at {function.start} is empty")
        if _row(self._program.instructions[function.end - 1]).flow not in (
            opcodes.ENDS,
            opcodes.ALWAYS_JUMPS,
        ):
            raise CannotShape(f"the function at {function.start} runs into what follows it")

    def _constants_of(self, function: _Function) -> dict[int, int]:
        """The registers that nothing but LOAD_CONSTs of one and the same constant write."""
        constants: dict[int, int] = {}
        variables: set[int] = set()
        for instruction in self._program.instructions[function.start : function.end]:
            for register in _registers_written(instruction):
                constant = instruction.operands[1] if instruction.name == "LOAD_CONST" else None
                if (
                    isinstance(constant, int)
                    and constants.setdefault(register, constant) == constant
                ):
                    continue
                variables.add(register)
        return {
            register: constant
            for register, constant in constants.items()
            if register not in variables
        }

    def _note_arguments(self, caller: _Function, functions: Mapping[int, _Function]) -> None:
        """Note with how many arguments the functions that this one calls are called."""
        targets = {function.name: function.target for function in self._program.functions}
        names: dict[int, str] = {}
        for index in range(caller.start, caller.end):
            instruction = self._program.instructions[index]
            if instruction.name == "CALL":
                called, _, arguments = instruction.operands
                assert isinstance(called, int)
                name = names.get(called)
                if name not in targets:
                    raise CannotShape(
                        f"the CALL at {index} does not name its function by a constant"
                    )
                callee = functions[targets[name]]
                callee.arguments = max(callee.arguments, len(_numbers(arguments)))
            elif instruction.name == "LOAD_CONST":
                register, number = instruction.operands
                assert isinstance(register, int) and isinstance(number, int)
                constant = self._program.constants[number]
                names.pop(register, None)
                if constant.kind == ConstantKind.STRING:
                    names[register] = str(constant.payload)

    # The new program

    def rewrite(self) -> Program:
        for function in self._functions:
            self._rewrite_function(function)
        for entry in self._program.functions:
            self._builder.function(entry.name, self._places[entry.target])
        return self._builder.build()

    def _rewrite_function(self, function: _Function) -> None:
        touched = {function.arguments}
        for instruction in self._program.instructions[function.start : function.end]:
            touched.update(
                register + 1
                for register in (*_registers_read(instruction), *_registers_written(instruction))
            )
        self._first_temporary = self._next_temporary = max(touched)
        pads: list[tuple[Label, Label]] = []
        for index in range(function.start, function.end):
            self._builder.place(self._places[index])
            self._rewrite_instruction(index, function, pads)
        for pad, target in pads:
            self._builder.place(pad)
            self._builder.emit("JUMP", target)

    def _rewrite_instruction(
        self, index: int, function: _Function, pads: list[tuple[Label, Label]]
    ) -> None:
        instruction = self._program.instructions[index]
        if instruction.name == "LOAD_CONST" and instruction.operands[0] in function.constants:
            return  # each use loads it
        if instruction.name == "MOVE":
            variable, source = _numbers(instruction.operands)
            self._builder.emit("MOVE", variable, self._read(source, function))
            return
        target = _jump_target(index, instruction)
        pad = None
        if target is not None:
            pad = self._builder.label(f"pad of {index}")
            pads.append((pad, self._places[target]))
        moves: list[tuple[int, int]] = []
        operands = [
            self._new_operand(kind, value, function, pad, moves)
            for kind, value in _operands(instruction)
        ]
        self._builder.emit(instruction.name, *operands)
        for variable, temporary in moves:
            self._builder.emit("MOVE", variable, temporary)
        if _row(instruction).flow == opcodes.MAY_JUMP:
            self._builder.emit("JUMP", self._builder_next())

    def _builder_next(self) -> Label:
        """A label after the jump that is about to be emitted."""
        label = self._builder.label("next")
        label.index = self._builder.next_index + 1
        return label

    def _new_operand(
        self,
        kind: int,
        value: object,
        function: _Function,
        pad: Label | None,
        moves: list[tuple[int, int]],
    ) -> BuilderOperand:
        """The operand in the new program. Emits what must come before the instruction, notes in
        `moves` what must after.
        """
        if kind == opcodes.JUMP_DISTANCE:
            return pad
        if kind == opcodes.ARGUMENTS:
            return [self._read(register, function) for register in _numbers(value)]
        if kind == opcodes.RESULT:
            has, *registers = _numbers(value)
            return (has, *[self._read(register, function) for register in registers])
        if kind == opcodes.RANGE:
            return _numbers(value)
        assert isinstance(value, int)
        if kind == opcodes.READ:
            return self._read(value, function)
        if kind == opcodes.UPDATE:
            temporary = self._read(value, function)
            moves.append((value, temporary))
            return temporary
        if kind == opcodes.WRITE:
            temporary = self._temporary()
            moves.append((value, temporary))
            return temporary
        if kind in (opcodes.CONSTANT, opcodes.NAME, opcodes.MESSAGE):
            return self._builder.constant(self._program.constants[value])
        return value

    def _read(self, register: int, function: _Function) -> int:
        """A temporary that holds what the register does."""
        temporary = self._temporary()
        if register in function.constants:
            self._builder.load_constant(
                temporary, self._program.constants[function.constants[register]]
            )
        else:
            self._builder.emit("MOVE", temporary, register)
        return temporary

    def _temporary(self) -> int:
        """The next register that is no variable; from the start again when all were used, since
        none is needed for long.
        """
        if self._next_temporary == REGISTERS:
            self._next_temporary = self._first_temporary
        self._next_temporary += 1
        return self._next_temporary - 1


def listing(program: Program) -> str:
    """The text of a program, as `mdvm-c --disassemble` gives it."""
    from mdvm.debugging.disassembler import disassemble
    from mdvm.loading.loader import load_module

    return from_vm(disassemble(load_module(bytes_to_vm(write(program)))))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", type=Path)
    parser.add_argument("-o", dest="output", type=Path)
    options = parser.parse_args(arguments)
    shaped = compiler_shaped(assemble(options.program.read_text()))
    if options.output:
        options.output.write_bytes(write(shaped))
    else:
        print(listing(shaped), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
