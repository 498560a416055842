"""MIR as text, and back: what --dump-mir prints, what the golden files hold and what the tests of
the passes are written in.

    function "gcd" "gcd" (v0, v1) at 3:1
    variables v0 "a", v1 "b"
    b0:
        jump b1
    b1:
        v2 = phi b0: v0, b2: v3
        v3 = phi b0: v1, b2: v5
        v4 = NEQ v3, 0 at 4:9
        branch v4, b2, b3
    b2:
        v5 = MOD v2, v3 at 5:14
        jump b1
    b3:
        return v2

A function starts with its name in the table and its name in the source. Constants are empty, true,
false, 5, 1.5, "text" and, for the floats that are no decimal number, f"7ff8000000000000" with their
bits. What an instruction has besides operands stands in brackets: the type in `v2 = CAST v1 [int]`,
the variable in `STORE_GLOBAL v1 ["total"]`, the scope in `SCOPE_ENTER [3]`, the assertion in
`ASSERT v1 [range "too large" 0 9]`. A location in an inlined function, `at 3:5 in "half" from 9:1`,
says what was called and where.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

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

# ____________________________________________________________ printing


def print_module(module: MirModule) -> str:
    """The text of all functions."""
    return "\n".join(print_function(function) for function in module.functions)


def print_function(function: MirFunction) -> str:
    """The text of one function, with a line end after its last line."""
    return "\n".join(_function_lines(function)) + "\n"


def _function_lines(function: MirFunction) -> Iterator[str]:
    parameters = ", ".join(f"v{value}" for value in function.parameters)
    yield (
        f"function {_quoted(function.name)} {_quoted(function.source_name)} "
        f"({parameters}){_at(function.place)}"
    )
    if function.variables:
        yield "variables " + ", ".join(
            f"v{value} {_quoted(name)}" for value, name in sorted(function.variables.items())
        )
    for block in function.blocks.values():
        yield f"{block.label}:"
        for phi in block.phis:
            sources = ", ".join(
                f"{label}: {print_operand(operand)}" for label, operand in phi.operands.items()
            )
            yield f"    v{phi.result} = phi {sources}"
        for instruction in block.instructions:
            yield "    " + print_instruction(instruction)
        yield "    " + _print_terminator(block.terminator)


def print_instruction(instruction: Instruction) -> str:
    """One line, without indentation."""
    result = "" if instruction.result is None else f"v{instruction.result} = "
    operands = ", ".join(print_operand(operand) for operand in instruction.operands)
    parts = [result + instruction.opcode]
    if operands:
        parts.append(operands)
    if instruction.detail is not None:
        parts.append(f"[{_print_detail(instruction.opcode, instruction.detail)}]")
    return " ".join(parts) + _at(instruction.place)


def print_operand(operand: Operand) -> str:
    """A value or a constant."""
    return print_constant(operand) if isinstance(operand, Constant) else f"v{operand}"


def print_constant(constant: Constant) -> str:
    """A constant, exact to the last bit."""
    value = constant.value
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else f'f"{constant.payload:016x}"'
    return _quoted(value) if isinstance(value, str) else str(value)


def _print_detail(opcode: str, detail: Detail) -> str:
    if isinstance(detail, Assertion):
        words = [opcodes.CONDITION_NAMES[detail.condition], _quoted(detail.message)]
        if detail.condition == opcodes.RANGE_CONDITION:
            words += [str(detail.smallest), str(detail.largest)]
        return " ".join(words)
    if isinstance(detail, int) and _takes_type(opcode) and detail < len(_TYPES) and _TYPES[detail]:
        return str(_TYPES[detail])
    return _quoted(detail) if isinstance(detail, str) else str(detail)


def _print_terminator(terminator: Terminator) -> str:
    if isinstance(terminator, Jump):
        text = f"jump {terminator.target}"
    elif isinstance(terminator, Branch):
        text = (
            f"branch {print_operand(terminator.condition)}, {terminator.then}, "
            f"{terminator.otherwise}"
        )
    elif isinstance(terminator, Return):
        text = f"return {print_operand(terminator.value)}"
    else:
        text = "halt"
    return text + _at(terminator.place)


def _at(place: Place | None) -> str:
    if place is None:
        return ""
    text = f" at {place.line}:{place.column}"
    while isinstance(place, InlinedPlace):
        text += f" in {_quoted(place.function)} from {place.call.line}:{place.call.column}"
        place = place.call
    return text


def _quoted(text: str) -> str:
    return json.dumps(text)


def _takes_type(opcode: str) -> bool:
    return any(operand.kind == opcodes.TYPE for operand in opcodes.BY_NAME[opcode].operands)


# ____________________________________________________________ parsing


class MirSyntaxError(ValueError):
    """The text is no MIR.  Names the line."""


_TYPES: list[str] = opcodes.type_names(opcodes.LATEST)

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
    if text in _TYPES:
        return int(_TYPES.index(text))
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
