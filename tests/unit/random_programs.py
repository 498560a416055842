"""Random programs that get far: what each register holds is mostly known, and jumps go anywhere
near.

A program is made from a plan, lists of small ints: a list of statements for the main program and
one for each of three functions. Hypothesis draws and shrinks plans, and `random_plan` makes one
from a seed. A callee may read what its caller had in any register, arguments overwrite a prefix of
them, and jumps are raw distances, so liveness is put to the test.
"""

from tests.unit.programs import Index, make_module

STATEMENT_SIZE = 5
LARGEST_CHOICE = 63
FUNCTIONS = ("f", "g", "h")

# What registers hold, mostly. The first ones are arguments' too, so argument i must be one that
# fits register i.
ANY = (0, 6, 33, 7, 70)
ARRAYS = (1, 2, 71)
DICTS = (3, 34)
INTS = (4, 5)
NAME = 8
KEY = 9
ALL = ANY + ARRAYS + DICTS + INTS
ARGUMENTS = (ANY, (1, 2), (2, 1), (3, 34), (5, 4), (4, 5), (33, 0))
VALUES = (None, True, False, 0, 1, 2, -1, 2.5, -0.0, 1.0, "x", "", "f")
KEYS = ("a", "b", "c")
ARRAY_SIZE = 3


def _pick(choices, number):
    return choices[number % len(choices)]


def _load(a, b, c, d):
    return [("LOAD_CONST", _pick(ANY, a), _pick(VALUES, b))]


def _load_int(a, b, c, d):
    return [("LOAD_CONST", _pick(INTS, a), b % ARRAY_SIZE)]


def _move(a, b, c, d):
    return [("MOVE", _pick(ANY, a), _pick(ALL, b))]


def _move_array(a, b, c, d):
    return [("MOVE", _pick(ARRAYS, a), _pick(ARRAYS, b))]


def _move_dict(a, b, c, d):
    return [("MOVE", _pick(DICTS, a), _pick(DICTS, b))]


def _store_by_way_of_another(a, b, c, d):
    """What a compiler makes of `array[index] = value`: the container goes to a temporary and comes
    back.
    """
    array, temporary = _pick(ARRAYS, a), _pick(ANY, d)
    return [
        ("MOVE", temporary, array),
        ("ARRAY_SET", temporary, _pick(INTS, b), _pick(ALL, c)),
        ("MOVE", array, temporary),
    ]


def _new_array(a, b, c, d):
    return [("LOAD_CONST", NAME, ARRAY_SIZE), ("NEW_ARRAY", _pick(ARRAYS, a), NAME)]


def _array_set(a, b, c, d):
    return [("ARRAY_SET", _pick(ARRAYS, a), _pick(INTS, b), _pick(ALL, c))]


def _array_get(a, b, c, d):
    return [("ARRAY_GET", _pick(ANY, a), _pick(ARRAYS, b), _pick(INTS, c))]


def _array_len(a, b, c, d):
    return [("ARRAY_LEN", _pick(ANY, a), _pick(ARRAYS, b))]


def _dict_set(a, b, c, d):
    return [("LOAD_CONST", KEY, _pick(KEYS, b)), ("DICT_SET", _pick(DICTS, a), KEY, _pick(ALL, c))]


def _dict_other(a, b, c, d):
    """KEY may hold anything here, so this fails now and then."""
    source = _pick(DICTS, b)
    return [
        _pick(
            [
                ("DICT_GET", _pick(ANY, a), source, KEY),
                ("DICT_REMOVE", source, KEY),
                ("DICT_CONTAINS", _pick(ANY, a), source, KEY),
                ("DICT_KEYS", _pick(ANY, a), source),
                ("DICT_VALUES", _pick(ANY, a), source),
                ("DICT_LEN", _pick(ANY, a), source),
                ("DICT_CLEAR", source),
                ("DICT_NEW", source),
            ],
            c,
        )
    ]


def _key(a, b, c, d):
    return [("LOAD_CONST", KEY, _pick(KEYS, a))]


def _logic(a, b, c, d):
    name = _pick(("EQ", "NEQ", "AND", "OR", "CONCAT_STR"), d)
    return [(name, _pick(ANY, a), _pick(ALL, b), _pick(ALL, c))]


