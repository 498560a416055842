"""MIR from the text that printing.py makes of it."""

from __future__ import annotations

import json
import re

from mdvm import opcodes
from pymdvm.bytecode.model import Constant, ConstantKind
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.mir.effects import EFFECTS
from pymdvm.compiler.mir.model import (
    Assertion,
    Block,
    Branch,
    Detail,
    Halt,
    InlinedPlace,
    Instruction,
    Jump,
    MirFunction,
    MirModule,
    Operand,
    Phi,
    Return,
    Terminator,
    Value,
)
from pymdvm.compiler.mir.printing import TYPES


class MirSyntaxError(ValueError):
    """The text is no MIR.  Names the line."""


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<bits>f"[0-9a-f]{16}")
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<float>-?[0-9]+(?:\.[0-9]+(?:e[-+]?[0-9]+)?|e[-+]?[0-9]+))
  | (?P<int>-?[0-9]+)
  | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
  | (?P<mark>[=,:()\[\]])
)""",
    re.VERBOSE,
)


def parse_module(text: str) -> MirModule:
    """The module that print_module wrote.  Raises MirSyntaxError."""
    module = MirModule()
    block: Block | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        tokens = _Tokens(line, number)
        if tokens.peek() == "function":
            module.functions.append(_parse_header(tokens))
            block = None
        elif not module.functions:
            raise tokens.error("a function is expected")
        elif tokens.peek() == "variables":
            _parse_variables(tokens, module.functions[-1])
        elif not line[0].isspace():
            block = Block(tokens.word())
            tokens.expect(":")
            module.functions[-1].blocks[block.label] = block
        elif block is None:
            raise tokens.error("a label is expected")
        else:
            _parse_line(tokens, block)
        tokens.expect_end()
    for function in module.functions:
        _count_values(function)
    return module


class _Tokens:
    """The words of one line."""

    def __init__(self, line: str, number: int) -> None:
        self.number = number
        self.words: list[tuple[str, str]] = []
        at = 0
        while line[at:].strip():
            match = _TOKEN.match(line, at)
            if match is None:
                raise self.error(f"unexpected {line[at:].strip()!r}")
            kind = str(match.lastgroup)
            self.words.append((kind, match.group(kind)))
            at = match.end()
        self.words.reverse()

    def error(self, message: str) -> MirSyntaxError:
        return MirSyntaxError(f"line {self.number}: {message}")

    def peek(self) -> str:
        return self.words[-1][1] if self.words else ""

    def next(self) -> tuple[str, str]:
        if not self.words:
            raise self.error("the line ends too early")
        return self.words.pop()

    def word(self) -> str:
        return self.next()[1]

    def expect(self, text: str) -> None:
        found = self.word()
        if found != text:
            raise self.error(f"{text} is expected, not {found}")

    def take(self, text: str) -> bool:
        if self.peek() != text:
            return False
        self.words.pop()
        return True

    def expect_end(self) -> None:
        if self.words:
            raise self.error(f"unexpected {self.peek()!r}")

    def string(self) -> str:
        return str(json.loads(self.word()))

    def integer(self) -> int:
        return int(self.word())

    def value(self) -> Value:
        text = self.word()
        if not re.fullmatch(r"v[0-9]+", text):
            raise self.error(f"a value is expected, not {text}")
        return Value(int(text[1:]))

    def operand(self) -> Operand:
        kind, text = self.words[-1] if self.words else ("", "")
        if kind == "word" and text in _NAMED_CONSTANTS:
            self.words.pop()
            return _NAMED_CONSTANTS[text]
        if kind == "word":
            return self.value()
        self.next()
        if kind == "bits":
            return Constant(ConstantKind.FLOAT, int(text[2:-1], 16))
        if kind == "string":
            return Constant.of(str(json.loads(text)))
        if kind == "float":
            return Constant.of(float(text))
        if kind == "int":
            return Constant.of(int(text))
        raise self.error(f"an operand is expected, not {text}")

    def operands(self) -> list[Operand]:
        found = [self.operand()]
        while self.take(","):
            found.append(self.operand())
        return found

    def place(self) -> Place | None:
        return self.place_itself() if self.take("at") else None

    def place_itself(self) -> Place:
        line = self.integer()
        self.expect(":")
        place = Place(line, self.integer())
        if not self.take("in"):
            return place
        function = self.string()
        self.expect("from")
        return InlinedPlace.at(place, function, self.place_itself())


_NAMED_CONSTANTS = {
    "empty": Constant.of(None),
    "true": Constant.of(True),
    "false": Constant.of(False),
}


def _parse_header(tokens: _Tokens) -> MirFunction:
    tokens.expect("function")
    name = tokens.string()
    function = MirFunction(name, source_name=tokens.string())
    tokens.expect("(")
    if not tokens.take(")"):
        function.parameters.append(tokens.value())
        while tokens.take(","):
            function.parameters.append(tokens.value())
        tokens.expect(")")
    function.place = tokens.place()
    return function


def _parse_variables(tokens: _Tokens, function: MirFunction) -> None:
    tokens.expect("variables")
    while True:
        value = tokens.value()
        function.variables[value] = tokens.string()
        if not tokens.take(","):
            return


def _parse_line(tokens: _Tokens, block: Block) -> None:
    if tokens.peek() in ("jump", "branch", "return", "halt"):
        block.terminator = _parse_terminator(tokens)
        return
    result = None
    if re.fullmatch(r"v[0-9]+", tokens.peek()):
        result = tokens.value()
        tokens.expect("=")
    if result is not None and tokens.take("phi"):
        block.phis.append(_parse_phi(tokens, result))
    else:
        block.instructions.append(_parse_instruction(tokens, result))


def _parse_phi(tokens: _Tokens, result: Value) -> Phi:
    phi = Phi(result, {})
    while True:
        label = tokens.word()
        tokens.expect(":")
        phi.operands[label] = tokens.operand()
        if not tokens.take(","):
            return phi


def _parse_instruction(tokens: _Tokens, result: Value | None) -> Instruction:
    opcode = tokens.word()
    if opcode not in EFFECTS:
        raise tokens.error(f"unknown instruction {opcode}")
    instruction = Instruction(opcode, [], result)
    if tokens.peek() not in ("", "[", "at"):
        instruction.operands = tokens.operands()
    if tokens.take("["):
        instruction.detail = _parse_detail(tokens)
        tokens.expect("]")
    instruction.place = tokens.place()
    return instruction


def _parse_detail(tokens: _Tokens) -> Detail:
    kind, text = tokens.next()
    if kind == "string":
        return str(json.loads(text))
    if kind == "int":
        return int(text)
    if text in TYPES:
        return int(TYPES.index(text))
    if text not in opcodes.CONDITION_NAMES:
        raise tokens.error(f"unknown detail {text}")
    condition = opcodes.CONDITION_NAMES.index(text)
    message = tokens.string()
    if condition != opcodes.RANGE_CONDITION:
        return Assertion(condition, message)
    smallest = tokens.integer()
    return Assertion(condition, message, smallest, tokens.integer())


def _parse_terminator(tokens: _Tokens) -> Terminator:
    word = tokens.word()
    if word == "jump":
        return Jump(tokens.word(), tokens.place())
    if word == "return":
        return Return(tokens.operand(), tokens.place())
    if word == "halt":
        return Halt(tokens.place())
    condition = tokens.operand()
    tokens.expect(",")
    then = tokens.word()
    tokens.expect(",")
    return Branch(condition, then, tokens.word(), tokens.place())


def _count_values(function: MirFunction) -> None:
    """Makes new_value give numbers that the text does not use."""
    used = [-1, *function.parameters]
    for block in function.blocks.values():
        used += [phi.result for phi in block.phis]
        used += [
            instruction.result
            for instruction in block.instructions
            if instruction.result is not None
        ]
    function.next_value = max(used) + 1
