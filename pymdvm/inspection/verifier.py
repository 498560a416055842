"""The verifier: everything that can be known to be wrong with a program, or to be odd about it,
without running it.

    findings = verify(module)    # a mdvm.loading.module.Module, as mdvm.loading.loader gives it

What cannot be reached cannot fail, so nothing in it is an error. A program without errors can still
fail: most checks of the VM depend on values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mdvm import opcodes
from mdvm.analysis.blocks import flow_of, jump_target
from mdvm.callees import check_count
from mdvm.errors import RunError
from mdvm.objects import W_Float, W_Int
from mdvm.opcodes import LATEST, RANGE_CONDITION, TYPE_NAMES
from mdvm.values.strings import W_Str
from pymdvm.inspection.calls import Call
from pymdvm.inspection.instruction_locations import shown_name
from pymdvm.inspection.rules import Severity, Violation
from pymdvm.inspection.verified_program import VerifiedProgram
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
    program = VerifiedProgram(module)
    findings = [finding for check in _CHECKS for finding in check(program)]
    return sorted(
        findings, key=lambda finding: -1 if finding.instruction is None else finding.instruction
    )


# ____________________________________________________________ jumps and the order of execution


def _check_jumps(program: VerifiedProgram) -> Iterator[Violation]:
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


def _check_reachability(program: VerifiedProgram) -> Iterator[Violation]:
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


def _check_passing_into_functions(program: VerifiedProgram) -> Iterator[Violation]:
    begins = {
        function.target_index: index for index, function in enumerate(program.module.functions)
    }
    for block in program.reached:
        last = program.blocks.firsts[block + 1] - 1
        if flow_of(program.code, last) in RUNS_ON and last + 1 in begins:
            name = program.function_name(begins[last + 1])
            yield program.at(last, "runs-into-function", f"runs on into the function {name}")


def _check_the_end(program: VerifiedProgram) -> Iterator[Violation]:
    last = program.module.instruction_count() - 1
    if last >= 0 and program.is_reached(last) and flow_of(program.code, last) in RUNS_ON:
        yield program.at(
            last,
            "runs-off-the-end",
            "can be passed without a RETURN or HALT, which ends the program without a value",
        )


def _check_phis(program: VerifiedProgram) -> Iterator[Violation]:
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


def _check_functions(program: VerifiedProgram) -> Iterator[Violation]:
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


def _check_constants(program: VerifiedProgram) -> Iterator[Violation]:
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


def _check_casts(program: VerifiedProgram) -> Iterator[Violation]:
    for instruction in program.named("CAST"):
        wanted = program.operand(instruction, "to_type")
        castable = CASTABLE if program.module.version != opcodes.LATEST else LATEST_CASTABLE
        if wanted >= len(TYPE_NAMES) or TYPE_NAMES[wanted] not in castable:
            yield program.at(
                instruction, "impossible-cast", f"no value can be cast to type {wanted}"
            )


def _check_divisors(program: VerifiedProgram) -> Iterator[Violation]:
    for instruction in program.named("DIV", "MOD"):
        divisor = program.operand(instruction, "right")
        if _is_zero(program.constants.value(instruction, divisor)):
            yield program.at(instruction, "division-by-zero", f"r{divisor} is zero here")


def _is_zero(w_value: Any) -> bool:
    return (isinstance(w_value, W_Int) and w_value.intval == 0) or (
        isinstance(w_value, W_Float) and w_value.floatval == 0.0
    )


def _check_assertions(program: VerifiedProgram) -> Iterator[Violation]:
    for instruction in program.named("ASSERT"):
        if program.operand(instruction, "assert_type") == RANGE_CONDITION:
            smallest = program.operand(instruction, "bounds")
            largest = program.module.fields(instruction)[5]
            if smallest > largest:
                yield program.at(instruction, "empty-range", f"no int is in {smallest}..{largest}")


# ____________________________________________________________ registers


def _check_reads(program: VerifiedProgram) -> Iterator[Violation]:
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


def _check_calls(program: VerifiedProgram) -> Iterator[Violation]:
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
    program: VerifiedProgram, call: Call, function: int, perhaps_written: int
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


def _only_names_functions(program: VerifiedProgram, function: int, register: int) -> bool:
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


_CHECKS: tuple[Callable[[VerifiedProgram], Iterator[Violation]], ...] = (
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
