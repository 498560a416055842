"""Fuzzing by hand.

    python3 -m tests.fuzz programs [--seed S] [--count N] [--first I] [--time SECONDS]
                                   [--family F ...] [--jobs J]
    python3 -m tests.fuzz damage   [--seed S] [--count N] [--first I] [--time SECONDS] [--jobs J]
    python3 -m tests.fuzz memory   [--seed S] [--count N] [--first I] [--time SECONDS]
    python3 -m tests.fuzz coverage [--time SECONDS]
    python3 -m tests.fuzz replay FILE.mdasm [--jit PARAMETERS ...]

Program number I of seed S is always the same.  docs/testing.md tells more.
"""

from __future__ import annotations

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main(__doc__ or ""))
