"""Components: which instructions belong together, by the bytes of the file and by a naive
search.
"""

import random

import pytest

from mdvm.analysis.components import Components
from mdvm.errors import Interrupted
from mdvm.analysis.fragment import component_ranges, decode, whole_module
from mdvm.analysis.blocks import flow_of, jump_target
from mdvm import opcodes
from mdvm.system import interruption
from tests.unit.programs import make_module
from tests.unit.random_programs import make_program, random_plan


def ranges_of(components, index):
    ranges = component_ranges(components, [components.component_of(index)])
    return list(zip(ranges.firsts, ranges.ends))


def test_a_component_is_what_jumps_and_falling_through_join():
    components = Components(
        make_module(
            [
                ("JUMP", "c"),
                "b",
                ("RETURN", 0),
                "c",
                ("NOP",),
                ("JUMP_IF", 0, "b"),
                ("RETURN", 0),
                ("NOP",),
            ]
        )
    )
    assert ranges_of(components, 0) == ranges_of(components, 4) == [(0, 5)]
    assert ranges_of(components, 5) == [(5, 6)]


def test_functions_that_run_into_each_other_are_one():
    components = Components(
        make_module([("NOP",), ("NOP",), ("RETURN",), ("RETURN",)], [("f", 0), ("g", 1), ("h", 3)])
    )
    assert components.component_of(0) == components.component_of(1) != components.component_of(3)
    assert [components.entries[index] for index in range(4)] == [True, True, False, True]


def test_no_instructions_no_components():
    assert Components(make_module([], [("f", 0)])).firsts == [0]


def test_a_fragments_jumps_are_by_its_own_numbers():
    module = make_module(
        [("JUMP", "c"), ("RETURN", 0), "b", ("RETURN", 1), "c", ("JUMP_IF", 0, "b"), ("JUMP", 1000)]
    )
    components = Components(module)
    fragment = decode(components, component_ranges(components, [components.component_of(0)]))
    assert [fragment.ranges.index_of(number) for number in range(5)] == [0, 2, 3, 4, 5]
    assert [jump_target(fragment, number) for number in (0, 2, 3)] == [2, 1, 4]  # 4: outside
    assert [fragment.ranges.number_of(index) for index in (0, 1, 2, 3, 4, 5, 99)] == [
        0,
        -1,
        1,
        2,
        3,
        4,
        4,
    ]


def naive_components(module):
    """-> list of (set of int) by instruction."""
    code = whole_module(Components(module))
    count = module.instruction_count()
    together = [set([index]) for index in range(count)]

    def join(one, other):
        if other < count and together[one] is not together[other]:
            together[one] |= together[other]
            for member in together[other]:
                together[member] = together[one]

    for index in range(count):
        flow = flow_of(code, index)
        if flow in (opcodes.NEXT, opcodes.MAY_JUMP):
            join(index, index + 1)
        if flow in (opcodes.ALWAYS_JUMPS, opcodes.MAY_JUMP):
            join(index, jump_target(code, index))
    return together


def test_random_programs_fall_into_the_same_components_as_naively():
    rng = random.Random("components")
    for _ in range(60):
        module = make_program(random_plan(rng))
        components = Components(module)
        expected = naive_components(module)
        for index in range(module.instruction_count()):
            found = [
                member
                for first, end in ranges_of(components, index)
                for member in range(first, end)
            ]
            assert found == sorted(expected[index])
            assert components.size(components.component_of(index)) == len(found)


def test_whoever_waits_can_end_it(monkeypatch):
    module = make_module([("NOP",)] * 20000)
    monkeypatch.setattr(interruption.untranslated_interruption, "requested", True)
    with pytest.raises(Interrupted):
        Components(module)