def _not(a, b, c, d):
    return [("NOT", _pick(ANY, a), _pick(ALL, b))]


def _count_down(a, b, c, d):
    """A loop of one instruction or more: the int below it goes down to zero."""
    counter = _pick(INTS, a)
    return [
        ("LOAD_CONST", NAME, 1),
        ("SUB", counter, counter, NAME),
        ("JUMP_IF", counter, -3 - b % 5),
        ("LOAD_CONST", counter, c % ARRAY_SIZE),
    ]


def _compare(a, b, c, d):
    return [(_pick(("LT", "GT", "LTE", "GTE"), d), _pick(ANY, a), _pick(INTS, b), _pick(INTS, c))]


def _arithmetic(a, b, c, d):
    right = _pick(ALL if d > 55 else INTS, c)
    return [(_pick(("ADD", "SUB", "MUL", "DIV", "MOD"), d), _pick(ANY, a), _pick(INTS, b), right)]


def _cast(a, b, c, d):
    return [("CAST", _pick(ANY, a), _pick(ALL, b), _pick((1, 4), c))]


def _store_global(a, b, c, d):
    return [("STORE_GLOBAL", _pick(ALL, a), _pick(("u", "v"), b))]


def _load_global(a, b, c, d):
    return [("LOAD_GLOBAL", _pick(ANY, a), _pick(("u", "v"), b))]


def _define(a, b, c, d):
    return [("DEFINE", _pick(ALL, a), _pick((0, 1, 2, 4, 7, 99), b))]


def _check_type(a, b, c, d):
    return [("CHECK_TYPE", _pick(ANY, a), _pick(ALL, b), _pick((0, 1, 2, 3, 4, 7, 8), c))]


def _print(a, b, c, d):
    return [("DEBUG_PRINT", _pick(ALL, a))]


def _jump(a, b, c, d):
    return [("JUMP", 1 + a % 5)]


def _jump_if(a, b, c, d):
    return [(_pick(("JUMP_IF", "JUMP_IF_NOT"), a), _pick(ALL, b), c % 12 - 2)]


def _phi(a, b, c, d):
    """The labels name jumps of the first part of the program, where most are."""
    return [
        (
            "PHI",
            _pick(ANY, a),
            tuple([(_pick(ALL, b + turn), (c + turn * d) % 40) for turn in range(d % 4)]),
        )
    ]


def _phi_of_the_last_jump(a, b, c, d):
    """A jump over one instruction, and a PHI that knows it; `here` stands for the index of the jump
    before.
    """
    return [
        ("JUMP_IF", _pick(ALL, a), 1),
        ("LOAD_CONST", _pick(ANY, b), "skipped"),
        ("PHI", _pick(ANY, c), ((_pick(ALL, d), "here"), (_pick(ALL, a), 3))),
    ]


def _call(a, b, c, d):
    arguments = tuple(
        [
            _pick(ARGUMENTS[position], b + position * c)
            for position in range(c % (len(ARGUMENTS) + 1))
        ]
    )
    return [("LOAD_CONST", NAME, _pick(FUNCTIONS, a)), ("CALL", NAME, _pick(ANY, d), arguments)]


def _call_unknown(a, b, c, d):
    """A call of whatever the register holds by then, or by the number of a function."""
    if a % 8 == 1:
        return [("CALL", _pick((NAME, 0, 4), b), _pick(ANY, d), ())]
    return [
        ("CONCAT_STR", NAME, _pick(ANY, b), KEY),
        ("LOAD_CONST", KEY, "g"),
        ("LOAD_CONST", NAME, ""),
        ("CONCAT_STR", NAME, NAME, KEY),
        ("CALL", NAME, _pick(ANY, d), (0,)[: c % 2]),
    ]


def _call_result_of_call(a, b, c, d):
    """The name of the second function is what the first one returned, if it returned anything."""
    return [
        ("LOAD_CONST", NAME, _pick(FUNCTIONS, a)),
        ("CALL", NAME, NAME, ()),
        ("CALL", NAME, _pick(ANY, d), ()),
    ]


