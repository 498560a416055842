"""Bytes to Module: every rule of the format, the errors and their order, and that no bytes do more
harm than a LoadError.
"""

import random
import resource
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdvm.errors import LoadError
from mdvm.loading.loader import load_module
from mdvm.opcodes import OPCODES
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Url
from mdvm.values.text import debug_text
from tests.unit.programs import File, from_bytes, make_module, to_bytes
from tests.unit.random_programs import make_program, random_plan

ITEMS = [
    ("LOAD_CONST", 0, 7),
    ("LOAD_CONST", 1, -2.5),
    ("LOAD_CONST", 2, "text"),
    ("LOAD_CONST", 3, True),
    ("LOAD_CONST", 4, None),
    "loop",
    ("ADD", 0, 0, 1),
    ("JUMP_IF", 0, "loop"),
    ("JUMP_IF_NOT", 0, "loop"),
    ("JUMP", -(2**31)),
    ("CALL", 2, 5, (0, 1, 2)),
    ("CALL", 2, 5, ()),
    ("PHI", 6, ((1, 5), (2, 65535))),
    ("PHI", 6, ()),
    ("ASSERT", 0, 0, "m"),
    ("ASSERT", 0, 1, "m"),
    ("ASSERT", 0, 2, "m", (-(2**63), 2**63 - 1)),
    ("SCOPE_ENTER", 9),
    ("NEW_ARRAY", 7, 0),
    ("DICT_SET", 1, 2, 3),
    ("NOP",),
    ("RETURN",),
    ("RETURN", 255),
]
FUNCTIONS = [("main", 0), ("f", 0xFFFFFFFF), ("f", 3), ("", 1)]
MODULE = make_module(ITEMS, FUNCTIONS, name="a name")

EOF = "Unexpected EOF"


def error_of(data):
    """-> the text of the LoadError, None if it loads."""
    try:
        load_module(data)
    except LoadError as error:
        return error.text
    return None


def described(module):
    return (
        module.name,
        module.version,
        module.flags,
        [debug_text(w_value) for w_value in module.constants],
        [(function.name, function.target_index) for function in module.functions],
        [module.fields(index) for index in range(module.instruction_count())],
    )


def valid_file():
    return File(MODULE)


def file_of(constants=None, functions=None, instructions=None, name=None):
    """The parts: bytes without their counts are not touched, so each begins with its own."""
    made = File(make_module([]))
    for section, data in (
        ("constants", constants),
        ("functions", functions),
        ("instructions", instructions),
        ("name", name),
    ):
        if data is not None:
            setattr(made, section, data)
    return made.data()


def u32(value):
    return struct.pack("<I", value)


# ____________________________________________________________ what loads


def test_everything_comes_back_as_it_was_written():
    assert described(load_module(valid_file().data())) == described(MODULE)


def test_random_programs_come_back_as_they_were_written():
    rng = random.Random("files")
    for _ in range(50):
        module = make_program(random_plan(rng))
        assert described(load_module(File(module).data())) == described(module)


@pytest.mark.parametrize("version", [0, 1, 99, 0xFFFFFFFF])
def test_version_and_flags_are_not_checked(version):
    written = valid_file()
    written.version = version
    written.flags = 0xFFFFFFFF - version
    module = load_module(written.data())
    assert (module.version, module.flags) == (version, 0xFFFFFFFF - version)


def test_trailing_bytes_are_ignored():
    written = valid_file()
    written.trailing = b"anything"
    assert described(load_module(written.data())) == described(MODULE)


def test_sections_may_overlap_and_lie_in_the_header():
    # At offset 8 stand the flags: 0, so an empty name, no constants, no functions and no
    # instructions.
    data = b"MDBC" + struct.pack("<IIIIII", 1, 0, 8, 8, 8, 8)
    module = load_module(from_bytes(data))
    assert (module.name, len(module.constants), module.instruction_count()) == ("", 0, 0)


def test_sections_in_any_order():
    written = valid_file()
    parts = [written.instructions, written.functions, written.constants, written.name]
    offsets = [28 + sum(map(len, parts[:index])) for index in range(4)]
    data = b"MDBC" + struct.pack("<IIIIII", 1, 1, *reversed(offsets)) + b"".join(parts)
    assert described(load_module(from_bytes(data))) == described(MODULE)


def test_a_count_smaller_than_the_stream_ignores_the_rest():
    assert load_module(file_of(instructions=u32(1) + b"\x28\x28\xff")).instruction_count() == 1


def test_a_count_larger_than_the_stream_reads_on_into_trailing_bytes():
    assert (
        load_module(file_of(instructions=u32(3) + b"\x28\x28" + b"\x27")).instruction_count() == 3
    )
    assert error_of(file_of(instructions=u32(3) + b"\x28\x28")) == EOF


