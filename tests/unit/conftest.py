"""Puts the repository on the import path and makes the tests the same each time they run."""

import os
import sys

from hypothesis import HealthCheck, settings

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))

# Under Python 2.7 nothing else names these folders: that pytest reads no pyproject.toml.
for folder in (HERE, TOP):
    if folder not in sys.path:
        sys.path.insert(0, folder)

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