def _two_holders(a, b, c, d):
    """One array in two places, of which one is changed."""
    one = _pick(ARRAYS, a)
    other = _pick(ARRAYS, a + 1 + b % 2)
    index = _pick(INTS, c)
    load_key = ("LOAD_CONST", KEY, _pick(KEYS, c))
    holder = _pick(DICTS, b)
    way = _pick(
        [
            [("ARRAY_SET", one, index, other), ("ARRAY_GET", other, one, index)],
            [load_key, ("DICT_SET", holder, KEY, one), ("DICT_GET", other, holder, KEY)],
            [("STORE_GLOBAL", one, "u"), ("LOAD_GLOBAL", other, "u")],
            [
                load_key,
                ("DICT_NEW", holder),
                ("DICT_SET", holder, KEY, one),
                ("DICT_VALUES", 0, holder),
                ("LOAD_CONST", index, 0),
                ("ARRAY_GET", other, 0, index),
            ],
            [("JUMP", 0), ("PHI", other, ((one, "here"),))],
            [("MOVE", other, one)],
            [
                ("LOAD_CONST", KEY, 1),
                ("NEW_ARRAY", 0, KEY),
                ("LOAD_CONST", index, 0),
                ("ARRAY_SET", 0, index, one),
                ("MOVE", 33, 0),
                ("ARRAY_SET", 33, index, index),
                ("ARRAY_GET", other, 0, index),
            ],
        ],
        a // 4 + d,
    )
    changed, shown = (one, other) if d % 2 else (other, one)
    return (
        way
        + [
            ("ARRAY_SET", changed, index, _pick(ANY, b)),
            ("DEBUG_PRINT", shown),
            ("DEBUG_PRINT", holder),
        ][: 1 + d % 3]
    )


