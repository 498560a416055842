"""The functions that a program may need and that no instruction does: written in MIR, added to the
modules that call them.

No name in a source file has parentheses, so they clash with no function of a program.
"""

from __future__ import annotations

import re

from pymdvm.compiler.lowering.library_latest import LATEST_TEXTS
from pymdvm.compiler.lowering.power import make_power
from pymdvm.compiler.mir.model import MirFunction, MirModule
from pymdvm.compiler.mir.parsing import parse_module
from pymdvm.compiler.mir.runtime_names import (
    ABSOLUTE,
    APPEND,
    CLEAR,
    CONTAINS,
    EXTEND,
    FIND,
    GROW,
    INSERT,
    IS_LIST,
    IS_NAMED_LIST,
    ITEMS,
    JOIN,
    JOINED,
    LARGER,
    LENGTH,
    LIBRARY,
    POWER,
    PUT,
    REMOVE,
    REMOVE_ALL,
    REMOVE_AT,
    REMOVE_ITEM,
    RESERVE,
    SMALLER,
    TRIM,
    called_name,
)

_CALLED = re.compile(r'CALL "([^"]*)"')

# The text of a list begins with "[", that of a named list with "{"; of all other values only a
# string's text begins with one of them or with anything that comes after "{". CHECK_TYPE has no
# number for containers.
_TEXTS = {
    IS_LIST: """
        function "is list()" "is list()" (v0)
        b0:
            v1 = CHECK_TYPE v0 [string]
            branch v1, b1, b2
        b1:
            return false
        b2:
            v2 = CAST v0 [string]
            v3 = LTE "[", v2
            v4 = LT v2, "\\\\"
            v5 = AND v3, v4
            return v5
        """,
    IS_NAMED_LIST: """
        function "is named list()" "is named list()" (v0)
        b0:
            v1 = CHECK_TYPE v0 [string]
            branch v1, b1, b2
        b1:
            return false
        b2:
            v2 = CAST v0 [string]
            v3 = LTE "{", v2
            return v3
        """,
    # What a for-each walks: (collection) -> list.
    ITEMS: """
        function "items()" "items()" (v0)
        b0:
            v1 = CALL "is named list()", v0
            branch v1, b1, b2
        b1:
            v2 = DICT_KEYS v0
            return v2
        b2:
            return v0
        """,
    # (collection, value) -> whether it holds the value, or the name.
    CONTAINS: """
        function "contains()" "contains()" (v0, v1)
        b0:
            v2 = CALL "is named list()", v0
            branch v2, b1, b2
        b1:
            v3 = DICT_CONTAINS v0, v1
            return v3
        b2:
            v4 = ARRAY_LEN v0
            jump b3
        b3:
            v5 = phi b2: 0, b5: v9
            v6 = LT v5, v4
            branch v6, b4, b6
        b4:
            v7 = ARRAY_GET v0, v5
            v8 = EQ v7, v1
            branch v8, b7, b5
        b5:
            v9 = ADD v5, 1
            jump b3
        b6:
            return false
        b7:
            return true
        """,
    # (collection) -> how many items or entries it has.
    LENGTH: """
        function "length()" "length()" (v0)
        b0:
            v1 = CALL "is named list()", v0
            branch v1, b1, b2
        b1:
            v2 = DICT_LEN v0
            return v2
        b2:
            v3 = ARRAY_LEN v0
            return v3
        """,
    # (list, separator) -> the texts of its items, with the separator between them.
    JOIN: """
        function "join()" "join()" (v0, v1)
        b0:
            v2 = ARRAY_LEN v0
            jump b1
        b1:
            v3 = phi b0: 0, b5: v9
            v4 = phi b0: "", b5: v8
            v5 = LT v3, v2
            branch v5, b2, b6
        b2:
            v6 = ARRAY_GET v0, v3
            v7 = EQ v3, 0
            branch v7, b3, b4
        b3:
            v10 = CONCAT_STR v4, v6
            jump b5
        b4:
            v11 = CONCAT_STR v4, v1
            v12 = CONCAT_STR v11, v6
            jump b5
        b5:
            v8 = phi b3: v10, b4: v12
            v9 = ADD v3, 1
            jump b1
        b6:
            return v4
        """,
    # (value, other) -> the texts of both, or the items of a list with the other between them.
    JOINED: """
        function "joined()" "joined()" (v0, v1)
        b0:
            v2 = CALL "is list()", v0
            branch v2, b1, b2
        b1:
            v3 = CALL "join()", v0, v1
            return v3
        b2:
            v4 = CONCAT_STR v0, v1
            return v4
        """,
    # (list, value) -> the index of the first item that is equal to the value, or -1.
    FIND: """
        function "find()" "find()" (v0, v1)
        b0:
            v2 = ARRAY_LEN v0
            jump b1
        b1:
            v3 = phi b0: 0, b3: v6
            v4 = LT v3, v2
            branch v4, b2, b5
        b2:
            v5 = ARRAY_GET v0, v3
            v7 = EQ v5, v1
            branch v7, b4, b3
        b3:
            v6 = ADD v3, 1
            jump b1
        b4:
            return v3
        b5:
            return -1
        """,
    ABSOLUTE: """
        function "absolute()" "absolute()" (v0)
        b0:
            v1 = LT v0, 0
            branch v1, b1, b2
        b1:
            v2 = NEG v0
            return v2
        b2:
            return v0
        """,
    SMALLER: """
        function "smaller()" "smaller()" (v0, v1)
        b0:
            v2 = LTE v0, v1
            branch v2, b1, b2
        b1:
            return v0
        b2:
            return v1
        """,
    LARGER: """
        function "larger()" "larger()" (v0, v1)
        b0:
            v2 = LTE v1, v0
            branch v2, b1, b2
        b1:
            return v0
        b2:
            return v1
        """,
    # (list, value) -> the list without the items that are equal to the value.
    REMOVE_ALL: """
        function "remove all()" "remove all()" (v0, v1)
        b0:
            v2 = ARRAY_LEN v0
            jump b1
        b1:
            v3 = phi b0: 0, b3: v7
            v15 = phi b0: 0, b3: v16
            v4 = LT v3, v2
            branch v4, b2, b4
        b2:
            v5 = ARRAY_GET v0, v3
            v6 = NEQ v5, v1
            branch v6, b5, b3
        b5:
            v17 = ADD v15, 1
            jump b3
        b3:
            v16 = phi b2: v15, b5: v17
            v7 = ADD v3, 1
            jump b1
        b4:
            v8 = NEW_ARRAY v15
            jump b6
        b6:
            v9 = phi b4: v8, b9: v18
            v10 = phi b4: 0, b9: v14
            v11 = phi b4: 0, b9: v19
            v12 = LT v10, v2
            branch v12, b7, b10
        b7:
            v13 = ARRAY_GET v0, v10
            v20 = NEQ v13, v1
            branch v20, b8, b9
        b8:
            v21 = ARRAY_SET v9, v11, v13
            v22 = ADD v11, 1
            jump b9
        b9:
            v18 = phi b7: v9, b8: v21
            v19 = phi b7: v11, b8: v22
            v14 = ADD v10, 1
            jump b6
        b10:
            return v9
        """,
    # (list, index) -> the list without the item there.
    REMOVE_AT: """
        function "remove at()" "remove at()" (v0, v1)
        b0:
            v2 = ARRAY_GET v0, v1
            v3 = ARRAY_LEN v0
            v4 = SUB v3, 1
            v5 = NEW_ARRAY v4
            jump b1
        b1:
            v6 = phi b0: v5, b2: v9
            v7 = phi b0: 0, b2: v11
            v8 = LT v7, v1
            branch v8, b2, b3
        b2:
            v10 = ARRAY_GET v0, v7
            v9 = ARRAY_SET v6, v7, v10
            v11 = ADD v7, 1
            jump b1
        b3:
            v12 = phi b1: v6, b4: v15
            v13 = phi b1: v1, b4: v16
            v14 = LT v13, v4
            branch v14, b4, b5
        b4:
            v16 = ADD v13, 1
            v17 = ARRAY_GET v0, v16
            v15 = ARRAY_SET v12, v13, v17
            jump b3
        b5:
            return v12
        """,
    # (collection) -> an empty one of the same kind.
    CLEAR: """
        function "clear()" "clear()" (v0)
        b0:
            v1 = CALL "is named list()", v0
            branch v1, b1, b2
        b1:
            v2 = DICT_CLEAR v0
            return v2
        b2:
            v3 = ARRAY_LEN v0
            v4 = NEW_ARRAY 0
            return v4
        """,
    # (collection, value) -> the collection without the value, or without the name.
    REMOVE: """
        function "remove()" "remove()" (v0, v1)
        b0:
            v2 = CALL "is named list()", v0
            branch v2, b1, b2
        b1:
            v3 = DICT_REMOVE v0, v1
            return v3
        b2:
            v4 = CALL "remove item()", v0, v1
            return v4
        """,
    # (array, number of items, value) -> the array with the value behind its items; another array
    # where there was no room.
    PUT: """
        function "put()" "put()" (v0, v1, v2)
        b0:
            v3 = ARRAY_LEN v0
            v4 = LT v1, v3
            branch v4, b1, b2
        b1:
            v5 = ARRAY_SET v0, v1, v2
            return v5
        b2:
            v6 = CALL "grow()", v0, v3
            v7 = ARRAY_SET v6, v1, v2
            return v7
        """,
    # (array, its length) -> an array twice as long that begins with the same items.
    GROW: """
        function "grow()" "grow()" (v0, v1)
        b0:
            v2 = MUL v1, 2
            v3 = ADD v2, 8
            v4 = NEW_ARRAY v3
            jump b1
        b1:
            v5 = phi b0: v4, b2: v9
            v6 = phi b0: 0, b2: v10
            v7 = LT v6, v1
            branch v7, b2, b3
        b2:
            v8 = ARRAY_GET v0, v6
            v9 = ARRAY_SET v5, v6, v8
            v10 = ADD v6, 1
            jump b1
        b3:
            return v5
        """,
    # (list, first, end) -> an array that begins with the list's items and has room for as many more
    # as there are ints from first up to end; the list itself if that is none, or more than can be
    # meant, or if the two are no ints.
    RESERVE: """
        function "reserve()" "reserve()" (v0, v1, v2)
        b0:
            v3 = CHECK_TYPE v1 [int]
            v4 = CHECK_TYPE v2 [int]
            v5 = AND v3, v4
            branch v5, b1, b2
        b1:
            v6 = LTE 0, v1
            v7 = LT v1, v2
            v8 = LT v2, 4294967296
            v9 = AND v6, v7
            v10 = AND v9, v8
            branch v10, b3, b2
        b2:
            return v0
        b3:
            v11 = CALL "extend()", v0, v1, v2
            return v11
        """,
    # (list, first, end) -> an array that begins with the list's items and is longer by end - first.
    EXTEND: """
        function "extend()" "extend()" (v0, v1, v2)
        b0:
            v3 = SUB v2, v1
            v4 = ARRAY_LEN v0
            v5 = ADD v3, v4
            v6 = NEW_ARRAY v5
            jump b1
        b1:
            v7 = phi b0: v6, b2: v11
            v8 = phi b0: 0, b2: v12
            v9 = LT v8, v4
            branch v9, b2, b3
        b2:
            v10 = ARRAY_GET v0, v8
            v11 = ARRAY_SET v7, v8, v10
            v12 = ADD v8, 1
            jump b1
        b3:
            return v7
        """,
    # (array, number of items) -> the list of these items.
    TRIM: """
        function "trim()" "trim()" (v0, v1)
        b0:
            v2 = ARRAY_LEN v0
            v3 = EQ v1, v2
            branch v3, b1, b2
        b1:
            return v0
        b2:
            v4 = NEW_ARRAY v1
            jump b3
        b3:
            v5 = phi b2: v4, b4: v9
            v6 = phi b2: 0, b4: v10
            v7 = LT v6, v1
            branch v7, b4, b5
        b4:
            v8 = ARRAY_GET v0, v6
            v9 = ARRAY_SET v5, v6, v8
            v10 = ADD v6, 1
            jump b3
        b5:
            return v5
        """,
    # (list, value) -> a list that is longer by one.
    APPEND: """
        function "append()" "append()" (v0, v1)
        b0:
            v2 = ARRAY_LEN v0
            v3 = ADD v2, 1
            v4 = NEW_ARRAY v3
            jump b1
        b1:
            v5 = phi b0: v4, b2: v9
            v6 = phi b0: 0, b2: v10
            v7 = LT v6, v2
            branch v7, b2, b3
        b2:
            v8 = ARRAY_GET v0, v6
            v9 = ARRAY_SET v5, v6, v8
            v10 = ADD v6, 1
            jump b1
        b3:
            v11 = ARRAY_SET v5, v2, v1
            return v11
        """,
    # (list, index, value) -> a list that is longer by one.
    INSERT: """
        function "insert()" "insert()" (v0, v1, v2)
        b0:
            v3 = ARRAY_LEN v0
            v4 = EQ v1, v3
            branch v4, b1, b2
        b1:
            v5 = CALL "append()", v0, v2
            return v5
        b2:
            v6 = ARRAY_GET v0, v1
            v7 = ADD v3, 1
            v8 = NEW_ARRAY v7
            jump b3
        b3:
            v9 = phi b2: v8, b4: v13
            v10 = phi b2: 0, b4: v14
            v11 = LT v10, v1
            branch v11, b4, b5
        b4:
            v12 = ARRAY_GET v0, v10
            v13 = ARRAY_SET v9, v10, v12
            v14 = ADD v10, 1
            jump b3
        b5:
            v15 = ARRAY_SET v9, v1, v2
            jump b6
        b6:
            v16 = phi b5: v15, b7: v21
            v17 = phi b5: v1, b7: v20
            v18 = LT v17, v3
            branch v18, b7, b8
        b7:
            v19 = ARRAY_GET v0, v17
            v20 = ADD v17, 1
            v21 = ARRAY_SET v16, v20, v19
            jump b6
        b8:
            return v16
        """,
    # (list, value) -> the list without its first item that is equal to the value.
    REMOVE_ITEM: """
        function "remove item()" "remove item()" (v0, v1)
        b0:
            v2 = ARRAY_LEN v0
            jump b1
        b1:
            v3 = phi b0: 0, b3: v7
            v4 = LT v3, v2
            branch v4, b2, b9
        b2:
            v5 = ARRAY_GET v0, v3
            v6 = EQ v5, v1
            branch v6, b4, b3
        b3:
            v7 = ADD v3, 1
            jump b1
        b4:
            v8 = SUB v2, 1
            v9 = NEW_ARRAY v8
            jump b5
        b5:
            v10 = phi b4: v9, b6: v14
            v11 = phi b4: 0, b6: v15
            v12 = LT v11, v3
            branch v12, b6, b7
        b6:
            v13 = ARRAY_GET v0, v11
            v14 = ARRAY_SET v10, v11, v13
            v15 = ADD v11, 1
            jump b5
        b7:
            v16 = phi b5: v10, b8: v21
            v17 = phi b5: v3, b8: v19
            v18 = LT v17, v8
            branch v18, b8, b10
        b8:
            v19 = ADD v17, 1
            v20 = ARRAY_GET v0, v19
            v21 = ARRAY_SET v16, v17, v20
            jump b7
        b9:
            return v0
        b10:
            return v16
        """,
}


def add_library(module: MirModule, latest: bool = False) -> None:
    """Adds the library's functions that the module calls and does not have, and those that they
    call in turn. latest: whether version 2 of the file format may be used.
    """
    known = {function.name for function in module.functions}
    work = list(module.functions)
    while work:
        for instruction in work.pop().instructions():
            name = called_name(instruction)
            if name in LIBRARY and name not in known:
                known.add(name)
                function = _make_function(name, latest)
                module.functions.append(function)
                work.append(function)


def built_ins_called(name: str) -> set[str]:
    """The built-in functions that the library's function calls in a file of version 2."""
    return set(_CALLED.findall(LATEST_TEXTS.get(name, ""))) - LIBRARY


def _make_function(name: str, latest: bool) -> MirFunction:
    if name == POWER:
        return make_power()
    text = (latest and LATEST_TEXTS.get(name)) or _TEXTS[name]
    lines = [line[8:] for line in text.splitlines()]
    return parse_module("\n".join(lines)).functions[0]
