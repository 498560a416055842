"""An element or global that is only looked at is not shared, so the next store to it copies
nothing; and yet whoever looks sees what was there when it was got.
"""

import random

import pytest

from mdvm.interp import interpreter
from mdvm.lowering.code import LoweringOptions
from mdvm.lowering.lower import lower
from mdvm.opcodes import LOWERED_OPCODES
from mdvm.run_state import run_state
from tests.amounts import some
from tests.unit.model import Model, TooLong
from tests.unit.programs import NESTED, Collected, make_module, run_module

# And r6 is "f".
PREPARE = NESTED + [("LOAD_CONST", 6, "f")]

GETS = [
    (("ARRAY_GET", 3, 0, 9), "ARRAY_GET_BORROWED"),
    (("DICT_GET", 3, 1, 7), "DICT_GET_BORROWED"),
    (("LOAD_GLOBAL", 3, "g"), "LOAD_BORROWED_GLOBAL"),
]

# What takes the same element or global, changes it and stores it back.
CHANGES = {
    "ARRAY_GET": [("ARRAY_GET", 4, 0, 9), ("ARRAY_SET", 4, 8, 8), ("ARRAY_SET", 0, 9, 4)],
    "DICT_GET": [("DICT_GET", 4, 1, 7), ("ARRAY_SET", 4, 8, 8), ("DICT_SET", 1, 7, 4)],
    "LOAD_GLOBAL": [("LOAD_GLOBAL", 4, "g"), ("ARRAY_SET", 4, 8, 8), ("STORE_GLOBAL", 4, "g")],
}

LOOK = [("ARRAY_GET", 5, 3, 9), ("ARRAY_LEN", 5, 3), ("EQ", 5, 3, 3), ("DEBUG_PRINT", 3)]

gets = pytest.mark.parametrize("get, borrow", GETS)


def module_of(items, callee=()):
    body = PREPARE + list(items) + [("RETURN",)]
    return make_module(body + list(callee) + [("RETURN",)], [("f", len(body))])


def borrows_in(items, callee=()):
    """-> the names of the instructions of the main program that borrow."""
    names = dict((row.number, row.name) for row in LOWERED_OPCODES)
    body = lower(module_of(items, callee), LoweringOptions()).start().body
    found = [names.get(body.ops[at], "") for at in sorted(set(body.origins))]
    return [name for name in found if "BORROWED" in name]


def check(items, callee=()):
    module = module_of(items, callee)
    assert run_module(module).summary() == Model(module).run()


@gets
@pytest.mark.parametrize("look", LOOK)
def test_what_is_only_looked_at_is_borrowed(get, borrow, look):
    assert borrow in borrows_in([get, look])
    check([get, look])


def test_what_is_borrowed_is_not_copied():
    items = [("ARRAY_GET", 3, 0, 9), ("ARRAY_GET", 4, 3, 9)] + CHANGES["ARRAY_GET"]
    code = lower(make_module(PREPARE + items + [("RETURN", 0)]), LoweringOptions())
    run_state.output = Collected()
    w_outer = interpreter.execute_program(code)
    assert not w_outer.shared
    assert not w_outer.get(0).shared


@gets
@pytest.mark.parametrize(
    "use",
    [
        ("ARRAY_SET", 3, 8, 8),
        ("MOVE", 5, 3),
        ("STORE_GLOBAL", 3, "h"),
        ("ARRAY_SET", 0, 8, 3),
        ("DICT_SET", 1, 7, 3),
        ("RETURN", 3),
    ],
)
def test_what_is_kept_or_stored_into_is_shared(get, borrow, use):
    items = [get, use, ("DEBUG_PRINT", 5), ("ARRAY_SET", 5, 9, 8)]
    assert borrow not in borrows_in(items)
    check(items + [get, ("DEBUG_PRINT", 3)])


@gets
def test_what_is_looked_at_after_its_holder_was_changed_is_shared(get, borrow):
    items = [get] + CHANGES[get[0]] + [("DEBUG_PRINT", 3)]
    assert borrow not in borrows_in(items)
    check(items)


