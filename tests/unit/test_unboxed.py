"""The tier that executes instructions without boxes: whether it is on, and by which loop the
program runs, no program can tell.
"""

import random

import pytest

from mdvm import interp
from mdvm.callees import HostFunctions
from mdvm.frame import Frame
from mdvm.interp import interpreter
from mdvm.lowering.code import LoweringOptions
from mdvm.lowering.lower import lower
from mdvm.objects import w_empty
from mdvm.opcodes import op
from mdvm.settings.jit_parameters import jit
from mdvm.settings.optimisations import optimisations
from mdvm.unboxed import registers
from mdvm.unboxed.execution import can_run_unboxed, run_unboxed
from mdvm.unboxed.registers import MOST_CONSTANTS, loaded
from tests.unit.model import Model, TooLong
from tests.unit.programs import make_module, run_module
from tests.unit.random_programs import make_program, random_plan

SMALLEST, LARGEST = -(2**63), 2**63 - 1
NAN = float("nan")
NUMBERS = (0, 1, -1, 7, SMALLEST, LARGEST, 0.0, -0.0, -2.5, float("inf"), NAN)
OTHERS = (True, None, "a", "ab")
BINARY = ("ADD", "SUB", "MUL", "DIV", "MOD", "EQ", "NEQ", "LT", "GT", "LTE", "GTE", "AND", "OR")
INT_HOLE = -0x7F5C3A35


@pytest.fixture(autouse=True)
def jit_off(monkeypatch):
    monkeypatch.setattr(jit, "counts", False)


@pytest.fixture(params=["unboxed", "without"])
def way(request, monkeypatch):
    """By which loop programs run."""
    monkeypatch.setattr(optimisations, "unboxed_tier", request.param != "without")


def check(items, functions=(), counting=True):
    module = make_module(items, functions)
    naive = Model(module)
    expected = naive.run()
    outcome = run_module(module, counting=counting)
    assert outcome.summary() == expected
    assert outcome.failed_at == naive.failed_at
    assert loaded.saved == loaded.count == 0


@pytest.mark.parametrize("name", BINARY)
def test_two_numbers(way, name):
    """As constants, and in registers of which nothing is known before."""
    for left in NUMBERS + OTHERS:
        for right in NUMBERS + OTHERS:
            loads = [("LOAD_CONST", 1, left), ("LOAD_CONST", 2, right)]
            check(loads + [(name, 0, 1, 2), ("RETURN", 0)])
            taken = [("CALL", 0, 3, (1, 2)), ("RETURN", 0), "f", (name, 0, 0, 1), ("RETURN", 0)]
            check(loads + [("LOAD_CONST", 3, "f")] + taken, [("f", "f")])


@pytest.mark.parametrize("name", ("NEG", "NOT", "MOVE"))
def test_one_number(way, name):
    for value in NUMBERS + OTHERS:
        check([("LOAD_CONST", 1, value), (name, 0, 1), ("RETURN", 0)])


@pytest.mark.parametrize("name", ("LT", "LTE", "EQ", "NEQ", "GT", "GTE"))
@pytest.mark.parametrize("jump", ("JUMP_IF", "JUMP_IF_NOT"))
def test_jumps_on_comparisons(way, name, jump):
    for left in NUMBERS + OTHERS:
        for right in (0, 1, 0.5, NAN, True, "a", "ab", None):
            items = [
                ("LOAD_CONST", 1, left),
                ("LOAD_CONST", 2, right),
                (name, 3, 1, 2),
                (jump, 3, "there"),
                ("LOAD_CONST", 4, 10),
                ("RETURN", 4),
                "there",
                ("LOAD_CONST", 4, 20),
                ("RETURN", 4),
            ]
            check(items)


def test_jumps_on_values(way):
    for value in NUMBERS + OTHERS:
        for jump in ("JUMP_IF", "JUMP_IF_NOT"):
            items = [("LOAD_CONST", 1, value), (jump, 1, 2), ("LOAD_CONST", 0, 1), ("RETURN", 0)]
            check(items + [("LOAD_CONST", 0, 2), ("RETURN", 0)])


