"""Registers: what the allocation makes of a function runs as the function itself does, whatever its
shape.
"""

from __future__ import annotations

from random import Random

import pytest

from mdvm import opcodes
from pymdvm.bytecode.codec import write
from pymdvm.bytecode.model import Program
from pymdvm.compiler.mir.checker import check_module
from pymdvm.compiler.mir.model import MirModule
from pymdvm.compiler.mir.parsing import parse_module
from pymdvm.compiler.mir.printing import print_module
from pymdvm.compiler.output import generate
from pymdvm.compiler.registers.allocation import AllocatedFunction, allocate
from pymdvm.compiler.registers.convention import CONVENTIONS, pack_arguments

from .mir_machine import TooLong, run_module
from .random_mir import random_module
from .vm import run_bytecode

ENTRY = 'function "" "" ()\n'


def made(text: str, target: str = "published", optimising: bool = True) -> Program:
    module = parse_module(text)
    check_module(module)
    return generate(module, target, optimising).program


def names(program: Program) -> list[str]:
    return [instruction.name for instruction in program.instructions]


def allocated(text: str, target: str = "published") -> list[AllocatedFunction]:
    module = parse_module(text)
    check_module(module)
    pack_arguments(module, CONVENTIONS[target])
    return [allocate(function, CONVENTIONS[target], True) for function in module.functions]


def assert_runs_alike(module: MirModule) -> bool:
    """Whether it could be compared: some random programs take too long."""
    check_module(module)
    try:
        wanted = run_module(module)
    except TooLong:
        return False
    text = print_module(module)
    for target in CONVENTIONS:
        for optimising in (False, True):
            program = generate(parse_module(text), target, optimising).program
            assert run_bytecode(write(program)) == wanted, (target, optimising, text)
    return True


@pytest.mark.parametrize(
    ("seeds", "variables", "parameters", "size"),
    [
        (range(25), 8, 4, 12),
        # more than the published VM keeps over a call, more arguments than it passes on
        (range(4), 70, 20, 20),
        (range(2), 300, 30, 20),  # more than there are registers
        (range(1), 260, 250, 8),  # nearly as many arguments as a call may have
    ],
    ids=["ordinary", "many", "too many", "many arguments"],
)
def test_random_programs(seeds: range, variables: int, parameters: int, size: int) -> None:
    compared = [
        assert_runs_alike(random_module(Random(seed), variables, parameters, size))
        for seed in seeds
    ]
    assert sum(compared) > len(compared) // 2


def test_a_loop_is_as_short_as_a_person_writes_it() -> None:
    program = made(
        ENTRY
        + """
b0:
    jump b1
b1:
    v0 = phi b0: 0, b2: v3
    v1 = phi b0: 0, b2: v4
    v2 = LT v0, 10
    branch v2, b2, b3
b2:
    v3 = ADD v0, 1
    v4 = ADD v1, v3
    jump b1
b3:
    return v1
"""
    )
    assert names(program) == ["LOAD_CONST"] * 4 + ["JUMP", "ADD", "ADD", "LT", "JUMP_IF", "RETURN"]


def test_phis_that_exchange_their_values() -> None:
    text = (
        ENTRY
        + """
b0:
    jump b1
b1:
    v0 = phi b0: 1, b2: v1
    v1 = phi b0: 2, b2: v0
    v2 = phi b0: 0, b2: v4
    v3 = LT v2, 3
    branch v3, b2, b3
b2:
    v4 = ADD v2, 1
    jump b1
b3:
    v5 = MUL v0, 10
    v6 = ADD v5, v1
    return v6
"""
    )
    assert run_bytecode(write(made(text))).value == "Int(21)"


def test_a_phi_whose_value_is_needed_after_it_has_a_new_one() -> None:
    text = (
        ENTRY
        + """
b0:
    jump b1
b1:
    v0 = phi b0: 1, b1: v1
    v1 = ADD v0, 1
    v2 = LT v1, 5
    branch v2, b1, b2
b2:
    return v0
"""
    )
    assert run_bytecode(write(made(text))).value == "Int(4)"


def test_storing_into_a_container_moves_it_only_if_its_old_value_is_needed() -> None:
    text = (
        ENTRY
        + """
b0:
    v0 = NEW_ARRAY 2
    v1 = ARRAY_SET v0, 0, 7
    DEBUG_PRINT {}
    return v1
"""
    )
    assert "MOVE" not in names(made(text.format("v1")))
    kept = made(text.format("v0"))
    assert names(kept).count("MOVE") == 1
    assert run_bytecode(write(kept)).stdout == "Array([Empty, Empty])\n"


