"""Texts of programs that several tests run, and the output that they must give."""

from __future__ import annotations

HELLO = """
    LOAD_CONST   r0, "Hello, world!"
    DEBUG_PRINT  r0
    RETURN
"""

ENDLESS = """
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
endless:
    ADD          r0, r0, r1
    JUMP         endless
"""


def counting(turns: int, then: str = "    RETURN\n") -> str:
    """Prints the numbers below `turns`, then goes on with `then`, where r0 is `turns` and r1 is
    1.
    """
    return f"""
    LOAD_CONST   r0, 0
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, {turns}
count:
    DEBUG_PRINT  r0
    ADD          r0, r0, r1
    LT           r3, r0, r2
    JUMP_IF      r3, count
{then}"""


def counted(turns: int) -> bytes:
    """What `counting` prints."""
    return b"".join(b"%d\n" % number for number in range(turns))


def spinning() -> str:
    """The end of a program that never ends; for `counting`."""
    return "endless:\n    ADD          r0, r0, r1\n    JUMP         endless\n"


def recursion(depth: int) -> str:
    """Adds 1 in each of `depth` nested calls."""
    return f"""
.func main
    LOAD_CONST   r0, {depth}
    LOAD_CONST   r1, "Deep"
    CALL         r2, r1(r0)
    RETURN       r2
.func Deep
    LOAD_CONST   r2, 1
    LTE          r3, r0, r2
    JUMP_IF      r3, bottom
    SUB          r3, r0, r2
    LOAD_CONST   r1, "Deep"
    CALL         r4, r1(r3)
    ADD          r4, r4, r2
    RETURN       r4
bottom:
    RETURN       r2
"""
