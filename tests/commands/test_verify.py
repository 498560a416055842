"""`mdvm verify`: each rule finds what it is for, where it is, and nothing where nothing is
wrong.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from mdvm.loading.loader import load_module
from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from pymdvm.inspection.rules import RULES, Severity, Violation
from pymdvm.inspection.verifier import verify
from tests.commands.command_line import EXAMPLES, TOP, assembled, invoke

ERROR, WARNING = Severity.ERROR, Severity.WARNING
CONFORMANCE_CASES = TOP.parent / "shared" / "conformance" / "cases.jsonl"
COMPILED = sorted((TOP / "tests" / "differential" / "compiled").glob("*.mdbc"))

# A program, and the severity, code and place of everything that is to be found in it.
FINDINGS: dict[str, tuple[str, list[tuple[Severity, str, str]]]] = {
    "nothing": ("    LOAD_CONST r0, 1\n    RETURN r0", []),
    "a jump far ahead": ("    JUMP +5\n", [(ERROR, "jump-out-of-range", "(start) 0")]),
    "a jump before the first": (
        "    NOP\n    JUMP -3\n",
        [(ERROR, "jump-out-of-range", "(start) 1")],
    ),
    "a conditional jump": (
        "    LOAD_CONST r0, true\n    JUMP_IF r0, +9\n    RETURN",
        [(ERROR, "jump-out-of-range", "(start) 1")],
    ),
    "a jump to the end": ("    JUMP out\nout:", [(WARNING, "jump-to-the-end", "(start) 0")]),
    "a constant that does not exist": (
        "    LOAD_CONST r0, #1\n    RETURN r0",
        [(ERROR, "missing-constant", "(start) 0")],
    ),
    "a name that does not exist": (
        "    LOAD_GLOBAL r0, #3\n    RETURN r0",
        [(ERROR, "missing-constant", "(start) 0")],
    ),
    "a name that is no string": (
        ".pool 7\n    LOAD_GLOBAL r0, #0\n    RETURN r0",
        [(ERROR, "not-a-string", "(start) 0")],
    ),
    "a message that is no string": (
        ".pool 7\n    LOAD_CONST r0, 7\n    ASSERT r0, truthy, #0\n    RETURN",
        [(ERROR, "not-a-string", "(start) 1")],
    ),
    "a call to nobody": (
        '.func main\n    LOAD_CONST r0, "g"\n    CALL r1, r0()\n    RETURN',
        [(ERROR, "missing-function", "main 1")],
    ),
    "a call through a loop": (
        """
        LOAD_CONST r0, "g"
        LOAD_CONST r2, 3
    again:
        CALL       r1, r0()
        JUMP_IF    r2, again
        RETURN""",
        [(ERROR, "missing-function", "(start) 2")],
    ),
    "a call of a number": (
        "    LOAD_CONST r0, 2.5\n    CALL r1, r0()\n    RETURN",
        [(ERROR, "missing-function", "(start) 1")],
    ),
    "a call by index": (
        "    LOAD_CONST r0, 3\n    CALL r1, r0()\n    RETURN\n.func f\n    RETURN",
        [],
    ),
    "a call by a wrong index": (
        "    LOAD_CONST r0, 2\n    CALL r1, r0()\n    RETURN\n.func f\n    RETURN",
        [(ERROR, "missing-function", "(start) 1")],
    ),
    "a call of what is not known": ('    LOAD_GLOBAL r0, "g"\n    CALL r1, r0()\n    RETURN', []),
    "too few arguments": (
        """
        LOAD_CONST r0, "f"
        LOAD_CONST r1, 1
        CALL       r2, r0(r1)
        RETURN     r2
    .func f
        ADD        r2, r0, r1
        RETURN     r2""",
        [(ERROR, "arguments", "(start) 2")],
    ),
    "no arguments": (
        """
        LOAD_CONST r5, "f"
        CALL       r2, r5()
        RETURN     r2
    .func f
        RETURN     r0""",
        [(ERROR, "arguments", "(start) 1"), (ERROR, "never-written", "f 3")],
    ),
    "too many arguments": (
        """
        LOAD_CONST r0, "f"
        CALL       r2, r0(r0, r0)
        RETURN     r2
    .func f
        RETURN     r0""",
        [(WARNING, "arguments", "(start) 1")],
    ),
    "the arguments of a function that calls on": (
        """
        LOAD_CONST r0, "f"
        LOAD_CONST r1, 1
        CALL       r2, r0(r1, r1)
        RETURN     r2
    .func f
        LOAD_CONST r5, "g"
        CALL       r6, r5(r0, r1)
        RETURN     r6
    .func g
        ADD        r2, r0, r1
        RETURN     r2""",
        [],
    ),
    "a name loaded once for a recursion": (
        """
        LOAD_CONST r9, "f"
        LOAD_CONST r1, 1
        CALL       r2, r9(r1)
        RETURN     r2
    .func f
        JUMP_IF_NOT r0, out
        NOT        r0, r0
        CALL       r0, r9(r0)
    out:
        RETURN     r0""",
        [(WARNING, "inherited-register", "(start) 2")],
    ),
    "a register that nothing writes": (
        "    ADD r0, r1, r1\n    RETURN r0",
        [(ERROR, "never-written", "(start) 0")],
    ),
    "the type of a register that nothing writes": (
        "    CHECK_TYPE r0, r1, empty\n    RETURN r0",
        [(WARNING, "never-written", "(start) 0")],
    ),
    "a register that one path writes": (
        """
        LOAD_CONST r0, true
        JUMP_IF    r0, out
        LOAD_CONST r1, 1
    out:
        RETURN     r1""",
        [(WARNING, "perhaps-not-written", "(start) 3")],
    ),
    "a register that both paths write": (
        """
        LOAD_CONST r0, true
        JUMP_IF    r0, other
        LOAD_CONST r1, 1
        JUMP       out
    other:
        LOAD_CONST r1, 2
    out:
        RETURN     r1""",
        [],
    ),
    "a register that the first turn does not find written": (
        """
        LOAD_CONST r0, true
    again:
        JUMP_IF_NOT r0, out
        LOAD_CONST r1, 1
        JUMP       again
    out:
        RETURN     r1""",
        [(WARNING, "perhaps-not-written", "(start) 4")],
    ),
    "the result of a function without one": (
        """
        LOAD_CONST r0, "f"
        CALL       r1, r0()
        RETURN     r1
    .func f
        RETURN""",
        [(WARNING, "perhaps-not-written", "(start) 2")],
    ),
    "a register with a type only": ("    DEFINE r0, int\n    RETURN r0", []),
    "a function that nothing here calls": (
        ".func main\n    RETURN\n.func f\n    ADD r0, r0, r5\n    RETURN r0",
        [],
    ),
    "instructions that nothing leads to": (
        "    RETURN\n    NOP\n    NOP\n.func f\n    RETURN",
        [(WARNING, "unreachable", "(start) 1"), (WARNING, "runs-into-function", "(start) 2")][:1],
    ),
    "errors that nothing leads to": (
        "    RETURN\n    LOAD_CONST r0, #9\n    RETURN",
        [(WARNING, "unreachable", "(start) 1"), (WARNING, "missing-constant", "(start) 1")],
    ),
    "what stands before main": (
        "    NOP\n    RETURN\n.func main\n    RETURN",
        [(WARNING, "unreachable", "(start) 0")],
    ),
    "one function after another": (
        ".func f\n    NOP\n.func g\n    RETURN",
        [(WARNING, "runs-into-function", "f 0")],
    ),
    "the end": ("    NOP", [(WARNING, "runs-off-the-end", "(start) 0")]),
    "a function beyond the end": (
        ".func f, @7\n    RETURN",
        [(ERROR, "function-out-of-range", "f")],
    ),
    "two functions of one name": (
        ".func f\n    RETURN\n.func f, @0\n",
        [(WARNING, "duplicate-function", "f")],
    ),
    "a cast to nothing": (
        "    LOAD_CONST r0, 1\n    CAST r0, r0, url\n    RETURN r0",
        [(ERROR, "impossible-cast", "(start) 1")],
    ),
    "a cast to an unknown type": (
        "    LOAD_CONST r0, 1\n    CAST r0, r0, 99\n    RETURN r0",
        [(ERROR, "impossible-cast", "(start) 1")],
    ),
    "zero": (
        "    LOAD_CONST r0, 0\n    MOD r1, r0, r0\n    RETURN r1",
        [(ERROR, "division-by-zero", "(start) 1")],
    ),
    "minus zero": (
        "    LOAD_CONST r0, -0.0\n    DIV r1, r0, r0\n    RETURN r1",
        [(ERROR, "division-by-zero", "(start) 1")],
    ),
    "not surely zero": (
        """
        LOAD_CONST r0, 0
        LOAD_CONST r1, 9
    again:
        ADD        r0, r0, r1
        DIV        r1, r1, r0
        JUMP_IF    r1, again
        RETURN""",
        [],
    ),
    "a range without ints": (
        '    LOAD_CONST r0, 1\n    ASSERT r0, range 2..1, "m"\n    RETURN',
        [(ERROR, "empty-range", "(start) 1")],
    ),
    "a phi": (
        """
        LOAD_CONST r0, 1
    first:
        JUMP       meet
    meet:
        PHI        r1, [r0 from first]
        RETURN     r1""",
        [],
    ),
    "a phi that waits in vain": (
        "    LOAD_CONST r0, 1\n    PHI r1, [r0 from @0]\n    RETURN r1",
        [(WARNING, "phi-label", "(start) 1")],
    ),
    "an empty program": ("", []),
}


def findings_in(text: str) -> list[Violation]:
    return verify(load_module(write(assemble(text)).decode("latin-1")))


@pytest.mark.parametrize("name", FINDINGS)
def test_what_is_found(name: str) -> None:
    text, expected = FINDINGS[name]
    found = [(finding.severity, finding.code, finding.location) for finding in findings_in(text)]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_every_rule_is_tested() -> None:
    assert {code for _, expected in FINDINGS.values() for _, code, _ in expected} == set(RULES)


def test_findings_keep_to_the_severity_of_their_rule() -> None:
    for _, expected in FINDINGS.values():
        for severity, code, _ in expected:
            if RULES[code].severity is WARNING:
                assert severity is WARNING


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_have_no_errors(path: Path) -> None:
    assert invoke("verify", path).status == 0


@pytest.mark.parametrize("path", COMPILED, ids=lambda path: path.stem)
def test_what_the_published_compiler_makes_has_no_errors(path: Path) -> None:
    assert [
        finding
        for finding in verify(load_module(path.read_bytes().decode("latin-1")))
        if finding.severity is ERROR
    ] == []


# Errors that do not end the program: it runs, though hardly as somebody meant it to.
HARMLESS = {"jump-out-of-range", "never-written", "function-out-of-range", "arguments"}


def test_programs_that_run_to_their_end_have_no_errors_that_would_end_them() -> None:
    """The conformance cases, where they are at hand: what the verifier calls an error would have
    failed there.
    """
    if not CONFORMANCE_CASES.exists():
        pytest.skip(f"{CONFORMANCE_CASES} is not there")
    checked = 0
    for line in CONFORMANCE_CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if "load_error" in case or "runtime_error" in case:
            continue
        findings = verify(load_module(base64.b64decode(case["mdbc"]).decode("latin-1")))
        errors = {finding.code for finding in findings if finding.severity is ERROR}
        assert errors <= HARMLESS, case["name"]
        checked += 1
    assert checked > 400


def test_the_text_of_the_command(tmp_path: Path) -> None:
    path = assembled(tmp_path, FINDINGS["too few arguments"][0])
    outcome = invoke("verify", path)
    assert outcome.status == 1
    head, finding, _, last = outcome.out.splitlines()
    assert head.split() == ["severity", "where", "instruction", "finding", "code"]
    assert re.split(" {2,}", finding) == [
        "error",
        "(start) 2",
        "CALL r2, r0(r1)",
        "gives 1 argument, and f reads r1 too",
        "arguments",
    ]
    assert last == f"{path}: 1 error, 0 warnings"


def test_the_json_of_the_command(tmp_path: Path) -> None:
    path = assembled(tmp_path, FINDINGS["errors that nothing leads to"][0])
    outcome = invoke("verify", "--json", path)
    assert outcome.status == 0
    assert json.loads(outcome.out) == {
        "file": str(path),
        "errors": 0,
        "warnings": 2,
        "findings": [
            {
                "severity": "warning",
                "code": "unreachable",
                "message": "to instruction 2: cannot be reached",
                "function": "(start)",
                "instruction": 1,
                "line": None,
                "text": "LOAD_CONST r0, #9",
            },
            {
                "severity": "warning",
                "code": "missing-constant",
                "message": "constant #9 does not exist; the pool holds 0",
                "function": "(start)",
                "instruction": 1,
                "line": None,
                "text": "LOAD_CONST r0, #9",
            },
        ],
    }


def test_the_line_in_the_source(tmp_path: Path) -> None:
    source = tmp_path / "program.mdasm"
    source.write_text(
        "; a comment\n\n    NOP\nlabel: ADD r0, r1, r1   ; the fourth line\n    RETURN r0\n",
        encoding="utf-8",
    )
    findings = json.loads(invoke("verify", "--json", source).out)["findings"]
    assert [(finding["code"], finding["instruction"], finding["line"]) for finding in findings] == [
        ("never-written", 1, 4)
    ]
    assert re.split(" {2,}", invoke("verify", source).out.splitlines()[1])[:4] == [
        "error",
        "(start) 1",
        "4",
        "ADD r0, r1, r1",
    ]


def test_a_finding_about_a_function_has_no_instruction(tmp_path: Path) -> None:
    findings = json.loads(
        invoke(
            "verify", "--json", assembled(tmp_path, FINDINGS["a function beyond the end"][0])
        ).out
    )["findings"]
    assert [
        (finding["function"], finding["instruction"], finding["text"]) for finding in findings
    ] == [("f", None, "")]


def test_a_clean_program(tmp_path: Path) -> None:
    path = assembled(tmp_path, FINDINGS["nothing"][0])
    outcome = invoke("verify", path)
    assert (outcome.status, outcome.out) == (0, f"{path}: 0 errors, 0 warnings\n")


def test_the_rules_are_listed() -> None:
    outcome = invoke("verify", "--rules")
    assert outcome.status == 0
    assert [line.split()[0] for line in outcome.out.splitlines()[1:]] == list(RULES)


def test_a_file_that_does_not_load(tmp_path: Path) -> None:
    path = tmp_path / "bad.mdbc"
    path.write_bytes(b"nothing like it, but long enough")
    outcome = invoke("verify", path)
    assert (outcome.status, outcome.err) == (
        1,
        f"Error: {path}: Failed to load bytecode: Invalid magic number\n",
    )
    outcome = invoke("verify", "--json", path)
    assert outcome.status == 1
    assert json.loads(outcome.out) == {
        "file": str(path),
        "errors": 1,
        "warnings": 0,
        "findings": [
            {
                "severity": "error",
                "code": "does-not-load",
                "message": f"{path}: Failed to load bytecode: Invalid magic number",
                "function": None,
                "instruction": None,
                "line": None,
                "text": "",
            }
        ],
    }


def test_a_large_program_is_verified_in_time() -> None:
    """A loop of 20,000 instructions, which a quadratic search would need minutes for."""
    body = "".join(
        f"    ADD r{number % 200 + 1}, r0, r0\n    JUMP_IF r{number % 200 + 1}, again\n"
        for number in range(10000)
    )
    assert findings_in(f"    LOAD_CONST r0, 1\nagain:\n{body}    RETURN r0\n") == []
