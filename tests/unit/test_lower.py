"""What the lowering makes of instructions: the interesting decisions, seen in the ops."""

import pytest

from mdvm.lowering.code import LoweringOptions
from mdvm.lowering.lower import lower
from mdvm.opcodes import LOWERED_OPCODES, OPCODES, REGISTER_MASK, op
from tests.unit.programs import Index, body_of, make_module, run

NAMES = dict((row.number, row.name) for row in OPCODES + LOWERED_OPCODES)


def code_of(items, functions=(), debug=False, counting=False, max_depth=False):
    return body_of(
        make_module(items, functions),
        LoweringOptions(debug=debug, counting=counting, limit_depth=max_depth),
    )


def op_at(code, index):
    """The name of the first op that an instruction became, and the ints after it."""
    at = code.origins[index]
    return NAMES[code.ops[at]], code.ops[at + 1 : code.origins[index + 1]] if index + 1 < len(
        code.origins
    ) else code.ops[at + 1 :]


def names_of(code, index):
    """Only for instructions whose operands cannot be mistaken for opcodes: the first op."""
    return op_at(code, index)[0]


def length_of(code, index):
    return code.origins[index + 1] - code.origins[index]


# ____________________________________________________________ jumps


def test_a_forward_jump_is_a_jump():
    code = code_of([("JUMP", "on"), ("HALT",), "on", ("RETURN", 0)])
    assert op_at(code, 0) == ("JUMP", [code.origins[2]])


def test_a_backward_jump_is_a_loop():
    code = code_of(["again", ("DEBUG_PRINT", 0), ("JUMP", "again")])
    assert op_at(code, 1) == ("LOOP", [code.origins[0], 0])  # no register is dead


def test_a_jump_to_itself_is_a_loop():
    code = code_of(["again", ("JUMP", "again")])
    assert op_at(code, 0)[0] == "LOOP"


def test_a_backward_conditional_jump_skips_a_loop():
    code = code_of(["again", ("DEBUG_PRINT", 0), ("JUMP_IF", 0, "again"), ("RETURN", 0)])
    at = code.origins[1]
    assert NAMES[code.ops[at]] == "JUMP_IF_NOT"
    assert code.ops[at + 1 : at + 3] == [0, code.origins[2]]
    assert NAMES[code.ops[at + 3]] == "LOOP"
    assert code.ops[at + 4] == code.origins[0]


@pytest.mark.parametrize("distance", [1, 100, -2, -1000, 2**31 - 1, -(2**31)])
def test_a_jump_outside_goes_to_the_end(distance):
    code = code_of([("JUMP", distance), ("RETURN", 0)])
    assert op_at(code, 0) == ("JUMP", [code.origins[2]])
    assert NAMES[code.ops[code.origins[2]]] == "END"
    code = code_of([("JUMP_IF", 0, distance), ("RETURN", 0)][:1])
    assert op_at(code, 0) == ("JUMP_IF", [0, code.origins[1]])


def test_a_jump_to_what_comes_next_anyway_is_dropped():
    code = code_of(
        [
            ("JUMP", "on"),
            "on",
            ("NOP",),
            ("DEBUG_PRINT", 0),
            ("JUMP", "end"),
            ("NOP",),
            "end",
            ("RETURN", 0),
        ]
    )
    assert [NAMES[op] for op in (code.ops[0], code.ops[2])] == ["DEBUG_PRINT", "RETURN"]
    assert (
        run(
            [("JUMP_IF", 0, "on"), "on", ("JUMP_IF_NOT", 1, "end"), ("NOP",), "end", ("RETURN", 0)]
        ).result
        == "Empty"
    )


def test_the_last_op_is_the_end():
    assert NAMES[code_of([]).ops[-1]] == "END"
    assert code_of([]).origins == [0]
    assert NAMES[code_of([("NOP",)]).ops[-1]] == "END"


def test_a_loop_clears_what_nobody_reads_again():
    code = code_of(
        [
            ("LOAD_CONST", 0, 9),
            "again",
            ("STR_LEN", 3, 9),
            ("NOT", 4, 3),
            ("DEBUG_PRINT", 4),
            ("DEBUG_PRINT", 0),
            ("JUMP", "again"),
        ]
    )
    name, operands = op_at(code, 5)
    assert name == "LOOP"
    # The results of STR_LEN and NOT are made anew in each turn, in one register; r9 is read all the
    # time.
    result, text = op_at(code, 1)[1]
    assert operands[1:3] == [1, result] and result != text


