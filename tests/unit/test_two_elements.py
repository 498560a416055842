"""Two elements of one container that are got, changed and stored back: neither is copied, and if
they turn out to be the same element, neither sees what is stored into the other.
"""

import itertools

import pytest

from mdvm.interp import interpreter
from mdvm.lowering.code import LoweringOptions
from mdvm.lowering.lower import lower
from mdvm.opcodes import op
from mdvm.run_state import run_state
from tests.unit.model import Model
from tests.unit.programs import Collected, make_module, run_module
from tests.unit.test_swaps import PREPARE, SHOW

# r0 is an array of two arrays, r1 a dict of two; r8 is 0, r9 1, r6 "a", r7 "b".
ARRAY = ("ARRAY_GET", "ARRAY_SET", 0, 8, 9)
DICT = ("DICT_GET", "DICT_SET", 1, 6, 7)
SAME_KEYS = [("MOVE", 9, 8), ("MOVE", 7, 6)]


def loads(kind, first=3, second=4):
    get, _, container, one, other = kind
    return [(get, first, container, one), (get, second, container, other)]


def changes(first=3, second=4):
    return [("ARRAY_SET", first, 8, 10), ("ARRAY_SET", second, 8, 8)]


def stores(kind, first=3, second=4):
    _, put, container, one, other = kind
    return [(put, container, one, first), (put, container, other, second)]


def module_of(items, before):
    items = PREPARE + before + items + SHOW + [("RETURN", 0)]
    return make_module(items + [("DEBUG_PRINT", 0), ("RETURN",)], [("f", len(items))])


def check(items, before=()):
    module = module_of(items, list(before))
    assert run_module(module).summary() == Model(module).run()


def copied_by(items):
    module = make_module(PREPARE + items + [("RETURN", 0)])
    run_state.output = Collected()
    run_state.copied_containers = 0
    interpreter.execute_program(lower(module, LoweringOptions()))
    return run_state.copied_containers


@pytest.mark.parametrize("kind", [ARRAY, DICT])
@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_both_are_changed_in_place(kind, order):
    changing = [(changes() + stores(kind))[position] for position in order]
    items = loads(kind) + changing
    for before in ([], SAME_KEYS):
        check(items, before)
        check(items + items, before)
    if order.index(0) < order.index(2) and order.index(1) < order.index(3):
        forget = [("LOAD_CONST", 3, 0), ("LOAD_CONST", 4, 0)]
        assert copied_by(items + forget) == 0


@pytest.mark.parametrize("kind", [ARRAY, DICT])
@pytest.mark.parametrize(
    "between",
    [
        [("JUMP", 0)],
        [("JUMP_IF", 8, 1), ("JUMP", 0)],
        [("MOVE", 5, 4), ("MOVE", 4, 3)],
        [("LOAD_CONST", 5, "f"), ("CALL", 5, 5, ())],
        [("STORE_GLOBAL", 4, "g")],
        [("DEBUG_PRINT", 4)],
    ],
)
@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_whatever_lies_between(kind, between, at):
    items = loads(kind) + changes() + stores(kind)
    items = items[:at] + between + items[at:]
    if at == 1 and between[0][0] != "JUMP":
        items = [("ARRAY_GET", 4, 0, 9)] + items
    for before in ([], SAME_KEYS, [("ARRAY_GET", 5, 0, 8), ("ARRAY_SET", 0, 9, 5)]):
        check(items, before)


@pytest.mark.parametrize("kind", [ARRAY, DICT])
@pytest.mark.parametrize("before", [[], SAME_KEYS])
def test_one_that_is_only_looked_at(kind, before):
    look = [("ARRAY_GET", 5, 4, 8), ("DEBUG_PRINT", 5)]
    change = changes()[:1]
    store = stores(kind)[:1]
    check(loads(kind) + look + change + store, before)
    check(loads(kind) + change + look + store, before)
    check(loads(kind) + change + store + look, before)
    check(loads(kind) + change + [("DEBUG_PRINT", 4)] + store, before)


def test_what_is_compared_may_never_have_been_loaded():
    get, _, container, one, other = ARRAY
    skipped = [("JUMP_IF", 8, 1), ("JUMP", 1), (get, 3, container, one)]
    items = skipped + loads(ARRAY)[1:] + changes()[1:] + stores(ARRAY)[1:]
    tail = [("JUMP_IF", 8, 1), ("JUMP", 2)] + changes()[:1] + stores(ARRAY)[:1]
    check(items + [("LOAD_CONST", 3, 0)])
    check(items + tail + [("LOAD_CONST", 3, 0)])


def test_elements_in_a_loop_meet():
    # r3 = m[0]; for each j: r4 = m[j], changed and stored back; r3 changed and stored back
    get, put, container, one, other = ARRAY
    loop = [(get, 4, container, 5), ("ARRAY_SET", 4, 8, 10), (put, container, 5, 4)]
    loop += [("ADD", 5, 5, 11), ("LT", 12, 5, 10), ("JUMP_IF", 12, -6)]
    items = [("LOAD_CONST", 5, 0), ("LOAD_CONST", 11, 1), (get, 3, container, one)] + loop
    items += [("ARRAY_SET", 3, 9, 10), (put, container, one, 3)]
    check(items)
    check(items + items)


def test_a_swap_is_not_compared():
    swap = loads(ARRAY) + [("ARRAY_SET", 0, 8, 4), ("ARRAY_SET", 0, 9, 3)]
    module = module_of(swap + [("LOAD_CONST", 3, 0), ("LOAD_CONST", 4, 0)], [])
    body = lower(module, LoweringOptions()).start().body
    assert op.SHARE_IF_SAME not in body.ops
