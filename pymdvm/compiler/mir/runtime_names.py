"""The names of the functions that the compiler may add to a program (lowering/library.py writes
them), and which function an instruction calls.

No name in a source file has parentheses, so they clash with no function of a program.
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import Instruction

ADDED = "added()"
APPEND = "append()"
PUT = "put()"
RESERVE = "reserve()"
GROW = "grow()"
EXTEND = "extend()"
TRIM = "trim()"
INSERT = "insert()"
REMOVE_ITEM = "remove item()"
REMOVE = "remove()"
REMOVE_ALL = "remove all()"
REMOVE_AT = "remove at()"
CONTAINS = "contains()"
LENGTH = "length()"
JOIN = "join()"
JOINED = "joined()"
FIND = "find()"
SET_OF = "set of()"
CHARACTERS = "characters()"
AS_NUMBER = "as number()"
ABSOLUTE = "absolute()"
SMALLER = "smaller()"
LARGER = "larger()"
CLEAR = "clear()"
ITEMS = "items()"
IS_LIST = "is list()"
IS_NAMED_LIST = "is named list()"
POWER = "power()"

LIBRARY = frozenset(
    (
        ADDED,
        APPEND,
        PUT,
        RESERVE,
        GROW,
        EXTEND,
        TRIM,
        INSERT,
        REMOVE_ITEM,
        REMOVE,
        REMOVE_ALL,
        REMOVE_AT,
        CONTAINS,
        LENGTH,
        JOIN,
        JOINED,
        FIND,
        SET_OF,
        CHARACTERS,
        AS_NUMBER,
        ABSOLUTE,
        SMALLER,
        LARGER,
        CLEAR,
        ITEMS,
        IS_LIST,
        IS_NAMED_LIST,
        POWER,
    )
)


def called_name(instruction: Instruction) -> str | None:
    """The name of the function that an instruction calls, None if it calls none."""
    if instruction.opcode != "CALL":
        return None
    name = instruction.operands[0]
    return name.value if isinstance(name, Constant) and isinstance(name.value, str) else None