def test_elements_of_all_kinds(way):
    """Stored, loaded, replaced by those of another kind, and outside the array."""
    values = (1, INT_HOLE, 2.5, NAN, True, None, "a")
    for first in values:
        for second in values:
            for index in (-1, 0, 1, 2, 3, 0.0, "a"):
                items = [
                    ("LOAD_CONST", 9, 3),
                    ("NEW_ARRAY", 0, 9),
                    ("LOAD_CONST", 8, first),
                    ("LOAD_CONST", 7, second),
                    ("LOAD_CONST", 6, 0),
                    ("LOAD_CONST", 5, index),
                    ("ARRAY_SET", 0, 6, 8),
                    ("LOAD_CONST", 6, 1),
                    ("ARRAY_SET", 0, 6, 8),
                    ("LOAD_CONST", 6, 2),
                    ("ARRAY_SET", 0, 6, 8),
                    ("ARRAY_GET", 1, 0, 6),
                    ("DEBUG_PRINT", 1),
                    ("ARRAY_SET", 0, 5, 7),
                    ("ARRAY_GET", 1, 0, 5),
                    ("DEBUG_PRINT", 1),
                    ("RETURN", 0),
                ]
                check(items)


def test_entries_of_all_kinds(way):
    """By a key that the dict has seen, by one that it has not, and of a dict that is shared."""
    values = (1, INT_HOLE, 2.5, NAN, True, None, "a")
    for first in values:
        for second in values:
            items = [
                ("DICT_NEW", 0),
                ("LOAD_CONST", 5, "k"),
                ("LOAD_CONST", 6, "other"),
                ("LOAD_CONST", 8, first),
                ("LOAD_CONST", 7, second),
                ("DICT_SET", 0, 5, 8),
                ("DICT_GET", 1, 0, 5),
                ("DEBUG_PRINT", 1),
                ("DICT_SET", 0, 5, 7),
                ("DICT_SET", 0, 5, 8),
                ("DICT_GET", 1, 0, 6),
                ("DEBUG_PRINT", 1),
                ("MOVE", 2, 0),
                ("DICT_SET", 2, 5, 7),
                ("DICT_GET", 1, 2, 5),
                ("DEBUG_PRINT", 1),
                ("DICT_SET", 2, 5, 2),
                ("DEBUG_PRINT", 2),
                ("RETURN", 0),
            ]
            check(items)


def test_entries_of_what_is_no_dict_or_by_what_is_no_key(way):
    for holder in (1, None, "a"):
        for key in (0, 1.5, "k", None):
            for name in ("DICT_GET", "ARRAY_GET"):
                loads = [("LOAD_CONST", 0, holder), ("LOAD_CONST", 1, key)]
                check(loads + [(name, 2, 0, 1), ("RETURN", 2)])
            for name in ("DICT_SET", "ARRAY_SET"):
                loads = [("LOAD_CONST", 0, holder), ("LOAD_CONST", 1, key)]
                check(loads + [(name, 0, 1, 1), ("RETURN", 0)])


@pytest.mark.parametrize("type_id", range(8))
def test_casts(way, type_id):
    for value in NUMBERS + OTHERS:
        check([("LOAD_CONST", 1, value), ("CAST", 0, 1, type_id), ("RETURN", 0)])


@pytest.mark.parametrize("jump", ("JUMP_IF", "JUMP_IF_NOT"))
def test_jumps_on_containers(way, jump):
    for length in (0, 1):
        makes = [("LOAD_CONST", 1, length), ("NEW_ARRAY", 0, 1)]
        dict_makes = [("DICT_NEW", 0), ("LOAD_CONST", 1, "k")]
        for make in (makes, dict_makes, dict_makes + [("DICT_SET", 0, 1, 1)]):
            items = [
                (jump, 0, "there"),
                ("LOAD_CONST", 2, 1),
                ("RETURN", 2),
                "there",
                ("RETURN", 1),
            ]
            check(make + items)


