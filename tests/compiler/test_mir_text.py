"""The written form of MIR: it prints and parses back, and names the line of what it cannot
parse.
"""

from __future__ import annotations

import pytest

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.mir.model import (
    Assertion,
    Block,
    Branch,
    Halt,
    Instruction,
    Jump,
    MirFunction,
    MirModule,
    Phi,
    Return,
    Value,
)
from pymdvm.compiler.mir.parsing import MirSyntaxError, parse_module
from pymdvm.compiler.mir.printing import print_module

GCD = """\
function "gcd" "gcd" (v0, v1) at 3:1
variables v0 "a", v1 "b"
b0:
    jump b1
b1:
    v2 = phi b0: v0, b2: v3
    v3 = phi b0: v1, b2: v5
    v4 = NEQ v3, 0 at 4:9
    branch v4, b2, b3 at 4:1
b2:
    v5 = MOD v2, v3 at 5:14
    jump b1
b3:
    return v2
"""

EVERYTHING = """\
function "" "" ()
b0:
    v0 = LOAD_CONST f"7ff8000000000001"
    v1 = LOAD_CONST -0.0
    v2 = LOAD_CONST 1e+300
    v3 = LOAD_CONST "say \\"\\u00e9\\"\\n"
    v4 = CAST true [bool]
    v5 = CHECK_TYPE empty [99]
    STORE_GLOBAL -9223372036854775808 ["a b"]
    v6 = LOAD_GLOBAL ["a b"]
    v7 = CALL "g", v6, 1
    ASSERT v7 [range "out of range" -1 9]
    ASSERT v7 [truthy "false"]
    SCOPE_ENTER [3]
    SCOPE_EXIT [3]
    v8 = DICT_NEW
    v9 = DICT_SET v8, "k", false
    DEBUG_PRINT v9
    halt at 9:1
"""


INLINED = """\
function "" "" ()
b0:
    v0 = ADD 1, 2 at 3:5 in "inner" from 4:6 in "outer" from 7:8
    return v0 at 9:9
"""


@pytest.mark.parametrize("text", [INLINED, GCD, EVERYTHING, GCD + "\n" + EVERYTHING])
def test_text_parses_and_prints_back(text: str) -> None:
    assert print_module(parse_module(text)) == text


def test_a_module_made_by_hand_prints_and_parses_back() -> None:
    function = MirFunction(
        "f", [Value(0)], source_name="F", variables={Value(1): "x"}, place=Place(2, 3), next_value=3
    )
    function.blocks = {
        "start": Block(
            "start",
            [],
            [Instruction("ASSERT", [Value(0)], None, Assertion(1, "empty"))],
            Branch(Value(0), "yes", "no", Place(1, 1)),
        ),
        "yes": Block("yes", [], [], Jump("no")),
        "no": Block(
            "no",
            [Phi(Value(1), {"start": Constant.of(0.0), "yes": Value(0)})],
            [Instruction("NEG", [Value(1)], Value(2))],
            Return(Value(2)),
        ),
    }
    module = MirModule([MirFunction("", blocks={"b0": Block("b0", terminator=Halt())}), function])
    text = print_module(module)
    assert print_module(parse_module(text)) == text
    assert parse_module(text).functions[1].variables == {Value(1): "x"}


def test_new_values_do_not_clash_with_parsed_ones() -> None:
    function = parse_module(GCD).functions[0]
    assert function.new_value() == 6
    assert function.new_block().label == "b4"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("    v0 = NOT 1", "line 1: a function is expected"),
        ('function "" "" ()\n    halt', "line 2: a label is expected"),
        ('function "" "" ()\nb0:\n    v0 = FROB 1', "line 3: unknown instruction FROB"),
        ('function "" "" ()\nb0:\n    v0 = NOT 1 1', "line 3: unexpected '1'"),
        ('function "" "" ()\nb0:\n    v0 = NOT x', "line 3: a value is expected, not x"),
        ('function "" "" ()\nb0:\n    branch v0, b1', "line 3: the line ends too early"),
        ('function "" "" ()\nb0:\n    v0 = NOT ?', "line 3: unexpected '?'"),
        ('function "" "" ()\nb0:\n    v0 = CAST 1 [frob]', "line 3: unknown detail frob"),
    ],
)
def test_an_error_names_its_line(text: str, message: str) -> None:
    with pytest.raises(MirSyntaxError) as caught:
        parse_module(text)
    assert str(caught.value) == message