def test_a_comparison_stands_right_before_its_branch() -> None:
    program = made(
        ENTRY
        + """
b0:
    v0 = LOAD_GLOBAL ["x"]
    v1 = LT v0, 5
    branch v1, b1, b2
b1:
    return 1
b2:
    return 2
"""
    )
    assert names(program)[:5] == ["LOAD_GLOBAL", "LOAD_CONST", "LT", "JUMP_IF_NOT", "LOAD_CONST"]


def test_a_negated_condition_is_not_computed() -> None:
    program = made(
        ENTRY
        + """
b0:
    v0 = LOAD_GLOBAL ["x"]
    v1 = NOT v0
    branch v1, b1, b2
b1:
    return 1
b2:
    return 2
"""
    )
    assert "NOT" not in names(program)
    assert run_bytecode(write(program)).value == "Int(1)"


def live_variables(count: int, use: str = "") -> str:
    """A program with so many values that are all needed at its end, and something in between."""
    lines = [f'    v{number} = LOAD_GLOBAL ["g{number}"]' for number in range(count)]
    lines += [use] if use else []
    lines += [f"    DEBUG_PRINT v{number}" for number in range(count)]
    return ENTRY + "b0:\n" + "\n".join(lines) + "\n    halt\n"


def test_300_live_variables() -> None:
    [function] = allocated(live_variables(300), "mdvm")
    assert function.spilled > 0
    [function] = allocated(live_variables(200), "mdvm")
    assert function.spilled == 0


def test_only_64_registers_survive_a_call_on_the_published_vm() -> None:
    text = live_variables(100, '    v200 = CALL "f"') + 'function "f" "f" ()\nb0:\n    return 1\n'
    assert allocated(text, "published")[0].spilled > 0
    assert allocated(text, "mdvm")[0].spilled == 0


def test_an_argument_is_saved_from_those_before_it() -> None:
    """The published VM copies arguments one by one: the second of `f(r1, r0)` would be the first
    again. A file of version 1 may run there, whatever it was compiled for; one of version 2 may not.
    """
    text = (
        ENTRY
        + """
b0:
    v0 = CALL "f", 1, 2
    return v0

function "f" "f" (v0, v1)
b0:
    v2 = CALL "g", v1, v0
    return v2

function "g" "g" (v0, v1)
b0:
    v2 = MUL v0, 10
    v3 = ADD v2, v1
    return v3
"""
    )
    assert names(made(text, "published")).count("MOVE") == 1
    assert names(made(text, "mdvm")).count("MOVE") == 1
    latest = made(
        text.replace("    return v3", "    v4 = CHECK_TYPE v3 [set]\n    return v3"), "mdvm"
    )
    assert latest.version == opcodes.LATEST
    assert names(latest).count("MOVE") == 0
    assert run_bytecode(write(made(text, "published"))).value == "Int(21)"
    assert run_bytecode(write(latest)).value == "Int(21)"


def test_recursion_with_spilled_values() -> None:
    count = 260
    lines = [f"    v{number} = ADD v0, {number}" for number in range(2, count)]
    total = count
    sums = []
    for number in range(2, count):
        sums.append(f"    v{total + 1} = ADD v{total}, v{number}")
        total += 1
    text = (
        ENTRY
        + """
b0:
    v0 = CALL "f", 3
    return v0

function "f" "f" (v0)
b0:
    v1 = LT v0, 1
    branch v1, b1, b2
b1:
    return 0
b2:
"""
        + "\n".join(lines)
        + f"""
    v{count + 1000} = SUB v0, 1
    v{count} = CALL "f", v{count + 1000}
"""
        + "\n".join(sums)
        + f"\n    return v{total}\n"
    )
    wanted = sum(n + number for n in (1, 2, 3) for number in range(2, count))
    for target in CONVENTIONS:
        assert run_bytecode(write(made(text, target))).value == f"Int({wanted})"


@pytest.mark.parametrize("count", [16, 17, 128, 129, 255])
@pytest.mark.parametrize("target", list(CONVENTIONS))
def test_many_arguments(count: int, target: str) -> None:
    parameters = ", ".join(f"v{number}" for number in range(count))
    arguments = ", ".join(str(number) for number in range(count))
    text = (
        ENTRY
        + f'b0:\n    v0 = CALL "f", {arguments}\n    return v0\n\nfunction "f" "f" ({parameters})\nb0:\n'
    )
    text += (
        "".join(f"    DEBUG_PRINT v{number}\n" for number in range(count))
        + f"    return v{count - 1}\n"
    )
    outcome = run_bytecode(write(made(text, target)))
    assert outcome.stdout == "".join(f"{number}\n" for number in range(count))
    assert outcome.value == f"Int({count - 1})"