def test_a_loop_keeps_what_the_way_out_reads():
    code = code_of(["again", ("STR_LEN", 3, 9), ("JUMP_IF", 9, "again"), ("RETURN", 3)])
    at = code.origins[1] + 3
    assert NAMES[code.ops[at]] == "LOOP"
    length, text = op_at(code, 0)[1]
    # at the head of the loop r3 is dead even so
    assert length != text and code.ops[at + 2] == 1 and code.ops[at + 3] == length
    code = code_of(
        ["again", ("JUMP_IF", 8, 2), ("STR_LEN", 3, 9), ("JUMP", "again"), ("RETURN", 3)]
    )
    assert op_at(code, 2) == ("LOOP", [code.origins[0], 0])


# ____________________________________________________________ what a module does not use costs nothing


def all_names(code):
    """The names of the first op of each instruction."""
    return [NAMES[code.ops[at]] for at in code.origins]


def test_jumps_are_marked_only_where_there_are_phis():
    without = code_of([("JUMP", 1), ("DEBUG_PRINT", 0), ("RETURN", 0)])
    assert all_names(without) == ["JUMP", "DEBUG_PRINT", "RETURN", "END"]
    with_phi = code_of([("JUMP", 0), ("PHI", 0, ((1, 0),)), ("RETURN", 0)])
    assert op_at(with_phi, 0) == ("MARK_JUMP", [0, op.JUMP, with_phi.origins[1]])


def test_a_conditional_jump_is_marked_only_when_it_is_taken():
    code = code_of([("JUMP_IF", 5, "on"), ("NOP",), "on", ("PHI", 0, ((1, 0),)), ("RETURN", 0)])
    at = code.origins[0]
    assert [NAMES[code.ops[at]], code.ops[at + 1], code.ops[at + 2]] == [
        "JUMP_IF_NOT",
        5,
        code.origins[1],
    ]
    assert [NAMES[code.ops[at + 3]], code.ops[at + 4], NAMES[code.ops[at + 5]]] == [
        "MARK_JUMP",
        0,
        "JUMP",
    ]


def test_tags_are_kept_only_where_there_are_defines():
    items = [("NEW_ARRAY", 1, 2), ("CHECK_TYPE", 0, 1, 2), ("DEBUG_PRINT", 0), ("RETURN", 1)]
    without = code_of(items)
    assert names_of(without, 1) == "CHECK_TYPE"
    with_define = code_of([("DEFINE", 1, 99)] + items)
    assert op_at(with_define, 0) == ("DEFINE", [1, 7])
    assert names_of(with_define, 2) == "CHECK_TAG"
    # Only a register that some DEFINE names must lose its tag.
    assert with_define.ops[with_define.origins[1] + 3 : with_define.origins[2]] == [op.UNTAG, 1]
    assert length_of(with_define, 2) == 4


def test_nothing_is_counted_unless_asked_for():
    items = [("NOP",), ("RETURN", 0)]
    assert length_of(code_of(items), 0) == 0
    assert op_at(code_of(items, counting=True), 0) == ("COUNT", [2])


def test_instructions_are_counted_by_runs():
    code = code_of(
        [
            ("NOP",),
            ("CALL", 5, 0, ()),
            ("NOP",),
            "loop",
            ("NOP",),
            ("JUMP_IF", 0, "loop"),
            ("NOP",),
            ("HALT",),
            ("NOP",),
        ],
        [("f", 7)],
        counting=True,
    )
    assert code.runs == [2, 0, 1, 2, 0, 2, 0, 1]


def test_what_was_counted_but_not_executed():
    code = code_of(
        [("NOP",), ("NOP",), ("NOP",), "loop", ("NOP",), ("JUMP", "loop")], counting=True
    )
    assert [code.not_executed_after(index) for index in range(5)] == [2, 1, 0, 1, 0]
    assert code.not_executed_after(-1) == 0
    assert code_of([("NOP",)]).not_executed_after(0) == 0


def test_tracing_only_in_debug_mode():
    items = [("NOP",), ("LTE", 2, 0, 1), ("RETURN", 2)]
    assert names_of(code_of(items), 1) != "LOG"
    code = code_of(items, debug=True)
    assert op_at(code, 0) == ("LOG", [0, 0])
    assert op_at(code, 1)[1][:4] == [1, 2, 0, 1]
    assert code.ops[code.origins[2] - 4 : code.origins[2]] == [op.LOG_RESULT, 1, 1, 2]


# ____________________________________________________________ constants, globals, calls


def test_a_constant_that_is_not_there_fails_when_executed():
    assert op_at(code_of([("LOAD_CONST", 0, Index(9)), ("RETURN", 0)]), 0) == (
        "INVALID_CONSTANT",
        [9],
    )
    assert op_at(code_of([("LOAD_GLOBAL", 0, Index(9))]), 0) == ("INVALID_CONSTANT", [9])
    assert op_at(code_of([("STORE_GLOBAL", 0, 5)]), 0) == ("INVALID_CONSTANT", [0])


