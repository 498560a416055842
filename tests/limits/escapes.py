"""Programs that try to escape the limits of a run: none of them ends by itself in any reasonable
time.

Most of them do in one instruction what takes long, and do that again and again, so that a limit has
to fire inside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.limits.building import CONSTANTS, array, dictionary, forever, graph, nest, text


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


_PAIR_OF_GRAPHS = graph("r1", 60) + graph("r2", 60)
_DEEP = 300_000
_LARGE = 40_000_000
_MANY = 300_000
_LONG = 19  # doublings of 256 bytes: 128 MiB

_COMPARED_ARRAYS = array("r1", _LARGE, "7") + array("r2", _LARGE, "7")
_COMPARED_TEXTS = text("r1", _LONG) + text("r2", _LONG)
# The same length, and different only at the end: nothing that is found equal, and then known to be.
_DIFFERENT_TEXTS = (
    text("r1", _LONG)
    + text("r2", _LONG)
    + 'LOAD_CONST r3, "x"\nADD r1, r1, r3\nLOAD_CONST r3, "y"\nADD r2, r2, r3\n'
)

_WORK_IN_ONE_INSTRUCTION = [
    Escape("comparing graphs that share parts", forever("EQ r3, r1, r2", _PAIR_OF_GRAPHS)),
    Escape(
        "comparing graphs of dicts",
        forever("NEQ r3, r1, r2", graph("r1", 60, dicts=True) + graph("r2", 60, dicts=True)),
    ),
    Escape("printing a graph", forever("DEBUG_PRINT r1", graph("r1", 60))),
    Escape(
        "printing a graph of dicts",
        forever("DEBUG_PRINT r1", graph("r1", 60, '"a\\nb"', dicts=True)),
    ),
    Escape("casting a graph to a string", forever("CAST r3, r1, string", graph("r1", 60))),
    Escape(
        "concatenating a graph",
        forever('LOAD_CONST r3, ""\nCONCAT_STR r3, r3, r1', graph("r1", 60)),
    ),
    Escape("returning a graph", CONSTANTS + graph("r1", 60) + "RETURN r1"),
    Escape(
        "returning a graph of dicts", CONSTANTS + graph("r1", 60, "1.5", dicts=True) + "RETURN r1"
    ),
    Escape("making large arrays of ints", forever(array("r1", _LARGE, "7"))),
    Escape("making large arrays of floats", forever(array("r1", _LARGE, "1.5"))),
    Escape("making large arrays of bools", forever(array("r1", 8 * _LARGE, "true"))),
    Escape("making large arrays of strings", forever(array("r1", _LARGE, '"x"'))),
    Escape(
        "copying arrays of ints",
        forever("MOVE r2, r1\nARRAY_SET r2, r20, r21", array("r1", _LARGE, "7")),
    ),
    Escape(
        "copying arrays of strings",
        forever("MOVE r2, r1\nARRAY_SET r2, r20, r21", array("r1", _LARGE, '"x"')),
    ),
    Escape(
        "boxing arrays",
        forever(array("r1", _LARGE // 4, "7") + 'LOAD_CONST r3, "x"\nARRAY_SET r1, r21, r3'),
    ),
    Escape("comparing arrays of ints", forever("EQ r3, r1, r2", _COMPARED_ARRAYS)),
    Escape(
        "comparing arrays of values",
        forever("EQ r3, r1, r2", array("r1", 10**6, '"x"') + array("r2", 10**6, '"x"')),
    ),
    Escape("printing large arrays", forever("DEBUG_PRINT r1", array("r1", _LARGE, "7"))),
    Escape("returning a large array", CONSTANTS + array("r1", 8 * _LARGE, "true") + "RETURN r1"),
    Escape("comparing long texts", forever(_COMPARED_TEXTS + "EQ r3, r1, r2")),
    Escape(
        "comparing long texts that differ at the end", forever("EQ r3, r1, r2", _DIFFERENT_TEXTS)
    ),
    Escape("ordering long texts", forever("LT r3, r1, r2\nLTE r3, r2, r1", _DIFFERENT_TEXTS)),
    Escape("printing long texts", forever("DEBUG_PRINT r1", text("r1", _LONG))),
    Escape(
        "printing long texts in an array",
        forever(
            "DEBUG_PRINT r2", text("r1", _LONG) + array("r2", 3, "7") + "ARRAY_SET r2, r20, r1"
        ),
    ),
    Escape(
        "long texts as keys",
        forever(
            "DICT_NEW r3\nDICT_SET r3, r1, r20\nDICT_NEW r4\nDICT_SET r4, r1, r20\nDICT_GET r5, r3, r1",
            text("r1", _LONG),
        ),
    ),
    Escape(
        "reading new long texts",
        forever(
            text("r1", _LONG)
            + 'LOAD_CONST r2, "x"\nADD r1, r1, r2\nDICT_NEW r3\nDICT_GET r4, r3, r1\n'
            "DICT_SET r3, r1, r20"
        ),
    ),
    Escape(
        "a dict that grows",
        forever(
            "CAST r2, r3, string\nDICT_SET r1, r2, r3\nADD r3, r3, r21",
            "DICT_NEW r1\nLOAD_CONST r3, 0",
        ),
    ),
    Escape(
        "copying dicts",
        forever('MOVE r2, r1\nLOAD_CONST r3, "new"\nDICT_SET r2, r3, r20', dictionary("r1", _MANY)),
        instructions=3_000_000,
        prepares=True,
    ),
    Escape(
        "comparing dicts",
        forever("EQ r3, r1, r2", dictionary("r1", _MANY) + dictionary("r2", _MANY)),
        instructions=6_000_000,
        prepares=True,
    ),
    Escape(
        "keys of a large dict",
        forever("DICT_KEYS r2, r1", dictionary("r1", _MANY)),
        instructions=3_000_000,
        prepares=True,
    ),
    Escape(
        "values of a large dict",
        forever("DICT_VALUES r2, r1", dictionary("r1", _MANY)),
        instructions=3_000_000,
        prepares=True,
    ),
    Escape(
        "printing a value of many levels",
        forever("DEBUG_PRINT r1", nest("r1", _DEEP)),
        instructions=3_000_000,
    ),
    Escape(
        "comparing values of many levels",
        forever("EQ r3, r1, r2", nest("r1", _DEEP) + nest("r2", _DEEP)),
        instructions=6_000_000,
    ),
    Escape(
        "values of many levels as text",
        forever("CAST r2, r1, string", nest("r1", _DEEP)),
        instructions=3_000_000,
    ),
    Escape("making and dropping values of many levels", forever(nest("r1", _DEEP))),
    Escape(
        "exact digits of large floats",
        forever("LOAD_CONST r1, 1.7e308\nCAST r2, r1, string\nDEBUG_PRINT r1"),
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
    Escape("a loop", forever("ADD r1, r20, r21")),
    Escape("a jump to itself", "again: JUMP again"),
    Escape("a conditional jump", forever("NOP").replace("JUMP again", "JUMP_IF r21, again")),
    Escape("a comparison", forever("LT r1, r20, r21\nJUMP_IF r1, again")),
    Escape(
        "nested loops",
        forever("LOAD_CONST r1, 0\ninner: ADD r1, r1, r21\nLT r2, r1, r22\nJUMP_IF r2, inner"),
    ),
    Escape(
        "a loop with PHIs",
        CONSTANTS + "first: JUMP again\nagain: PHI r1, [r21 from first, r21 from last]\n"
        "ADD r2, r1, r1\nlast: JUMP again",
    ),
    Escape("a HALT that is never reached", forever("JUMP_IF r21, on\nHALT\non: NOP")),
    Escape("a loop of calls", forever('LOAD_CONST r1, "f"\nCALL r2, r1()') + ".func f\nRETURN\n"),
    Escape("a loop too long for a trace", forever("ADD r1, r20, r21\n" * 9000)),
    Escape(
        "many branches, taken at random",
        forever(
            _MANY_BRANCHES,
            f"LOAD_CONST r10, 1103515245\nLOAD_CONST r11, 12345\nLOAD_CONST r12, {1 << 30}\n"
            "LOAD_CONST r1, 1\nLOAD_CONST r5, 0",
        ),
    ),
    Escape(
        "a register of many types",
        forever(
            "ADD r1, r1, r21\nCAST r2, r1, string\nCAST r3, r1, bool\nMOVE r4, r2\nMOVE r4, r3\n"
            "CAST r5, r1, float\nMOVE r4, r5",
            "LOAD_CONST r1, 0",
        ),
    ),
    Escape("printing for ever", forever("DEBUG_PRINT r21")),
    Escape(
        "recursion that takes for ever",
        CONSTANTS
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
    Escape("a huge program", forever(_MANY_JUMPS, "LOAD_CONST r1, 0")),
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
    "a text that doubles": forever(
        "ADD r1, r1, r1", 'LOAD_CONST r1, "0123456789abcdef0123456789abcdef"'
    ),
    "a text that doubles by CONCAT_STR": forever(
        "CONCAT_STR r1, r1, r1", 'LOAD_CONST r1, "0123456789abcdef"'
    ),
    "a text that doubles more and more": forever(
        "ADD r1, r1, r2\nADD r2, r1, r1", 'LOAD_CONST r1, "0123456789"\nMOVE r2, r1'
    ),
    "an array larger than all memory": CONSTANTS
    + """
    LOAD_CONST r1, 9000000000000000000
    NEW_ARRAY  r2, r1
    ARRAY_SET  r2, r20, r20
    RETURN     r2
""",
}
