"""Loading, running, calling and looking at programs."""

from __future__ import annotations

import copy
import pickle
import time
from pathlib import Path
from typing import Any

import pytest

import pymdvm
from pymdvm.assembler import assemble
from tests.api.samples import FIBONACCI, IDENTITY, IS_NATIVE, content, fresh, program

GREETING = """
.name "greeting"
.func main
    LOAD_CONST   r0, "hello"
    DEBUG_PRINT  r0
    LOAD_CONST   r1, 42
    RETURN       r1
.func twice
    ADD          r0, r0, r0
    RETURN       r0
"""


def test_run_prints_and_returns() -> None:
    printed: list[str] = []
    assert program(GREETING).run(stdout=printed.append) == 42
    assert "".join(printed) == "hello\n"


@pytest.mark.parametrize("source", ["RETURN", "HALT", "NOP", "LOAD_CONST r0, empty\nRETURN r0"])
def test_run_without_a_value_gives_none(source: str) -> None:
    assert program(source).run() is None


def test_a_program_runs_any_number_of_times_and_always_anew() -> None:
    counter = program(
        'LOAD_GLOBAL r0, "n"\nLOAD_CONST r1, empty\nEQ r2, r0, r1\nSTORE_GLOBAL r2, "n"\nRETURN r2'
    )
    assert [counter.run() for _ in range(3)] == [True, True, True]


def test_a_call_begins_with_undefined_globals() -> None:
    source = '.func put\nSTORE_GLOBAL r0, "g"\nRETURN\n.func get\nLOAD_GLOBAL r0, "g"\nRETURN r0\n'
    twofold = program(source)
    twofold.call("put", 5)
    assert twofold.call("get") is None


def test_call() -> None:
    greeting = program(GREETING)
    assert greeting.call("twice", 21) == 42
    assert greeting.call("twice", "ab") == "abab"
    assert program(FIBONACCI).call("fib", 15) == 610


def test_call_of_a_function_that_is_not_there() -> None:
    with pytest.raises(pymdvm.RunError, match="^Undefined function: nobody$"):
        program(GREETING).call("nobody")
    with pytest.raises(TypeError, match="the name of a function must be a str, not int"):
        program(GREETING).call(3)  # type: ignore[arg-type]


def test_parameters_that_are_not_given_are_empty_and_others_are_ignored() -> None:
    second = program(".func second\nRETURN r1\n")
    assert second.call("second", 1) is None
    assert second.call("second", 1, 2) == 2
    assert second.call("second", 1, 2, 3) == 2
    assert second.call("second", *range(255)) == 1
    with pytest.raises(ValueError, match="at most 255 arguments, not 256"):
        second.call("second", *range(256))


def test_of_two_functions_of_one_name_the_last_counts() -> None:
    from pymdvm.bytecode import Builder

    builder = Builder()
    for value in (1, 2):
        builder.function("f")
        builder.load_constant(0, value)
        builder.emit("RETURN", 0)
    twice = pymdvm.loads(builder.to_bytes())
    assert twice.call("f") == 2
    assert dict(twice.functions) == {"f": 2}


def test_what_a_program_tells_of_itself() -> None:
    greeting = program(GREETING)
    assert greeting.name == "greeting"
    assert greeting.functions == {"main": 0, "twice": 4}
    assert list(greeting.functions) == ["main", "twice"]
    assert greeting.constants == ("hello", 42)
    assert greeting.instruction_count == 6
    assert greeting.version == 1
    assert greeting.content == content(GREETING)
    assert greeting.model == assemble(GREETING)
    assert repr(greeting) == "<pymdvm.Program 'greeting': 6 instructions, 2 functions>"


def test_constants_of_every_type() -> None:
    source = '.pool 1\n.pool -2.5\n.pool "é"\n.pool true\n.pool empty\nNOP\n'
    assert program(source).constants == (1, -2.5, "é", True, None)


def test_the_listing_is_assembler_text_of_the_same_program() -> None:
    assert assemble(program(GREETING).disassemble()) == assemble(GREETING)


def test_stats_add_up() -> None:
    greeting = program(GREETING)
    assert greeting.stats[:2] == (0, 0)
    greeting.run(stdout=lambda text: None)
    greeting.run(stdout=lambda text: None, max_instructions=100)
    stats = greeting.stats
    assert (stats.runs, stats.instructions) == (2, 4)
    assert stats.seconds > 0
    assert stats.peak_memory > 1000


FLOATS = """
.func copy
    MOVE         r1, r0
    LOAD_CONST   r2, 0
    ARRAY_SET    r0, r2, r2
    RETURN       r1
.func floats
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 0.5
turn:
    ADD          r2, r2, r2
    SUB          r0, r0, r1
    JUMP_IF      r0, turn
    RETURN       r2
; An array that holds a string too keeps numbers in boxes.
.func boxes
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 0.5
    LOAD_CONST   r3, 3
    NEW_ARRAY    r4, r3
    LOAD_CONST   r3, ""
    LOAD_CONST   r5, 0
    LOAD_CONST   r6, 2
    ARRAY_SET    r4, r6, r3
put:
    ADD          r2, r2, r2
    ARRAY_SET    r4, r5, r2
    SUB          r0, r0, r1
    ARRAY_SET    r4, r1, r0
    JUMP_IF      r0, put
    RETURN       r2
"""


