"""The verifier: everything that can be known to be wrong with a program, or to be odd about it,
without running it.

    findings = verify(module)    # a mdvm.loading.module.Module, as mdvm.loading.loader gives it

What cannot be reached cannot fail, so nothing in it is an error. A program without errors can still
fail: most checks of the VM depend on values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from mdvm import opcodes
from mdvm.analysis.blocks import flow_of, jump_target
from mdvm.analysis.survey import analyse
from mdvm.callees import check_count
from mdvm.errors import RunError
from mdvm.objects import W_Float, W_Int
from mdvm.opcodes import LATEST, RANGE_CONDITION, TYPE_NAMES
from mdvm.values.strings import W_Str
from pymdvm.inspection.calls import Call, KnownConstants, known_calls
from pymdvm.inspection.expected_arguments import ExpectedArguments
from pymdvm.inspection.instruction_locations import InstructionLocations, shown_name
from pymdvm.inspection.rules import RULES, Severity, Violation
from pymdvm.inspection.written_registers import WrittenRegisters
from pymdvm.vm_text import from_vm
from pymdvm.wording import counted

JUMPS = (opcodes.ALWAYS_JUMPS, opcodes.MAY_JUMP)
RUNS_ON = (opcodes.NEXT, opcodes.MAY_JUMP)

# The types that CAST can make, and never fails to make from some value; all others always fail.
CASTABLE = ("bool", "int", "float", "string")
LATEST_CASTABLE = (*CASTABLE, "function", "url")


def verify(module: Any) -> list[Violation]:
    """All findings, those about functions first, then by instruction.  module: a loaded
    mdvm.loading.module.Module.
    """
    program = _Program(module)
    findings = [finding for check in _CHECKS for finding in check(program)]
    return sorted(
        findings, key=lambda finding: -1 if finding.instruction is None else finding.instruction
    )


class _Program:
    """What the checks look at: the module and what follows from it."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.analysis = analyse(module)
        self.code = self.analysis.module
        self.blocks = self.analysis.blocks
        self.constants = KnownConstants(self.analysis)
        self.calls = list(known_calls(self.analysis, self.constants))
        self.expected_arguments = ExpectedArguments(self.analysis, self.calls)
        self.locations = InstructionLocations(module)
        main = self.analysis.function_numbers.get("main")
        self.start = 0 if main is None else module.functions[main].target_index
        self.reached = self._reachable_blocks(
            [self.start, *[function.target_index for function in module.functions]]
        )
        self.written = list(
            WrittenRegisters(self.analysis, self.calls, self.start).before_instructions()
        )

    def _reachable_blocks(self, entries: Iterable[int]) -> set[int]:
        reached: set[int] = set()
        work = [self.blocks.entry(entry) for entry in entries]
        while work:
            block = work.pop()
            if block >= 0 and block not in reached:
                reached.add(block)
                work.extend(self.blocks.successors[block])
        return reached

    def blocks_of_function(self, function: int) -> set[int]:
        """The blocks that a call of this function can reach without another call."""
        return self._reachable_blocks([self.module.functions[function].target_index])

    def is_reached(self, instruction: int) -> bool:
        return self.blocks.block_of[instruction] in self.reached

    def opcode(self, instruction: int) -> Any:
        """The row of the opcode table."""
        return opcodes.OPCODES[self.module.opcode(instruction)]

    def named(self, *names: str) -> Iterator[int]:
        """The instructions with one of these opcodes."""
        return (
            instruction
            for instruction in self.instructions()
            if self.opcode(instruction).name in names
        )

    def operand(self, instruction: int, name: str) -> int:
        """The first field of the operand with this name; for most operands that is all of it."""
        names = [operand.name for operand in self.opcode(instruction).operands]
        return int(self.module.fields(instruction)[1 + names.index(name)])

    def operands(self, instruction: int) -> Iterator[tuple[int, int]]:
        """Kind and first field of each operand, which for most is its value; a RANGE, which has
        fields only sometimes, is left out.
        """
        fields = self.module.fields(instruction)
        for position, operand in enumerate(self.opcode(instruction).operands):
            if operand.kind != opcodes.RANGE:
                yield operand.kind, fields[1 + position]

    def function_name(self, function: int) -> str:
        return shown_name(from_vm(self.module.functions[function].name))

    def at(
        self, instruction: int, code: str, message: str, severity: Severity | None = None
    ) -> Violation:
        """The finding about an instruction.  Its severity is the rule's unless another is given."""
        location = self.locations.location(instruction)
        found = severity or RULES[code].severity
        assert found is not None
        finding = Violation(found, code, message, location.function, instruction, location.text)
        return (
            finding if self.is_reached(instruction) else replace(finding, severity=Severity.WARNING)
        )

    def instructions(self) -> range:
        return range(self.module.instruction_count())


