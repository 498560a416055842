"""Makes the tests the same each time they run, and in any order. With MDVM_TESTS_JIT=off they run
programs as with the JIT off, by the other loop of the interpreter.
"""

import os
import sys

import pytest
from hypothesis import HealthCheck, settings

from mdvm.run_state import run_state
from mdvm.settings.jit_parameters import jit

settings.register_profile(
    "mdvm",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
settings.load_profile("mdvm")


@pytest.fixture(autouse=True)
def no_program_runs():
    """A test that has begun a run, with a limit of its own, leaves none behind."""
    yield
    run_state.end()


if os.environ.get("MDVM_TESTS_JIT") == "off":
    sys.setrecursionlimit(2 * sys.getrecursionlimit())  # a call takes more frames there

    @pytest.fixture(autouse=True)
    def jit_is_off(monkeypatch):
        monkeypatch.setattr(jit, "counts", False)
