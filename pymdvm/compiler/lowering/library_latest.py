"""The library's functions for programs that may use version 2 of the file format: they tell
containers apart by the tags of their types, and know sets.
"""

from __future__ import annotations

from pymdvm.compiler.mir.runtime_names import (
    ADDED,
    AS_NUMBER,
    CHARACTERS,
    CLEAR,
    IS_LIST,
    IS_NAMED_LIST,
    ITEMS,
    REMOVE,
    REMOVE_ITEM,
    SET_OF,
)

# In place of those in library.py, or in addition to them.
LATEST_TEXTS = {
    IS_LIST: """
        function "is list()" "is list()" (v0)
        b0:
            v1 = CHECK_TYPE v0 [array]
            return v1
        """,
    IS_NAMED_LIST: """
        function "is named list()" "is named list()" (v0)
        b0:
            v1 = CHECK_TYPE v0 [dict]
            return v1
        """,
    ITEMS: """
        function "items()" "items()" (v0)
        b0:
            v1 = CHECK_TYPE v0 [dict]
            branch v1, b1, b2
        b1:
            v2 = DICT_KEYS v0
            return v2
        b2:
            v3 = CHECK_TYPE v0 [set]
            branch v3, b3, b4
        b3:
            v4 = SET_VALUES v0
            return v4
        b4:
            return v0
        """,
    # (collection, value) -> the list with the value behind its items, or the set with it.
    ADDED: """
        function "added()" "added()" (v0, v1)
        b0:
            v2 = CHECK_TYPE v0 [set]
            branch v2, b1, b2
        b1:
            v3 = SET_ADD v0, v1
            return v3
        b2:
            v4 = ARRAY_PUSH v0, v1
            return v4
        """,
    CLEAR: """
        function "clear()" "clear()" (v0)
        b0:
            v1 = CHECK_TYPE v0 [dict]
            branch v1, b1, b2
        b1:
            v2 = DICT_CLEAR v0
            return v2
        b2:
            v3 = CHECK_TYPE v0 [set]
            branch v3, b3, b4
        b3:
            v4 = SET_NEW
            return v4
        b4:
            v5 = ARRAY_LEN v0
            v6 = NEW_ARRAY 0
            return v6
        """,
    # (list, value) -> the list without its first item that is equal to the value.
    REMOVE_ITEM: """
        function "remove item()" "remove item()" (v0, v1)
        b0:
            v2 = ARRAY_FIND v0, v1
            v3 = LT v2, 0
            branch v3, b1, b2
        b1:
            return v0
        b2:
            v4 = ARRAY_REMOVE v0, v2
            return v4
        """,
    REMOVE: """
        function "remove()" "remove()" (v0, v1)
        b0:
            v2 = CHECK_TYPE v0 [dict]
            branch v2, b1, b2
        b1:
            v3 = DICT_REMOVE v0, v1
            return v3
        b2:
            v4 = CHECK_TYPE v0 [set]
            branch v4, b3, b4
        b3:
            v5 = SET_REMOVE v0, v1
            return v5
        b4:
            v6 = CALL "remove item()", v0, v1
            return v6
        """,
    # (text) -> the list of its characters.
    CHARACTERS: """
        function "characters()" "characters()" (v0)
        b0:
            v1 = CALL "bytes", v0
            v2 = CALL "len", v0
            v3 = NEW_ARRAY 0
            jump b1
        b1:
            v4 = phi b0: 0, b2: v8
            v5 = phi b0: v3, b2: v7
            v6 = LT v4, v2
            branch v6, b2, b3
        b2:
            v9 = CALL "at", v0, v4
            v7 = ARRAY_PUSH v5, v9
            v8 = ADD v4, 1
            jump b1
        b3:
            return v5
        """,
    # (value) -> itself if it is a number; of a text a float if it has a point or an exponent.
    AS_NUMBER: """
        function "as number()" "as number()" (v0)
        b0:
            v1 = CHECK_TYPE v0 [int]
            v11 = CHECK_TYPE v0 [float]
            v12 = OR v1, v11
            branch v12, b1, b2
        b1:
            return v0
        b2:
            v2 = CHECK_TYPE v0 [string]
            branch v2, b3, b6
        b3:
            v3 = CALL "contains", v0, "."
            v4 = CALL "lower", v0
            v5 = CALL "contains", v4, "e"
            v6 = CALL "contains", v4, "n"
            v7 = OR v3, v5
            v8 = OR v7, v6
            branch v8, b5, b6
        b5:
            v9 = CALL "float", v0
            return v9
        b6:
            v10 = CALL "int", v0
            return v10
        """,
    # (list) -> the set of its items.
    SET_OF: """
        function "set of()" "set of()" (v0)
        b0:
            v1 = ARRAY_LEN v0
            v2 = SET_NEW
            jump b1
        b1:
            v3 = phi b0: 0, b2: v8
            v4 = phi b0: v2, b2: v7
            v5 = LT v3, v1
            branch v5, b2, b3
        b2:
            v6 = ARRAY_GET v0, v3
            v7 = SET_ADD v4, v6
            v8 = ADD v3, 1
            jump b1
        b3:
            return v4
        """,
}
