"""The opcode table is complete and consistent, and the interpreter knows all of it."""

from mdvm import interp, opcodes
from mdvm.opcodes import BY_NAME, LOWERED_OPCODES, OPCODES, op

NAMES = """
    LOAD_CONST MOVE LOAD_GLOBAL STORE_GLOBAL DEFINE CHECK_TYPE CAST ADD SUB MUL DIV MOD NEG NOT AND OR EQ NEQ LT GT LTE GTE JUMP
    JUMP_IF JUMP_IF_NOT CALL RETURN PHI ASSERT SCOPE_ENTER SCOPE_EXIT CONCAT_STR STR_LEN NEW_ARRAY ARRAY_GET ARRAY_SET ARRAY_LEN
    DEBUG_PRINT BREAKPOINT HALT NOP DICT_NEW DICT_GET DICT_SET DICT_REMOVE DICT_CONTAINS DICT_KEYS DICT_VALUES DICT_CLEAR
    DICT_LEN""".split()

LATEST_NAMES = """
    ARRAY_PUSH ARRAY_POP ARRAY_INSERT ARRAY_REMOVE ARRAY_FIND ARRAY_SLICE ARRAY_CONCAT
    SET_NEW SET_ADD SET_REMOVE SET_CONTAINS SET_LEN SET_VALUES""".split()

# What stands for an opcode of a file that the interpreter has no function for.
LOWERED_AWAY = {
    "RETURN": [],
    "CAST": ["CAST", "CAST_TO_FUNCTION", "CAST_TO_URL"],
    "CHECK_TYPE": ["CHECK_TAG"],
    "ASSERT": ["ASSERT_TRUTHY", "ASSERT_NOT_EMPTY", "ASSERT_RANGE"],
    "BREAKPOINT": [],
    "NOP": [],
    "SCOPE_ENTER": [],
    "SCOPE_EXIT": [],
}

LAST_ONLY = (opcodes.RANGE, opcodes.ARGUMENTS, opcodes.SOURCES, opcodes.RESULT)


def test_fifty_rows_in_the_order_of_the_file_format():
    assert [opcode.name for opcode in OPCODES[:50]] == NAMES
    assert [opcode.number for opcode in OPCODES[:50]] == list(range(50))


def test_the_rows_of_version_2_follow_them():
    assert [opcode.name for opcode in OPCODES[50:]] == LATEST_NAMES
    assert [opcode.number for opcode in OPCODES] == list(range(len(OPCODES)))
    assert set(opcode.version for opcode in OPCODES[:50]) == {1}
    assert set(opcode.version for opcode in OPCODES[50:]) == {2}


def test_only_version_2_has_more_than_fifty():
    for version in (0, 1, 3, 99, 0x102, 0xFFFFFFFF):
        assert opcodes.opcode_count(version) == 50
        assert opcodes.known_type(9, version) == opcodes.UNKNOWN_TYPE
    assert opcodes.opcode_count(2) == len(OPCODES) < opcodes.FIRST_LOWERED
    assert [opcodes.known_type(number, 2) for number in (6, 7, 8, 9, 10, 11, 99)] == [
        6,
        7,
        8,
        9,
        10,
        7,
        7,
    ]


def test_names_lead_to_rows_and_numbers():
    for opcode in OPCODES:
        assert BY_NAME[opcode.name] is opcode
        assert getattr(op, opcode.name) == opcode.number
    for lowered in LOWERED_OPCODES:
        assert getattr(op, lowered.name) == lowered.number


def test_no_number_and_no_name_is_used_twice():
    rows = OPCODES + LOWERED_OPCODES
    assert len(set(row.number for row in rows)) == len(rows)
    assert len(set(row.name for row in rows)) == len(rows)
    assert min(lowered.number for lowered in LOWERED_OPCODES) == opcodes.FIRST_LOWERED
    assert len(set(opcode.trace_name for opcode in OPCODES)) == len(OPCODES)


def test_every_operand_has_a_name_and_a_kind():
    for opcode in OPCODES:
        names = [operand.name for operand in opcode.operands]
        assert len(set(names)) == len(names) and "" not in names
        for operand in opcode.operands:
            assert 0 <= operand.kind < len(opcodes.KIND_NAMES)


def test_kind_names_belong_to_the_kinds():
    for kind, name in enumerate(opcodes.KIND_NAMES):
        constant = {"jump": "JUMP_DISTANCE"}.get(name, name.upper())
        assert getattr(opcodes, constant) == kind


def test_what_is_optional_or_repeated_stands_at_the_end():
    for opcode in OPCODES:
        for operand in opcode.operands[:-1]:
            assert operand.kind not in LAST_ONLY, opcode.name


def test_jumps_have_their_distance_at_the_end_and_others_none():
    for opcode in OPCODES:
        kinds = [operand.kind for operand in opcode.operands]
        if opcode.flow in (opcodes.ALWAYS_JUMPS, opcodes.MAY_JUMP):
            assert kinds[-1] == opcodes.JUMP_DISTANCE
            assert kinds.count(opcodes.JUMP_DISTANCE) == 1
        else:
            assert opcodes.JUMP_DISTANCE not in kinds


def test_what_ends_a_frame():
    assert [opcode.name for opcode in OPCODES if opcode.flow == opcodes.ENDS] == ["RETURN", "HALT"]
    assert [opcode.name for opcode in OPCODES if opcode.flow == opcodes.ALWAYS_JUMPS] == ["JUMP"]
    assert [opcode.name for opcode in OPCODES if opcode.flow == opcodes.MAY_JUMP] == [
        "JUMP_IF",
        "JUMP_IF_NOT",
    ]


def test_an_operand_stands_where_its_field_says():
    assert opcodes.field.CALL_DST == 2
    for opcode in OPCODES:
        for position, operand in enumerate(opcode.operands):
            name = "%s_%s" % (opcode.name, operand.name.upper())
            assert getattr(opcodes.field, name) == 1 + position


def test_every_opcode_has_a_meaning():
    for row in OPCODES + LOWERED_OPCODES:
        assert row.meaning


EXECUTED = dict((handler.__name__, number) for number, handler in interp.HANDLERS)


def test_the_interpreter_executes_every_opcode_or_the_lowering_replaces_it():
    for opcode in OPCODES:
        if opcode.name in LOWERED_AWAY:
            for replacement in LOWERED_AWAY[opcode.name]:
                assert replacement in EXECUTED
        else:
            assert EXECUTED[opcode.name] == opcode.number


def test_the_interpreter_executes_every_lowered_opcode():
    for lowered in LOWERED_OPCODES:
        if lowered.name != "RETURN_NOTHING":  # it stands in the loop, as RETURN does
            assert EXECUTED[lowered.name] == lowered.number


def test_types():
    assert opcodes.TYPE_NAMES == ["empty", "bool", "int", "float", "string", "function", "url"]
    assert opcodes.UNKNOWN_TYPE == len(opcodes.TYPE_NAMES)
    assert opcodes.type_names(1) == opcodes.TYPE_NAMES
    assert opcodes.type_names(2) == opcodes.TYPE_NAMES + ["", "set", "array", "dict"]