def test_a_container_in_a_global_and_in_a_register(way):
    items = [
        ("LOAD_CONST", 9, 1),
        ("NEW_ARRAY", 0, 9),
        ("LOAD_CONST", 8, 0),
        ("ARRAY_SET", 0, 8, 9),
        ("STORE_GLOBAL", 0, "g"),
        ("LOAD_CONST", 7, 5),
        ("ARRAY_SET", 0, 8, 7),
        ("LOAD_GLOBAL", 1, "g"),
        ("ARRAY_SET", 1, 8, 8),
        ("LOAD_GLOBAL", 2, "g"),
        ("DEBUG_PRINT", 0),
        ("DEBUG_PRINT", 1),
        ("RETURN", 2),
    ]
    check(items)


def test_an_array_in_itself_is_a_copy(way):
    items = [
        ("LOAD_CONST", 9, 1),
        ("NEW_ARRAY", 0, 9),
        ("LOAD_CONST", 8, 0),
        ("LOAD_CONST", 7, "a"),
        ("ARRAY_SET", 0, 8, 7),
        ("ARRAY_SET", 0, 8, 0),
        ("ARRAY_GET", 1, 0, 8),
        ("DEBUG_PRINT", 1),
        ("RETURN", 0),
    ]
    check(items)


def test_an_element_that_is_stored_into_is_not_the_arrays(way):
    """ARRAY_GET shares, in this tier too."""
    items = [
        ("LOAD_CONST", 9, 1),
        ("NEW_ARRAY", 0, 9),
        ("NEW_ARRAY", 1, 9),
        ("LOAD_CONST", 8, 0),
        ("ARRAY_SET", 0, 8, 1),
        ("ARRAY_GET", 2, 0, 8),
        ("MOVE", 3, 2),
        ("LOAD_CONST", 7, 5),
        ("ARRAY_SET", 2, 8, 7),
        ("DEBUG_PRINT", 3),
        ("DEBUG_PRINT", 0),
        ("RETURN", 2),
    ]
    check(items)


def test_globals_of_changing_kinds(way):
    for first in (1, 2.5, True, None, "a"):
        for second in (2, 3.5, False, None, "b"):
            items = []
            for value in (first, second, first):
                items += [
                    ("LOAD_CONST", 0, value),
                    ("STORE_GLOBAL", 0, "g"),
                    ("LOAD_GLOBAL", 1, "g"),
                    ("DEBUG_PRINT", 1),
                ]
            check(items + [("RETURN", 1)])


def test_random_programs(way):
    ended = 0
    for seed in range(60):
        naive = Model(make_program(random_plan(random.Random(seed))))
        try:
            expected = naive.run()
        except TooLong:
            continue
        ended += 1
        outcome = run_module(make_program(random_plan(random.Random(seed))), counting=True)
        assert outcome.summary() == expected
        assert outcome.failed_at == naive.failed_at
        assert outcome.executed == naive.executed
    assert ended > 30


COUNTING = [
    ("LOAD_CONST", 0, 1000),
    ("LOAD_CONST", 1, 0),
    ("LOAD_CONST", 2, 0.5),
    "next",
    ("LOAD_CONST", 3, 1),
    ("ADD", 1, 1, 3),
    ("ADD", 2, 2, 3),
    ("LT", 4, 1, 0),
    ("JUMP_IF", 4, "next"),
    ("RETURN", 2),
]


def test_a_loop_over_numbers_makes_no_box():
    function = lower(make_module(COUNTING), LoweringOptions()).start()
    frame = Frame(function.frame_size)
    pc = run_unboxed(frame, function, function.entry)
    assert function.ops[pc] == op.RETURN
    assert frame.registers == [None] * function.frame_size
    registers.box_all(frame.registers, function.frame_size)
    result = frame.registers[function.ops[pc + 1]]
    assert result is not None and result.floatval == 1000.5


