"""The interpreter: every opcode, errors and what they leave behind, calls, globals, counting."""

import itertools

import pytest

from tests.unit.model import Model
from mdvm.lowering.code import LoweringOptions
from mdvm.system.interruption import untranslated_interruption
from mdvm.errors import MOST_FRAMES, Interrupted, LimitError, RunError
from mdvm.interp import interpreter
from mdvm.lowering.lower import lower
from mdvm.opcodes import OPCODES, op
from mdvm.run_state import UNLIMITED, run_state
from tests.unit.programs import Index, body_of, make_module, run, run_module
from tests.unit.values import SAMPLES

# Registers with one value of each type: r10 Empty, r11 true, r12 1, r13 2.5, r14 "a", r15 an array, r16 a dict.
ONE_OF_EACH = [
    ("LOAD_CONST", 11, True),
    ("LOAD_CONST", 12, 1),
    ("LOAD_CONST", 13, 2.5),
    ("LOAD_CONST", 14, "a"),
    ("NEW_ARRAY", 15, 12),
    ("DICT_NEW", 16),
    ("DICT_SET", 16, 14, 12),
]
TYPED = range(10, 17)
COUNT_OF_EACH = len(ONE_OF_EACH)

THREE_REGISTERS = [
    opcode.name
    for opcode in OPCODES
    if len(opcode.operands) == 3 and all(operand.kind in (0, 1, 2) for operand in opcode.operands)
]
CHANGING = ("ARRAY_SET", "DICT_SET", "ARRAY_INSERT", "ARRAY_REMOVE")
TWO_REGISTERS = [
    opcode.name
    for opcode in OPCODES
    if len(opcode.operands) == 2 and all(operand.kind in (0, 1, 2) for operand in opcode.operands)
]


def check_as_model(items, functions=()):
    module = make_module(items, functions)
    naive = Model(module)
    expected = naive.run()
    outcome = run_module(module, counting=True)
    assert outcome.summary() == expected
    assert outcome.failed_at == naive.failed_at
    assert outcome.executed == naive.executed
    return outcome


@pytest.mark.parametrize("name", THREE_REGISTERS)
def test_three_operands_of_all_types(name):
    """What cannot be taken is refused in the same words and order, and leaves everything as it
    was.
    """
    for first, second, third in itertools.product((0, 15, 16), TYPED, TYPED):
        check_as_model(
            ONE_OF_EACH + [(name, first, second, third), ("DEBUG_PRINT", first), ("RETURN", first)]
        )


@pytest.mark.parametrize("name", TWO_REGISTERS)
def test_two_operands_of_all_types(name):
    for first, second in itertools.product([0] + list(TYPED), TYPED):
        check_as_model(
            ONE_OF_EACH + [(name, first, second), ("DEBUG_PRINT", first), ("RETURN", first)]
        )


@pytest.mark.parametrize("name", [name for name in THREE_REGISTERS if name not in CHANGING])
def test_constants_as_operands_of_all_types(name):
    """The same with operands that the lowering can see through."""
    constants = (None, True, 1, 2.5, "a")
    for left, right in itertools.product(constants, repeat=2):
        check_as_model(
            [("LOAD_CONST", 1, left), ("LOAD_CONST", 2, right), (name, 0, 1, 2), ("RETURN", 0)]
        )


def test_the_tables_above_have_what_they_should():
    assert len(THREE_REGISTERS) == 24
    assert len(TWO_REGISTERS) == 16
    assert len(SAMPLES) == len(TYPED)


# ____________________________________________________________ the end of a program


def result(*items, **options):
    return run(list(items), **options).result


@pytest.mark.parametrize(
    "items, expected",
    [
        ([], None),
        ([("NOP",)], None),
        ([("HALT",)], None),
        ([("RETURN",)], None),
        ([("RETURN", 0)], "Empty"),
        ([("JUMP", 0)], None),
        ([("JUMP", -2)], None),
        ([("JUMP", 2**31 - 1)], None),
        ([("JUMP_IF_NOT", 0, -77), ("RETURN", 0)], None),
        ([("LOAD_CONST", 0, 5), ("RETURN", 0), ("NOP",)], "Int(5)"),
        ([("BREAKPOINT",), ("RETURN", 1)], "Empty"),
    ],
)
def test_endings(items, expected):
    outcome = check_as_model(items)
    assert outcome.result == expected
    assert outcome.error is None


