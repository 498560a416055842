"""Dead code and dead functions."""

from __future__ import annotations

from pymdvm.compiler.mir.runtime_names import ITEMS

from .running import after, lines, module_after


def test_what_nobody_needs_goes() -> None:
    assert after(
        "dead-code",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = NOT v0
            v2 = EQ v1, v1
            v3 = CONCAT_STR 1, 2
            return 5
        """,
    ) == lines("""\
        b0:
        return 5""")


def test_what_may_fail_or_acts_stays() -> None:
    body = """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = ADD v0, 1
            STORE_GLOBAL 1 ["g"]
            ASSERT 1 [truthy "no"]
            DEBUG_PRINT 1
            halt
        """
    assert after("dead-code", body) == lines("\n".join(line.strip() for line in body.splitlines()))


def test_what_cannot_fail_with_its_operands_goes() -> None:
    assert after(
        "dead-code",
        """\
        b0:
            v0 = LOAD_GLOBAL ["g"]
            v1 = NEW_ARRAY 3
            v2 = ARRAY_LEN v1
            v3 = CAST v2 [float]
            v4 = MUL v3, 2
            v5 = DIV v4, 3
            v6 = LT v5, v2
            v7 = CAST v0 [string]
            v8 = ADD v7, "x"
            v9 = DICT_NEW
            v10 = DICT_SET v9, v8, v6
            v11 = DICT_GET v10, "k"
            halt
        """,
    ) == lines("""\
        b0:
        halt""")


def test_phis_that_only_need_each_other_go() -> None:
    text = after(
        "dead-code",
        """\
        b0:
            jump b1
        b1:
            v0 = phi b0: 0, b2: v3
            v1 = phi b0: "", b2: v2
            v4 = LT v0, 3
            branch v4, b2, b3
        b2:
            v2 = CONCAT_STR v1, v0
            v3 = ADD v0, 1
            jump b1
        b3:
            halt
        """,
    )
    assert text.count("phi") == 1
    assert "CONCAT_STR" not in text


def test_functions_of_the_library_that_nobody_calls_go() -> None:
    names = [
        function.name
        for function in module_after(
            "dead-functions",
            f"""\
function "" "" ()
b0:
    halt
function "own" "own" ()
b0:
    return 1
function "{ITEMS}" "{ITEMS}" (v0)
b0:
    return v0
""",
        ).functions
    ]
    assert names == ["", "own"]
