"""Calls that were inlined are still in the stack of an error, and in the metadata."""

from __future__ import annotations

import pytest

from pymdvm.bytecode.codec import write
from pymdvm.bytecode.metadata import InlinedCall, read_metadata, stack_lines, write_metadata
from pymdvm.compiler.inlined_calls import InlinedCalls
from pymdvm.compiler.mir.parsing import parse_module
from pymdvm.compiler.mir.printing import print_module
from pymdvm.compiler.output import generate
from pymdvm.compiler.passes.inlining import inline_small_functions
from pymdvm.errors import RunError, StackEntry

PROGRAM = """\
function "" "" ()
b0:
    v0 = CALL "outer", 0 at 9:1
    return v0 at 9:1
function "outer" "outer" (v0) at 1:1
b0:
    DEBUG_PRINT v0 at 2:3
    v1 = CALL "inner", v0 at 3:5
    return v1
function "inner" "inner" (v0) at 5:1
b0:
    v1 = DIV 1, v0 at 6:7
    return v1
"""

STACK = ["  at inner (a.md:6:7)", "  at outer (a.md:3:5)", "  at the program (a.md:9:1)"]


def test_places_say_what_was_inlined() -> None:
    module = parse_module(PROGRAM)
    inline_small_functions(module)
    text = print_module(module)
    assert 'DEBUG_PRINT 0 at 2:3 in "outer" from 9:1' in text
    assert 'DIV 1, 0 at 6:7 in "inner" from 3:5 in "outer" from 9:1' in text


@pytest.mark.parametrize("optimising", [False, True])
def test_the_stack_of_an_error(optimising: bool) -> None:
    module = parse_module(PROGRAM)
    inline_small_functions(module)
    generated = generate(module, "published", optimising, "a.md")
    bytecode = write(generated.program)
    metadata = write_metadata(generated.metadata, bytecode)
    names = [instruction.name for instruction in generated.program.instructions]
    error = RunError("Division by zero", (StackEntry("", names.index("DIV")),))
    assert stack_lines(metadata, bytecode, error) == STACK
    assert read_metadata(metadata, bytecode) == generated.metadata
    assert [call.function for call in generated.metadata.inlined[:2]] == ["outer", "inner"]


def test_stretches() -> None:
    inlined = InlinedCalls()
    outer, inner, other = ("outer", 1, 1), ("inner", 2, 2), ("outer", 5, 1)
    for index, calls in enumerate([(), (outer,), (outer, inner), (outer,), (other,), ()]):
        inlined.note(calls, index)
    assert inlined.all() == (
        InlinedCall(1, 4, "outer", 1, 1),
        InlinedCall(2, 3, "inner", 2, 2),
        InlinedCall(4, 5, "outer", 5, 1),
    )


def test_an_inlined_call_that_is_all_of_another_is_the_inner_one() -> None:
    inlined = InlinedCalls()
    outer, inner = ("outer", 1, 1), ("inner", 2, 2)
    inlined.note((outer, inner), 0)
    inlined.note((), 3)
    assert inlined.all() == (InlinedCall(0, 3, "outer", 1, 1), InlinedCall(0, 3, "inner", 2, 2))