def test_the_program_begins_at_main():
    items = [("RETURN",), ("LOAD_CONST", 0, 1), ("RETURN", 0), ("LOAD_CONST", 0, 2), ("RETURN", 0)]
    assert run(items, [("main", 1)]).result == "Int(1)"
    assert run(items, [("main", 1), ("main", 3)]).result == "Int(2)"
    assert run(items, [("Main", 1), ("main ", 1)]).result is None
    assert run(items, [("main", 5)]).result is None
    assert run(items, [("main", 0xFFFFFFFF)]).result is None


# ____________________________________________________________ calls


def test_255_arguments_arrive():
    items = []
    for register in range(256):
        items.append(("LOAD_CONST", register, register))
    items += [("LOAD_CONST", 255, "f"), ("CALL", 255, 0, tuple(range(254, -1, -1))), ("RETURN", 0)]
    entry = len(items)
    for register in range(1, 255):
        items.append(("ADD", 0, 0, register))
    items += [("CONCAT_STR", 0, 0, 254), ("RETURN", 0)]
    assert run(items, [("f", entry)]).result == 'String("%d0")' % sum(range(255))


@pytest.mark.parametrize(
    "function, expected",
    [
        (3, "Int(1)"),
        (5, "Int(2)"),
        (7, "Int(3)"),
        ("func_7", "Int(3)"),
        ("g", "Int(2)"),
        ("", "Int(2)"),
        ("\xc3\xa9", "Int(1)"),
        (4294967295, None),
    ],
)
def test_how_a_function_can_be_named(function, expected):
    items = [
        ("LOAD_CONST", 9, function),
        ("CALL", 9, 0, ()),
        ("RETURN", 0),
        ("LOAD_CONST", 0, 1),
        ("RETURN", 0),
        ("LOAD_CONST", 0, 2),
        ("RETURN", 0),
        ("LOAD_CONST", 0, 3),
        ("RETURN", 0),
    ]
    functions = [("\xc3\xa9", 3), ("g", 5), ("func_7", 7), ("", 5), ("far", 0xFFFFFFFF)]
    outcome = check_as_model(items, functions)
    assert (outcome.result, outcome.error) == (expected, None)


def test_a_replaced_function_is_gone():
    items = [("LOAD_CONST", 9, 3), ("CALL", 9, 0, ()), ("RETURN", 0), ("RETURN", 9), ("RETURN", 9)]
    assert check_as_model(items, [("f", 3), ("f", 4)]).error == "Undefined function: func_3"


@pytest.mark.parametrize(
    "function, text",
    [
        ("g", "g"),
        ("F", "F"),
        (" f", " f"),
        (17, "func_17"),
        (-1, "func_-1"),
        (2**32 + 3, "func_4294967299"),
        (3.0, "no function specified"),
        (True, "no function specified"),
        (None, "no function specified"),
    ],
)
def test_undefined_functions(function, text):
    for load in (
        [("LOAD_CONST", 9, function)],
        [("LOAD_CONST", 8, function), ("JUMP", 0), ("MOVE", 9, 8)],
    ):
        items = load + [("CALL", 9, 0, ()), ("RETURN", 0), ("RETURN", 0)]
        outcome = check_as_model(items, [("f", 3)])
        assert outcome.error == "Undefined function: " + text
        assert outcome.failed_at == len(load)


def factorial():
    return [
        ("LOAD_CONST", 0, 20),
        ("LOAD_CONST", 9, "fact"),
        ("CALL", 9, 0, (0,)),
        ("RETURN", 0),
        ("JUMP_IF", 0, 2),
        ("LOAD_CONST", 0, 1),
        ("RETURN", 0),
        ("LOAD_CONST", 1, 1),
        ("SUB", 1, 0, 1),
        ("LOAD_CONST", 9, "fact"),
        ("CALL", 9, 1, (1,)),
        ("MUL", 0, 0, 1),
        ("RETURN", 0),
    ]


def test_recursion():
    assert check_as_model(factorial(), [("fact", 4)]).result == "Int(2432902008176640000)"


# ____________________________________________________________ depth

RECURSION = [("LOAD_CONST", 9, "f"), ("CALL", 9, 0, ())]


