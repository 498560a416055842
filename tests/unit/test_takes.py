"""Taking elements and globals: where the old place is overwritten before anybody can look, and nowhere else."""
import pytest

from mdvm.analysis import Analysis
from mdvm.takes import find_takes
from programs import make_module, run


def takes(items, functions=()):
    """-> list of int: the instructions that take."""
    analysis = Analysis(make_module(items, functions))
    found = find_takes(analysis, analysis.find_uses())
    return [index for index in range(len(found)) if found[index]]


GET = ("ARRAY_GET", 1, 0, 5)
CHANGE = ("ARRAY_SET", 1, 6, 7)
PUT_BACK = ("ARRAY_SET", 0, 5, 1)
END = ("RETURN", 0)


def test_an_element_that_is_stored_back_is_taken():
    assert takes([GET, CHANGE, PUT_BACK, END]) == [0]


def test_an_entry_that_is_stored_back_is_taken():
    assert takes([("DICT_GET", 1, 0, 5), CHANGE, ("DICT_SET", 0, 5, 1), END]) == [0]


def test_a_global_that_is_stored_back_is_taken():
    assert takes([("LOAD_GLOBAL", 0, "g"), ("ARRAY_SET", 0, 1, 2), ("STORE_GLOBAL", 0, "g"), ("RETURN", 2)]) == [0]


def test_inner_elements_are_taken_too():
    assert takes([GET, ("ARRAY_GET", 2, 1, 6), ("ARRAY_SET", 2, 8, 9), ("ARRAY_SET", 1, 6, 2), PUT_BACK, END]) == [0, 1]


def test_the_container_may_move_on_meanwhile():
    assert takes([GET, CHANGE, ("MOVE", 3, 0), ("ARRAY_SET", 3, 5, 1), ("RETURN", 3)]) == [0]


@pytest.mark.parametrize("between", [
    ("ARRAY_GET", 2, 0, 6),             # the container is looked at
    ("MOVE", 2, 0),                     # it has a second holder
    ("STORE_GLOBAL", 0, "g"),
    ("CALL", 9, 2, ()),                 # the callee may look
    ("LOAD_CONST", 5, 3),               # it is stored back elsewhere
    ("ARRAY_SET", 0, 6, 7),             # something else is stored first
    ("DEBUG_PRINT", 0),
    ("NEW_ARRAY", 0, 6),
], ids=lambda instruction: instruction[0])
def test_an_element_that_might_be_seen_is_not_taken(between):
    assert takes([GET, between, CHANGE, PUT_BACK, END], [("f", 4)]) == []


def test_nothing_is_taken_over_the_end_of_a_block():
    assert takes([GET, ("JUMP_IF", 1, "end"), CHANGE, PUT_BACK, "end", END]) == []


def test_the_container_itself_stored_back_does_not_count():
    assert takes([GET, ("ARRAY_SET", 0, 5, 0), END]) == []


def test_a_global_that_might_be_seen_is_not_taken():
    load, store = ("LOAD_GLOBAL", 0, "g"), ("STORE_GLOBAL", 0, "g")
    assert takes([load, ("CALL", 9, 2, ()), store, END], [("f", 3)]) == []
    assert takes([load, ("LOAD_GLOBAL", 1, "g"), store, END]) == [1]
    assert takes([load, ("STORE_GLOBAL", 0, "h"), END]) == []


def test_a_shared_outer_array_keeps_its_old_elements():
    outcome = run([
        ("LOAD_CONST", 5, 0), ("LOAD_CONST", 6, 1), ("LOAD_CONST", 7, 9),
        ("NEW_ARRAY", 1, 6), ("NEW_ARRAY", 0, 6), ("ARRAY_SET", 0, 5, 1),
        ("MOVE", 3, 0),
        ("ARRAY_GET", 1, 0, 5), ("ARRAY_SET", 1, 5, 7), ("ARRAY_SET", 0, 5, 1),
        ("DEBUG_PRINT", 3), ("DEBUG_PRINT", 0)])
    assert outcome.output == "Array([Array([Empty])])\nArray([Array([Int(9)])])\n"
