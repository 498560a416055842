"""Assembler text to the model of a program.

docs/assembler.md describes the language. Which operands an instruction takes, and how each is
written, follows from the operand kinds in mdvm.opcodes; mdvm.debugging.disassembler writes the same
language.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mdvm import opcodes
from mdvm.debugging.disassembler import TEXT_ORDER
from mdvm.opcodes import CONDITION_NAMES, RANGE_CONDITION
from pymdvm.assembler.problems import AssemblyError, Problem, ProblemsAt, unknown
from pymdvm.assembler.tokens import Line, SyntaxProblem, Token, TokenKind
from pymdvm.bytecode.builder import Builder, BuilderOperand, BuildError, Label
from pymdvm.bytecode.model import (
    I32_MAX,
    I32_MIN,
    I64_MAX,
    I64_MIN,
    U8_MAX,
    U16_MAX,
    U32_MAX,
    Constant,
    ConstantKind,
    Program,
    check_range,
    check_type,
)

REGISTERS = 256

_REGISTER = re.compile(r"r(0|[1-9][0-9]*)\Z")
_WORD_CONSTANTS = {
    "true": Constant.of(True),
    "false": Constant.of(False),
    "empty": Constant.empty(),
}


def assemble(text: str) -> Program:
    """The Program that a text describes.  Raises AssemblyError, with every problem that could be
    found.
    """
    return _Assembler(text).assemble()


def assemble_with_lines(text: str) -> tuple[Program, tuple[int, ...]]:
    """The same, and for each instruction the number of its line, from 1."""
    assembler = _Assembler(text)
    program = assembler.assemble()
    return program, assembler.lines_of_instructions()


class _Assembler:
    """Assembles one text: first the names that may be used before they are defined, then everything
    else.
    """

    def __init__(self, text: str) -> None:
        check_type("what is assembled", text, str)
        self._lines = [
            Line(index + 1, line.removesuffix("\r")) for index, line in enumerate(text.split("\n"))
        ]
        self._problems: list[Problem] = []
        self._builder = Builder()
        self._labels: dict[str, Label] = {}
        self._named_constants = dict(_WORD_CONSTANTS)
        self._function_names: set[str] = set()
        self._header: set[str] = set()
        # Of each instruction: its line and its first token, for problems that are found at the end.
        self._origins: list[tuple[Line, Token]] = []
        self._directives: dict[str, Callable[[Line, Token], None]] = {
            ".const": self._named_constant_again,
            ".flags": self._header_field,
            ".func": self._function,
            ".name": self._header_field,
            ".pool": self._pool_entry,
            ".version": self._header_field,
        }
        self._operand_parsers: dict[int, Callable[[Line], BuilderOperand]] = {
            opcodes.WRITE: self._register,
            opcodes.READ: self._register,
            opcodes.UPDATE: self._register,
            opcodes.CONSTANT: self._constant_operand,
            opcodes.NAME: self._text_operand,
            opcodes.MESSAGE: self._text_operand,
            opcodes.TYPE: self._type,
            opcodes.SCOPE: self._scope,
            opcodes.JUMP_DISTANCE: self._jump_target,
            opcodes.ARGUMENTS: self._arguments,
            opcodes.SOURCES: self._sources,
            opcodes.RESULT: self._result,
        }

    def assemble(self) -> Program:
        """The Program.  Raises AssemblyError."""
        for read_line in (self._declare, self._statement):
            for line in self._lines:
                line.rewind()
                try:
                    read_line(line)
                except SyntaxProblem as problem:
                    self._add_problem(line, problem)
        if self._problems:
            raise AssemblyError(self._problems)
        try:
            return self._builder.build()
        except BuildError as error:
            assert error.instruction is not None
            line, token = self._origins[error.instruction]
            self._add_problem(line, SyntaxProblem(token.column, str(error)))
            raise AssemblyError(self._problems) from None

    def lines_of_instructions(self) -> tuple[int, ...]:
        """Once assembled: for each instruction the number of its line."""
        return tuple([line.number for line, _ in self._origins])

    def _add_problem(self, line: Line, problem: SyntaxProblem) -> None:
        self._problems.append(Problem(line.number, problem.column, str(problem), line.text))

    # The first reading: labels and named constants

    def _declare(self, line: Line) -> None:
        while True:
            label = line.take_label_definition()
            if label is None:
                break
            if label.text in self._labels:
                self._add_problem(
                    line,
                    SyntaxProblem(label.column, f'the label "{label.text}" is already defined'),
                )
            else:
                self._labels[label.text] = self._builder.label(label.text)
        if line.take_directive(".const"):
            self._named_constant(line)
        elif line.take_directive(".version") and line.peek().kind is TokenKind.INT:
            # which instructions there are depends on it, wherever it stands
            self._builder.version = int(str(line.take().value))

    def _named_constant(self, line: Line) -> None:
        name = line.take_kind(TokenKind.WORD, "the constant's name")
        if _REGISTER.match(name.text):
            raise SyntaxProblem(name.column, f'"{name.text}" is a register')
        if name.text in self._named_constants:
            raise SyntaxProblem(name.column, f'the constant "{name.text}" is already defined')
        self._named_constants[name.text] = self._constant(line)
        line.take_end()

    # The second reading: statements

    def _statement(self, line: Line) -> None:
        while True:
            label = line.take_label_definition()
            if label is None:
                break
            if self._labels[label.text].index is None:
                self._builder.place(self._labels[label.text])
        if line.at_end():
            return
        token = line.take()
        if token.kind is TokenKind.DIRECTIVE:
            if token.text not in self._directives:
                raise unknown("directive", token, self._directives)
            self._directives[token.text](line, token)
        elif token.kind is TokenKind.WORD:
            self._instruction(line, token)
        else:
            raise SyntaxProblem(
                token.column, f"expected an instruction, a label or a directive, not {token}"
            )

    def _named_constant_again(self, line: Line, directive: Token) -> None:
        """Nothing is left to do: the first reading has defined it."""

    def _header_field(self, line: Line, directive: Token) -> None:
        if directive.text in self._header:
            raise SyntaxProblem(directive.column, f"a second {directive.text}")
        self._header.add(directive.text)
        if directive.text == ".name":
            self._builder.name = str(line.take_kind(TokenKind.STRING, "the name in quotes").value)
        elif directive.text == ".version":
            self._builder.version = self._int(line, "version", 0, U32_MAX)
        else:
            self._builder.flags = self._int(line, "flags", 0, U32_MAX)
        line.take_end()

    def _pool_entry(self, line: Line, directive: Token) -> None:
        constant = self._constant(line)
        line.take_end()
        self._builder.append_constant(constant)

    def _function(self, line: Line, directive: Token) -> None:
        token = line.peek()
        if token.kind not in (TokenKind.WORD, TokenKind.STRING):
            raise line.unexpected("the function's name")
        name = str(line.take().value)
        target: None | int | Label = None
        if line.take_if(","):
            target = self._place(line)
            if isinstance(target, int):
                with ProblemsAt(token):
                    check_range("function target", target, 0, U32_MAX)
        elif name in self._function_names:
            raise SyntaxProblem(
                token.column,
                f'the function "{name}" is already defined; '
                "a second entry of that name needs a target: .func NAME, LABEL",
            )
        line.take_end()
        self._function_names.add(name)
        self._builder.function(name, target)

    def _instruction(self, line: Line, mnemonic: Token) -> None:
        name = mnemonic.text.upper()
        opcode = opcodes.BY_NAME.get(name)
        if opcode is None:
            raise unknown("instruction", mnemonic, opcodes.BY_NAME, name)
        operands: dict[int, BuilderOperand] = {}
        bounds: tuple[int, ...] = ()
        for position in TEXT_ORDER[opcode.number]:
            kind = opcode.operands[position].kind
            if kind == opcodes.RANGE:
                operands[position] = bounds  # they were written with the condition
                continue
            if operands and kind != opcodes.ARGUMENTS:
                line.take_expected(",")
            if kind == opcodes.CONDITION:
                operands[position], bounds = self._condition(line)
            else:
                operands[position] = self._operand_parsers[kind](line)
        line.take_end()
        with ProblemsAt(mnemonic):
            self._builder.emit(
                name, *[operands[position] for position in range(len(opcode.operands))]
            )
        self._origins.append((line, mnemonic))

    # Operands

    def _register(self, line: Line) -> int:
        token = line.take_kind(TokenKind.WORD, "a register")
        match = _REGISTER.match(token.text)
        if match is None:
            raise SyntaxProblem(token.column, f"expected a register, not {token}")
        if int(match.group(1)) >= REGISTERS:
            raise SyntaxProblem(
                token.column, f'unknown register "{token}"; they are r0 to r{REGISTERS - 1}'
            )
        return int(match.group(1))

    def _constant(self, line: Line) -> Constant:
        """A literal or the name of a constant."""
        token = line.peek()
        if token.text == "url" and line.comes_before(TokenKind.STRING):
            line.take()
            token = line.peek()
            with ProblemsAt(token):
                constant = Constant.url(str(token.value))
        elif token.kind is TokenKind.FUNCTION:
            constant = Constant.function(str(token.value))
        elif token.kind is TokenKind.WORD:
            if token.text not in self._named_constants:
                raise unknown("constant", token, self._named_constants)
            constant = self._named_constants[token.text]
        elif token.kind is TokenKind.FLOAT:
            assert isinstance(token.value, Constant)
            constant = token.value
        elif token.kind in (TokenKind.INT, TokenKind.STRING):
            assert isinstance(token.value, (int, str))
            with ProblemsAt(token):
                constant = Constant.of(token.value)
        else:
            raise line.unexpected("a constant")
        line.take()
        return constant

    def _constant_operand(self, line: Line) -> int:
        token = line.peek()
        if token.kind is TokenKind.CONSTANT_INDEX:
            return self._constant_index(line)
        constant = self._constant(line)
        with ProblemsAt(token):
            return self._builder.constant(constant)

    def _text_operand(self, line: Line) -> int:
        token = line.peek()
        if token.kind is TokenKind.CONSTANT_INDEX:
            return self._constant_index(line)
        constant = self._constant(line)
        if constant.kind is not ConstantKind.STRING:
            raise SyntaxProblem(token.column, f"expected a string, not {token}")
        with ProblemsAt(token):
            return self._builder.constant(constant)

    def _constant_index(self, line: Line) -> int:
        token = line.take()
        assert isinstance(token.value, int)
        with ProblemsAt(token):
            check_range("constant index", token.value, 0, U16_MAX)
        return token.value

    def _type(self, line: Line) -> int:
        token = line.peek()
        if token.kind is TokenKind.INT:
            return self._int(line, "type", 0, U16_MAX)
        line.take_kind(TokenKind.WORD, "a type")
        names: list[str] = opcodes.type_names(self._builder.version)
        if token.text not in names:
            raise unknown("type", token, names)
        return names.index(token.text)

    def _scope(self, line: Line) -> int:
        return self._int(line, "scope", 0, U16_MAX)

    def _jump_target(self, line: Line) -> int | Label:
        token = line.peek()
        if token.kind is TokenKind.INT and token.text[0] in "+-":
            return self._int(line, "jump distance", I32_MIN, I32_MAX)
        if token.kind is TokenKind.INT:
            raise SyntaxProblem(
                token.column,
                f"a jump goes to a label, to an index such as @{token} or by a distance "
                f"such as +{token}",
            )
        target = self._place(line)
        if isinstance(target, Label):
            return target
        distance = target - (self._builder.next_index + 1)
        with ProblemsAt(token):
            check_range("jump distance", distance, I32_MIN, I32_MAX)
        return distance

    def _place(self, line: Line) -> int | Label:
        """A label, or the index of an instruction."""
        token = line.take()
        if token.kind is TokenKind.INSTRUCTION_INDEX:
            assert isinstance(token.value, int)
            return token.value
        if token.kind is not TokenKind.WORD:
            raise SyntaxProblem(token.column, f"expected a label, not {token}")
        if token.text not in self._labels:
            raise unknown("label", token, self._labels)
        return self._labels[token.text]

    def _condition(self, line: Line) -> tuple[int, tuple[int, ...]]:
        token = line.take_kind(TokenKind.WORD, "a condition")
        if token.text not in CONDITION_NAMES:
            raise unknown("condition", token, CONDITION_NAMES)
        condition = int(CONDITION_NAMES.index(token.text))
        if condition != RANGE_CONDITION:
            return condition, ()
        smallest = self._int(line, "smallest int", I64_MIN, I64_MAX)
        line.take_expected("..")
        return condition, (smallest, self._int(line, "largest int", I64_MIN, I64_MAX))

    def _arguments(self, line: Line) -> list[int]:
        line.take_expected("(")
        return line.take_list(")", self._register)

    def _sources(self, line: Line) -> list[tuple[int, int | Label]]:
        line.take_expected("[")
        return line.take_list("]", self._source)

    def _source(self, line: Line) -> tuple[int, int | Label]:
        register = self._register(line)
        line.take_expected("from")
        return register, self._place(line)

    def _result(self, line: Line) -> None | tuple[int, int]:
        if line.at_end():
            return None
        register = self._register(line)
        has = 1
        if line.take_if("has"):
            has = self._int(line, "`has`", 1, U8_MAX)
        return has, register

    def _int(self, line: Line, what: str, smallest: int, largest: int) -> int:
        token = line.take_kind(TokenKind.INT, f"an int, the {what}")
        assert isinstance(token.value, int)
        with ProblemsAt(token):
            check_range(what, token.value, smallest, largest)
        return token.value
