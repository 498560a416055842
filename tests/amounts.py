"""How much the tests try that could go on for ever."""

from __future__ import annotations

import os

# Of each kind of random programs; .ci/run asks for 5,000.
RANDOM_PROGRAMS = int(os.environ.get("MDVM_RANDOM_PROGRAMS", "500"))

# How many programs run out of memory one after the other, in one process: 1000 for a campaign.
OUT_OF_MEMORY = int(os.environ.get("MDVM_OUT_OF_MEMORY", "70"))

# How many programs are interrupted at random moments: 10000 for a campaign.
INTERRUPTS = int(os.environ.get("MDVM_INTERRUPTS", "200"))
