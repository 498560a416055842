"""Programs that try to escape the limits of a run: none of them ends by itself in any reasonable
time.

Most of them do in one instruction what takes long, and do that again and again, so that a limit has
to fire inside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Escape:
    """A program, in assembly.

    function: what is called, with arguments(), instead of running it from its start. instructions:
    a limit that it goes beyond, 0 where that takes too long. prepares: whether it works for more
    than a moment before it comes to what it is for.
    """

    name: str
    source: str
    function: str = ""
    instructions: int = 1_000_000
    arguments: Any = None
    prepares: bool = False


def _forever(work: str, preparation: str = "") -> str:
    return f"{_CONSTANTS}{preparation}\nagain:\n{work}\n    JUMP again\n"


# Registers of all programs: r20 is 0, r21 is 1, r22 is 2.
_CONSTANTS = """
.func main
    LOAD_CONST r20, 0
    LOAD_CONST r21, 1
    LOAD_CONST r22, 2
"""


def _graph(register: str, levels: int, leaf: str = "7", dicts: bool = False) -> str:
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


def _nest(register: str, levels: int) -> str:
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


def _array(register: str, size: int, value: str) -> str:
    """An array with the value at 0 and the rest still Empty, in memory all the same."""
    return f"""
    LOAD_CONST r24, {size}
    LOAD_CONST r25, {value}
    NEW_ARRAY  {register}, r24
    ARRAY_SET  {register}, r20, r25
"""


def _text(register: str, doublings: int, start: str = "0123456789abcdef" * 16) -> str:
    """A text of len(start) * 2**doublings bytes that nobody has read yet."""
    return f"""
    LOAD_CONST {register}, "{start}"
    LOAD_CONST r23, {doublings}
double_text_{register}:
    ADD        {register}, {register}, {register}
    SUB        r23, r23, r21
    JUMP_IF    r23, double_text_{register}
"""


def _dict(register: str, size: int) -> str:
    return f"""
    DICT_NEW   {register}
    LOAD_CONST r23, {size}
fill_{register}:
    CAST       r24, r23, string
    DICT_SET   {register}, r24, r23
    SUB        r23, r23, r21
    JUMP_IF    r23, fill_{register}