def test_more_constants_than_can_be_named():
    module = load_module(file_of(constants=u32(70000) + b"\x05" * 70000))
    assert len(module.constants) == 70000


@pytest.mark.parametrize(
    "payload, expected",
    [
        (b"\x01" + struct.pack("<q", -(2**63)), "Int(-9223372036854775808)"),
        (b"\x01" + struct.pack("<q", 2**63 - 1), "Int(9223372036854775807)"),
        (b"\x01" + struct.pack("<q", -2), "Int(-2)"),
        (b"\x02" + struct.pack("<d", -0.0), "Float(-0.0)"),
        (b"\x02" + struct.pack("<d", 5e-324), "Float(5e-324)"),
        (b"\x02" + struct.pack("<Q", 0x7FF8000000000001), "Float(NaN)"),
        (b"\x03" + u32(0), 'String("")'),
        (b"\x03" + u32(3) + b"\xef\xbb\xbf", 'String("\xef\xbb\xbf")'),
        (b"\x03" + u32(2) + b"\x00a", 'String("\\0a")'),
        (b"\x04\x00", "Bool(false)"),
        (b"\x04\x01", "Bool(true)"),
        (b"\x04\x80", "Bool(true)"),
        (b"\x04\xff", "Bool(true)"),
        (b"\x05", "Empty"),
    ],
)
def test_constants(payload, expected):
    shown = debug_text(load_module(file_of(constants=u32(1) + payload)).constants[0])
    assert shown == expected or (payload[5:] == b"\xef\xbb\xbf" and shown == 'String("\\u{feff}")')


def test_any_has_byte_of_a_return_is_a_value():
    assert load_module(file_of(instructions=u32(1) + b"\x1a\x02\x07")).fields(0) == [26, 2, 7]


# ____________________________________________________________ what does not


def test_the_length_is_checked_before_the_magic():
    for size in range(24):
        assert error_of("X" * size) == "Invalid bytecode format"
        assert error_of(("MDBC" + "\0" * 20)[:size]) == "Invalid bytecode format"


def test_the_magic_is_checked_before_the_header_is_read():
    for size in range(24, 28):
        assert error_of("MDBX" + "\0" * (size - 4)) == "Invalid magic number"
        assert error_of("MDBC" + "\0" * (size - 4)) == EOF
    assert error_of("mdbc" + "\0" * 24) == "Invalid magic number"


@pytest.mark.parametrize("section", range(4))
def test_offsets(section):
    written = valid_file()
    size = written.size()
    written.offsets[section] = size + 1
    assert error_of(written.data()) == "Invalid offset"
    written.offsets[section] = 0xFFFFFFFF
    assert error_of(written.data()) == "Invalid offset"
    written.offsets[section] = size
    assert error_of(written.data()) == EOF


def test_the_first_fault_in_the_order_of_the_sections_wins():
    written = valid_file()
    size = written.size()
    written.offsets = [size, size + 1, size + 1, size + 1]
    assert error_of(written.data()) == EOF
    written = valid_file()
    written.name = u32(1) + b"\xff"
    written.offsets[1] = 0xFFFFFFFF
    assert error_of(written.data()) == "Invalid UTF-8"
    written = valid_file()
    written.constants = u32(1) + b"\x09"
    written.offsets[2] = 0xFFFFFFFF
    assert error_of(written.data()) == "Invalid constant tag: 9"
    written = valid_file()
    written.functions = u32(1) + u32(1) + b"\x80"
    written.instructions = u32(1) + b"\xff"
    assert error_of(written.data()) == "Invalid UTF-8"


@pytest.mark.parametrize("tag", [0, 6, 7, 255])
def test_constant_tags(tag):
    assert (
        error_of(file_of(constants=u32(1) + struct.pack("<B", tag)))
        == "Invalid constant tag: %d" % tag
    )


@pytest.mark.parametrize("tag", [0, 8, 255])
def test_constant_tags_of_version_2(tag):
    written = File(make_module([]))
    written.version = 2
    written.constants = u32(1) + struct.pack("<B", tag)
    assert error_of(written.data()) == "Invalid constant tag: %d" % tag


@pytest.mark.parametrize(
    "text, error",
    [(b"a:", None), (b"Z+9-.:b", None), (b"", "Invalid URL"), (b":", "Invalid URL")]
    + [(text, "Invalid URL") for text in (b"a", b"1a:", b"a b:c", b"\xc3\xa9:")]
    + [(b"\xff:", "Invalid UTF-8")],
)
def test_urls_of_version_2(text, error):
    written = File(make_module([]))
    written.version = 2
    written.constants = u32(1) + b"\x07" + u32(len(text)) + text
    assert error_of(written.data()) == error


