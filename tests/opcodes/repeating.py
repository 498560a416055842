"""A program made a function that is called again and again, so that it is compiled."""

from __future__ import annotations

from tests.programs import Noted

TIMES = 30
_CALLS = f"""
.func "from the beginning", @0
.func main
    LOAD_CONST   r250, {TIMES}
    LOAD_CONST   r251, 1
    LOAD_CONST   r252, "from the beginning"
call_it_again:
    CALL         r253, r252()
    SUB          r250, r250, r251
    JUMP_IF      r250, call_it_again
    RETURN       r253
"""


def can_repeat(noted: Noted) -> bool:
    """Whether it begins at its first instruction and ends with RETURN, as a function must."""
    returns = noted.fails is None and noted.expect[-1:] and noted.expect[-1].startswith("Result: ")
    return bool(returns) and ".func main\n" not in noted.source


def repeated(noted: Noted) -> str:
    """The text of a program that prints TIMES times what this one prints, and returns the same."""
    return noted.source + _CALLS
