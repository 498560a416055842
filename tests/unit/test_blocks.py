"""Control flow: blocks, who follows whom, targets of jumps."""

import random

from mdvm import opcodes
from mdvm.analysis.blocks import Blocks, blocks_that_reach, flow_of, jump_target
from tests.unit.programs import make_module, whole_of
from tests.unit.random_programs import make_program, random_plan


def blocks_of(items, functions=()):
    return Blocks(whole_of(make_module(items, functions)))


def test_a_straight_line_is_one_block():
    blocks = blocks_of([("NOP",), ("CALL", 0, 1, ()), ("NOP",)])
    assert blocks.firsts == [0, 3]
    assert blocks.successors == [[]]


def test_no_instructions_no_blocks():
    blocks = blocks_of([], [("f", 0)])
    assert blocks.count() == 0
    assert blocks.entry(0) == -1


def test_a_loop():
    blocks = blocks_of([("NOP",), "loop", ("NOP",), ("JUMP_IF", 0, "loop"), ("RETURN",)])
    assert blocks.firsts == [0, 1, 3, 4]
    assert blocks.successors == [[1], [2, 1], []]
    assert blocks.predecessors == [[], [0, 1], [1]]


def test_functions_begin_blocks_and_so_does_what_follows_an_end():
    blocks = blocks_of(
        [("NOP",), ("NOP",), ("HALT",), ("NOP",), ("RETURN",), ("NOP",)],
        [("f", 1), ("g", 77), ("h", 0xFFFFFFFF)],
    )
    assert blocks.firsts == [0, 1, 3, 5, 6]
    assert blocks.successors == [[1], [], [], []]
    assert [blocks.entry(index) for index in (0, 1, 2, 3, 5, 6, 77)] == [0, 1, 1, 2, 3, -1, -1]


def test_jumps_outside_lead_nowhere():
    items = [("JUMP_IF", 0, 100), ("JUMP_IF", 0, -100), ("JUMP", 2**31 - 1)]
    module = whole_of(make_module(items))
    assert [jump_target(module, index) for index in range(3)] == [3, 3, 3]
    assert Blocks(module).successors == [[1], [2], []]


def test_targets_count_from_the_next_instruction():
    module = whole_of(
        make_module([("JUMP", 0), ("JUMP", -1), ("JUMP_IF", 0, -3), ("JUMP_IF_NOT", 0, 0)])
    )
    assert [jump_target(module, index) for index in range(4)] == [1, 1, 0, 4]


def test_blocks_that_reach_a_marked_one():
    blocks = blocks_of([("JUMP_IF", 0, 1), ("RETURN",), ("JUMP_IF", 0, -2), ("RETURN", 0)])
    # Blocks: 0 the first jump, 1 RETURN, 2 the second jump, 3 RETURN 0.
    assert blocks_that_reach(blocks, [False, True, False, False]) == [True, True, True, False]
    assert blocks_that_reach(blocks, [False, False, False, True]) == [True, False, True, True]
    assert blocks_that_reach(blocks, [False] * 4) == [False] * 4


def test_random_programs_have_sound_blocks():
    rng = random.Random("blocks")
    for _ in range(50):
        module = whole_of(make_program(random_plan(rng)))
        blocks = Blocks(module)
        assert blocks.firsts[0] == 0 and blocks.firsts[-1] == module.instruction_count()
        assert blocks.firsts == sorted(set(blocks.firsts))
        for block in range(blocks.count()):
            last = blocks.firsts[block + 1] - 1
            for index in range(blocks.firsts[block], last + 1):
                assert blocks.block_of[index] == block
                # Only the last instruction of a block may go anywhere but to the next.
                assert index == last or flow_of(module, index) == opcodes.NEXT
            for successor in blocks.successors[block]:
                assert block in blocks.predecessors[successor]