def _change_element(a, b, c, d):
    """An element that is a container is got, changed and stored back, with perhaps something in
    between that looks.
    """
    outer, index = _pick(ARRAYS, a), _pick(INTS, b)
    inner = _pick(ANY, c)
    between = _pick(
        [
            [],
            [],
            [("DEBUG_PRINT", outer)],
            [("MOVE", 33, outer)],
            [("MOVE", 70, inner)],
            [("ARRAY_GET", 7, outer, index)],
            [("STORE_GLOBAL", inner, "u")],
            [("LOAD_CONST", index, 1)],
            [("LOAD_CONST", NAME, "f"), ("CALL", NAME, 6, ())],
        ],
        d,
    )
    fill = [
        ("LOAD_CONST", NAME, ARRAY_SIZE),
        ("NEW_ARRAY", inner, NAME),
        ("ARRAY_SET", outer, index, inner),
    ]
    change = (
        [("ARRAY_GET", inner, outer, index)]
        + between
        + [("ARRAY_SET", inner, index, _pick(INTS, c))]
    )
    if d // 16 == 0:
        change += between
    back = [("ARRAY_SET", outer, _pick((index, index, 4), a // 8), inner)]
    return (
        (fill if b % 8 else [])
        + change
        + back
        + [("DEBUG_PRINT", 33), ("DEBUG_PRINT", 7), ("DEBUG_PRINT", outer)][: d % 4]
    )


def _change_entry(a, b, c, d):
    outer, inner = _pick(DICTS, a), _pick(ANY, c)
    between = _pick(
        [
            [],
            [("MOVE", 34, outer)],
            [("DICT_VALUES", 7, outer)],
            [("MOVE", 33, inner)],
            [("DEBUG_PRINT", outer)],
        ],
        d,
    )
    fill = [
        ("LOAD_CONST", KEY, _pick(KEYS, b)),
        ("DICT_NEW", inner),
        ("DICT_SET", outer, KEY, inner),
    ]
    change = (
        [("DICT_GET", inner, outer, KEY)] + between + [("DICT_SET", inner, KEY, _pick(INTS, c))]
    )
    return (
        (fill if b % 8 else [])
        + change
        + [("DICT_SET", outer, KEY, inner), ("DEBUG_PRINT", 7), ("DEBUG_PRINT", 34)][: 1 + d % 3]
    )


def _change_global(a, b, c, d):
    array = _pick(ARRAYS, a)
    between = _pick(
        [
            [],
            [],
            [("MOVE", 33, array)],
            [("LOAD_GLOBAL", 33, "u")],
            [("LOAD_CONST", NAME, "g"), ("CALL", NAME, 6, ())],
            [("STORE_GLOBAL", array, "v")],
        ],
        d,
    )
    return (
        [("STORE_GLOBAL", array, "u")][: b % 2]
        + [("LOAD_GLOBAL", array, "u")]
        + between
        + [
            ("ARRAY_SET", array, _pick(INTS, c), _pick(INTS, b)),
            ("STORE_GLOBAL", array, "u"),
            ("DEBUG_PRINT", 33),
        ][: 2 + c % 2]
    )


def _as_a_compiler_writes(a, b, c, d):
    """Each operand loaded or moved into a register of its own, and the result moved where it
    belongs.
    """
    left, right, result, target = 10, 11, 12, _pick(ANY, a)
    operation = (_pick(("ADD", "SUB", "MUL", "LT", "EQ", "GTE"), d), result, left, right)
    load = ("LOAD_CONST", right, b % 5) if b % 2 else ("MOVE", right, _pick(INTS, b))
    return (
        [("MOVE", left, _pick(INTS, c)), load, operation, ("MOVE", target, result)]
        + ([("JUMP_IF", result, 1 + d % 3)] if d % 5 == 0 else [])
        + ([("DEBUG_PRINT", _pick((result, left, target), c))] if d % 3 == 0 else [])
    )


def _branch_on_comparison(a, b, c, d):
    compared = _pick(("LT", "GT", "LTE", "GTE", "EQ", "NEQ"), d)
    result = _pick((12, 0), a)
    return [
        (compared, result, _pick(INTS, b), _pick(INTS if c % 4 else ANY, c)),
        (_pick(("JUMP_IF", "JUMP_IF_NOT"), a // 2), result, _pick((1, 2, 3, -3), d // 8)),
        ("LOAD_CONST", _pick(INTS, c), a % ARRAY_SIZE),
    ] + [("DEBUG_PRINT", result)][: d % 2]


def _tagged(a, b, c, d):
    """A type tag, something that may take it away, and a look at it."""
    register = _pick(ALL, a)
    between = _pick(
        [
            [],
            [("NOT", register, register)],
            [("MOVE", register, register)],
            [("MOVE", 0, register)],
            [
                ("LOAD_CONST", NAME, _pick(FUNCTIONS, b)),
                ("CALL", NAME, _pick((register, 6), d), ()),
                ("DEFINE", 6, 3),
            ],
            [
                ("LOAD_CONST", NAME, _pick(FUNCTIONS, b)),
                ("CALL", NAME, _pick((register, 6), d), (6,)),
            ],
            [("JUMP", 0), ("PHI", register, ((register, "here"),))],
        ],
        c,
    )
    return (
        [("DEFINE", register, _pick((0, 4, 7), b))]
        + between
        + [("CHECK_TYPE", 7, _pick((register, 0), d // 8), _pick((0, 4, 7), b)), ("DEBUG_PRINT", 7)]
    )


def _return(a, b, c, d):
    return [("JUMP_IF", _pick(ALL, b), 1), ("RETURN",) if a % 4 == 0 else ("RETURN", _pick(ALL, a))]


def _rare(a, b, c, d):
    return [
        _pick(
            [
                ("NOP",),
                ("BREAKPOINT",),
                ("SCOPE_ENTER", 1),
                ("SCOPE_EXIT", 1),
                ("ASSERT", _pick(ALL, b), 0, "truthy"),
                ("ASSERT", _pick(ALL, b), 1, "not empty"),
                ("ASSERT", _pick(INTS, b), 2, "range", (0, 5)),
                ("NOP",),
                ("HALT",),
                ("NEG", _pick(ANY, c), _pick(INTS, b)),
                ("LOAD_CONST", 0, Index(50000)),
                ("JUMP", 1000),
                ("STR_LEN", 0, KEY),
            ],
            a,
        )
    ]


STATEMENTS = (
    [_load] * 3
    + [_load_int] * 2
    + [_move] * 4
    + [_move_array] * 4
    + [_move_dict] * 3
    + [_store_by_way_of_another] * 3
    + [_new_array]
    + [_array_set] * 4
    + [_array_get] * 3
    + [_array_len]
    + [_dict_set] * 4
    + [_dict_other] * 2
    + [_key]
    + [_logic] * 2
    + [_not]
    + [_count_down] * 2
    + [_compare]
    + [_arithmetic]
    + [_cast]
    + [_store_global] * 2
    + [_load_global] * 2
    + [_check_type] * 2
    + [_print] * 4
    + [_jump]
    + [_jump_if] * 3
    + [_call] * 6
    + [_call_unknown]
    + [_call_result_of_call]
    + [_two_holders] * 6
    + [_change_element] * 4
    + [_change_entry] * 3
    + [_change_global] * 3
    + [_as_a_compiler_writes] * 5
    + [_branch_on_comparison] * 5
    + [_return]
    + [_rare]
)
TAG_STATEMENTS = [_tagged] * 5 + [_define]
PHI_STATEMENTS = [_phi] * 3 + [_phi_of_the_last_jump] * 5


class Plan(object):
    """bodies: four lists of statements, each STATEMENT_SIZE ints; phis, tags: bool, whether the
    program may have PHIs, DEFINEs; shown: list of ints, what the main program shows at its end;
    has_main: bool, whether the table names the start.
    """

    def __init__(self, bodies, phis, tags, shown, has_main):
        self.bodies = bodies
        self.phis = phis
        self.tags = tags
        self.shown = shown
        self.has_main = has_main

    def __repr__(self):
        return "Plan(%r, %r, %r, %r, %r)" % (
            self.bodies,
            self.phis,
            self.tags,
            self.shown,
            self.has_main,
        )


def random_plan(rng, longest=26):
    bodies = [
        [
            [rng.randrange(LARGEST_CHOICE + 1) for _ in range(STATEMENT_SIZE)]
            for _ in range(rng.randrange(1, longest))
        ]
        for _ in range(1 + len(FUNCTIONS))
    ]
    shown = [rng.randrange(LARGEST_CHOICE + 1) for _ in range(rng.randrange(8))]
    return Plan(bodies, rng.random() < 0.5, rng.random() < 0.5, shown, rng.random() < 0.3)


def _statements(plan, body, index):
    table = (
        STATEMENTS + (PHI_STATEMENTS if plan.phis else []) + (TAG_STATEMENTS if plan.tags else [])
    )
    instructions = []
    here = 0
    for statement in body:
        # The small numbers are what hypothesis shrinks to; spread them over the table.
        kind = table[(statement[0] * 7 + statement[1] // 16) % len(table)]
        for instruction in kind(*statement[1:]):
            if instruction[0].startswith("JUMP"):
                here = index + len(instructions)
            elif instruction[0] == "PHI":
                sources = [
                    (register, here if label == "here" else label)
                    for register, label in instruction[2]
                ]
                instruction = ("PHI", instruction[1], tuple(sources))
            instructions.append(instruction)
    return instructions


def items_of(plan):
    """-> (list of instructions, list of functions)."""
    instructions = [
        ("LOAD_CONST", KEY, "a"),
        ("LOAD_CONST", 4, ARRAY_SIZE),
        ("NEW_ARRAY", 1, 4),
        ("NEW_ARRAY", 2, 4),
        ("NEW_ARRAY", 71, 4),
        ("DICT_NEW", 3),
        ("DICT_NEW", 34),
        ("LOAD_CONST", 4, 2),
        ("LOAD_CONST", 5, 1),
    ]
    instructions += _statements(plan, plan.bodies[0], len(instructions))
    for register in plan.shown:
        instructions.append(("DEBUG_PRINT", _pick(ALL, register)))
    instructions.append(("RETURN", _pick(ALL, len(plan.bodies[0]))))
    functions = [("main", 0)] if plan.has_main else []
    for name, body in zip(FUNCTIONS, plan.bodies[1:]):
        functions.append((name, len(instructions)))
        instructions += _statements(plan, body, len(instructions))
        if len(body) % 5:
            # The others run on into the next function.
            instructions.append(("RETURN", _pick(ALL, len(body))) if len(body) % 3 else ("RETURN",))
    return instructions, functions


def make_program(plan):
    """-> Module."""
    return make_module(*items_of(plan))
