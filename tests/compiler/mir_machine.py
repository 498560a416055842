"""Running MIR as it stands: the judge of the passes, independent of everything that comes after
them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from mdvm.errors import RunError, assertion_failed
from mdvm.objects import W_Int, W_Value, share, w_empty
from mdvm.values.strings import W_Str
from mdvm.values.text import debug_text, print_text
from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import (
    Assertion,
    Branch,
    Halt,
    Instruction,
    Jump,
    MirFunction,
    MirModule,
    Operand,
    Return,
    Value,
)
from pymdvm.compiler.passes.evaluation import evaluate, to_value

STEP_LIMIT = 3_000_000


class ProgramHalted(Exception):
    """A Halt was reached."""


class TooLong(Exception):
    """The program has made more steps than a test should take."""


@dataclass
class Outcome:
    """stdout: what was printed. value: the result's debug form, "" for none. error: its text, ""
    for none.
    steps: how many instructions and terminators ran, and constants that they load.
    """

    stdout: str = ""
    value: str = ""
    error: str = ""
    steps: int = field(default=0, compare=False)


def run_module(
    module: MirModule, arguments: tuple[W_Value, ...] = (), function: str | None = None
) -> Outcome:
    """Runs the entry function, or another one with arguments."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 20_000))
    machine = _Machine(module)
    try:
        start = module.entry if function is None else machine.functions[function]
        machine.outcome.value = debug_text(machine.call(start, list(arguments)))
    except ProgramHalted:
        pass
    except RunError as error:
        machine.outcome.error = str(error)
    finally:
        sys.setrecursionlimit(limit)
    return machine.outcome


class _Machine:
    def __init__(self, module: MirModule) -> None:
        self.functions = module.by_name()
        self.globals: dict[str, W_Value] = {}
        self.outcome = Outcome()

    def call(self, function: MirFunction, arguments: list[W_Value]) -> W_Value:
        values: dict[Value, W_Value] = dict(zip(function.parameters, arguments))
        block, previous = function.entry, ""
        while True:
            block_values = [self._read(phi.operands[previous], values) for phi in block.phis]
            for phi, w_value in zip(block.phis, block_values):
                values[phi.result] = w_value
            for instruction in block.instructions:
                self._execute(instruction, values)
            terminator = block.terminator
            self._count(1)
            previous = block.label
            if isinstance(terminator, Jump):
                block = function.blocks[terminator.target]
            elif isinstance(terminator, Branch):
                is_taken = self._read(terminator.condition, values).is_truthy()
                block = function.blocks[terminator.then if is_taken else terminator.otherwise]
            elif isinstance(terminator, Return):
                return self._read(terminator.value, values)
            else:
                assert isinstance(terminator, Halt)
                raise ProgramHalted

    def _count(self, steps: int) -> None:
        self.outcome.steps += steps
        if self.outcome.steps > STEP_LIMIT:
            raise TooLong

    def _read(self, operand: Operand, values: dict[Value, W_Value]) -> W_Value:
        return to_value(operand) if isinstance(operand, Constant) else values[operand]

    def _execute(self, instruction: Instruction, values: dict[Value, W_Value]) -> None:
        opcode = instruction.opcode
        operands = [self._read(operand, values) for operand in instruction.operands]
        constants = sum(isinstance(operand, Constant) for operand in instruction.operands)
        self._count(1 + (constants if opcode != "LOAD_CONST" else 0))
        w_result: W_Value | None = None
        if opcode in ("LOAD_CONST", "MOVE"):
            w_result = share(operands[0])
        elif opcode == "CALL":
            w_name = operands[0]
            assert isinstance(w_name, W_Str)
            function = self.functions[w_name.text().encode("latin-1").decode("utf-8")]
            w_result = self.call(function, [share(w_value) for w_value in operands[1:]])
        elif opcode == "LOAD_GLOBAL":
            w_result = self.globals.get(str(instruction.detail), w_empty)
        elif opcode == "STORE_GLOBAL":
            self.globals[str(instruction.detail)] = share(operands[0])
        elif opcode == "DEBUG_PRINT":
            if operands[0] is not w_empty:
                self.outcome.stdout += (
                    print_text(operands[0]).encode("latin-1").decode("utf-8") + "\n"
                )
        elif opcode == "ASSERT":
            self._assert(instruction, operands[0])
        elif opcode not in ("SCOPE_ENTER", "SCOPE_EXIT", "NOP", "BREAKPOINT"):
            w_result = evaluate(opcode, operands, instruction.detail)
        if instruction.result is not None:
            assert w_result is not None
            values[instruction.result] = w_result

    def _assert(self, instruction: Instruction, w_value: W_Value) -> None:
        detail = instruction.detail
        assert isinstance(detail, Assertion)
        holds = (
            w_value.is_truthy(),
            w_value is not w_empty,
            isinstance(w_value, W_Int) and detail.smallest <= w_value.intval <= detail.largest,
        )[detail.condition]
        if not holds:
            raise assertion_failed(detail.message)