# ____________________________________________________________ jumps and the order of execution


def _check_jumps(program: _Program) -> Iterator[Violation]:
    count = program.module.instruction_count()
    for instruction in program.instructions():
        if (
            flow_of(program.code, instruction) not in JUMPS
            or jump_target(program.code, instruction) < count
        ):
            continue
        target = instruction + 1 + program.operand(instruction, "offset")
        if target == count:
            yield program.at(
                instruction,
                "jump-to-the-end",
                "jumps behind the last instruction, which ends the program without a value",
            )
        else:
            yield program.at(
                instruction,
                "jump-out-of-range",
                f"jumps to instruction {target}, and there are only 0 to {count - 1}; that "
                "ends the program",
            )


def _check_reachability(program: _Program) -> Iterator[Violation]:
    firsts = program.blocks.firsts
    block = 0
    while block < program.blocks.count():
        if block in program.reached:
            block += 1
            continue
        first = firsts[block]
        while block < program.blocks.count() and block not in program.reached:
            block += 1
        last = firsts[block] - 1
        what = "cannot be reached" if first == last else f"to instruction {last}: cannot be reached"
        yield program.at(first, "unreachable", what)


def _check_passing_into_functions(program: _Program) -> Iterator[Violation]:
    begins = {
        function.target_index: index for index, function in enumerate(program.module.functions)
    }
    for block in program.reached:
        last = program.blocks.firsts[block + 1] - 1
        if flow_of(program.code, last) in RUNS_ON and last + 1 in begins:
            name = program.function_name(begins[last + 1])
            yield program.at(last, "runs-into-function", f"runs on into the function {name}")


def _check_the_end(program: _Program) -> Iterator[Violation]:
    last = program.module.instruction_count() - 1
    if last >= 0 and program.is_reached(last) and flow_of(program.code, last) in RUNS_ON:
        yield program.at(
            last,
            "runs-off-the-end",
            "can be passed without a RETURN or HALT, which ends the program without a value",
        )


def _check_phis(program: _Program) -> Iterator[Violation]:
    count = program.module.instruction_count()
    for instruction in program.named("PHI"):
        fields = program.module.fields(instruction)
        for source in range(program.operand(instruction, "sources")):
            label = fields[4 + 2 * source]
            if label >= count or flow_of(program.code, label) not in JUMPS:
                yield program.at(
                    instruction,
                    "phi-label",
                    f"waits for a jump from instruction {label}, which is none",
                )


# ____________________________________________________________ the function table


def _check_functions(program: _Program) -> Iterator[Violation]:
    functions = program.module.functions
    count = program.module.instruction_count()
    for index, function in enumerate(functions):
        name = program.function_name(index)
        last = program.analysis.function_numbers[function.name]
        if last != index:
            yield Violation(
                Severity.WARNING,
                "duplicate-function",
                f"stands in the table again with instruction {functions[last].target_index}, "
                "and calls reach only that",
                name,
                None,
                "",
            )
        if function.target_index >= count:
            yield Violation(
                Severity.ERROR,
                "function-out-of-range",
                f"begins at instruction {function.target_index}, and there are only {count}",
                name,
                None,
                "",
            )


# ____________________________________________________________ constants


def _check_constants(program: _Program) -> Iterator[Violation]:
    pool = program.module.constants
    for instruction in program.instructions():
        for kind, value in program.operands(instruction):
            if kind not in (opcodes.CONSTANT, opcodes.NAME, opcodes.MESSAGE):
                continue
            if value >= len(pool):
                yield program.at(
                    instruction,
                    "missing-constant",
                    f"constant #{value} does not exist; the pool holds {len(pool)}",
                )
            elif kind != opcodes.CONSTANT and not isinstance(pool[value], W_Str):
                what = (
                    "the name of the global variable"
                    if kind == opcodes.NAME
                    else "the message of the assertion"
                )
                yield program.at(
                    instruction, "not-a-string", f"{what}, constant #{value}, is no string"
                )


def _check_casts(program: _Program) -> Iterator[Violation]:
    for instruction in program.named("CAST"):
        wanted = program.operand(instruction, "to_type")
        castable = CASTABLE if program.module.version != opcodes.LATEST else LATEST_CASTABLE
        if wanted >= len(TYPE_NAMES) or TYPE_NAMES[wanted] not in castable:
            yield program.at(
                instruction, "impossible-cast", f"no value can be cast to type {wanted}"
            )


def _check_divisors(program: _Program) -> Iterator[Violation]:
    for instruction in program.named("DIV", "MOD"):
        divisor = program.operand(instruction, "right")
        if _is_zero(program.constants.value(instruction, divisor)):
            yield program.at(instruction, "division-by-zero", f"r{divisor} is zero here")


def _is_zero(w_value: Any) -> bool:
    return (isinstance(w_value, W_Int) and w_value.intval == 0) or (
        isinstance(w_value, W_Float) and w_value.floatval == 0.0
    )