def test_one_cell_for_each_name():
    module = make_module(
        [
            ("LOAD_GLOBAL", 0, Index(0)),
            ("DEBUG_PRINT", 0),
            ("STORE_GLOBAL", 0, Index(1)),
            ("LOAD_GLOBAL", 1, Index(2)),
            ("RETURN", 1),
        ],
        constants=["g", "g", "h"],
    )
    code = lower(module, LoweringOptions())
    body = code.start().body
    assert (
        [cell.name for cell in body.cells]
        == [cell.name for cell in code.global_cells()]
        == ["g", "h"]
    )
    assert body.cells == code.global_cells()


def test_a_call_of_a_known_function_needs_no_look_up():
    code = code_of(
        [("LOAD_CONST", 1, "g"), ("CALL", 1, 0, ()), ("RETURN", 0), ("RETURN", 5)],
        [("f", 3), ("g", 3)],
    )
    name, operands = op_at(code, 1)
    assert (name, operands) == ("CALL_FUNCTION", [1, 0, 0])


def test_functions_know_where_they_begin():
    code = lower(
        make_module([("NOP",), ("RETURN", 3)], [("f", 1), ("g", 2), ("h", 0xFFFFFFFF)]),
        LoweringOptions(),
    )
    functions = [code.function(number) for number in range(3)]
    assert [NAMES[function.ops[function.entry]] for function in functions] == [
        "RETURN",
        "END",
        "END",
    ]
    assert [function.entry_index for function in functions] == [1, 2, 0xFFFFFFFF]
    assert (functions[0].frame_size, functions[0].inherited) == (4, [3])
    assert (functions[1].frame_size, functions[1].inherited) == (0, [])


def test_the_start_is_main_or_the_first_instruction():
    def start(functions):
        return lower(make_module([("NOP",), ("RETURN", 0)], functions), LoweringOptions()).start()

    assert start([]).entry_index == 0
    assert start([("Main", 1)]).entry_index == 0
    assert start([("main", 1)]).entry_index == 1
    assert start([("main", 1), ("main", 0)]).entry_index == 0


def test_every_place_belongs_to_an_instruction():
    code = code_of(
        [
            ("NOP",),
            ("LOAD_CONST", 0, 1),
            ("NOP",),
            ("DEBUG_PRINT", 0),
            ("JUMP_IF", 1, -2),
            ("RETURN", 0),
        ]
    )
    for index in range(6):
        for place in range(code.origins[index], code.origins[index + 1]):
            assert code.number_at(place) == index
    assert code.number_at(code.origins[6]) == 6


# ____________________________________________________________ last uses


def last_uses(code):
    """The registers that some op of a MOVE, call or store hands over."""
    return sorted(op & REGISTER_MASK for op in code.ops if 256 <= op < 512)


def test_an_array_that_dies_is_handed_over():
    stored = [("NEW_ARRAY", 1, 0), ("ARRAY_SET", 2, 3, 1)]
    assert last_uses(code_of(stored + [("RETURN", 2)])) == [1]
    assert last_uses(code_of(stored + [("DEBUG_PRINT", 1), ("RETURN", 2)])) == []


def test_a_comparison_and_its_jump_are_one_instruction():
    items = [("LT", 2, 0, 1), ("JUMP_IF", 2, "on"), ("RETURN", 0), "on", ("RETURN", 1)]
    code = code_of(items)
    assert op_at(code, 0) == ("JUMP_IF_LT", [0, 1, code.origins[3]])
    assert length_of(code, 1) == 0
    swapped = code_of([("GTE", 2, 0, 1), ("JUMP_IF_NOT", 2, 1), ("RETURN", 0), ("RETURN", 1)])
    assert op_at(swapped, 0) == ("JUMP_UNLESS_LTE", [1, 0, swapped.origins[3]])
    different = code_of([("NEQ", 2, 0, 1), ("JUMP_IF", 2, 1), ("RETURN", 0), ("RETURN", 1)])
    assert names_of(different, 0) == "JUMP_UNLESS_EQ"


@pytest.mark.parametrize(
    "items",
    [
        [("LT", 2, 0, 1), ("JUMP_IF", 2, 1), ("RETURN", 2), ("RETURN", 1)],
        [("LT", 2, 0, 1), ("JUMP_IF", 3, 1), ("RETURN", 0), ("RETURN", 1)],
        [("ADD", 2, 0, 1), ("JUMP_IF", 2, 1), ("RETURN", 0), ("RETURN", 1)],
        [("LT", 2, 0, 1), ("DEBUG_PRINT", 0), ("JUMP_IF", 2, 1), ("RETURN", 0), ("RETURN", 1)],
        [("JUMP_IF", 0, 1), ("LT", 2, 0, 1), ("JUMP_IF", 2, 1), ("RETURN", 0), ("RETURN", 1)],
    ],
)
def test_what_is_not_fused(items):
    code = code_of(items)
    assert not [name for name in all_names(code) if name.endswith(("_LT", "_LTE", "_EQ"))]