"""


_PAIR_OF_GRAPHS = _graph("r1", 60) + _graph("r2", 60)
_DEEP = 300_000
_LARGE = 40_000_000
_MANY = 300_000
_LONG = 19  # doublings of 256 bytes: 128 MiB

_COMPARED_ARRAYS = _array("r1", _LARGE, "7") + _array("r2", _LARGE, "7")
_COMPARED_TEXTS = _text("r1", _LONG) + _text("r2", _LONG)
# The same length, and different only at the end: nothing that is found equal, and then known to be.
_DIFFERENT_TEXTS = (
    _text("r1", _LONG)
    + _text("r2", _LONG)
    + 'LOAD_CONST r3, "x"\nADD r1, r1, r3\nLOAD_CONST r3, "y"\nADD r2, r2, r3\n'
)

_WORK_IN_ONE_INSTRUCTION = [
    Escape("comparing graphs that share parts", _forever("EQ r3, r1, r2", _PAIR_OF_GRAPHS)),
    Escape(
        "comparing graphs of dicts",
        _forever("NEQ r3, r1, r2", _graph("r1", 60, dicts=True) + _graph("r2", 60, dicts=True)),
    ),
    Escape("printing a graph", _forever("DEBUG_PRINT r1", _graph("r1", 60))),
    Escape(
        "printing a graph of dicts",
        _forever("DEBUG_PRINT r1", _graph("r1", 60, '"a\\nb"', dicts=True)),
    ),
    Escape("casting a graph to a string", _forever("CAST r3, r1, string", _graph("r1", 60))),
    Escape(
        "concatenating a graph",
        _forever('LOAD_CONST r3, ""\nCONCAT_STR r3, r3, r1', _graph("r1", 60)),
    ),
    Escape("returning a graph", _CONSTANTS + _graph("r1", 60) + "RETURN r1"),
    Escape(
        "returning a graph of dicts", _CONSTANTS + _graph("r1", 60, "1.5", dicts=True) + "RETURN r1"
    ),
    Escape("making large arrays of ints", _forever(_array("r1", _LARGE, "7"))),
    Escape("making large arrays of floats", _forever(_array("r1", _LARGE, "1.5"))),
    Escape("making large arrays of bools", _forever(_array("r1", 8 * _LARGE, "true"))),
    Escape("making large arrays of strings", _forever(_array("r1", _LARGE, '"x"'))),
    Escape(
        "copying arrays of ints",
        _forever("MOVE r2, r1\nARRAY_SET r2, r20, r21", _array("r1", _LARGE, "7")),
    ),
    Escape(
        "copying arrays of strings",
        _forever("MOVE r2, r1\nARRAY_SET r2, r20, r21", _array("r1", _LARGE, '"x"')),
    ),
    Escape(
        "boxing arrays",
        _forever(_array("r1", _LARGE // 4, "7") + 'LOAD_CONST r3, "x"\nARRAY_SET r1, r21, r3'),
    ),
    Escape("comparing arrays of ints", _forever("EQ r3, r1, r2", _COMPARED_ARRAYS)),
    Escape(
        "comparing arrays of values",
        _forever("EQ r3, r1, r2", _array("r1", 10**6, '"x"') + _array("r2", 10**6, '"x"')),
    ),
    Escape("printing large arrays", _forever("DEBUG_PRINT r1", _array("r1", _LARGE, "7"))),
    Escape("returning a large array", _CONSTANTS + _array("r1", 8 * _LARGE, "true") + "RETURN r1"),
    Escape("comparing long texts", _forever(_COMPARED_TEXTS + "EQ r3, r1, r2")),
    Escape(
        "comparing long texts that differ at the end", _forever("EQ r3, r1, r2", _DIFFERENT_TEXTS)
    ),
    Escape("ordering long texts", _forever("LT r3, r1, r2\nLTE r3, r2, r1", _DIFFERENT_TEXTS)),
    Escape("printing long texts", _forever("DEBUG_PRINT r1", _text("r1", _LONG))),
    Escape(
        "printing long texts in an array",
        _forever(
            "DEBUG_PRINT r2", _text("r1", _LONG) + _array("r2", 3, "7") + "ARRAY_SET r2, r20, r1"
        ),
    ),
    Escape(
        "long texts as keys",
        _forever(
            "DICT_NEW r3\nDICT_SET r3, r1, r20\nDICT_NEW r4\nDICT_SET r4, r1, r20\nDICT_GET r5, r3, r1",
            _text("r1", _LONG),
        ),
    ),
    Escape(
        "reading new long texts",
        _forever(
            _text("r1", _LONG)
            + 'LOAD_CONST r2, "x"\nADD r1, r1, r2\nDICT_NEW r3\nDICT_GET r4, r3, r1\n'
            "DICT_SET r3, r1, r20"
        ),
    ),
    Escape(
        "a dict that grows",
        _forever(
            "CAST r2, r3, string\nDICT_SET r1, r2, r3\nADD r3, r3, r21",
            "DICT_NEW r1\nLOAD_CONST r3, 0",
        ),
    ),
    Escape(
        "copying dicts",
        _forever('MOVE r2, r1\nLOAD_CONST r3, "new"\nDICT_SET r2, r3, r20', _dict("r1", _MANY)),
        instructions=3_000_000,
        prepares=True,
    ),
    Escape(
        "comparing dicts",
        _forever("EQ r3, r1, r2", _dict("r1", _MANY) + _dict("r2", _MANY)),
        instructions=6_000_000,
        prepares=True,
    ),
    Escape(
        "keys of a large dict",
        _forever("DICT_KEYS r2, r1", _dict("r1", _MANY)),
        instructions=3_000_000,
        prepares=True,
    ),
    Escape(
        "values of a large dict",
        _forever("DICT_VALUES r2, r1", _dict("r1", _MANY)),
        instructions=3_000_000,
        prepares=True,
    ),
    Escape(
        "printing a value of many levels",
        _forever("DEBUG_PRINT r1", _nest("r1", _DEEP)),
        instructions=3_000_000,
    ),
    Escape(
        "comparing values of many levels",
        _forever("EQ r3, r1, r2", _nest("r1", _DEEP) + _nest("r2", _DEEP)),
        instructions=6_000_000,
    ),
    Escape(
        "values of many levels as text",
        _forever("CAST r2, r1, string", _nest("r1", _DEEP)),
        instructions=3_000_000,
    ),
    Escape("making and dropping values of many levels", _forever(_nest("r1", _DEEP))),
    Escape(
        "exact digits of large floats",
        _forever("LOAD_CONST r1, 1.7e308\nCAST r2, r1, string\nDEBUG_PRINT r1"),
    ),
]

_MANY_BRANCHES = "".join(
    f"""
    MUL        r1, r1, r10
    ADD        r1, r1, r11
    MOD        r1, r1, r12
    LOAD_CONST r3, {1 << 29}
    LT         r4, r1, r3
    JUMP_IF    r4, skip{branch}
    ADD        r5, r5, r21