def test_stats_count_copies() -> None:
    counted = fresh(FLOATS)
    for _ in range(3):
        counted.call("copy", [1, 2, 3, 4, 5])
    assert counted.stats.copied_containers == 3
    assert counted.stats.copied_elements == 15


@pytest.mark.skipif(not IS_NATIVE, reason="the Python engine leaves memory to Python")
def test_stats_count_what_is_made_where_that_is_asked_for() -> None:
    counted = fresh(FLOATS)
    counted.call("boxes", 1000, jit=False)
    assert counted.stats.made is None
    counted.call("boxes", 1000, jit=False, count=True)
    assert counted.stats.made is not None
    ints, floats, frames, memory = counted.stats.made
    assert 999 <= ints < 1100 and 1000 <= floats < 1100 and 1 <= frames < 10
    assert 16 * 2000 <= memory < 100_000
    counted.call("floats", 10**6, count=True)
    made = counted.stats.made
    assert made.floats - floats < 20_000 and made.ints - ints < 20_000


@pytest.mark.skipif(not IS_NATIVE, reason="the Python engine leaves memory to Python")
def test_runs_within_a_run_are_counted_with_it() -> None:
    inner = fresh(FLOATS)

    def work(turns: int) -> pymdvm.Value:
        return inner.call("boxes", turns, jit=False, count=bool(turns % 2))

    outer = fresh(
        '.func f\nLOAD_CONST r1, "work"\nCALL r2, r1(r0)\nLOAD_CONST r0, 5001\nCALL r2, r1(r0)\nRETURN r2'
    )
    outer.call("f", 3000, functions={"work": work}, count=True)
    assert outer.stats.made is not None and inner.stats.made is not None
    assert 8001 <= outer.stats.made.floats < 8200
    assert 5001 <= inner.stats.made.floats < 5200
    outer.call("f", 1, functions={"work": work})
    assert outer.stats.made.floats < 8200


def test_whether_to_count_is_a_bool() -> None:
    with pytest.raises(TypeError, match="count must be a bool, not int"):
        program(GREETING).run(count=1)  # type: ignore[arg-type]


@pytest.mark.skipif(not IS_NATIVE, reason="there is no JIT in the Python engine")
def test_stats_count_what_the_jit_compiles() -> None:
    fibonacci = fresh(FIBONACCI)
    fibonacci.call("fib", 24)
    assert fibonacci.stats.loops_compiled > 0
    again = pymdvm.loads(fibonacci.content)
    again.call("fib", 24)
    assert again.stats.loops_compiled == 0  # the same bytes, so it is compiled already


def test_pickled_by_content() -> None:
    greeting = program(GREETING)
    for other in (pickle.loads(pickle.dumps(greeting)), copy.deepcopy(greeting)):
        assert other is not greeting
        assert other.content == greeting.content
        assert other.call("twice", 4) == 8
    assert len(pickle.dumps(greeting)) < len(greeting.content) + 100


def test_load_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "prög.mdbc"
    path.write_bytes(content(GREETING))
    assert pymdvm.load(path).name == "greeting"
    assert pymdvm.load(str(path)).name == "greeting"
    assert pymdvm.load(path.with_suffix(".md")).name == "greeting"


@pytest.mark.parametrize("age", [0.0, 0.2])
def test_a_file_that_changes_between_loads(tmp_path: Path, age: float) -> None:
    """However often it was loaded, and however soon it changes: the new content has the same size
    and name.
    """
    path = tmp_path / "program.mdbc"
    for value in range(10, 20):
        path.write_bytes(content(f"LOAD_CONST r0, {value}\nRETURN r0"))
        time.sleep(age)
        assert [pymdvm.load(path).run() for _ in range(3)] == [value] * 3


@pytest.mark.parametrize(
    "data, text",
    [
        (b"", "Invalid bytecode format"),
        (b"XXXX" + bytes(40), "Invalid magic number"),
        (b"MDBC" + bytes(20), "Unexpected EOF"),
        (content("NOP")[:-1] + b"\xc8", "Invalid opcode: 200"),
    ],
)
def test_load_errors(data: bytes, text: str) -> None:
    with pytest.raises(pymdvm.LoadError) as caught:
        pymdvm.loads(data)
    assert str(caught.value) == caught.value.text == text


