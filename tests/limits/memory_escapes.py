"""Programs that try to hold more than a limit of memory allows: each of them would take gigabytes."""

from __future__ import annotations

from tests.limits.building import CONSTANTS, array, dictionary, forever, graph, text
from tests.limits.escapes import Escape

# Puts what r1 holds into a list that starts at r10, so that it stays.
_KEEP = """
    NEW_ARRAY  r11, r22
    ARRAY_SET  r11, r20, r1
    ARRAY_SET  r11, r21, r10
    MOVE       r10, r11
"""
_NONE_KEPT = "LOAD_CONST r10, 0\n"

MEMORY_ESCAPES = [
    Escape("one array", CONSTANTS + array("r1", 1_000_000_000, "7") + "RETURN r20"),
    Escape("one array of values", CONSTANTS + array("r1", 1_000_000_000, '"x"') + "RETURN r20"),
    Escape("one array of bools", CONSTANTS + array("r1", 8_000_000_000, "true") + "RETURN r20"),
    Escape(
        "arrays, each twice as large",
        forever(
            "NEW_ARRAY r1, r2\nARRAY_SET r1, r20, r21\nADD r2, r2, r2", "LOAD_CONST r2, 100000\n"
        ),
    ),
    Escape(
        "small arrays", forever("NEW_ARRAY r1, r22\nARRAY_SET r1, r20, r21" + _KEEP, _NONE_KEPT)
    ),
    Escape("large arrays", forever(array("r1", 50_000, "7") + _KEEP, _NONE_KEPT)),
    Escape("large arrays of floats", forever(array("r1", 50_000, "1.5") + _KEEP, _NONE_KEPT)),
    Escape(
        "arrays that are boxed",
        forever(
            array("r1", 500_000, "7") + 'LOAD_CONST r3, "x"\nARRAY_SET r1, r21, r3' + _KEEP,
            _NONE_KEPT,
        ),
    ),
    Escape(
        "copies of an array",
        forever(
            "MOVE r1, r2\nARRAY_SET r1, r20, r21" + _KEEP, _NONE_KEPT + array("r2", 300_000, "7")
        ),
    ),
    Escape(
        "copies of a dict",
        forever(
            'MOVE r1, r2\nLOAD_CONST r3, "new"\nDICT_SET r1, r3, r20' + _KEEP,
            _NONE_KEPT + dictionary("r2", 10_000),
        ),
    ),
    Escape(
        "values of a dict",
        forever("DICT_VALUES r1, r2" + _KEEP, _NONE_KEPT + dictionary("r2", 10_000)),
    ),
    Escape(
        "a dict that grows",
        forever(
            "CAST r2, r3, string\nDICT_SET r1, r2, r3\nADD r3, r3, r21",
            "DICT_NEW r1\nLOAD_CONST r3, 0",
        ),
    ),
    Escape(
        "boxed numbers",
        forever(
            "CAST r3, r2, float\nARRAY_SET r1, r2, r3\nADD r2, r2, r21",
            array("r1", 12_000_000, '"x"') + "LOAD_CONST r2, 0",
        ),
    ),
    Escape(
        "a text that doubles and is read",
        forever("ADD r1, r1, r1\nLT r3, r1, r2", text("r1", 1) + 'LOAD_CONST r2, "1"'),
    ),
    Escape(
        "a text that grows by little",
        forever("ADD r1, r1, r2", 'LOAD_CONST r1, ""\nLOAD_CONST r2, "0123456789abcdef"'),
    ),
    Escape(
        "many texts",
        forever(
            "CONCAT_STR r1, r2, r3\nADD r3, r3, r21" + _KEEP,
            _NONE_KEPT + text("r2", 1) + "LOAD_CONST r3, 0",
        ),
    ),
    Escape(
        "a graph as text",
        CONSTANTS + graph("r1", 60) + "CAST r2, r1, string\nRETURN r20",
    ),
    Escape("a graph that is printed", CONSTANTS + graph("r1", 60) + "DEBUG_PRINT r1\nRETURN r20"),
    Escape("a graph that is returned", CONSTANTS + graph("r1", 60) + "RETURN r1"),
    Escape(
        "arrays in globals",
        forever(
            'NEW_ARRAY r1, r2\nLOAD_GLOBAL r3, "last"\nARRAY_SET r1, r20, r3\nSTORE_GLOBAL r1, "last"',
            'LOAD_CONST r2, 10\nSTORE_GLOBAL r20, "last"\n',
        ),
    ),
    Escape(
        "recursion",
        CONSTANTS
        + """
    LOAD_CONST   r1, "f"
    CALL         r0, r1(r20)
    RETURN       r0
.func f
    LOAD_CONST   r1, "f"
    LOAD_CONST   r2, 100000
    LOAD_CONST   r3, 0
    NEW_ARRAY    r5, r2
    ARRAY_SET    r5, r3, r3
    CALL         r0, r1(r5)
    ARRAY_LEN    r6, r5
    RETURN       r6
""",
    ),
    Escape(
        "an argument that is copied",
        ".func f\nLOAD_CONST r20, 0\nLOAD_CONST r21, 1\nLOAD_CONST r22, 2\n"
        + _NONE_KEPT
        + "again: MOVE r1, r0\nARRAY_SET r1, r20, r21"
        + _KEEP
        + "JUMP again\n",
        "f",
        arguments=lambda: [list(range(100_000))],
    ),
]