@pytest.mark.parametrize("limit", [0, 1, 2, 50, 100])
def test_the_depth_limit_is_exact(limit):
    outcome = run(RECURSION, [("f", 0)], max_depth=limit, counting=True)
    assert outcome.error == "Stack overflow"
    assert outcome.executed == 2 * (limit + 1)
    depth = [
        ("LOAD_CONST", 0, limit),
        ("LOAD_CONST", 1, 1),
        "f",
        ("JUMP_IF_NOT", 0, "bottom"),
        ("SUB", 0, 0, 1),
        ("LOAD_CONST", 9, "f"),
        ("CALL", 9, 0, (0, 1)),
        "bottom",
        ("RETURN", 0),
    ]
    assert run(depth, [("f", "f")], max_depth=limit).result == "Int(0)"
    if limit:
        assert run(depth, [("f", "f")], max_depth=limit - 1).error == "Stack overflow"


def test_calls_that_have_returned_do_not_count():
    items = [
        ("LOAD_CONST", 0, 100),
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 9, "f"),
        "loop",
        ("CALL", 9, 5, ()),
        ("SUB", 0, 0, 1),
        ("JUMP_IF", 0, "loop"),
        ("RETURN", 0),
        ("RETURN", 1),
    ]
    assert run(items, [("f", 7)], max_depth=1).result == "Int(0)"


def test_a_missing_function_is_reported_before_the_depth():
    assert (
        run([("LOAD_CONST", 9, "g"), ("CALL", 9, 0, ())], max_depth=0).error
        == "Undefined function: g"
    )


def test_the_depth_begins_anew_with_each_program():
    run(RECURSION, [("f", 0)], max_depth=5)
    assert run_state.depth <= 5
    items = [
        ("LOAD_CONST", 9, "f"),
        ("CALL", 9, 0, ()),
        ("RETURN", 0),
        ("LOAD_CONST", 0, 1),
        ("RETURN", 0),
    ]
    assert run(items, [("f", 3)], max_depth=1).result == "Int(1)"


def test_unbounded_recursion_overflows_the_stack():
    outcome = run(RECURSION, [("f", 0)])
    assert outcome.error == "Stack overflow"


# ____________________________________________________________ globals


@pytest.mark.parametrize("index", [2, 3, 65535])
def test_the_name_of_a_global_must_be_a_string(index):
    for instruction in (("LOAD_GLOBAL", 0, Index(index)), ("STORE_GLOBAL", 0, Index(index))):
        outcome = run([instruction, ("RETURN", 0)], constants=["g", "g", 1])
        assert outcome.error == "Invalid constant index: %d" % index
        assert outcome.failed_at == 0


def test_each_run_has_globals_of_its_own():
    store = [("LOAD_GLOBAL", 1, "g"), ("LOAD_CONST", 0, 1), ("STORE_GLOBAL", 0, "g"), ("RETURN", 1)]
    assert run(store).result == "Empty"
    assert run(store).result == "Empty"


# ____________________________________________________________ tags


def tags_of(*items, **keywords):
    """Runs the items and then CHECK_TYPEs that follow; -> what was printed, without line ends."""
    return run(list(items), keywords.get("functions", ())).output.split()


def check(register, type_id, into=250):
    return [("CHECK_TYPE", into, register, type_id), ("DEBUG_PRINT", into)]


def test_natural_types():
    items = list(ONE_OF_EACH)
    for register in TYPED:
        for type_id in (0, 1, 2, 3, 4, 5, 6, 7, 65535):
            items += check(register, type_id)
    expected = []
    for position in range(7):
        expected += [
            "true" if position == type_id and position < 5 else "false" for type_id in range(9)
        ]
    assert run(items).output.split() == expected
    # The same in a module with DEFINEs, where types are looked up in another way.
    assert run([("DEFINE", 99, 1)] + items).output.split() == expected


@pytest.mark.parametrize(
    "write",
    [
        ("MOVE", 15, 15),
        ("NOT", 15, 10),
        ("ARRAY_SET", 15, 17, 12),
        ("LOAD_GLOBAL", 15, "g"),
        ("CHECK_TYPE", 15, 10, 1),
        ("CAST", 15, 12, 4),
        ("DICT_NEW", 15),
        ("STR_LEN", 15, 14),
        ("ARRAY_LEN", 15, 15),
        ("EQ", 15, 10, 11),
        ("ADD", 15, 12, 12),
        ("CONCAT_STR", 15, 12, 12),
    ],
)
def test_every_write_drops_the_tag(write):
    items = ONE_OF_EACH + [("LOAD_CONST", 17, 0), ("DEFINE", 15, 99), write] + check(15, 99)
    assert tags_of(*items) == ["false"]


