"""Lists that grow in a loop keep room for more."""

from __future__ import annotations

import pytest

from pymdvm.compiler.lowering.library import add_library
from pymdvm.compiler.mir.checker import check_module
from pymdvm.compiler.mir.model import MirModule
from pymdvm.compiler.mir.parsing import parse_module
from pymdvm.compiler.mir.printing import print_module
from pymdvm.compiler.mir.runtime_names import APPEND, PUT, RESERVE, TRIM, called_name
from pymdvm.compiler.passes.manager import PASSES

from ..mir_machine import run_module
from .running import HEADER, module_after


def with_library(body: str) -> str:
    module = parse_module(HEADER + body)
    add_library(module)
    return print_module(module)


def calls(module: MirModule) -> list[str]:
    return [
        name
        for instruction in module.entry.instructions()
        if (name := called_name(instruction)) is not None
    ]


BUILD = """\
b0:
    v0 = NEW_ARRAY {size}
    jump b1
b1:
    v1 = phi b0: v0, b2: v5
    v2 = phi b0: 0, b2: v6
    v3 = LT v2, {turns}
    branch v3, b2, b3
b2:
    v4 = MUL v2, v2
    v5 = CALL "append()", v1, v4
    v6 = ADD v2, 1
    jump b1
b3:
    DEBUG_PRINT v1
    return v1
"""


@pytest.mark.parametrize("size", [0, 1, 20])
@pytest.mark.parametrize("turns", [0, 1, 8, 9, 100])
def test_a_list_that_is_built(size: int, turns: int) -> None:
    module = module_after("growth", with_library(BUILD.format(size=size, turns=turns)))
    assert calls(module) == [RESERVE, PUT, TRIM]


@pytest.mark.parametrize("first", ["0", "-3", "18", "19", "7.5", "9223372036854775807"])
def test_a_loop_that_counts_from_anywhere(first: str) -> None:
    text = BUILD.replace("phi b0: 0, b2: v6", f"phi b0: {first}, b2: v6").replace(
        "MUL v2, v2", "EQ v2, v2"
    )
    assert calls(module_after("growth", with_library(text.format(size=2, turns=19)))) == [
        RESERVE,
        PUT,
        TRIM,
    ]


@pytest.mark.parametrize("end", ["19.5", "-1", "true", "empty", "9223372036854775807"])
def test_a_loop_that_counts_to_anything(end: str) -> None:
    text = BUILD.replace("MUL v2, v2", "DIV 1, 0")
    assert calls(module_after("growth", with_library(text.format(size=2, turns=end)))) == [
        RESERVE,
        PUT,
        TRIM,
    ]


def test_room_is_made_once_where_the_turns_are_known() -> None:
    module = module_after("growth", with_library(BUILD.format(size=0, turns=400)))
    assert run_module(module).steps < 20 * 400


def test_building_a_list_takes_time_in_proportion_to_its_length() -> None:
    steps = [
        run_module(
            module_after(
                "growth", with_library(BUILD.format(size=0, turns=turns).replace("LT v2", "NEQ v2"))
            )
        ).steps
        for turns in (100, 400)
    ]
    assert steps[1] < 5 * steps[0]


def test_items_that_are_added_on_some_ways_through_the_loop() -> None:
    module = module_after(
        "growth",
        with_library("""\
b0:
    v0 = NEW_ARRAY 0
    jump b1
b1:
    v1 = phi b0: v0, b5: v8
    v2 = phi b0: 0, b5: v9
    v3 = LT v2, 20
    branch v3, b2, b6
b2:
    v4 = MOD v2, 3
    branch v4, b3, b5
b3:
    v5 = CALL "append()", v1, v2
    v6 = EQ v4, 2
    branch v6, b4, b5
b4:
    v7 = CALL "append()", v5, "two"
    jump b5
b5:
    v8 = phi b2: v1, b3: v5, b4: v7
    v9 = ADD v2, 1
    jump b1
b6:
    return v1
"""),
    )
    assert sorted(calls(module)) == [PUT, PUT, TRIM]


def test_several_ways_out_of_the_loop() -> None:
    module = module_after(
        "growth",
        with_library("""\
b0:
    v0 = NEW_ARRAY 0
    jump b1
b1:
    v1 = phi b0: v0, b4: v4
    v2 = phi b0: 0, b4: v6
    v3 = LT v2, 20
    branch v3, b2, b5
b2:
    v4 = CALL "append()", v1, v2
    v5 = EQ v2, 7
    branch v5, b3, b4
b3:
    DEBUG_PRINT v1
    return v4
b4:
    v6 = ADD v2, 1
    jump b1
b5:
    return v1
"""),
    )
    assert sorted(calls(module)) == [PUT, TRIM, TRIM, TRIM]


def test_a_list_that_is_built_in_loops_in_loops() -> None:
    module = module_after(
        "growth",
        with_library("""\
b0:
    v0 = NEW_ARRAY 0
    jump b1
b1:
    v1 = phi b0: v0, b5: v4
    v2 = phi b0: 0, b5: v9
    v3 = LT v2, 5
    branch v3, b2, b6
b2:
    jump b3
b3:
    v4 = phi b2: v1, b4: v7
    v5 = phi b2: 0, b4: v8
    v6 = LT v5, v2
    branch v6, b4, b5
b4:
    v7 = CALL "append()", v4, v5
    v8 = ADD v5, 1
    jump b3
b5:
    v9 = ADD v2, 1
    jump b1
b6:
    return v1
"""),
    )
    assert calls(module) == [PUT, TRIM]


UNCHANGED = {
    "an item is read in the loop": BUILD.replace("v4 = MUL v2, v2", "v4 = ARRAY_LEN v1"),
    "the list is shown in the loop": BUILD.replace(
        "v4 = MUL v2, v2", "v4 = MUL v2, v2\n    DEBUG_PRINT v1"
    ),
    "the list is added to itself": BUILD.replace(
        'CALL "append()", v1, v4', 'CALL "append()", v1, v1'
    ),
    "nobody knows whether it is a list": BUILD.replace("NEW_ARRAY {size}", 'LOAD_GLOBAL ["l"]'),
    "it is replaced in the loop": BUILD.replace("v4 = MUL v2, v2", "v4 = NEW_ARRAY v2").replace(
        "b2: v5\n", "b2: v4\n"
    ),
}


@pytest.mark.parametrize("body", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_what_stays(body: str) -> None:
    text = with_library(body.format(size=0, turns=3))
    module = parse_module(text)
    check_module(module)
    assert PASSES["growth"].run(module, set()) == set()
    assert print_module(module) == text
    assert calls(module) == [APPEND]
