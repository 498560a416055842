"""Metadata: what an .mdbm file says, and what is said about one that is of no use."""

import struct

import pytest

from mdvm.debugging.disassembler import listing_lines
from mdvm.errors import RunError
from mdvm.debugging.source_notes import describe_stack, note_places
from mdvm.loading.metadata import (
    MAGIC,
    MetadataError,
    hash_of,
    read_metadata,
)
from tests.unit.programs import File, from_bytes, make_module

MODULE = make_module([("LOAD_CONST", 0, 7), ("LOAD_CONST", 1, 0), ("DIV", 0, 0, 1), ("RETURN", 0)])
BYTECODE = File(MODULE).data()


def string(text):
    return struct.pack("<I", len(text)) + text


def metadata(digest=None, version=1, functions=(), positions=(), inlined=()):
    """functions: (name, first, end, parameters, variables); positions: (first, line, column);
    inlined: (first, end, function, line, column) -> the file, as the VM has it.
    """
    data = (
        MAGIC.encode("ascii")
        + struct.pack("<Iq", version, hash_of(BYTECODE) if digest is None else digest)
        + string(b"a.md")
    )
    data += struct.pack("<I", len(functions))
    for name, first, end, parameters, variables in functions:
        data += string(name) + struct.pack("<II", first, end) + struct.pack("<I", len(parameters))
        data += b"".join(string(parameter) for parameter in parameters) + struct.pack(
            "<I", len(variables)
        )
        for variable, register, start, stop in variables:
            data += string(variable) + struct.pack("<BII", register, start, stop)
    data += struct.pack("<I", len(positions)) + b"".join(
        struct.pack("<III", *position) for position in positions
    )
    data += struct.pack("<I", len(inlined))
    for first, end, function, line, column in inlined:
        data += struct.pack("<II", first, end) + string(function) + struct.pack("<II", line, column)
    return from_bytes(data)


GOOD = metadata(
    functions=[(b"half", 1, 4, [b"n"], [(b"n", 0, 1, 3)])],
    positions=[(0, 0, 0), (1, 3, 5), (2, 4, 9)],
)


@pytest.mark.parametrize(
    "text, value",
    [("", 0xCBF29CE484222325), ("a", 0xAF63DC4C8601EC8C), ("foobar", 0x85944171F73967E8)],
)
def test_the_hash_is_fnv_1a(text, value):
    assert hash_of(text) & 0xFFFFFFFFFFFFFFFF == value


def test_what_is_read():
    found = read_metadata(GOOD, BYTECODE)
    assert found.source == "a.md"
    [function] = found.functions
    assert (function.name, function.first, function.end, function.parameters) == (
        "half",
        1,
        4,
        ["n"],
    )
    [variable] = function.variables
    assert (variable.name, variable.register, variable.first, variable.end) == ("n", 0, 1, 3)


def test_the_place_of_an_instruction():
    found = read_metadata(GOOD, BYTECODE)
    assert [found.place(index) for index in range(4)] == [
        "a.md",
        "a.md:3:5",
        "a.md:4:9",
        "a.md:4:9",
    ]
    assert read_metadata(metadata(), BYTECODE).place(0) == "a.md"


def test_an_inlined_call_is_a_line_of_the_stack():
    data = metadata(
        functions=[(b"outer", 0, 4, [], [])],
        positions=[(0, 3, 5), (2, 4, 9)],
        inlined=[(1, 3, b"middle", 7, 1), (2, 3, b"inner", 0, 0)],
    )
    error = RunError("Division by zero")
    error.functions = ["outer"]
    for instruction, lines in [
        (0, ["  at outer (a.md:3:5)"]),
        (1, ["  at middle (a.md:3:5)", "  at outer (a.md:7:1)"]),
        (2, ["  at inner (a.md:4:9)", "  at middle (a.md)", "  at outer (a.md:7:1)"]),
        (3, ["  at outer (a.md:4:9)"]),
    ]:
        error.instructions = [instruction]
        assert describe_stack(data, BYTECODE, error) == lines


def test_functions_of_the_library_are_not_in_the_stack():
    data = metadata(
        functions=[(b"own", 0, 2, [], []), (b"insert()", 2, 4, [], [])],
        positions=[(0, 3, 5), (2, 0, 0)],
    )
    error = RunError("Index out of bounds: index 8 for length 1")
    error.functions = ["insert()", "own"]
    error.instructions = [3, 1]
    assert describe_stack(data, BYTECODE, error) == ["  at own (a.md:3:5)"]


@pytest.mark.parametrize(
    "data, problem",
    [
        (metadata(digest=1), "it belongs to another program"),
        (metadata(version=2), "it has the unknown version 2"),
        (GOOD[:-1], "it is damaged"),
        (GOOD[:30], "it is damaged"),
        (GOOD[:10], "it is damaged"),
        ("MDBC" + GOOD[4:], "it is damaged"),
        (metadata(functions=[(b"\xff", 0, 1, [], [])]), "it is damaged"),
    ],
)
def test_what_is_of_no_use(data, problem):
    with pytest.raises(MetadataError) as raised:
        read_metadata(data, BYTECODE)
    assert raised.value.text == problem


def test_every_cut_and_every_count_is_survived():
    for size in range(len(GOOD)):
        with pytest.raises(MetadataError):
            read_metadata(GOOD[:size], BYTECODE)
        changed = GOOD[:size] + "\xff" + GOOD[size + 1 :]
        try:
            read_metadata(changed, BYTECODE)
        except MetadataError:
            pass


def error(frames):
    failed = RunError("Division by zero")
    for function, instruction in frames:
        failed.pass_frame(function, instruction)
    return failed


def test_a_stack():
    assert describe_stack(GOOD, BYTECODE, error([("half()", 2), ("", 0)])) == [
        "  at half (a.md:4:9)",
        "  at  (a.md)",
    ]
    assert describe_stack("", BYTECODE, error([("half()", 2)])) == []
    assert describe_stack(GOOD, BYTECODE + "x", error([("half()", 2)])) == [
        "  (the .mdbm file beside the program is of no use: it belongs to another program)"
    ]


def test_a_deep_stack_is_shown_at_its_ends():
    lines = describe_stack(GOOD, BYTECODE, error([("half()", 2)] * 150))
    assert len(lines) == 22
    assert lines[10] == "  ... 80 more"
    assert lines[21] == "  ... 50 more"


def test_a_listing_with_places():
    lines = listing_lines(MODULE)
    note_places(lines, read_metadata(GOOD, BYTECODE))
    noted = [line.text.partition("; ")[2] for line in lines if "; " in line.text]
    assert noted == ["0  a.md", "1  a.md:3:5", "2  a.md:4:9", "3"]