@gets
def test_what_is_looked_at_before_its_holder_is_changed_is_borrowed(get, borrow):
    items = [get, ("DEBUG_PRINT", 3)] + CHANGES[get[0]] + [get, ("DEBUG_PRINT", 3)]
    assert borrows_in(items).count(borrow) == 2
    check(items)


@gets
def test_a_callee_that_may_store_ends_a_borrow(get, borrow):
    items = [get, ("CALL", 6, 5, ()), ("DEBUG_PRINT", 3)]
    stores = [("LOAD_GLOBAL", 4, "g"), ("ARRAY_SET", 4, 8, 8), ("STORE_GLOBAL", 4, "g")]
    assert borrow not in borrows_in(items, stores)
    check(items, stores)
    looks = [("LOAD_GLOBAL", 4, "g"), ("ARRAY_GET", 4, 4, 8)]
    assert borrow in borrows_in(items, looks)
    check(items, looks)


def test_an_argument_may_be_a_borrow():
    items = [("LOAD_GLOBAL", 3, "g"), ("CALL", 6, 5, (3,)), ("DEBUG_PRINT", 5)]
    looks = [("ARRAY_LEN", 1, 0), ("RETURN", 1)]
    assert "LOAD_BORROWED_GLOBAL" in borrows_in(items, looks)
    check(items, looks)
    keeps = [("STORE_GLOBAL", 0, "h")]
    assert "LOAD_BORROWED_GLOBAL" not in borrows_in(items, keeps)
    check(items, keeps)
    # The callee changes in place what its argument borrows.
    changes = CHANGES["LOAD_GLOBAL"] + [("DEBUG_PRINT", 0)]
    assert "LOAD_BORROWED_GLOBAL" not in borrows_in(items, changes)
    check(items, changes)


def test_a_borrow_lasts_around_a_loop():
    # while r10 < 2: print r3 at 0; r10 += 1
    items = [
        ("LOAD_CONST", 10, 0),
        ("LOAD_CONST", 11, 2),
        ("LOAD_GLOBAL", 3, "g"),
        ("ARRAY_GET", 5, 3, 9),
        ("DEBUG_PRINT", 5),
        ("ADD", 10, 10, 8),
        ("LT", 12, 10, 11),
        ("JUMP_IF", 12, -5),
    ]
    assert "LOAD_BORROWED_GLOBAL" in borrows_in(items)
    check(items)
    changing = items[:5] + CHANGES["LOAD_GLOBAL"] + items[5:7] + [("JUMP_IF", 12, -8)]
    assert "LOAD_BORROWED_GLOBAL" not in borrows_in(changing)
    check(changing)


# ____________________________________________________________ random programs

# Registers 0 to 2 hold arrays of two arrays, 3 to 5 arrays of two numbers, 8 and 9 the indices.
OUTER, INNER, INDICES = (0, 1, 2), (3, 4, 5), (9, 8)
OUTER_GLOBALS, INNER_GLOBALS = ("G", "H"), ("g", "h")