def test_each_iteration_is_counted_where_loops_are(monkeypatch):
    """The JIT would find no loop otherwise."""
    monkeypatch.setattr(jit, "counts", True)
    passed = []
    monkeypatch.setattr(interp.jitdriver, "can_enter_jit", lambda **live: passed.append(live["pc"]))
    run_module(make_module(COUNTING))
    assert len(passed) == 999


def test_what_keeps_tags_or_is_logged_or_too_large_goes_without():
    code = lower(make_module(COUNTING), LoweringOptions())
    assert can_run_unboxed(code, 10)
    assert not can_run_unboxed(code, registers.MOST_IN_FRAME + 1)
    assert not can_run_unboxed(lower(make_module(COUNTING), LoweringOptions(debug=True)), 10)
    assert not can_run_unboxed(lower(make_module(COUNTING), LoweringOptions(profiling=True)), 10)
    tagged = make_module([("DEFINE", 0, 1)] + COUNTING)
    assert not can_run_unboxed(lower(tagged, LoweringOptions()), 10)
    many = make_module(COUNTING, constants=range(MOST_CONSTANTS))
    assert not can_run_unboxed(lower(many, LoweringOptions()), 10)


def test_a_second_program_has_its_own_constants(way):
    for value in (3, 4.5):
        items = [("LOAD_CONST", 0, value), ("LOAD_CONST", 1, 2), ("MUL", 2, 0, 1), ("RETURN", 2)]
        check(items)


# ____________________________________________________________ calls


VALUES = (3, -0.0, NAN, True, None, "a")
PAIR = [("LOAD_CONST", 4, "f"), ("CALL", 4, 5, (1, 2)), ("DEBUG_PRINT", 1), ("DEBUG_PRINT", 5)]


def call_of(body, left, right):
    """Calls f, which has this body, with two values, and prints the first argument and what comes
    of it.
    """
    loads = [("LOAD_CONST", 1, left), ("LOAD_CONST", 2, right), ("LOAD_CONST", 5, 99)]
    check(loads + PAIR + [("RETURN", 5), "f"] + body, [("f", "f")])


@pytest.mark.parametrize("left", VALUES)
@pytest.mark.parametrize("right", VALUES)
def test_arguments_and_results(way, left, right):
    call_of([("RETURN", 0)], left, right)
    call_of([("RETURN", 1)], left, right)
    call_of([("MOVE", 0, 1), ("RETURN", 0)], left, right)
    call_of([("LOAD_CONST", 1, 7), ("RETURN",)], left, right)
    call_of([("EQ", 1, 0, 1), ("RETURN", 1)], left, right)
    call_of([("NEW_ARRAY", 1, 0), ("RETURN", 1)], left, right)


def test_a_result_of_a_result(way):
    """What a callee leaves in its registers is gone before the next call."""
    items = [
        ("LOAD_CONST", 0, 10),
        ("LOAD_CONST", 1, "f"),
        ("CALL", 1, 2, (0,)),
        ("RETURN", 2),
        "f",
        ("LOAD_CONST", 1, 1),
        ("LTE", 2, 0, 1),
        ("JUMP_IF", 2, "small"),
        ("LOAD_CONST", 3, "f"),
        ("SUB", 4, 0, 1),
        ("CALL", 3, 4, (4,)),
        ("LOAD_CONST", 5, 2),
        ("SUB", 5, 0, 5),
        ("CALL", 3, 5, (5,)),
        ("ADD", 0, 4, 5),
        "small",
        ("RETURN", 0),
    ]
    check(items, [("f", "f")])


