"""What the programs of this suite are put together from, in assembly.

Registers of all of them: r20 is 0, r21 is 1, r22 is 2; what builds a value takes r23, r24 and r25.
"""

from __future__ import annotations

CONSTANTS = """
.func main
    LOAD_CONST r20, 0
    LOAD_CONST r21, 1
    LOAD_CONST r22, 2
"""


def forever(work: str, preparation: str = "") -> str:
    return f"{CONSTANTS}{preparation}\nagain:\n{work}\n    JUMP again\n"


def graph(register: str, levels: int, leaf: str = "7", dicts: bool = False) -> str:
    """Puts a value of 2**levels leaves in as many containers into the register; it takes r23, r24,
    r25 too.
    """
    make = (
        f"""
    DICT_NEW   r24
    LOAD_CONST r25, "left"
    DICT_SET   r24, r25, {register}
    LOAD_CONST r25, "right"
    DICT_SET   r24, r25, {register}
"""
        if dicts
        else f"""
    NEW_ARRAY  r24, r22
    ARRAY_SET  r24, r20, {register}
    ARRAY_SET  r24, r21, {register}
"""
    )
    return f"""
    LOAD_CONST {register}, {leaf}
    LOAD_CONST r23, {levels}
double_{register}:
{make}
    MOVE       {register}, r24
    SUB        r23, r23, r21
    JUMP_IF    r23, double_{register}
"""


def nest(register: str, levels: int) -> str:
    """An array in an array in an array..."""
    return f"""
    LOAD_CONST {register}, 7
    LOAD_CONST r23, {levels}
nest_{register}:
    NEW_ARRAY  r24, r21
    ARRAY_SET  r24, r20, {register}
    MOVE       {register}, r24
    SUB        r23, r23, r21
    JUMP_IF    r23, nest_{register}
"""


def array(register: str, size: int, value: str) -> str:
    """An array with the value at 0 and the rest still Empty, in memory all the same."""
    return f"""
    LOAD_CONST r24, {size}
    LOAD_CONST r25, {value}
    NEW_ARRAY  {register}, r24
    ARRAY_SET  {register}, r20, r25
"""


def text(register: str, doublings: int, start: str = "0123456789abcdef" * 16) -> str:
    """A text of len(start) * 2**doublings bytes that nobody has read yet."""
    return f"""
    LOAD_CONST {register}, "{start}"
    LOAD_CONST r23, {doublings}
double_text_{register}:
    ADD        {register}, {register}, {register}
    SUB        r23, r23, r21
    JUMP_IF    r23, double_text_{register}
"""


def dictionary(register: str, size: int) -> str:
    return f"""
    DICT_NEW   {register}
    LOAD_CONST r23, {size}
fill_{register}:
    CAST       r24, r23, string
    DICT_SET   {register}, r24, r23
    SUB        r23, r23, r21
    JUMP_IF    r23, fill_{register}
"""
