"""Propagation of copies and constants: what operands become, and when they must not."""

from mdvm.lowering.copy_propagation import propagate_copies
from mdvm.opcodes import OPCODES, constant_operand, op
from mdvm.analysis.survey import analyse
from tests.unit.programs import Index, body_of, make_module, run


def propagated(items, functions=(), constants=()):
    """-> list of lists: the instructions after propagation, as names and operands."""
    module = propagate_copies(analyse(make_module(items, functions, constants)))
    decoded = [module.fields(index) for index in range(module.instruction_count())]
    return [[OPCODES[fields[0]].name] + list(fields[1:]) for fields in decoded]


def test_the_source_of_a_copy_is_read_while_it_is_live():
    code = propagated([("MOVE", 1, 0), ("ADD", 2, 1, 1), ("ADD", 2, 2, 0), ("RETURN", 2)])
    assert code[1] == ["ADD", 2, 0, 0]


def test_the_source_is_read_where_both_are_dead_afterwards():
    code = propagated([("MOVE", 1, 0), ("ADD", 2, 1, 3), ("RETURN", 2)])
    assert code[1] == ["ADD", 2, 0, 3]
    code = propagated(
        [("MOVE", 1, 0), ("LOAD_CONST", 3, 1), ("ADD", 4, 1, 3), ("MOVE", 0, 4), ("RETURN", 0)]
    )
    assert code[2] == ["ADD", 0, 0, constant_operand(0)]


def test_a_copy_is_read_where_its_source_is_dead_and_somebody_needs_the_copy():
    code = propagated([("MOVE", 1, 0), ("ADD", 2, 1, 3), ("ADD", 2, 2, 1), ("RETURN", 2)])
    assert code[1:3] == [["ADD", 2, 1, 3], ["ADD", 2, 2, 1]]


def test_a_container_is_still_handed_over_to_the_register_that_is_stored_into():
    items = [
        ("MOVE", 5, 0),
        ("ARRAY_GET", 1, 5, 2),
        ("ARRAY_SET", 5, 2, 3),
        ("MOVE", 0, 5),
        ("RETURN", 0),
    ]
    assert propagated(items)[1] == ["ARRAY_GET", 1, 5, 2]


def test_a_copy_ends_when_either_register_is_written():
    code = propagated([("MOVE", 1, 0), ("NEG", 0, 0), ("ADD", 2, 1, 0), ("RETURN", 2)])
    assert code[2] == ["ADD", 2, 1, 0]
    code = propagated([("MOVE", 1, 0), ("NEG", 1, 1), ("ADD", 2, 1, 0), ("RETURN", 2)])
    assert code[2] == ["ADD", 2, 1, 0]


def test_the_result_of_a_call_is_no_copy_of_what_dst_was():
    items = [("MOVE", 1, 0), ("CALL", 9, 0, ()), ("ADD", 2, 1, 0), ("RETURN", 2)]
    assert propagated(items)[2] == ["ADD", 2, 1, 0]


def test_a_result_that_is_only_moved_on_is_written_where_it_is_moved_to():
    code = propagated([("ADD", 2, 0, 1), ("MOVE", 0, 2), ("RETURN", 0)])
    assert code[:2] == [["ADD", 0, 0, 1], ["MOVE", 0, 0]]


def test_a_result_that_is_read_again_stays_where_it_is():
    code = propagated([("ADD", 2, 0, 1), ("MOVE", 0, 2), ("ADD", 0, 0, 2), ("RETURN", 0)])
    assert code[0] == ["ADD", 2, 0, 1]


def test_a_known_constant_takes_the_place_of_its_register():
    code = propagated([("LOAD_CONST", 1, 2), ("DIV", 0, 0, 1), ("RETURN", 0)])
    assert code[1] == ["DIV", 0, 0, constant_operand(0)]


def test_constants_are_known_in_loops_and_through_moves():
    code = propagated(
        [
            ("LOAD_CONST", 1, 2),
            ("MOVE", 3, 1),
            "loop",
            ("ADD", 0, 0, 3),
            ("JUMP_IF", 0, "loop"),
            ("RETURN", 0),
        ]
    )
    assert code[2] == ["ADD", 0, 0, constant_operand(0)]


def test_a_register_with_different_constants_is_not_constant():
    code = propagated(
        [
            ("JUMP_IF", 0, "other"),
            ("LOAD_CONST", 1, 2),
            ("JUMP", "end"),
            "other",
            ("LOAD_CONST", 1, 3),
            "end",
            ("ADD", 0, 0, 1),
            ("RETURN", 0),
        ]
    )
    assert code[4] == ["ADD", 0, 0, 1]


def test_a_function_knows_nothing_of_the_registers_that_it_begins_with():
    code = propagated(
        [
            ("LOAD_CONST", 1, 2),
            ("LOAD_CONST", 9, "f"),
            ("CALL", 9, 0, ()),
            ("RETURN", 0),
            "f",
            ("ADD", 0, 1, 1),
            ("RETURN", 0),
        ],
        [("f", "f")],
    )
    assert code[4] == ["ADD", 0, 1, 1]


def test_a_constant_that_does_not_exist_is_not_propagated():
    code = propagated([("LOAD_CONST", 1, Index(77)), ("ADD", 0, 1, 1), ("RETURN", 0)])
    assert code[1] == ["ADD", 0, 1, 1]


def test_modules_with_type_tags_are_left_alone():
    items = [("MOVE", 1, 0), ("ADD", 2, 1, 1), ("RETURN", 2)]
    assert body_of(make_module(items)).ops[0] == op.ADD
    assert body_of(make_module([("DEFINE", 7, 2)] + items)).ops[3] == op.MOVE


def test_an_argument_may_be_a_constant():
    assert (
        run(
            [
                ("LOAD_CONST", 9, "f"),
                ("LOAD_CONST", 1, 20),
                ("CALL", 9, 0, (1, 1)),
                ("RETURN", 0),
                "f",
                ("ADD", 0, 0, 1),
                ("RETURN", 0),
            ],
            [("f", "f")],
        ).result
        == "Int(40)"
    )