def _check_assertions(program: _Program) -> Iterator[Violation]:
    for instruction in program.named("ASSERT"):
        if program.operand(instruction, "assert_type") == RANGE_CONDITION:
            smallest = program.operand(instruction, "bounds")
            largest = program.module.fields(instruction)[5]
            if smallest > largest:
                yield program.at(instruction, "empty-range", f"no int is in {smallest}..{largest}")


# ____________________________________________________________ registers


def _check_reads(program: _Program) -> Iterator[Violation]:
    for instruction, written in program.written:
        name = program.opcode(instruction).name
        for register in dict.fromkeys(program.analysis.registers[instruction].reads):
            if not written.perhaps >> register & 1:
                # What type an Empty register has is a question with an answer.
                severity = Severity.WARNING if name == "CHECK_TYPE" else None
                yield program.at(
                    instruction,
                    "never-written",
                    f"reads r{register}, which nothing has written",
                    severity,
                )
            # A PHI reads only the source that belongs to the path it was reached by.
            elif not written.surely >> register & 1 and name != "PHI":
                yield program.at(
                    instruction,
                    "perhaps-not-written",
                    f"reads r{register}, which not every path has written",
                )


# ____________________________________________________________ calls


def _check_calls(program: _Program) -> Iterator[Violation]:
    perhaps_written = {instruction: written.perhaps for instruction, written in program.written}
    for call in program.calls:
        if call.builtin is not None:
            try:
                check_count(call.name, call.builtin.least, call.builtin.most, call.arguments)
            except RunError as error:
                yield program.at(call.instruction, "arguments", error.text, Severity.ERROR)
        elif call.function is None and call.name is not None and program.module.version == LATEST:
            problem = f"there is no function {shown_name(call.name)} but one that the host gives"
            yield program.at(call.instruction, "missing-function", problem, Severity.WARNING)
        elif call.function is None:
            problem = (
                "calls a value that names no function"
                if call.name is None
                else f"there is no function {shown_name(call.name)}"
            )
            yield program.at(call.instruction, "missing-function", problem)
        elif program.analysis.entry_block(call.function) >= 0:
            yield from _check_arguments(
                program, call, call.function, perhaps_written.get(call.instruction, 0)
            )


def _check_arguments(
    program: _Program, call: Call, function: int, perhaps_written: int
) -> Iterator[Violation]:
    """Compare the arguments of a call with the registers that its function reads before it
    writes them.
    """
    read = program.expected_arguments.of_function(function)
    name = program.function_name(function)
    wanted = read[-1] + 1 if read else 0
    if call.arguments > wanted:
        yield program.at(
            call.instruction,
            "arguments",
            f"gives {_arguments(call.arguments)}, and {name} reads {wanted or 'none'}",
            Severity.WARNING,
        )
    parameters = _leading(read)
    missing: list[str] = []
    inherited: list[str] = []
    for register in read:
        if register >= call.arguments:
            is_parameter = register < parameters and not _only_names_functions(
                program, function, register
            )
            is_missing = is_parameter or not perhaps_written >> register & 1
            (missing if is_missing else inherited).append(f"r{register}")
    if missing:
        yield program.at(
            call.instruction,
            "arguments",
            f"gives {_arguments(call.arguments)}, and {name} reads {', '.join(missing)} too",
            Severity.ERROR,
        )
    if inherited:
        yield program.at(
            call.instruction,
            "inherited-register",
            f"{name} reads {', '.join(inherited)} beside its arguments, and finds there what "
            "its caller has",
        )


def _leading(registers: list[int]) -> int:
    """How many registers from r0 on are among these ascending ones without a gap: a function's
    parameters, as it seems.
    """
    count = 0
    while count < len(registers) and registers[count] == count:
        count += 1
    return count


def _only_names_functions(program: _Program, function: int, register: int) -> bool:
    """Whether the function uses the register for nothing but to call what it names.

    Programs exist that load a function's name once and call it, through the same register, in every
    function.
    """
    blocks = program.blocks
    for block in program.blocks_of_function(function):
        for instruction in range(blocks.firsts[block], blocks.firsts[block + 1]):
            reads = program.analysis.registers[instruction].reads
            if register in (reads[1:] if program.opcode(instruction).name == "CALL" else reads):
                return False
    return True


def _arguments(count: int) -> str:
    return counted(count, "argument") if count else "no argument"


_CHECKS: tuple[Callable[[_Program], Iterator[Violation]], ...] = (
    _check_functions,
    _check_jumps,
    _check_reachability,
    _check_passing_into_functions,
    _check_the_end,
    _check_phis,
    _check_constants,
    _check_casts,
    _check_divisors,
    _check_assertions,
    _check_reads,
    _check_calls,
)
