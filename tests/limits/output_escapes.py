"""Programs that try to print more than a limit of output allows: in loops, and in one instruction."""

from __future__ import annotations

from tests.limits.building import CONSTANTS, array, dictionary, forever, graph, nest, text
from tests.limits.escapes import Escape

# Those that print once print so much that no limit here allows any of it.
ONE_PRINT = [
    Escape("a long text", CONSTANTS + text("r1", 19) + "DEBUG_PRINT r1\nRETURN r20"),
    Escape("a long text in an array", CONSTANTS + text("r1", 19) + array("r2", 3, "7") + "ARRAY_SET r2, r20, r1\nDEBUG_PRINT r2\nRETURN r20"),
    Escape("a text of escapes", CONSTANTS + text("r1", 19, "\\u{1}\\n") + array("r2", 3, "7") + "ARRAY_SET r2, r20, r1\nDEBUG_PRINT r2\nRETURN r20"),
    Escape("a large array", CONSTANTS + array("r1", 1_000_000, "7") + "DEBUG_PRINT r1\nRETURN r20"),
    Escape("a large array of floats", CONSTANTS + array("r1", 1_000_000, "1e300") + "DEBUG_PRINT r1\nRETURN r20"),
    Escape("a dict", CONSTANTS + dictionary("r1", 20_000) + "DEBUG_PRINT r1\nRETURN r20"),
    Escape("a graph", CONSTANTS + graph("r1", 60) + "DEBUG_PRINT r1\nRETURN r20"),
    Escape("a graph of dicts", CONSTANTS + graph("r1", 60, dicts=True) + "DEBUG_PRINT r1\nRETURN r20"),
    Escape("a value of many levels", CONSTANTS + nest("r1", 50_000) + "DEBUG_PRINT r1\nRETURN r20"),
]  # fmt: skip

MANY_PRINTS = [
    Escape("a number", forever("DEBUG_PRINT r21")),
    Escape("numbers", forever("DEBUG_PRINT r1\nADD r1, r1, r21", "LOAD_CONST r1, 0")),
    Escape("empty lines", forever("DEBUG_PRINT r1", 'LOAD_CONST r1, ""')),
    Escape("lines with ends of lines in them", forever("DEBUG_PRINT r1", 'LOAD_CONST r1, "a\\nb\\n"')),
    Escape("floats", forever("DEBUG_PRINT r1", "LOAD_CONST r1, 1e300")),
    Escape("letters of several bytes", forever("DEBUG_PRINT r1", 'LOAD_CONST r1, "äöü"')),
    Escape("texts that are made anew", forever("CONCAT_STR r2, r21, r1\nDEBUG_PRINT r2\nADD r1, r1, r21", "LOAD_CONST r1, 0")),
    Escape("small arrays", forever("DEBUG_PRINT r1", array("r1", 3, "1.5"))),
    Escape("longer and longer lines", forever('DEBUG_PRINT r1\nADD r1, r1, r2', 'LOAD_CONST r1, ""\nLOAD_CONST r2, "x"')),
    Escape(
        "in recursion",
        CONSTANTS
        + """
    LOAD_CONST   r1, "f"
    CALL         r0, r1(r21)
    RETURN       r0
.func f
    LOAD_CONST   r1, "f"
    DEBUG_PRINT  r0
    CALL         r2, r1(r0)
    RETURN       r2
""",
    ),
]  # fmt: skip

OUTPUT_ESCAPES = ONE_PRINT + MANY_PRINTS