@pytest.mark.parametrize(
    "write", [("DICT_SET", 16, 14, 12), ("DICT_REMOVE", 16, 14), ("DICT_CLEAR", 16)]
)
def test_a_change_of_a_dict_drops_the_tag(write):
    assert tags_of(*(ONE_OF_EACH + [("DEFINE", 16, 99), write] + check(16, 99))) == ["false"]


@pytest.mark.parametrize(
    "read",
    [
        ("MOVE", 1, 15),
        ("DEBUG_PRINT", 17),
        ("STORE_GLOBAL", 15, "g"),
        ("ARRAY_GET", 1, 15, 17),
        ("JUMP_IF", 15, 0),
        ("NOT", 1, 15),
        ("ARRAY_SET", 18, 17, 15),
        ("ASSERT", 15, 0, "m"),
        ("PHI", 15, ((10, 999),)),
    ],
)
def test_no_read_drops_the_tag(read):
    items = (
        ONE_OF_EACH
        + [("LOAD_CONST", 17, 0), ("NEW_ARRAY", 18, 12), ("DEFINE", 15, 99), read]
        + check(15, 99)
    )
    assert tags_of(*items)[-1] == "true"


def test_a_call_drops_the_low_tags_of_its_caller():
    items = [
        ("DEFINE", 5, 99),
        ("DEFINE", 63, 99),
        ("DEFINE", 64, 99),
        ("DEFINE", 200, 99),
        ("LOAD_CONST", 9, "f"),
        ("CALL", 9, 8, ()),
    ]
    items += (
        check(5, 99)
        + check(63, 99)
        + check(64, 99)
        + check(200, 99)
        + [("HALT",), ("DEFINE", 64, 1), ("RETURN",)]
    )
    assert tags_of(*items, functions=[("f", len(items) - 2)]) == ["false", "false", "true", "true"]


def test_the_result_of_a_call_drops_the_tag_of_dst():
    for ending, expected in ((("RETURN", 0), "false"), (("RETURN",), "true")):
        items = (
            [("DEFINE", 100, 99), ("LOAD_CONST", 9, "f"), ("CALL", 9, 100, ())]
            + check(100, 99)
            + [("HALT",), ending]
        )
        assert tags_of(*items, functions=[("f", len(items) - 1)]) == [expected]


# ____________________________________________________________ PHI


def test_the_labels_of_a_phi_have_16_bits():
    items = (
        [("JUMP", 65536)]
        + [("NOP",)] * 65536
        + [("LOAD_CONST", 1, 1), ("JUMP", 0), ("PHI", 5, ((1, 65538 & 0xFFFF),)), ("RETURN", 5)]
    )
    assert run(items).result == "Int(1)"


def test_phis_in_a_loop():
    items = [
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 2, 5),
        ("JUMP", "head"),
        "head",
        ("PHI", 3, ((0, 3), (4, 8))),
        ("ADD", 4, 3, 1),
        ("DEBUG_PRINT", 3),
        ("LT", 6, 4, 2),
        ("JUMP_IF", 6, "head"),
        ("RETURN", 4),
    ]
    assert check_as_model(items).summary() == ("Int(5)", "0\n1\n2\n3\n4\n", None)


# ____________________________________________________________ ASSERT


@pytest.mark.parametrize(
    "condition, value, holds",
    [
        (0, True, True),
        (0, 0, False),
        (0, None, False),
        (0, "", False),
        (0, -1, True),
        (1, None, False),
        (1, False, True),
        (1, 0, True),
        (2, 1, True),
        (2, 9, True),
        (2, 0, False),
        (2, 10, False),
        (2, 5.0, False),
        (2, True, False),
        (2, None, False),
        (2, "5", False),
    ],
)
def test_assertions(condition, value, holds):
    bounds = ((1, 9),) if condition == 2 else ()
    outcome = check_as_model(
        [("LOAD_CONST", 0, value), ("ASSERT", 0, condition, "must hold") + bounds, ("RETURN", 0)]
    )
    assert outcome.error == (None if holds else "Assertion failed: must hold")
    assert outcome.failed_at == (-1 if holds else 1)