@pytest.mark.parametrize("most", [0, 5, 9, 30])
def test_deeper_than_there_is_room_for(way, monkeypatch, most):
    monkeypatch.setattr(interp, "can_save", lambda count: loaded.saved + count <= most)
    items = [
        ("LOAD_CONST", 0, 12),
        ("LOAD_CONST", 1, 0.5),
        ("LOAD_CONST", 2, "f"),
        ("CALL", 2, 3, (0, 1)),
        ("DEBUG_PRINT", 3),
        ("CALL", 2, 3, (1, 0)),
        ("RETURN", 3),
        "f",
        ("LOAD_CONST", 2, 0),
        ("LTE", 3, 0, 2),
        ("JUMP_IF", 3, "end"),
        ("LOAD_CONST", 4, 1),
        ("SUB", 5, 0, 4),
        ("ADD", 6, 1, 0),
        ("LOAD_CONST", 7, "f"),
        ("CALL", 7, 8, (5, 6)),
        ("ADD", 8, 8, 6),
        ("MUL", 8, 8, 4),
        ("RETURN", 8),
        "end",
        ("RETURN", 1),
    ]
    check(items, [("f", "f")])


def test_registers_of_the_caller_that_the_callee_reads(way):
    items = [
        ("LOAD_CONST", 0, 2),
        ("LOAD_CONST", 1, 0.5),
        ("MUL", 2, 0, 1),
        ("ADD", 3, 0, 0),
        ("LOAD_CONST", 4, "f"),
        ("CALL", 4, 5, (0,)),
        ("DEBUG_PRINT", 2),
        ("RETURN", 5),
        "f",
        ("ADD", 2, 2, 3),
        ("ADD", 0, 0, 2),
        ("RETURN", 0),
    ]
    check(items, [("f", "f")])


def test_a_container_that_the_callee_stores_into_is_the_callers(way):
    items = [
        ("LOAD_CONST", 0, 1),
        ("NEW_ARRAY", 1, 0),
        ("LOAD_CONST", 2, 0),
        ("ARRAY_SET", 1, 2, 0),
        ("LOAD_CONST", 4, "f"),
        ("CALL", 4, 5, (1, 2)),
        ("DEBUG_PRINT", 1),
        ("DEBUG_PRINT", 5),
        ("RETURN", 5),
        "f",
        ("LOAD_CONST", 2, 2.5),
        ("ARRAY_SET", 0, 1, 2),
        ("RETURN", 0),
    ]
    check(items, [("f", "f")])


def test_what_needs_boxes_gets_those_that_it_reads(way):
    """Numbers change before and after instructions of all kinds of operands."""
    items = [
        ("LOAD_CONST", 0, 1),
        ("LOAD_CONST", 1, 2.5),
        ("DICT_NEW", 2),
        "next",
        ("ADD", 0, 0, 0),
        ("ADD", 1, 1, 0),
        ("LOAD_CONST", 3, "k"),
        ("CONCAT_STR", 3, 3, 0),
        ("DICT_SET", 2, 3, 1),
        ("DICT_GET", 4, 2, 3),
        ("SUB", 4, 4, 0),
        ("CAST", 5, 4, 2),
        ("CHECK_TYPE", 6, 5, 2),
        ("DEBUG_PRINT", 5),
        ("DEBUG_PRINT", 6),
        ("LOAD_CONST", 7, 100),
        ("ASSERT", 0, 2, "large", (0, 1000)),
        ("LT", 7, 0, 7),
        ("JUMP_IF", 7, "next"),
        ("DEBUG_PRINT", 2),
        ("DICT_LEN", 2, 2),
        ("ADD", 2, 2, 1),
        ("RETURN", 2),
    ]
    check(items)


def test_assertions_on_numbers_that_no_box_has(way):
    for value in (3, 400, -1):
        for condition, bounds in ((0, None), (1, None), (2, (0, 500))):
            items = [
                ("LOAD_CONST", 0, value),
                ("ADD", 0, 0, 0),
                ("ASSERT", 0, condition, "wrong", bounds),
                ("RETURN", 0),
            ]
            check(items)


