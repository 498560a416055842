"""The .mdbc writer and reader, and the Builder."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdvm import errors, opcodes
from mdvm.loading.loader import load_module
from pymdvm.bytecode import (
    Builder,
    BuildError,
    Constant,
    FormatError,
    Function,
    Instruction,
    Label,
    LimitError,
    Program,
    read,
    write,
)
from tests.host.made_programs import conformance_files, programs


def number(name: str) -> int:
    return int(opcodes.BY_NAME[name].number)


def instruction(name: str, *operands: object) -> Instruction:
    return Instruction(number(name), operands)  # type: ignore[arg-type]


# The file format


def test_a_small_file_byte_by_byte() -> None:
    builder = Builder("n")
    builder.function("f")
    builder.load_constant(3, -2)
    builder.emit("JUMP", -1)
    builder.emit("CALL", 1, 2, (3, 4))
    builder.emit("RETURN", 5)
    assert builder.to_bytes() == b"".join(
        [
            b"MDBC",
            struct.pack("<II", 1, 1),
            struct.pack("<IIII", 28, 33, 46, 59),
            struct.pack("<I", 1),
            b"n",
            struct.pack("<IBq", 1, 1, -2),
            struct.pack("<I", 1),
            struct.pack("<I", 1),
            b"f",
            struct.pack("<I", 0),
            struct.pack("<I", 4),
            struct.pack("<BBH", 0, 3, 0),
            struct.pack("<Bi", 22, -1),
            bytes([25, 1, 2, 2, 3, 4]),
            bytes([26, 1, 5]),
        ]
    )


def test_every_kind_of_constant_in_bytes() -> None:
    program = Program(
        constants=(
            Constant.of(1),
            Constant.of(1.0),
            Constant.of("é"),
            Constant.of(True),
            Constant.of(False),
            Constant.of(None),
        )
    )
    data = write(program)
    start = 28 + 4 + len("__main__")
    assert data[start:-8] == b"".join(
        [
            struct.pack("<I", 6),
            struct.pack("<Bq", 1, 1),
            struct.pack("<Bd", 2, 1.0),
            struct.pack("<BI", 3, 2),
            b"\xc3\xa9",
            b"\x04\x01",
            b"\x04\x00",
            b"\x05",
        ]
    )


@given(programs)
def test_a_program_is_read_back_as_it_was_written(program: Program) -> None:
    assert read(write(program)) == program


def test_the_conformance_files_round_trip() -> None:
    loaded = 0
    for name, data, load_error in conformance_files():
        if load_error is not None:
            continue
        program = read(data)
        assert read(write(program)) == program, name
        loaded += 1
    assert loaded > 1000


def test_the_conformance_files_that_do_not_load() -> None:
    refused = 0
    for name, data, load_error in conformance_files():
        if load_error is None:
            continue
        with pytest.raises(FormatError) as caught:
            read(data)
        assert str(caught.value) == load_error, name
        refused += 1
    assert refused > 10


def outcome_of_reading(data: bytes) -> str:
    try:
        read(data)
    except FormatError as error:
        return str(error)
    return "loaded"


def outcome_of_loading(data: bytes) -> str:
    try:
        load_module(data.decode("latin-1"))
    except errors.LoadError as error:
        return str(error.text)
    return "loaded"


@given(programs, st.data())
def test_the_reader_and_the_vm_refuse_the_same_files(program: Program, data: st.DataObject) -> None:
    damaged = bytearray(write(program))
    for _ in range(data.draw(st.integers(0, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(
            st.sampled_from([0, 1, 5, 28, 50, 200, 255])
        )
    cut = data.draw(st.integers(0, len(damaged)) | st.just(len(damaged)))
    assert outcome_of_reading(bytes(damaged[:cut])) == outcome_of_loading(bytes(damaged[:cut]))


def with_header(
    name: int, constants: int, functions: int, instructions: int, rest: bytes = b""
) -> bytes:
    return b"MDBC" + struct.pack("<IIIIII", 9, 8, name, constants, functions, instructions) + rest


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Invalid bytecode format"),
        (b"X" * 23, "Invalid bytecode format"),
        (b"X" * 24, "Invalid magic number"),
        (b"MDBC" + bytes(20), "Unexpected EOF"),
        (with_header(29, 0, 0, 0), "Invalid offset"),
        (with_header(28, 0, 0, 0), "Unexpected EOF"),
        (with_header(28, 0, 0, 0, b"\x01\0\0\0\xff"), "Invalid UTF-8"),
        (with_header(28, 0, 0, 0, b"\x03\0\0\0\xed\xa0\x80"), "Invalid UTF-8"),
        (with_header(28, 28, 28, 28, b"\0\0\0\0" + b"\x01\0\0\0\x06"), "loaded"),
        (with_header(28, 32, 28, 28, b"\0\0\0\0" + b"\x01\0\0\0\x06"), "Invalid constant tag: 6"),
        (with_header(28, 28, 28, 32, b"\0\0\0\0" + b"\x01\0\0\0\x32"), "Invalid opcode: 50"),
        (with_header(28, 28, 28, 32, b"\0\0\0\0" + b"\x01\0\0\0\x1c\x00\x03"), "Invalid opcode: 3"),
        (with_header(28, 32, 28, 28, b"\0\0\0\0" + b"\xff\xff\xff\xff"), "Unexpected EOF"),
    ],
)
def test_what_the_reader_refuses(data: bytes, message: str) -> None:
    assert outcome_of_reading(data) == message


def test_any_byte_but_zero_is_true() -> None:
    data = with_header(28, 32, 28, 28, b"\0\0\0\0" + b"\x02\0\0\0\x04\x07\x04\0")
    assert read(data).constants == (Constant.of(True), Constant.of(False))


def test_version_and_flags_are_kept() -> None:
    program = read(with_header(28, 28, 28, 28, bytes(4)))
    assert (program.version, program.flags) == (9, 8)


# Constants


def test_constants_are_equal_only_in_type_and_every_bit() -> None:
    builder = Builder()
    quiet = Constant.float_bits(0x7FF8000000000000)
    loud = Constant.float_bits(0x7FF8000000000001)
    different: list[None | bool | int | float | str | Constant] = [
        1,
        1.0,
        True,
        0,
        0.0,
        -0.0,
        False,
        "",
        "1",
        None,
        quiet,
        loud,
    ]
    indices = [builder.constant(value) for value in different]
    assert indices == list(range(len(different)))
    assert [builder.constant(value) for value in different] == indices
    assert len(builder.build().constants) == len(different)


def test_the_value_of_a_constant() -> None:
    for value in (None, True, False, -(2**63), 2.5, "text"):
        constant = Constant.of(value)
        assert constant.value == value and type(constant.value) is type(value)


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "\ud800"])
def test_constants_that_no_file_can_hold(value: int | str) -> None:
    with pytest.raises(LimitError):
        Builder().constant(value)


def test_a_constant_of_another_type() -> None:
    with pytest.raises(TypeError):
        Constant.of([1])  # type: ignore[arg-type]


def test_65536_constants_can_be_used_and_not_one_more() -> None:
    builder = Builder()
    for value in range(2**16):
        assert builder.constant(value) == value
    with pytest.raises(LimitError, match="65536 constants"):
        builder.constant("one more")
    assert builder.constant(2**16 - 1) == 2**16 - 1


def test_appended_constants_may_repeat_and_are_found_first_come() -> None:
    builder = Builder()
    assert [builder.append_constant(7), builder.append_constant(7), builder.constant(7)] == [
        0,
        1,
        0,
    ]
    assert builder.build().constants == (Constant.of(7), Constant.of(7))


def test_a_pool_longer_than_instructions_reach_is_written() -> None:
    builder = Builder()
    for value in range(2**16 + 1):
        builder.append_constant(value)
    program = builder.build()
    assert len(program.constants) == 2**16 + 1
    assert read(write(program)) == program


# Instructions


def test_operands_as_the_builder_takes_them() -> None:
    builder = Builder()
    builder.emit("LOAD_GLOBAL", 1, "name")
    builder.emit("DEFINE", 1, "float")
    builder.emit("DEFINE", 1, 99)
    builder.emit("CALL", 1, 2)
    builder.emit("RETURN")
    builder.emit("RETURN", 0)
    builder.emit("RETURN", (255, 3))
    builder.emit("ASSERT", 1, 0, "message")
    builder.emit("ASSERT", 1, 2, 77, (-5, 5))
    builder.emit("PHI", 1, [(2, 3)])
    builder.emit("LOAD_CONST", 0, Constant.of(4))
    program = builder.build()
    assert program.instructions == (
        instruction("LOAD_GLOBAL", 1, 0),
        instruction("DEFINE", 1, 3),
        instruction("DEFINE", 1, 99),
        instruction("CALL", 1, 2, ()),
        instruction("RETURN", (0,)),
        instruction("RETURN", (1, 0)),
        instruction("RETURN", (255, 3)),
        instruction("ASSERT", 1, 0, 1, ()),
        instruction("ASSERT", 1, 2, 77, (-5, 5)),
        instruction("PHI", 1, ((2, 3),)),
        instruction("LOAD_CONST", 0, 2),
    )
    assert [constant.value for constant in program.constants] == ["name", "message", 4]
    assert program.instructions[0].name == "LOAD_GLOBAL"


@pytest.mark.parametrize(
    ("name", "operands", "message"),
    [
        ("MOVE", (0, 256), "register 256 is not in 0..255"),
        ("MOVE", (-1, 0), "register -1"),
        ("LOAD_CONST", (0, 65536), "constant index 65536"),
        ("DEFINE", (0, 65536), "type 65536"),
        ("SCOPE_ENTER", (65536,), "scope 65536"),
        ("JUMP", (2**31,), "jump distance 2147483648"),
        ("JUMP", (-(2**31) - 1,), "jump distance -2147483649"),
        ("CALL", (0, 1, [0] * 256), "number of arguments 256"),
        ("CALL", (0, 1, [256]), "register 256"),
        ("PHI", (0, [(0, 65536)]), "label 65536"),
        ("PHI", (0, [(0, 0)] * 256), "number of sources 256"),
        ("RETURN", ((256, 0),), "`has` 256"),
        ("RETURN", ((0, 0),), "a result is"),
        ("ASSERT", (0, 3, 0), "condition 3"),
        ("ASSERT", (0, 2, 0), "2 ints"),
        ("ASSERT", (0, 0, 0, (1, 2)), "0 ints"),
        ("ASSERT", (0, 2, 0, (0, 2**63)), "bound 9223372036854775808"),
    ],
)
def test_operands_that_do_not_fit(name: str, operands: tuple[int, ...], message: str) -> None:
    builder = Builder()
    with pytest.raises(LimitError, match=message):
        builder.emit(name, *operands)
    assert builder.next_index == 0


@pytest.mark.parametrize(
    ("name", "operands", "message"),
    [
        ("ADDD", (0, 0, 0), "unknown instruction ADDD"),
        ("ADD", (0, 0), "ADD takes 3 operands, not 2"),
        ("NOP", (0,), "NOP takes 0 operands, not 1"),
        ("MOVE", (0, "r1"), "cannot be the operand src:read"),
        ("MOVE", (0, True), "cannot be the operand src:read"),
        ("LOAD_CONST", (0, 2.5), "cannot be the operand const_idx:constant"),
        ("DEFINE", (0, "number"), "unknown type number"),
        ("PHI", (0, [1]), "cannot be the operand sources:sources"),
    ],
)
def test_operands_that_make_no_sense(name: str, operands: tuple[int, ...], message: str) -> None:
    with pytest.raises(BuildError, match=message):
        Builder().emit(name, *operands)


def test_255_arguments_and_sources_fit() -> None:
    builder = Builder()
    builder.emit("CALL", 0, 1, list(range(255)))
    builder.emit("PHI", 0, [(register, 65535) for register in range(255)])
    program = builder.build()
    assert read(write(program)) == program


def test_the_writer_checks_a_program_made_by_hand() -> None:
    with pytest.raises(LimitError, match="opcode 50"):
        write(Program(instructions=(Instruction(50, ()),)))
    with pytest.raises(LimitError, match="ADD takes 3 operands, not 1"):
        write(Program(instructions=(instruction("ADD", 1),)))
    with pytest.raises(LimitError, match="function target"):
        write(Program(functions=(Function("f", 2**32),)))
    with pytest.raises(LimitError, match="version"):
        write(Program(version=-1))


@pytest.mark.parametrize(
    ("call", "arguments", "message"),
    [
        (Builder, (None,), "name must be a str, not NoneType"),
        (Builder, ("", "2"), "version must be an int, not str"),
        (Builder, ("", 1, 1.5), "flags must be an int, not float"),
        (Builder().emit, ([],), "the name of an instruction must be a str, not list"),
        (Builder().function, (1,), "the name of a function must be a str, not int"),
        (Builder().function, ("f", "g"), "the target of a function must be an int, not str"),
        (Builder().label, (1,), "the name of a label must be a str, not int"),
        (Builder().here, (None,), "the name of a label must be a str, not NoneType"),
        (Builder().place, (0,), "label must be a Label, not int"),
        (write, (b"",), "what is written must be a Program, not bytes"),
        (Builder().constant, (b"",), "a constant is None, bool, int, float or str, not bytes"),
        (read, ("MDBC" * 9,), "what is read must be bytes, not str"),
    ],
)
def test_arguments_of_the_wrong_type_are_named(call: Any, arguments: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        call(*arguments)


def test_the_writer_names_what_has_the_wrong_type_in_a_program() -> None:
    for field, value, message in (
        ("name", None, "a string in a file must be a str, not NoneType"),
        ("version", 1.5, "version must be an int, not float"),
    ):
        wrong: Any = {field: value}
        with pytest.raises(TypeError, match=message):
            write(Program(**wrong))


def test_a_result_of_nothing() -> None:
    with pytest.raises(LimitError, match="a result is"):
        Builder().emit("RETURN", ())


# Labels and functions


def test_jumps_in_both_directions_and_the_labels_of_a_phi() -> None:
    builder = Builder()
    end = builder.label("end")
    start = builder.here("start")
    builder.emit("JUMP_IF", 0, end)
    jump = builder.here()
    builder.emit("JUMP", start)
    builder.place(end)
    sources: list[tuple[int, int | Label]] = [(2, jump), (3, end), (4, 9)]
    builder.emit("PHI", 1, sources)
    assert builder.build().instructions == (
        instruction("JUMP_IF", 0, 1),
        instruction("JUMP", -2),
        instruction("PHI", 1, ((2, 1), (3, 2), (4, 9))),
    )


def test_functions_begin_at_the_next_instruction_unless_told_otherwise() -> None:
    builder = Builder()
    later = builder.label()
    builder.emit("NOP")
    builder.function("here")
    builder.function("later", later)
    builder.function("nowhere", 2**32 - 1)
    builder.function("here", 0)
    builder.emit("NOP")
    builder.place(later)
    assert builder.build().functions == (
        Function("here", 1),
        Function("later", 2),
        Function("nowhere", 2**32 - 1),
        Function("here", 0),
    )


def test_a_label_without_a_place() -> None:
    builder = Builder()
    builder.emit("NOP")
    builder.emit("JUMP", builder.label("lost"))
    with pytest.raises(BuildError, match="the label lost is never placed") as caught:
        builder.build()
    assert caught.value.instruction == 1


def test_a_label_placed_twice() -> None:
    builder = Builder()
    label = builder.here("again")
    with pytest.raises(BuildError, match="the label again is placed twice"):
        builder.place(label)


def test_a_jump_too_far_from_the_start_for_a_phi() -> None:
    builder = Builder()
    for _ in range(65536):
        builder.emit("NOP")
    label = builder.here()
    builder.emit("JUMP", 0)
    builder.emit("PHI", 0, [(1, label)])
    with pytest.raises(BuildError, match="label 65536") as caught:
        builder.build()
    assert caught.value.instruction == 65537


def test_the_same_calls_give_the_same_bytes() -> None:
    def make() -> bytes:
        builder = Builder("same")
        for value in ("b", "a", 1, 1.0, None):
            builder.load_constant(0, value)
        builder.function("f")
        return builder.to_bytes()

    assert make() == make()
