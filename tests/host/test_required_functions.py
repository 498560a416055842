"""What a program calls and does not define, and what the commands tell of it."""

from __future__ import annotations

from mdvm.loading.loader import load_module
from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from pymdvm.inspection.rules import Severity
from pymdvm.inspection.summary import summarize
from pymdvm.inspection.verifier import verify
from pymdvm.required_functions import required_functions
from pymdvm.vm_text import bytes_to_vm

CALLS = """
.func main
    LOAD_CONST   r0, "x"
    LOAD_CONST   r9, "preis €"
    CALL         r1, r9(r0)
    LOAD_CONST   r9, "len"
    CALL         r1, r9(r0)
    LOAD_CONST   r9, "own"
    CALL         r1, r9(r0)
    LOAD_CONST   r9, "ask"
    CALL         r1, r9()
    LOAD_CONST   r9, "preis €"
    CALL         r1, r9(r0)
    CONCAT_STR   r9, r0, r0
    CALL         r1, r9()
    RETURN       r1
.func own
    RETURN       r0
"""


def data(source: str, version: int) -> bytes:
    return write(assemble(f".version {version}\n{source}"))


def test_in_version_2_built_in_functions_need_nobody() -> None:
    assert required_functions(data(CALLS, 2)) == ("preis €", "ask")
    assert required_functions(data(CALLS, 1)) == ("preis €", "len", "ask")
    assert summarize(data(CALLS, 2)).required_functions == ("preis €", "ask")


def problems(source: str, version: int) -> list[tuple[Severity, str, str]]:
    found = verify(load_module(bytes_to_vm(data(source, version))))
    return [(one.severity, one.code, one.message) for one in found]


def test_the_verifier_knows_who_can_give_a_function() -> None:
    missing = [problem for problem in problems(CALLS, 2) if problem[1] == "missing-function"]
    assert [severity for severity, _, _ in missing] == [Severity.WARNING] * 3
    assert missing[0][2] == "there is no function preis € but one that the host gives"
    missing = [problem for problem in problems(CALLS, 1) if problem[1] == "missing-function"]
    assert [severity for severity, _, _ in missing] == [Severity.ERROR] * 4


def test_the_verifier_counts_the_arguments_of_built_in_functions() -> None:
    source = 'LOAD_CONST r9, "len"\nCALL r0, r9(r9, r9)\nCALL r0, r9(r9)\nRETURN r0\n'
    text = "Wrong number of arguments: len takes 1, not 2"
    assert problems(source, 2) == [(Severity.ERROR, "arguments", text)]
