"""Programs for every construct that the parser accepts, alone and combined, with what they print
and give back.
"""

from __future__ import annotations

from pathlib import Path

from .case import Case, read_cases
from .layout import CASES as LAYOUT

ALL_CASES: tuple[Case, ...] = (
    *(case for path in sorted(Path(__file__).parent.glob("*.cases")) for case in read_cases(path)),
    *LAYOUT,
)