def test_functions_and_urls_of_version_2():
    module = make_module([("LOAD_CONST", 0, W_Function("f")), ("LOAD_CONST", 0, W_Url("a:b"))])
    loaded = load_module(File(module).data())
    assert [debug_text(w_value) for w_value in loaded.constants] == [
        'Function("f")',
        'URL("a:b")',
    ]


@pytest.mark.parametrize("number", [50, 63, 64, 100, 255])
def test_opcodes_are_judged_before_their_operands(number):
    assert (
        error_of(file_of(instructions=u32(1) + struct.pack("<B", number)))
        == "Invalid opcode: %d" % number
    )
    assert (
        error_of(file_of(instructions=u32(2) + b"\x27" + struct.pack("<B", number)))
        == "Invalid opcode: %d" % number
    )


@pytest.mark.parametrize("version", [0, 1, 3, 0x102, 0xFFFFFFFF])
def test_only_version_2_has_the_instructions_of_version_2(version):
    written = File(make_module([("ARRAY_PUSH", 1, 2)]))
    assert written.version == 2
    assert load_module(written.data()).fields(0) == [50, 1, 2]
    written.version = version
    assert error_of(written.data()) == "Invalid opcode: 50"


def test_version_2_ends_too():
    written = File(make_module([]))
    written.version = 2
    written.instructions = u32(1) + struct.pack("<B", len(OPCODES))
    assert error_of(written.data()) == "Invalid opcode: %d" % len(OPCODES)


@pytest.mark.parametrize("condition", [3, 4, 200, 255])
def test_conditions(condition):
    data = u32(1) + struct.pack("<BBBH", 28, 0, condition, 0) + b"\0" * 16
    assert error_of(file_of(instructions=data)) == "Invalid opcode: %d" % condition


def test_string_lengths_are_judged_before_their_text():
    assert error_of(file_of(constants=u32(1) + b"\x03" + u32(1000) + b"\xff")) == EOF
    assert error_of(file_of(constants=u32(1) + b"\x03" + u32(2) + b"a\xff")) == "Invalid UTF-8"
    assert (
        error_of(file_of(constants=u32(1) + b"\x03" + u32(3) + b"\xed\xa0\x80")) == "Invalid UTF-8"
    )
    assert error_of(file_of(constants=u32(1) + b"\x03" + u32(2) + b"\xc0\x80")) == "Invalid UTF-8"


def test_every_shorter_file_is_an_error():
    data = valid_file().data()
    for size in range(len(data)):
        assert error_of(data[:size]) in (EOF, "Invalid bytecode format", "Invalid offset")


# ____________________________________________________________ damage

ERRORS = (
    "Unexpected EOF",
    "Invalid bytecode format",
    "Invalid offset",
    "Invalid magic number",
    "Invalid UTF-8",
    "Invalid constant tag: ",
    "Invalid opcode: ",
)


def assert_loads_or_is_refused(data):
    error = error_of(data)
    assert error is None or error.startswith(ERRORS)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, valid_file().size() - 1), st.integers(0, 255)), max_size=6),
    st.integers(0, 400),
)
def test_damaged_files(damages, size):
    data = bytearray(to_bytes(valid_file().data()))
    for position, value in damages:
        data[position] = value
    assert_loads_or_is_refused(from_bytes(bytes(data)))
    assert_loads_or_is_refused(from_bytes(bytes(data[:size])))


@settings(max_examples=200)
@given(st.binary(max_size=80))
def test_any_bytes_after_the_magic(rest):
    assert_loads_or_is_refused(from_bytes(b"MDBC" + rest))
    assert_loads_or_is_refused(from_bytes(rest))


def test_every_flipped_bit():
    data = bytearray(to_bytes(valid_file().data()))
    for position in range(len(data)):
        for bit in range(8):
            data[position] ^= 1 << bit
            assert_loads_or_is_refused(from_bytes(bytes(data)))
            data[position] ^= 1 << bit


def peak_memory():
    """-> int, KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize(
    "section, expected",
    [("constants", EOF), ("functions", EOF), ("instructions", EOF), ("name", EOF)],
)
@pytest.mark.parametrize("count", [0xFFFFFFFF, 0x7FFFFFFF, 1 << 20])
def test_a_huge_count_takes_no_memory(section, expected, count):
    before = peak_memory()
    written = File(make_module([]))
    # The section is the last of the file, so that its elements end with it.
    written.offsets = [28, 32, 32, 32]
    written.name = u32(0)
    which = ["name", "constants", "functions", "instructions"].index(section)
    written.offsets[which] = 40
    written.constants = u32(0)
    written.functions = u32(0)
    written.instructions = (
        u32(count)
        + {"constants": b"\x05" * 10, "functions": b"", "instructions": b"\x28" * 10, "name": b"x"}[
            section
        ]
    )
    assert error_of(written.data()) == expected
    assert peak_memory() - before < 20000
