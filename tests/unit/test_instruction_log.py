"""Debug mode, line by line as the published VM prints it."""

import pytest

from tests.unit.programs import Index, run


def trace(items, functions=(), **keywords):
    return run(items, functions, debug=True, **keywords).output.splitlines()


def last_line(instruction, before=()):
    lines = trace(list(before) + [instruction])
    return [line for line in lines if line.startswith("PC: %d," % len(before))][0].split(
        "Instruction: "
    )[1]


@pytest.mark.parametrize(
    "instruction, expected",
    [
        (("MOVE", 1, 2), "MoveR { dst: 1, src: 2 }"),
        (("LOAD_GLOBAL", 1, "g"), "LoadGlobalR { dst: 1, name_idx: 0 }"),
        (("STORE_GLOBAL", 1, "g"), "StoreGlobalR { src: 1, name_idx: 0 }"),
        (("DEFINE", 3, 99), "DefineR { dst: 3, type_id: 99 }"),
        (("CHECK_TYPE", 1, 2, 3), "CheckTypeR { dst: 1, src: 2, type_id: 3 }"),
        (("CAST", 1, 2, 4), "CastR { dst: 1, src: 2, to_type: 4 }"),
        (("EQ", 1, 2, 3), "EqR { dst: 1, left: 2, right: 3 }"),
        (("NOT", 1, 2), "NotR { dst: 1, src: 2 }"),
        (("JUMP", -7), "JumpR { offset: -7 }"),
        (("JUMP_IF", 4, 2), "JumpIfR { cond: 4, offset: 2 }"),
        (("JUMP_IF_NOT", 4, 2), "JumpIfNotR { cond: 4, offset: 2 }"),
        (("RETURN",), "ReturnR { src: None }"),
        (("RETURN", 3), "ReturnR { src: Some(3) }"),
        (("NOP",), "Nop"),
        (("HALT",), "Halt"),
        (("BREAKPOINT",), "BreakPoint"),
        (("DEBUG_PRINT", 0), "DebugPrint { src: 0 }"),
        (("SCOPE_ENTER", 9), "ScopeEnterR { scope_id: 9 }"),
        (("SCOPE_EXIT", 9), "ScopeExitR { scope_id: 9 }"),
        (("DICT_NEW", 4), "DictNewR { dst: 4 }"),
        (("CONCAT_STR", 1, 2, 3), "ConcatStrR { dst: 1, left: 2, right: 3 }"),
        (("NEW_ARRAY", 1, 2), "NewArrayR { dst: 1, size: 2 }"),
        (("ARRAY_SET", 1, 2, 3), "ArraySetR { array: 1, index: 2, value: 3 }"),
        (("STR_LEN", 1, 2), "StrLenR { dst: 1, str_reg: 2 }"),
        (("CALL", 9, 1, (2, 3)), "CallR { func: 9, args: [2, 3], dst: 1 }"),
        (("CALL", 9, 1, ()), "CallR { func: 9, args: [], dst: 1 }"),
        (("PHI", 1, ((2, 3), (4, 5))), "PhiR { dst: 1, sources: [(2, 3), (4, 5)] }"),
        (("ASSERT", 1, 0, "m"), "AssertR { reg: 1, assert_type: 0, msg_idx: 0 }"),
        (("ASSERT", 1, 2, "m", (3, 4)), "AssertR { reg: 1, assert_type: 2, msg_idx: 0 }"),
        (("ADD", 1, 2, 3), "AddR { dst: 1, left: 2, right: 3 }"),
    ],
)
def test_the_line_before_each_instruction(instruction, expected):
    assert last_line(instruction) == expected


def test_load_const():
    assert trace([("LOAD_CONST", 3, 'a"\n'), ("LOAD_CONST", 4, Index(9))]) == [
        "PC: 0, Instruction: LoadConstR { dst: 3, const_idx: 0 }",
        '  LoadConstR: r3 = constants[0] = String("a\\"\\n")',
        "PC: 1, Instruction: LoadConstR { dst: 4, const_idx: 9 }",
    ]