def test_the_bounds_of_an_assertion_are_64_bits_wide():
    for value in (-(2**63), 2**63 - 1):
        assert (
            check_as_model(
                [
                    ("LOAD_CONST", 0, value),
                    ("ASSERT", 0, 2, "m", (-(2**63), 2**63 - 1)),
                    ("RETURN", 0),
                ]
            ).error
            is None
        )
        assert (
            check_as_model(
                [("LOAD_CONST", 0, value), ("ASSERT", 0, 2, "m", (5, 4)), ("RETURN", 0)]
            ).error
            == "Assertion failed: m"
        )


@pytest.mark.parametrize("message", [2, 999])
def test_only_a_failing_assertion_needs_its_message(message):
    for value, error in ((0, None), (1, "Invalid constant index: %d" % message)):
        items = [("LOAD_CONST", 0, Index(value)), ("ASSERT", 0, 0, Index(message)), ("RETURN", 0)]
        assert run(items, constants=["truthy", 0, 5.0]).error == error


# ____________________________________________________________ scopes, output, memory


@pytest.mark.parametrize(
    "value, expected",
    [
        ("text", "text\n"),
        ("", "\n"),
        ("a\0b", "a\0b\n"),
        (5, "5\n"),
        (True, "true\n"),
        (None, ""),
        (1e23, "1" + "0" * 23 + "\n"),
        (-0.0, "-0\n"),
        ('quo"ted', 'quo"ted\n'),
    ],
)
def test_printing(value, expected):
    assert run([("LOAD_CONST", 0, value), ("DEBUG_PRINT", 0)]).output == expected


@pytest.mark.parametrize("size", [2**63 - 1, 2**60, 2**50])
def test_an_array_larger_than_memory(size):
    outcome = run([("LOAD_CONST", 0, size), ("NEW_ARRAY", 1, 0), ("RETURN", 0)])
    assert outcome.error == "Out of memory"
    assert outcome.failed_at == 1


def test_array_sizes():
    for size, error in (
        (-1, "Invalid operation: create array on type negative size: -1"),
        (-(2**63), "Invalid operation: create array on type negative size: -9223372036854775808"),
        (True, "Type mismatch: expected integer, found bool"),
        (1.0, "Type mismatch: expected integer, found float"),
        (0, None),
    ):
        outcome = run(
            [("LOAD_CONST", 0, size), ("NEW_ARRAY", 1, 0), ("ARRAY_LEN", 2, 1), ("RETURN", 2)]
        )
        assert outcome.error == error
        assert outcome.result == ("Int(0)" if error is None else None)


def test_array_bounds():
    for index in (-(2**63), -1, 2, 2**63 - 1):
        for access in (("ARRAY_GET", 3, 1, 2), ("ARRAY_SET", 1, 2, 2)):
            outcome = run(
                [
                    ("LOAD_CONST", 0, 2),
                    ("NEW_ARRAY", 1, 0),
                    ("LOAD_CONST", 2, index),
                    access,
                    ("RETURN", 0),
                ]
            )
            assert outcome.error == "Index out of bounds: index %d for length 2" % index


# ____________________________________________________________ counting


def test_instructions_are_counted():
    assert run([("LOAD_CONST", 0, 7), ("RETURN", 0)], counting=True).executed == 2
    assert run([], counting=True).executed == 0
    assert run([("NOP",), ("NOP",)], counting=True).executed == 2
    assert run([("JUMP", 100)], counting=True).executed == 1
    assert run([("HALT",), ("NOP",)], counting=True).executed == 1


def test_the_failing_instruction_counts_and_those_after_it_do_not():
    items = [("NOP",), ("ADD", 0, 0, 0), ("NOP",), ("NOP",)]
    assert run(items, counting=True).executed == 2
    assert run([("LOAD_CONST", 0, Index(9)), ("NOP",)], counting=True).executed == 1
    assert run([("LOAD_CONST", 0, "f"), ("CALL", 0, 0, ()), ("NOP",)], counting=True).executed == 2


def test_a_failure_in_a_callee_counts_its_callers_instructions_once():
    items = [
        ("LOAD_CONST", 0, "f"),
        ("CALL", 0, 0, ()),
        ("NOP",),
        ("RETURN", 0),
        ("NOP",),
        ("SUB", 0, 0, 0),
        ("NOP",),
        ("RETURN", 0),
    ]
    assert run(items, [("f", 4)], counting=True).executed == 4


