"""Renumbering of registers: how few remain, and which must stay what they are."""

from mdvm.analysis.blocks import Blocks
from mdvm.opcodes import OPCODES
from mdvm.lowering.register_coalescing import connected_blocks, coalesce_registers
from mdvm.analysis.survey import analyse
from mdvm.settings.optimisations import optimisations
from tests.unit.programs import make_module, run, whole_of


def renumbered(items, functions=()):
    """-> list of lists: the instructions after it, as names and operands."""
    module = coalesce_registers(analyse(make_module(items, functions)))
    decoded = [module.fields(index) for index in range(module.instruction_count())]
    return [[OPCODES[fields[0]].name] + list(fields[1:]) for fields in decoded]


def registers_of(items, functions=()):
    """-> the size of the frame of the program's start."""
    analysis = analyse(make_module(items, functions))
    return analysis.again(coalesce_registers(analysis)).frame_size(0)


def test_temporaries_that_are_never_needed_at_the_same_time_become_one():
    items = []
    for temporary in range(10, 200, 2):
        items += [
            ("MOVE", temporary, 0),
            ("NEG", temporary + 1, temporary),
            ("MOVE", 0, temporary + 1),
        ]
    assert registers_of(items + [("RETURN", 0)]) == 1


def test_values_that_are_needed_at_the_same_time_stay_apart():
    code = renumbered(
        [
            ("STR_LEN", 50, 0),
            ("STR_LEN", 60, 0),
            ("ADD", 70, 50, 60),
            ("ADD", 80, 70, 50),
            ("RETURN", 80),
        ]
    )
    first, second = code[0][1], code[1][1]
    assert first != second and first != 0
    assert code[2][2:] == [first, second] and code[2][1] != first
    assert code[3][2:] == [code[2][1], first]


def test_a_copy_that_outlives_a_store_into_its_source_stays_apart():
    items = [
        ("LOAD_CONST", 20, 1),
        ("NEW_ARRAY", 21, 20),
        ("MOVE", 22, 21),
        ("LOAD_CONST", 23, 0),
        ("ARRAY_SET", 21, 23, 20),
        ("DEBUG_PRINT", 22),
        ("RETURN", 21),
    ]
    code = renumbered(items)
    assert code[2][1] != code[2][2] == code[4][1]
    outcome = run(items)
    assert (outcome.output, outcome.result) == ("Array([Empty])\n", "Array([Int(1)])")


def test_a_value_lives_through_a_loop_although_its_last_use_stands_before_the_temporaries():
    items = [
        ("LOAD_CONST", 20, 3),
        ("LOAD_CONST", 21, 1),
        "again",
        ("SUB", 30, 20, 21),
        ("MOVE", 20, 30),
        ("NEG", 31, 30),
        ("DEBUG_PRINT", 31),
        ("JUMP_IF", 20, "again"),
        ("RETURN", 21),
    ]
    code = renumbered(items)
    one = code[1][1]
    assert code[2][3] == one and one not in (code[0][1], code[2][1], code[4][1])
    assert run(items).output == "-2\n-1\n0\n"


def test_arguments_stay_where_the_caller_puts_them():
    items = [
        ("LOAD_CONST", 30, "f"),
        ("LOAD_CONST", 31, 1),
        ("LOAD_CONST", 32, 2),
        ("CALL", 30, 33, (31, 32, 31)),
        ("RETURN", 33),
        "f",
        ("SUB", 40, 1, 2),
        ("ADD", 41, 40, 0),
        ("RETURN", 41),
    ]
    code = renumbered(items, [("f", "f")])
    assert code[5][2:] == [1, 2] and code[6][3] == 0 and code[6][2] != 0
    assert run(items, [("f", "f")]).result == "Int(2)"


def test_what_a_callee_inherits_stays_where_it_looks_for_it():
    items = [
        ("LOAD_CONST", 99, 5),
        ("LOAD_CONST", 30, "f"),
        ("CALL", 30, 31, ()),
        ("LOAD_CONST", 32, 1),
        ("ADD", 33, 31, 32),
        ("RETURN", 33),
        "f",
        ("RETURN", 99),
    ]
    code = renumbered(items, [("f", "f")])
    assert code[0][1] == 99 and code[6] == ["RETURN", 1, 99]
    assert run(items, [("f", "f")]).result == "Int(6)"


def test_what_any_callee_may_inherit_stays_too():
    items = [
        ("LOAD_CONST", 99, 5),
        ("LOAD_CONST", 30, "f"),
        ("LOAD_CONST", 31, ""),
        ("ADD", 32, 30, 31),
        ("CALL", 32, 33, ()),
        ("RETURN", 33),
        "f",
        ("RETURN", 99),
    ]
    assert renumbered(items, [("f", "f")])[0][1] == 99
    assert run(items, [("f", "f")]).result == "Int(5)"


def test_a_register_that_nobody_has_written_still_holds_empty():
    items = [("LOAD_CONST", 30, 1), ("DEBUG_PRINT", 30), ("MOVE", 31, 200), ("RETURN", 31)]
    assert renumbered(items)[2][2] == 200
    assert run(items).result == "Empty"


def test_the_result_of_a_call_that_may_return_nothing_keeps_the_old_value():
    items = [
        ("LOAD_CONST", 40, 7),
        ("LOAD_CONST", 41, "f"),
        ("LOAD_CONST", 42, 8),
        ("CALL", 41, 40, ()),
        ("ADD", 43, 40, 42),
        ("RETURN", 43),
        "f",
        ("RETURN", None),
    ]
    assert run(items, [("f", "f")]).result == "Int(15)"


def test_a_phi_keeps_its_sources_apart():
    items = [
        ("LOAD_CONST", 40, 7),
        ("LOAD_CONST", 41, 8),
        ("JUMP", "end"),
        "end",
        ("PHI", 50, ((40, 9), (41, 2))),
        ("RETURN", 50),
    ]
    code = renumbered(items)
    assert code[0][1] != code[1][1] and code[3][3] == code[0][1] and code[3][5] == code[1][1]
    assert run(items).result == "Int(8)"


def test_pieces_are_what_jumps_and_falling_through_join():
    blocks = Blocks(
        whole_of(
            make_module(
                [
                    ("JUMP_IF", 0, "b"),
                    ("RETURN", 0),
                    "b",
                    ("RETURN", 1),
                    "f",
                    ("NOP",),
                    ("JUMP", "b"),
                    "g",
                    ("RETURN", 2),
                ],
                [("f", "f"), ("g", "g")],
            )
        )
    )
    assert [[blocks.firsts[block] for block in piece] for piece in connected_blocks(blocks)] == [
        [0, 1, 2, 3],
        [5],
    ]


def test_it_can_be_turned_off():
    items = [("LOAD_CONST", 200, 1), ("NEG", 201, 200), ("RETURN", 201)]
    optimisations.small_frames = False
    try:
        assert run(items).result == "Int(-1)"
    finally:
        optimisations.small_frames = True
