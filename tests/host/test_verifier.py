"""The verifier takes any program that loads.  What it finds, tests/commands/test_verify.py
tests.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from mdvm.errors import LoadError
from mdvm.loading.loader import load_module
from pymdvm.bytecode import Program, write
from pymdvm.inspection.rules import RULES
from pymdvm.inspection.verifier import verify
from tests.host.made_programs import programs


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programs)
def test_any_program(program: Program) -> None:
    try:
        module = load_module(write(program).decode("latin-1"))
    except LoadError:
        return
    for finding in verify(module):
        assert finding.code in RULES
        assert finding.instruction is None or 0 <= finding.instruction < len(program.instructions)