def test_a_result_of_a_built_in_function_where_a_number_was(way):
    items = [
        ("LOAD_CONST", 0, -4),
        ("ADD", 1, 0, 0),
        ("LOAD_CONST", 2, "abs"),
        ("CALL", 2, 1, (0,)),
        ("ADD", 1, 1, 0),
        ("RETURN", 1),
    ]
    assert run_module(make_module(items, version=2)).result == "Int(0)"


def test_a_number_in_the_place_of_a_container_lets_it_go():
    """The frame would keep it, which may take much memory."""
    frame = Frame(1)
    registers.set_boxed(frame.registers, 0, w_empty)
    registers.write_unboxed(frame.registers, 0, registers.INT | registers.CHANGED, 5)
    assert frame.registers == [None]
    registers.box_all(frame.registers, 1)
    assert frame.registers[0].intval == 5


def test_map_and_fold_keep_what_the_caller_has(way):
    items = [
        ("LOAD_CONST", 0, 3),
        ("NEW_ARRAY", 1, 0),
        ("LOAD_CONST", 2, 0),
        ("ARRAY_SET", 1, 2, 0),
        ("LOAD_CONST", 3, 1),
        ("ARRAY_SET", 1, 3, 2),
        ("LOAD_CONST", 4, 2),
        ("ARRAY_SET", 1, 4, 4),
        ("ADD", 5, 4, 4),
        ("LOAD_CONST", 6, "map"),
        ("LOAD_CONST", 7, "double"),
        ("CALL", 6, 8, (1, 7)),
        ("DEBUG_PRINT", 8),
        ("LOAD_CONST", 6, "fold"),
        ("LOAD_CONST", 7, "sum"),
        ("CALL", 6, 8, (1, 7, 5)),
        ("ADD", 8, 8, 5),
        ("RETURN", 8),
        "double",
        ("ADD", 0, 0, 0),
        ("RETURN", 0),
        "sum",
        ("LOAD_CONST", 2, "double"),
        ("CALL", 2, 3, (1,)),
        ("ADD", 0, 0, 3),
        ("RETURN", 0),
    ]
    outcome = run_module(make_module(items, [("double", "double"), ("sum", "sum")], version=2))
    assert outcome.output == "Array([Int(6), Int(0), Int(4)])\n"
    assert outcome.result == "Int(18)"
    assert loaded.saved == loaded.count == 0


class RunsAnother(HostFunctions):
    """A host whose function runs a program of other constants."""

    def has(self, name):
        return True

    def call(self, name, arguments):
        inner = make_module(
            [("LOAD_CONST", 0, 41), ("LOAD_CONST", 1, 1), ("ADD", 0, 0, 1), ("RETURN", 0)]
        )
        return interpreter.execute_program(lower(inner, LoweringOptions()))


def test_a_program_that_runs_within_another_has_its_own_constants_and_registers(way):
    items = [
        ("LOAD_CONST", 0, 5),
        ("LOAD_CONST", 1, 2.5),
        ("ADD", 2, 0, 0),
        ("LOAD_CONST", 3, "ask"),
        ("CALL", 3, 4, (2,)),
        ("MUL", 5, 4, 2),
        ("LOAD_CONST", 6, 2.5),
        ("MUL", 5, 5, 6),
        ("RETURN", 5),
    ]
    outcome = run_module(make_module(items, version=2), host_functions=RunsAnother())
    assert outcome.result == "Float(1050.0)"
    assert loaded.saved == loaded.count == 0


def test_memory_that_ends_while_boxes_are_made(monkeypatch):
    def no_memory(kind, value):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(registers, "box", no_memory)
        patched.setattr(interp, "box", no_memory)
        assert run_module(make_module(COUNTING)).error == "Out of memory"
        printed = make_module([("LOAD_CONST", 0, 1), ("ADD", 0, 0, 0), ("DEBUG_PRINT", 0)])
        outcome = run_module(printed)
        assert outcome.error == "Out of memory"
        assert outcome.failed_at == 2
    assert loaded.saved == loaded.count == 0
    assert run_module(make_module(COUNTING)).result == "Float(1000.5)"
