"""The benchmark of long straight-line code: a loop whose body has 5,000 instructions and no jump,
written out by a program.

Sixteen variables hold numbers below a modulus. Each step gives one of them a new value, in three
instructions: the remainder of a * factor + b, or of a + (modulus - b). `source` writes the same
steps in every language of the suite.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

INSTRUCTIONS = 5000
VARIABLES = 16
FACTORS = (3, 17, 129, 611)
MODULI = (65_521, 999_983, 1_000_003)

# The registers after those of the variables.
_TURN, _ONE, _SIZE, _SCRATCH, _FIRST_CONSTANT = range(VARIABLES, VARIABLES + 5)


@dataclass(frozen=True)
class Step:
    """variables[target] = (variables[left] * factor + variables[right]) % modulus; without a factor
    it subtracts.
    """

    target: int
    left: int
    right: int
    factor: int | None
    modulus: int


def steps() -> Iterator[Step]:
    """The steps of one iteration, always the same."""
    number = 42
    for _ in range(INSTRUCTIONS // 3):
        choices = []
        for limit in (VARIABLES, VARIABLES, VARIABLES, len(FACTORS) + 1, len(MODULI)):
            number = (number * 3877 + 29573) % 139968
            choices.append(number * limit // 139968)
        target, left, right, factor, modulus = choices
        yield Step(
            target, left, right, FACTORS[factor] if factor < len(FACTORS) else None, MODULI[modulus]
        )


def source(language: str) -> str:
    """The program in a language: "mdasm", "c", "py", "js" or "lua"."""
    return {"mdasm": _assembler, "c": _c, "py": _python, "js": _javascript, "lua": _lua}[language]()


def _expression(step: Step, modulus_of_negative: str) -> str:
    """The new value, in a language with operators. A modulus is added first, so that no value is
    negative.
    """
    if step.factor is None:
        return f"(v{step.left} + ({modulus_of_negative} - v{step.right})) % {step.modulus}"
    return f"(v{step.left} * {step.factor} + v{step.right}) % {step.modulus}"


def _body(indent: str, end: str) -> str:
    return "\n".join(
        f"{indent}v{step.target} = {_expression(step, str(max(MODULI)))}{end}" for step in steps()
    )


def _names() -> list[str]:
    return [f"v{index}" for index in range(VARIABLES)]


def _assembler() -> str:
    constants = [*FACTORS, *MODULI]
    register = {constant: f"r{_FIRST_CONSTANT + index}" for index, constant in enumerate(constants)}
    lines = [
        "; Long straight-line code: each of the N iterations of the loop runs 5,000 instructions."
    ]
    lines += ['.name "straight"', ".const N 20000", ""]
    lines += [f"    LOAD_CONST r{index}, {index + 1}" for index in range(VARIABLES)]
    lines += [f"    LOAD_CONST {register[constant]}, {constant}" for constant in constants]
    lines += [
        f"    LOAD_CONST r{_TURN}, 0",
        f"    LOAD_CONST r{_ONE}, 1",
        f"    LOAD_CONST r{_SIZE}, N",
        "turn:",
    ]
    scratch = f"r{_SCRATCH}"
    for step in steps():
        target, left, right = f"r{step.target}", f"r{step.left}", f"r{step.right}"
        if step.factor is None:
            lines.append(f"    SUB {scratch}, {register[max(MODULI)]}, {right}")
            lines.append(f"    ADD {scratch}, {left}, {scratch}")
        else:
            lines.append(f"    MUL {scratch}, {left}, {register[step.factor]}")
            lines.append(f"    ADD {scratch}, {scratch}, {right}")
        lines.append(f"    MOD {target}, {scratch}, {register[step.modulus]}")
    lines += [
        f"    ADD r{_TURN}, r{_TURN}, r{_ONE}",
        f"    LT {scratch}, r{_TURN}, r{_SIZE}",
        f"    JUMP_IF {scratch}, turn",
    ]
    lines += [f"    ADD r0, r0, r{index}" for index in range(1, VARIABLES)]
    lines += ["    RETURN r0", ""]
    return "\n".join(lines)


def _c() -> str:
    declarations = ", ".join(f"{name} = {index + 1}" for index, name in enumerate(_names()))
    lines = [
        '#include "checked.h"',
        "",
        "int main(int argc, char **argv)",
        "{",
        f"    int64_t n = size_from(argc, argv), {declarations};",
    ]
    lines.append("    for (int64_t turn = 0; turn < n; turn = add(turn, 1)) {")
    for step in steps():
        if step.factor is None:
            value = f"add(v{step.left}, sub({max(MODULI)}, v{step.right}))"
        else:
            value = f"add(mul(v{step.left}, {step.factor}), v{step.right})"
        lines.append(f"        v{step.target} = modulo({value}, {step.modulus});")
    lines.append("    }")
    lines += [f"    v0 = add(v0, {name});" for name in _names()[1:]]
    lines += ["    return answer(v0);", "}", ""]
    return "\n".join(lines)


def _python() -> str:
    names = ", ".join(_names())
    values = ", ".join(str(index + 1) for index in range(VARIABLES))
    return (
        f"import sys\n\n\ndef straight(n):\n    {names} = {values}\n    turn = 0\n    while turn < n:\n{_body('        ', '')}\n"
        f"        turn += 1\n    return {' + '.join(_names())}\n\n\nprint(straight(int(sys.argv[1])))\n"
    )


def _javascript() -> str:
    declarations = ", ".join(f"{name} = {index + 1}" for index, name in enumerate(_names()))
    return (
        f'"use strict";\n\nfunction straight(n) {{\n    let {declarations};\n    for (let turn = 0; turn < n; turn++) {{\n'
        f"{_body('        ', ';')}\n    }}\n    return {' + '.join(_names())};\n}}\n\nconsole.log(straight(Number(process.argv[2])));\n"
    )


def _lua() -> str:
    names = ", ".join(_names())
    values = ", ".join(str(index + 1) for index in range(VARIABLES))
    return (
        f"local function straight(n)\n    local {names} = {values}\n    for _ = 1, n do\n{_body('        ', '')}\n    end\n"
        f'    return {" + ".join(_names())}\nend\n\nprint(string.format("%d", straight(tonumber(arg[1]))))\n'
    )
