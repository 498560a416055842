"""Components of the control-flow graph, and jumps to jumps."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mdvm.analysis.blocks import Blocks
from mdvm.lowering.code import LoweringOptions
from mdvm.analysis.loop_headers import final_target, find_components
from mdvm.opcodes import op
from tests.unit.programs import body_of, make_module, whole_of


def components(items):
    return find_components(Blocks(whole_of(make_module(items))))


def closes_loops(items, counting=False):
    """-> list of int: the instructions that were lowered to a LOOP."""
    code = body_of(make_module(items), LoweringOptions(counting=counting))
    loops = []
    for index in range(len(items)):
        for place in range(code.origins[index], code.origins[index + 1]):
            # A LOOP stands at the end of what its jump becomes, after at most one other branch.
            if code.ops[place] == op.LOOP and place in (
                code.origins[index],
                code.origins[index] + 3,
                code.origins[index] + 4,
            ):
                loops.append(index)
    return loops


def test_straight_code_has_a_component_for_each_block():
    numbers = components([("JUMP_IF", 0, 1), ("NOP",), ("JUMP_IF", 0, 0), ("RETURN", 0)])
    assert len(set(numbers)) == len(numbers)


def test_the_blocks_of_a_loop_are_one_component():
    numbers = components([("NOP",), ("JUMP_IF", 0, 1), ("NOP",), ("JUMP_IF", 1, -3), ("RETURN", 0)])
    assert numbers == [numbers[0], numbers[1], numbers[1], numbers[1], numbers[4]]
    assert len(set(numbers)) == 3


def reachable(successors, start):
    seen = {start}
    work = [start]
    while work:
        for successor in successors[work.pop()]:
            if successor not in seen:
                seen.add(successor)
                work.append(successor)
    return seen


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from(["JUMP", "JUMP_IF", "NOP", "RETURN"]), st.integers(-12, 12)),
        max_size=25,
    )
)
def test_two_blocks_are_in_one_component_if_each_reaches_the_other(choices):
    items = []
    for name, distance in choices:
        operands = {"JUMP": (distance,), "JUMP_IF": (0, distance), "NOP": (), "RETURN": (0,)}[name]
        items.append((name,) + operands)
    blocks = Blocks(whole_of(make_module(items)))
    numbers = find_components(blocks)
    reach = [reachable(blocks.successors, block) for block in range(blocks.count())]
    for one in range(blocks.count()):
        for other in range(blocks.count()):
            assert (numbers[one] == numbers[other]) == (other in reach[one] and one in reach[other])


def test_a_backward_jump_that_closes_no_loop_is_no_loop():
    items = [("JUMP", 1), ("RETURN", 0), ("JUMP_IF", 0, -2), ("RETURN", 1)]
    assert closes_loops(items) == []
    items = [("NOP",), ("ADD", 0, 0, 1), ("JUMP_IF", 0, -2), ("RETURN", 0)]
    assert closes_loops(items) == [2]


def test_jumps_to_jumps_are_followed():
    module = whole_of(
        make_module(
            [("JUMP_IF", 0, 1), ("RETURN", 0), ("JUMP", 1), ("RETURN", 1), ("JUMP", -2), ("HALT",)]
        )
    )
    assert final_target(module, 0) == 3
    assert final_target(module, 4) == 3


def test_a_circle_of_jumps_ends_somewhere():
    module = whole_of(make_module([("JUMP", 0), ("JUMP", -2)]))
    assert final_target(module, 0) in (0, 1)


def test_counted_instructions_are_all_executed():
    from tests.unit.programs import run

    items = [("JUMP", 1), ("RETURN", 0), ("JUMP", -2)]
    assert run(items, counting=True).executed == 3