def _random_statement(rng, callees):
    outer, inner, index = rng.choice(OUTER), rng.choice(INNER), rng.choice(INDICES)
    other_outer, other_inner = rng.choice(OUTER), rng.choice(INNER)
    kind = rng.randrange(20)
    if kind == 0:
        return [("LOAD_GLOBAL", outer, rng.choice(OUTER_GLOBALS))]
    if kind == 1:
        return [("LOAD_GLOBAL", inner, rng.choice(INNER_GLOBALS))]
    if kind == 2:
        return [("STORE_GLOBAL", outer, rng.choice(OUTER_GLOBALS))]
    if kind == 3:
        return [("STORE_GLOBAL", inner, rng.choice(INNER_GLOBALS))]
    if kind in (4, 5):
        return [("ARRAY_GET", inner, outer, index)]
    if kind == 6:
        return [("ARRAY_SET", outer, index, inner)]
    if kind == 7:
        return [("ADD", 7, 7, 8), ("ARRAY_SET", inner, index, 7)]
    if kind == 8:
        return [rng.choice([("MOVE", outer, other_outer), ("MOVE", inner, other_inner)])]
    if kind == 9:
        return [("DEBUG_PRINT", rng.choice(OUTER + INNER))]
    if kind == 10:
        return [("ARRAY_GET", 6, inner, index), ("DEBUG_PRINT", 6)]
    if kind == 11:  # G[i][j] = number
        name = rng.choice(OUTER_GLOBALS)
        return [
            ("LOAD_GLOBAL", outer, name),
            ("ARRAY_GET", inner, outer, index),
            ("ADD", 7, 7, 8),
            ("ARRAY_SET", inner, rng.choice(INDICES), 7),
            ("ARRAY_SET", outer, index, inner),
            ("STORE_GLOBAL", outer, name),
        ]
    if kind == 12:  # g[j] = number
        name = rng.choice(INNER_GLOBALS)
        return [
            ("LOAD_GLOBAL", inner, name),
            ("ADD", 7, 7, 8),
            ("ARRAY_SET", inner, index, 7),
            ("STORE_GLOBAL", inner, name),
        ]
    if kind in (13, 16, 17, 18, 19) and callees:
        arguments = [rng.choice(OUTER) for _ in OUTER] + [rng.choice(INNER) for _ in INNER]
        given = rng.randrange(7)
        return [
            ("LOAD_CONST", 13, rng.choice(callees)),
            ("CALL", 13, inner, tuple(arguments[:given])),
        ]
    if kind == 14:
        skipped = [step for _ in range(2) for step in _random_statement(rng, callees)]
        return [
            ("ARRAY_GET", 6, inner, index),
            ("LT", 6, 6, 7),
            ("JUMP_IF", 6, len(skipped)),
        ] + skipped
    return [("ARRAY_LEN", 6, rng.choice(OUTER + INNER)), ("EQ", 6, inner, other_inner)]


def _random_body(rng, size, callees):
    body = [step for _ in range(size) for step in _random_statement(rng, callees)]
    if rng.randrange(2):  # three times
        register = 10 if callees else 11
        body = (
            [("LOAD_CONST", register, 0)]
            + body
            + [
                ("ADD", register, register, 8),
                ("LOAD_CONST", 12, 3),
                ("LT", 12, register, 12),
                ("JUMP_IF", 12, -len(body) - 4),
            ]
        )
    return body


def random_module(seed):
    rng = random.Random(seed)
    items = [("LOAD_CONST", 9, 0), ("LOAD_CONST", 8, 1), ("LOAD_CONST", 7, 10)]
    items.append(("LOAD_CONST", 6, 2))
    for register in INNER:
        items += [("NEW_ARRAY", register, 6), ("ARRAY_SET", register, 9, 7)]
        items += [("ADD", 7, 7, 8), ("ARRAY_SET", register, 8, 7)]
    for register in OUTER:
        items.append(("NEW_ARRAY", register, 6))
        for index in INDICES:
            items.append(("ARRAY_SET", register, index, rng.choice(INNER)))
    items += [("STORE_GLOBAL", 0, "G"), ("STORE_GLOBAL", 1, "H")]
    items += [("STORE_GLOBAL", 3, "g"), ("STORE_GLOBAL", 4, "h")]
    items += _random_body(rng, rng.randrange(4, 16), ("e", "f"))
    items += [("DEBUG_PRINT", register) for register in OUTER + INNER]
    for name in OUTER_GLOBALS + INNER_GLOBALS:
        items += [("LOAD_GLOBAL", 6, name), ("DEBUG_PRINT", 6)]
    items.append(("RETURN",))
    functions = []
    for name in ("e", "f"):
        functions.append((name, len(items)))
        items += _random_body(rng, rng.randrange(1, 6), ("e",) if name == "f" else ())
        items.append(("RETURN", rng.choice(INNER)))
    return make_module(items, functions)


@pytest.mark.parametrize("batch", range(8))
def test_random_programs_with_nested_arrays_mean_the_same(batch):
    for number_in_batch in range(some(100)):
        seed = "%d %d" % (batch, number_in_batch)
        module = random_module(seed)
        try:
            expected = Model(module, 5000).run()
        except TooLong:
            continue
        assert run_module(module).summary() == expected, seed
