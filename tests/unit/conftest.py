"""Makes the tests the same each time they run, and in any order."""

import pytest
from hypothesis import HealthCheck, settings

from mdvm.run_state import run_state

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
