"""The library's functions for programs that may use version 2 of the file format: they tell
containers apart by the tags of their types, and know sets.
"""

from __future__ import annotations

from pymdvm.compiler.mir.runtime_names import (
    ADDED,
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
