"""Running bytecode on the VM untranslated, within the process of the tests."""

from __future__ import annotations

import sys

from mdvm.errors import RunError
from mdvm.interp import interpreter
from mdvm.loading.loader import load_module
from mdvm.lowering.code import LoweringOptions
from mdvm.lowering.lower import lower
from mdvm.run_state import run_state
from mdvm.system.limit_kinds import UNLIMITED
from mdvm.system.output import Output
from mdvm.values.text import debug_text

from .mir_machine import Outcome

RECURSION_LIMIT = 20_000  # a guest call takes five Python calls


class _Output(Output):
    def __init__(self) -> None:
        Output.__init__(self)
        self.parts: list[str] = []

    def put(self, text: str) -> None:
        self.parts.append(text)


def run_bytecode(data: bytes) -> Outcome:
    """What the program in these bytes of a .mdbc file comes to; its steps are the instructions
    executed.
    """
    output = _Output()
    # The VM's one interpreter may belong to a pymdvm engine in this process too.
    output_before, run_state.output = run_state.output, output
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    run_state.begin(UNLIMITED)
    outcome = Outcome()
    code = lower(load_module(data.decode("latin-1")), LoweringOptions(counting=True))
    try:
        w_result = interpreter.execute_program(code)
        if w_result is not None:
            outcome.value = _text(debug_text(w_result))
    except RunError as error:
        outcome.error = _text(error.text)
    finally:
        run_state.end()
        run_state.output = output_before
        sys.setrecursionlimit(limit)
    outcome.stdout = _text("".join(output.parts))
    outcome.steps = run_state.executed
    return outcome


def _text(text: str) -> str:
    return text.encode("latin-1").decode("utf-8")