def test_factorial_is_counted():
    module = make_module(factorial(), [("fact", 4)])
    naive = Model(module)
    naive.run()
    assert run_module(module, counting=True).executed == naive.executed


def test_without_counting_nothing_is_counted():
    assert run([("NOP",), ("RETURN", 0)]).executed == 0


# ____________________________________________________________ where errors have been


def error_of(items, functions=(), lowering=None, limit=UNLIMITED):
    run_state.begin(limit)
    with pytest.raises(RunError) as caught:
        interpreter.execute_program(
            lower(make_module(items, functions), lowering or LoweringOptions())
        )
    return caught.value


def test_an_error_tells_the_frames_that_it_has_passed():
    items = [
        ("LOAD_CONST", 0, "f"),
        ("CALL", 0, 1),
        ("HALT",),
        "f",
        ("LOAD_CONST", 0, "g"),
        ("NOP",),
        ("CALL", 0, 1),
        ("RETURN",),
        "g",
        ("NOP",),
        ("NEG", 5, 5),
    ]
    error = error_of(items, [("main", 0), ("f", 3), ("g", 7)])
    assert (error.functions, error.instructions, error.omitted) == (
        ["g", "f", "main"],
        [8, 5, 1],
        0,
    )


def test_of_many_frames_the_outer_ones_are_only_counted():
    items = [
        ("LOAD_CONST", 0, 149),
        ("LOAD_CONST", 1, 1),
        "down",
        ("JUMP_IF_NOT", 0, "bottom"),
        ("LOAD_CONST", 1, 1),
        ("SUB", 0, 0, 1),
        ("LOAD_CONST", 2, "down"),
        ("CALL", 2, 3, [0]),
        ("RETURN",),
        "bottom",
        ("NEG", 9, 9),
    ]
    error = error_of(items, [("down", 2)])
    assert len(error.functions) == len(error.instructions) == MOST_FRAMES
    assert error.omitted == 150 - MOST_FRAMES
    assert error.instruction() == 8


def test_a_stack_overflow_tells_its_frames_too():
    error = error_of([("LOAD_CONST", 0, "f"), ("CALL", 0, 1), ("RETURN",)], [("f", 0)])
    assert str(error) == "Stack overflow"
    assert error.functions == ["f"] * MOST_FRAMES
    assert error.instructions == [1] * MOST_FRAMES
    assert error.omitted > 0


@pytest.mark.parametrize(
    "limit, executed", [(0, 0), (1, 0), (2, 2), (3, 2), (4, 4), (5, 4), (100, 100)]
)
def test_a_limit_of_instructions_stops_before_the_piece_that_goes_beyond(limit, executed):
    items = [
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 1),
        "again",
        ("ADD", 0, 0, 1),
        ("JUMP", "again"),
    ]
    error = error_of(
        items, lowering=LoweringOptions(counting=True, limit_instructions=True), limit=limit
    )
    assert isinstance(error, LimitError)
    assert str(error) == "Instruction limit exceeded: %d" % limit
    assert run_state.executed == executed


@pytest.mark.parametrize(
    "closing",
    [
        [("JUMP", "again")],
        [("JUMP_IF_NOT", 9, "again")],
        [("LT", 3, 0, 1), ("JUMP_IF", 3, "again")],
        [("ADD", 2, 0, 1)] * 8000 + [("JUMP_IF_NOT", 9, "again")],
        [("JUMP", "on"), "on", ("PHI", 5, [(0, 2)]), ("JUMP", "again")],
    ],
)
def test_every_backward_jump_can_be_interrupted(closing):
    items = [("LOAD_CONST", 0, 1), ("LOAD_CONST", 1, 2), "again"] + closing
    lowering = LoweringOptions(interruptible=True)
    untranslated_interruption.requested = True
    try:
        error = error_of(items, lowering=lowering)
    finally:
        untranslated_interruption.requested = False
    assert isinstance(error, Interrupted)
    # lowering takes long enough for an interruption to be heard
    assert error.instruction() >= 2 or len(items) > 8000
    # nobody else pays for it
    assert op.INTERRUPTION_POINT not in body_of(make_module(items)).ops
