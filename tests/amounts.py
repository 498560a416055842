"""How much the tests try that could go on for ever."""

from __future__ import annotations

import os

# Of each kind of random programs; .ci/run asks for 5,000.
RANDOM_PROGRAMS = int(os.environ.get("MDVM_RANDOM_PROGRAMS", "500"))
