"""Two elements that change places are not shared, whether or not they are the same one; and whoever
else holds one of them sees no later change.
"""

import pytest

from mdvm.interp import interpreter
from mdvm.lowering.code import LoweringOptions
from mdvm.lowering.lower import lower
from mdvm.opcodes import LOWERED_OPCODES, op
from mdvm.run_state import run_state
from tests.unit.model import Model
from tests.unit.programs import Collected, make_module, run_module

# r0 is an array of two arrays of ints, r1 a dict of such; r8 is 0, r9 1, r6 "a", r7 "b".
PREPARE = [("LOAD_CONST", 8, 0), ("LOAD_CONST", 9, 1), ("LOAD_CONST", 10, 2), ("DICT_NEW", 1)]
PREPARE += [("LOAD_CONST", 6, "a"), ("LOAD_CONST", 7, "b"), ("NEW_ARRAY", 0, 10)]
for _key, _index in ((6, 8), (7, 9)):
    PREPARE += [("NEW_ARRAY", 2, 10), ("ARRAY_SET", 2, 8, _index), ("ARRAY_SET", 2, 9, _index)]
    PREPARE += [("ARRAY_SET", 0, _index, 2), ("NEW_ARRAY", 2, 10), ("ARRAY_SET", 2, 8, _index)]
    PREPARE += [("DICT_SET", 1, _key, 2)]
PREPARE += [("LOAD_CONST", 2, 0)]

SWAP = [("ARRAY_GET", 3, 0, 8), ("ARRAY_GET", 4, 0, 9), ("ARRAY_SET", 0, 8, 4)]
SWAP += [("ARRAY_SET", 0, 9, 3)]
DICT_SWAP = [("DICT_GET", 3, 1, 6), ("DICT_GET", 4, 1, 7), ("DICT_SET", 1, 7, 3)]
DICT_SWAP += [("DICT_SET", 1, 6, 4)]
DIE = [("LOAD_CONST", 3, 0), ("LOAD_CONST", 4, 0), ("LOAD_CONST", 5, 0)]
CHANGE = [("ARRAY_GET", 5, 0, 8), ("ARRAY_SET", 5, 8, 10), ("ARRAY_SET", 0, 8, 5)]
SHOW = [("DEBUG_PRINT", register) for register in (0, 1, 3, 4, 5)]


def module_of(items):
    """A function f prints what its caller has in r0."""
    items = PREPARE + items + [("RETURN", 0)]
    return make_module(items + [("DEBUG_PRINT", 0), ("RETURN",)], [("f", len(items))])


def owned_in(items):
    module = module_of(items + SHOW)
    names = dict((row.number, row.name) for row in LOWERED_OPCODES)
    body = lower(module, LoweringOptions()).start().body
    starts = sorted(set(body.origins))
    return [names[body.ops[at]] for at in starts if "OWNED" in names.get(body.ops[at], "")]


def is_compared(items):
    """Whether the second element is owned too because it is compared with the first."""
    body = lower(module_of(items + SHOW), LoweringOptions()).start().body
    return op.SHARE_IF_SAME in body.ops


def check(items):
    module = module_of(items + CHANGE + SHOW)
    assert run_module(module).summary() == Model(module).run()


@pytest.mark.parametrize("swap, name", [(SWAP, "ARRAY_GET_OWNED"), (DICT_SWAP, "DICT_GET_OWNED")])
@pytest.mark.parametrize("between", [[], [("LOAD_CONST", 5, 7)], [("ADD", 5, 8, 9)]])
def test_both_loads_are_owned(swap, name, between):
    for at in range(1, 3):
        items = swap[:at] + between + swap[at:] + DIE
        assert owned_in(items) == [name, name]
        check(items)


def test_nothing_is_copied_after_a_swap():
    module = make_module(PREPARE + SWAP + DIE + CHANGE + [("RETURN", 0)])
    run_state.output = Collected()
    run_state.copied_containers = 0
    w_outer = interpreter.execute_program(lower(module, LoweringOptions()))
    assert run_state.copied_containers == 0
    assert not w_outer.get(0).shared and not w_outer.get(1).shared


@pytest.mark.parametrize(
    "items",
    [
        SWAP,  # r3 and r4 are printed
        SWAP[:3] + [("ARRAY_SET", 0, 8, 3)] + DIE,
        SWAP[:3] + [("LOAD_CONST", 9, 0)] + SWAP[3:] + DIE,
        SWAP[:2] + [("DEBUG_PRINT", 0)] + SWAP[2:] + DIE,
        SWAP[:2] + [("MOVE", 5, 3)] + SWAP[2:] + DIE[:2],
        SWAP[:2] + [("MOVE", 5, 0)] + SWAP[2:] + DIE[:2],
        SWAP[:2] + [("ARRAY_SET", 3, 8, 10)] + SWAP[2:] + DIE,
        SWAP[:2] + [("JUMP", 0)] + SWAP[2:] + DIE,
        SWAP[:2] + SWAP[2:3] + SWAP[2:] + DIE,
        SWAP[:3] + [("ARRAY_SET", 0, 9, 4)] + DIE,
        [("NEW_ARRAY", 2, 10), ("ARRAY_SET", 2, 9, 0), SWAP[0], ("ARRAY_GET", 4, 2, 9)]
        + SWAP[2:]
        + DIE,
        SWAP[:2] + [("LOAD_CONST", 5, "f"), ("CALL", 5, 5, ())] + SWAP[2:] + DIE,
    ],
)
def test_what_is_no_swap(items):
    assert is_compared(items) or owned_in(items) in ([], ["ARRAY_GET_OWNED"])
    check(items)


@pytest.mark.parametrize("swap", [SWAP, DICT_SWAP])
@pytest.mark.parametrize(
    "before",
    [
        [("LOAD_CONST", 9, 0)],  # a place with itself
        [("ARRAY_GET", 5, 0, 8), ("ARRAY_SET", 0, 9, 5)],  # one element at both places
        [("MOVE", 5, 0), ("MOVE", 2, 1)],
        [("ARRAY_GET", 5, 0, 9)],
        [("STORE_GLOBAL", 0, "g"), ("LOAD_GLOBAL", 0, "g")],
        [("DICT_VALUES", 5, 1)],
    ],
)
def test_who_held_an_element_before_sees_no_change(swap, before):
    for times in (1, 2):
        check(before + swap * times + DIE[:2] + CHANGE[:0])
        check(before + swap * times + CHANGE + DIE[:2])