def test_load_errors_of_files(tmp_path: Path) -> None:
    with pytest.raises(
        pymdvm.LoadError, match=r"^IO error: No such file or directory \(os error 2\)$"
    ):
        pymdvm.load(tmp_path / "none.mdbc")
    (tmp_path / "folder.mdbc").mkdir()
    with pytest.raises(pymdvm.LoadError, match=r"^IO error: Is a directory \(os error 21\)$"):
        pymdvm.load(tmp_path / "folder.mdbc")
    path = tmp_path / "program.mdbc"
    path.write_bytes(content(GREETING))
    path.with_suffix(".mdbm").write_bytes(b"not metadata, but long enough")
    with pytest.raises(pymdvm.LoadError, match="^Invalid magic number$"):
        pymdvm.load(path)


@pytest.mark.parametrize("wrong", [None, 3, ["x"]])
def test_load_of_what_is_neither_path_nor_bytes(wrong: object) -> None:
    with pytest.raises(TypeError):
        pymdvm.load(wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a program is made of bytes"):
        pymdvm.loads(wrong)  # type: ignore[arg-type]


def test_loads_takes_every_kind_of_bytes() -> None:
    data = content(GREETING)
    for kind in (bytes, bytearray, memoryview):
        assert pymdvm.loads(kind(data)).name == "greeting"


def test_a_run_error_tells_where() -> None:
    source = """
    .func main
        LOAD_CONST   r0, "divide"
        LOAD_CONST   r1, 1
        CALL         r2, r0(r1)
        RETURN       r2
    .func divide
        LOAD_CONST   r1, 0
        NOP
        DIV          r0, r0, r1
        RETURN       r0
    """
    with pytest.raises(pymdvm.RunError) as caught:
        program(source).run()
    error = caught.value
    assert str(error) == error.text == "Division by zero"
    assert (error.function, error.instruction) == ("divide", 6)
    assert error.stack == (("divide", 6), ("main", 2))
    assert error.stack[1].function == "main"
    assert error.omitted == 0
    assert not isinstance(error, pymdvm.LimitError)


def test_the_start_of_a_program_without_a_main_has_no_name() -> None:
    with pytest.raises(pymdvm.RunError) as caught:
        program("NEG r0, r0").run()
    assert (caught.value.function, caught.value.instruction) == ("", 0)
    assert str(caught.value) == "Invalid operation: negation on type Empty"


def test_of_a_long_stack_the_outer_end_is_left_out() -> None:
    source = """
    .func down
        JUMP_IF_NOT  r0, bottom
        LOAD_CONST   r1, 1
        SUB          r0, r0, r1
        LOAD_CONST   r2, "down"
        CALL         r0, r2(r0)
        RETURN       r0
    bottom:
        NEG          r0, r2
    """
    with pytest.raises(pymdvm.RunError) as caught:
        program(source).call("down", 300)
    assert len(caught.value.stack) == 100
    assert caught.value.omitted == 201
    assert caught.value.stack[0] == ("down", 6)
    assert set(caught.value.stack[1:]) == {("down", 4)}


def test_errors_can_be_pickled() -> None:
    with pytest.raises(pymdvm.RunError) as caught:
        program("NEG r0, r0").run()
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.stack) == (
        pymdvm.RunError,
        str(caught.value),
        caught.value.stack,
    )


def test_an_error_leaves_the_program_usable() -> None:
    identity = program(IDENTITY + ".func fail\nNEG r0, r1\n")
    for _ in range(3):
        with pytest.raises(pymdvm.RunError):
            identity.call("fail")
        assert identity.call("identity", 1) == 1


@pytest.mark.parametrize("name", [[], {}, set()])
def test_the_name_of_a_function_that_has_no_hash(name: Any) -> None:
    called = fresh(IDENTITY)
    for _ in range(2):  # before the names are known, and then
        for call in (called.call, called.function, called.start().call):
            with pytest.raises(TypeError, match=f"must be a str, not {type(name).__name__}$"):
                call(name)


@pytest.mark.parametrize(
    ("call", "arguments", "message"),
    [
        (pymdvm.load, (None,), "the path of a program must be a str or .*, not NoneType"),
        (pymdvm.load, (3,), "the path of a program must be a str or .*, not int"),
        (pymdvm.loads, (b"", None), "metadata are bytes, not NoneType"),
        (pymdvm.URL, (None,), "a URL is made of a str, not NoneType"),
        (pymdvm.URL, (b"a:",), "a URL is made of a str, not bytes"),
        # 10**12 would be so many zeros.
        (pymdvm.Journal.from_bytes, (10**12,), "a journal is made of bytes, not int"),
        (pymdvm.Journal.from_bytes, ("x",), "a journal is made of bytes, not str"),
        (assemble, (None,), "what is assembled must be a str, not NoneType"),
        (assemble, (b"NOP",), "what is assembled must be a str, not bytes"),
    ],
)
def test_arguments_of_the_wrong_type_are_named(call: Any, arguments: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        call(*arguments)


def test_a_timeout_larger_than_any_float() -> None:
    assert program(GREETING).run(timeout=10**400, stdout=lambda _: None) == 42