def test_lte_shows_its_operands_and_its_result():
    items = [
        ("LOAD_CONST", 0, 1),
        ("LOAD_CONST", 1, 2.5),
        ("LTE", 0, 0, 1),
        ("LTE", 0, 1, 1),
        ("LTE", 2, 0, 1),
    ]
    assert trace(items)[4:] == [
        "PC: 2, Instruction: LteR { dst: 0, left: 0, right: 1 }",
        "  LteR: r0 = r0 (Int(1)) <= r1 (Float(2.5))",
        "    Result: true",
        "PC: 3, Instruction: LteR { dst: 0, left: 1, right: 1 }",
        "  LteR: r0 = r1 (Float(2.5)) <= r1 (Float(2.5))",
        "    Result: true",
        "PC: 4, Instruction: LteR { dst: 2, left: 0, right: 1 }",
        "  LteR: r2 = r0 (Bool(true)) <= r1 (Float(2.5))",
    ]


def test_the_other_comparisons_show_nothing_more():
    for name, traced in (("LT", "LtR"), ("GT", "GtR"), ("GTE", "GteR")):
        assert trace([(name, 2, 0, 1)]) == [
            "PC: 0, Instruction: %s { dst: 2, left: 0, right: 1 }" % traced
        ]


def test_debug_print_writes_another_line_instead_of_its_own():
    items = [
        ("LOAD_CONST", 0, "s"),
        ("DEBUG_PRINT", 0),
        ("DEBUG_PRINT", 1),
        ("LOAD_CONST", 0, -0.0),
        ("DEBUG_PRINT", 0),
        ("BREAKPOINT",),
    ]
    lines = trace(items)
    assert [line for line in lines if not line.startswith(("PC", "  "))] == [
        'DEBUG: String("s")',
        "DEBUG: Empty",
        "DEBUG: Float(-0.0)",
        "BREAKPOINT at PC: 5",
    ]
    assert lines[-2:] == ["PC: 5, Instruction: BreakPoint", "BREAKPOINT at PC: 5"]


CALL = [
    ("LOAD_CONST", 0, 5),
    ("LOAD_CONST", 2, "x"),
    ("LOAD_CONST", 9, "f"),
    ("CALL", 9, 1, (2, 0)),
    ("RETURN", 1),
    ("RETURN",),
]


def test_a_call():
    assert trace(CALL, [("f", 5)])[6:] == [
        "PC: 3, Instruction: CallR { func: 9, args: [2, 0], dst: 1 }",
        "CallR: func=r9, dst=r1, args=[2, 0]",
        '  arg[0]: r2 = String("x")',
        "  arg[1]: r0 = Int(5)",
        '  Set r0 = String("x") (from r2)',
        "  Set r1 = Int(5) (from r0)",
        "PC: 5, Instruction: ReturnR { src: None }",
        "PC: 4, Instruction: ReturnR { src: Some(1) }",
    ]


def test_a_call_of_a_missing_function_sets_nothing():
    assert trace(CALL)[6:] == [
        "PC: 3, Instruction: CallR { func: 9, args: [2, 0], dst: 1 }",
        "CallR: func=r9, dst=r1, args=[2, 0]",
        '  arg[0]: r2 = String("x")',
        "  arg[1]: r0 = Int(5)",
    ]


def test_a_call_that_goes_too_deep_still_sets_its_arguments():
    lines = trace(CALL, [("f", 5)], max_depth=0)
    assert lines[-1] == "  Set r1 = Int(5) (from r0)"


def test_all_arguments_are_shown():
    items = [("LOAD_CONST", 9, "f"), ("CALL", 9, 1, (0,) * 40), ("RETURN",)]
    lines = trace(items, [("f", 2)])
    assert len([line for line in lines if line.startswith("  arg[")]) == 40
    assert len([line for line in lines if line.startswith("  Set r")]) == 40


def test_nothing_is_printed_at_the_end():
    assert trace([]) == []
    assert trace([("JUMP", 99)]) == ["PC: 0, Instruction: JumpR { offset: 99 }"]


def test_a_failing_instruction_has_its_line():
    outcome = run([("NOP",), ("NEG", 0, 0)], debug=True)
    assert (
        outcome.output == "PC: 0, Instruction: Nop\nPC: 1, Instruction: NegR { dst: 0, src: 0 }\n"
    )
    assert outcome.error == "Invalid operation: negation on type Empty"


def test_programs_mean_the_same_in_debug_mode():
    outcome = run(CALL, [("f", 5)], debug=True)
    assert outcome.result == run(CALL, [("f", 5)]).result == "Empty"