skip{branch}:
"""
    for branch in range(60)
)

_MANY_JUMPS = "".join(f"JUMP_IF r20, far{n}\nADD r1, r1, r21\nfar{n}: NOP\n" for n in range(8000))

_LOOPS = [
    Escape("a loop", _forever("ADD r1, r20, r21")),
    Escape("a jump to itself", "again: JUMP again"),
    Escape("a conditional jump", _forever("NOP").replace("JUMP again", "JUMP_IF r21, again")),
    Escape("a comparison", _forever("LT r1, r20, r21\nJUMP_IF r1, again")),
    Escape(
        "nested loops",
        _forever("LOAD_CONST r1, 0\ninner: ADD r1, r1, r21\nLT r2, r1, r22\nJUMP_IF r2, inner"),
    ),
    Escape(
        "a loop with PHIs",
        _CONSTANTS + "first: JUMP again\nagain: PHI r1, [r21 from first, r21 from last]\n"
        "ADD r2, r1, r1\nlast: JUMP again",
    ),
    Escape("a HALT that is never reached", _forever("JUMP_IF r21, on\nHALT\non: NOP")),
    Escape("a loop of calls", _forever('LOAD_CONST r1, "f"\nCALL r2, r1()') + ".func f\nRETURN\n"),
    Escape("a loop too long for a trace", _forever("ADD r1, r20, r21\n" * 9000)),
    Escape(
        "many branches, taken at random",
        _forever(
            _MANY_BRANCHES,
            f"LOAD_CONST r10, 1103515245\nLOAD_CONST r11, 12345\nLOAD_CONST r12, {1 << 30}\n"
            "LOAD_CONST r1, 1\nLOAD_CONST r5, 0",
        ),
    ),
    Escape(
        "a register of many types",
        _forever(
            "ADD r1, r1, r21\nCAST r2, r1, string\nCAST r3, r1, bool\nMOVE r4, r2\nMOVE r4, r3\n"
            "CAST r5, r1, float\nMOVE r4, r5",
            "LOAD_CONST r1, 0",
        ),
    ),
    Escape("printing for ever", _forever("DEBUG_PRINT r21")),
    Escape(
        "recursion that takes for ever",
        _CONSTANTS
        + """
    LOAD_CONST r1, "f"
    LOAD_CONST r0, 200
    CALL       r2, r1(r0)
    RETURN     r2
.func f
    LOAD_CONST r3, 1
    LT         r2, r0, r3
    JUMP_IF    r2, small
    LOAD_CONST r4, "f"
    SUB        r5, r0, r3
    CALL       r6, r4(r5)
    CALL       r7, r4(r5)
    RETURN     r6
small:
    RETURN     r0
""",
    ),
    Escape("a huge program", _forever(_MANY_JUMPS, "LOAD_CONST r1, 0")),
    Escape(
        "large arguments",
        ".func f\nLOAD_CONST r3, 0\nagain: ARRAY_LEN r1, r0\nMOVE r2, r0\nARRAY_SET r2, r3, r1\nJUMP again\n",
        "f",
        arguments=lambda: [[None, 1.5] * 300_000],
    ),
]

ESCAPES = _WORK_IN_ONE_INSTRUCTION + _LOOPS

# Those that end by themselves, with this error, and must do so before long.
RECURSIONS = {
    "endless recursion": '.func main\nLOAD_CONST r1, "main"\nCALL r0, r1(r0)\nRETURN r0\n',
    "mutual recursion": '.func main\nLOAD_CONST r1, "other"\nCALL r0, r1(r0)\nRETURN r0\n'
    '.func other\nLOAD_CONST r1, "main"\nCALL r0, r1(r0)\nRETURN r0\n',
    "recursion with loops": ".func main\nLOAD_CONST r2, 1\nLOAD_CONST r3, 50\nagain: SUB r3, r3, r2\nJUMP_IF r3, again\n"
    'LOAD_CONST r1, "main"\nCALL r0, r1(r0)\nRETURN r0\n',
}
BEYOND_MEMORY = {
    "a text that doubles": _forever(
        "ADD r1, r1, r1", 'LOAD_CONST r1, "0123456789abcdef0123456789abcdef"'
    ),
    "a text that doubles by CONCAT_STR": _forever(
        "CONCAT_STR r1, r1, r1", 'LOAD_CONST r1, "0123456789abcdef"'
    ),
    "a text that doubles more and more": _forever(
        "ADD r1, r1, r2\nADD r2, r1, r1", 'LOAD_CONST r1, "0123456789"\nMOVE r2, r1'
    ),
    "an array larger than all memory": _CONSTANTS
    + """
    LOAD_CONST r1, 9000000000000000000
    NEW_ARRAY  r2, r1
    ARRAY_SET  r2, r20, r20
    RETURN     r2
""",
}
