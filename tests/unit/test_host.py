"""What the entry points of an embedded VM do, called as they call it."""

import pytest

from mdvm.system import interruption
from mdvm.embedding import protocol
from mdvm.embedding.host import Host, OutputRefused
from mdvm.objects import W_Int
from mdvm.system.heap import heap
from mdvm.system.output import Output
from mdvm.values.text import debug_text
from mdvm.embedding.marshal import Decoder, encode
from tests.unit.programs import File, make_module

ADD = [("ADD", 0, 0, 1), ("RETURN", 0)]
PRINT = [
    ("LOAD_CONST", 0, "one"),
    ("DEBUG_PRINT", 0),
    ("LOAD_CONST", 0, "two"),
    ("DEBUG_PRINT", 0),
    ("LOAD_CONST", 0, "three"),
    ("DEBUG_PRINT", 0),
]
ENDLESS = [("LOAD_CONST", 0, 0), ("LOAD_CONST", 1, 1), "again", ("ADD", 0, 0, 1), ("JUMP", "again")]


class Kept(Output):
    """Keeps what is printed, and refuses what is too much.  room: int, how many pieces there is
    room for.
    """

    def __init__(self, room=1000000):
        Output.__init__(self)
        self.room = room
        self.taken = []

    def put(self, text):
        if len(self.taken) == self.room:
            raise OutputRefused
        self.taken.append(text)


@pytest.fixture
def host():
    made = Host()
    made.start(Kept())
    return made


def load(host, items, functions=()):
    handle = host.request(
        protocol.LOAD, protocol.NO_PROGRAM, File(make_module(items, functions)).data()
    )
    assert handle >= 0
    return handle


def answer(host):
    return debug_text(Decoder(host.answer).read())


def run(host, handle, function=protocol.START, arguments=(), mode_flags=0):
    data = "".join(encode(w_argument) for w_argument in arguments)
    return host.run(handle, function, data, len(arguments), mode_flags)


def test_a_value_no_value_and_an_error(host):
    assert run(host, load(host, [("LOAD_CONST", 0, 5), ("RETURN", 0)])) == protocol.VALUE
    assert answer(host) == "Int(5)"
    assert run(host, load(host, [("HALT",)])) == protocol.NO_VALUE
    assert run(host, load(host, [("NOP",), ("NEG", 0, 0)])) == protocol.RUN_ERROR
    assert (
        answer(host)
        == 'Array([String("Invalid operation: negation on type Empty"), Int(0), Int(0), String(""), Int(1)])'
    )


def test_a_function_and_its_arguments(host):
    handle = load(host, [("HALT",)] + ADD, [("main", 0), ("add", 1)])
    assert run(host, handle, 1, [W_Int(3), W_Int(4)]) == protocol.VALUE
    assert answer(host) == "Int(7)"
    assert run(host, handle, 1, [W_Int(3)]) == protocol.RUN_ERROR
    assert run(host, handle, 1, [W_Int(3), W_Int(4), W_Int(5)]) == protocol.VALUE


def test_handles_are_used_again(host):
    first = load(host, ADD)
    second = load(host, ADD)
    assert first != second
    host.request(protocol.DROP, first, "")
    assert load(host, ADD) == first
    assert load(host, ADD) not in (first, second)
    # A load can drop another program first.
    assert host.request(protocol.LOAD, second, File(make_module(ADD)).data()) == second


def test_a_program_that_cannot_be_loaded(host):
    assert host.request(protocol.LOAD, protocol.NO_PROGRAM, "nonsense") == -1
    assert answer(host) == 'String("Invalid bytecode format")'
    assert host.request(protocol.LOAD_FILE, protocol.NO_PROGRAM, "/nowhere.mdbc") == -1
    assert answer(host) == 'String("IO error: No such file or directory (os error 2)")'


def test_limits_are_for_code_that_heeds_them(host):
    handle = load(host, ENDLESS)
    host.request(protocol.SET_MAX_INSTRUCTIONS, 101, "")
    assert (
        run(host, handle, mode_flags=protocol.COUNT | protocol.LIMIT_INSTRUCTIONS)
        == protocol.LIMIT_ERROR
    )
    assert answer(host).startswith(
        'Array([String("Instruction limit exceeded: 101"), Int(0), Int(1), String(""), Int('
    )
    assert 99 <= host.request(protocol.EXECUTED, handle, "") <= 101
    recursion = load(host, [("LOAD_CONST", 0, "f"), ("CALL", 0, 1), ("RETURN",)], [("f", 0)])
    host.request(protocol.SET_MAX_DEPTH, 3, "")
    assert run(host, recursion, mode_flags=protocol.LIMIT_DEPTH) == protocol.RUN_ERROR
    assert answer(host).count('String("f"), Int(1)') == 3


def test_an_interruption_ends_loops_and_calls(host):
    recursion = [("LOAD_CONST", 0, "f"), ("CALL", 0, 1), ("RETURN",)]
    interruption.untranslated_interruption.reason = lambda: protocol.TIMEOUT
    try:
        assert run(host, load(host, ENDLESS)) == protocol.LIMIT_ERROR
        assert answer(host).startswith(
            'Array([String("Interrupted"), Int(0), Int(%d), ' % protocol.TIMEOUT
        )
        assert run(host, load(host, recursion, [("f", 0)])) == protocol.LIMIT_ERROR
        assert run(host, load(host, [("HALT",)])) == protocol.NO_VALUE
    finally:
        interruption.untranslated_interruption.reason = None


def test_the_gc_ends_a_recursion_of_wide_frames(host):
    """As the translated one does: it notes why, and wants the program to end."""

    def too_many_registers():
        heap.frames_overflow = True
        return protocol.TIMEOUT + 2

    interruption.untranslated_interruption.reason = too_many_registers
    try:
        assert run(host, load(host, ENDLESS)) == protocol.RUN_ERROR
        assert answer(host).startswith(
            'Array([String("Stack overflow"), Int(0), Int(%d), ' % protocol.NO_KIND
        )
    finally:
        interruption.untranslated_interruption.reason = None
    assert run(host, load(host, [("HALT",)])) == protocol.NO_VALUE


def test_output_arrives_in_whole_lines(host):
    for _ in range(2):
        assert run(host, load(host, PRINT)) == protocol.NO_VALUE
        assert host.output.taken == ["one\n", "two\n", "three\n"]
        host.output.taken = []


def test_output_that_is_refused():
    host = Host()
    host.start(Kept(1))
    handle = load(host, PRINT)
    assert run(host, handle) == protocol.OUTPUT_FAILED
    assert host.output.taken == ["one\n"]
    host.output.room = 1000
    assert run(host, handle) == protocol.NO_VALUE
    assert host.output.taken == ["one\n", "one\n", "two\n", "three\n"]


def test_a_limit_of_the_output_holds_for_one_run(host):
    handle = load(host, PRINT)
    for limit, printed in [
        (0, []),
        (7, ["one\n"]),
        (8, ["one\n", "two\n"]),
        (13, ["one\n", "two\n"]),
    ]:
        host.request(protocol.SET_MAX_OUTPUT, limit, "")
        assert run(host, handle) == protocol.LIMIT_ERROR
        assert answer(host).startswith(
            'Array([String("Output limit exceeded: %d"), Int(0), Int(%d), '
            % (limit, protocol.OUTPUT_SIZE)
        )
        assert host.output.taken == printed
        host.output.taken = []
    host.request(protocol.SET_MAX_OUTPUT, 14, "")
    assert run(host, handle) == protocol.NO_VALUE
    assert run(host, handle) == protocol.NO_VALUE


def test_global_variables_are_undefined_in_every_run(host):
    handle = load(
        host,
        [("LOAD_GLOBAL", 0, "g"), ("LOAD_CONST", 1, 1), ("STORE_GLOBAL", 1, "g"), ("RETURN", 0)],
    )
    for _ in range(3):
        assert run(host, handle) == protocol.VALUE
        assert answer(host) == "Empty"


def test_questions(host):
    data = File(make_module([("HALT",)] + ADD, [("f", 0), ("g", 1), ("f", 2)], [1, "s"])).data()
    handle = host.request(protocol.LOAD, protocol.NO_PROGRAM, data)
    asked = {}
    for question in (
        protocol.FUNCTIONS,
        protocol.CONSTANTS,
        protocol.SHAPE,
        protocol.LISTING,
        protocol.STATISTICS,
    ):
        assert host.request(protocol.ASK + question, handle, "") == 0
        asked[question] = answer(host)
    assert (
        asked[protocol.FUNCTIONS]
        == 'Dict({"f": Array([Int(2), Int(2)]), "g": Array([Int(1), Int(1)])})'
    )
    assert asked[protocol.CONSTANTS] == 'Array([Int(1), String("s")])'
    assert asked[protocol.SHAPE] == 'Array([Int(3), String("test"), Int(1)])'
    assert ".func" in asked[protocol.LISTING]
    assert asked[protocol.STATISTICS].startswith(
        "Array([Int(0), Int(0), Int(0), Int(0), Int(0), Int("
    )
    host.request(protocol.ASK + protocol.CONTENT, handle, "")
    assert host.answer == data


def test_instructions_are_counted_for_each_program(host):
    handle = load(host, [("NOP",), ("NOP",), ("HALT",)])
    other = load(host, [("HALT",)])
    for _ in range(3):
        run(host, handle, mode_flags=protocol.COUNT)
        run(host, other, mode_flags=protocol.COUNT)
        run(host, handle)
    assert host.request(protocol.EXECUTED, handle, "") == 9
    assert host.request(protocol.EXECUTED, other, "") == 3


LARGE_ARRAY = [("LOAD_CONST", 0, 1000000), ("NEW_ARRAY", 0, 0), ("ARRAY_LEN", 0, 0), ("RETURN", 0)]


def test_a_limit_of_memory_holds_for_one_run(host):
    handle = load(host, LARGE_ARRAY)
    for _ in range(3):
        host.request(protocol.SET_MAX_MEMORY, 7000000, "")
        assert run(host, handle) == protocol.LIMIT_ERROR
        assert (
            answer(host) == 'Array([String("Out of memory"), Int(0), Int(4), String(""), Int(1)])'
        )
        assert run(host, handle) == protocol.VALUE
        host.request(protocol.SET_MAX_MEMORY, 9000000, "")
        assert run(host, handle) == protocol.VALUE
    assert answer(host) == "Int(1000000)"


def test_too_much_memory_without_a_limit_of_its_own_is_an_error_of_the_program(host):
    handle = load(host, [("LOAD_CONST", 0, 1 << 60), ("NEW_ARRAY", 0, 0), ("RETURN", 0)])
    assert run(host, handle) == protocol.RUN_ERROR
    host.request(protocol.SET_MAX_MEMORY, 1 << 62, "")
    assert run(host, handle) == protocol.LIMIT_ERROR


def test_a_run_out_of_memory_keeps_no_globals(host):
    text = [
        ("LOAD_CONST", 0, 7),
        ("STORE_GLOBAL", 0, "kept"),
        ("LOAD_CONST", 0, 1 << 60),
        ("NEW_ARRAY", 0, 0),
    ]
    handle = load(host, text)
    for mode_flags, expected in (
        (protocol.KEEP_GLOBALS, 'Dict({"kept": Int(7)})'),
        (0, 'Dict({"kept": Empty})'),
    ):
        assert run(host, handle, mode_flags=mode_flags) == protocol.RUN_ERROR
        host.request(protocol.ASK + protocol.GLOBALS, handle, "")
        assert answer(host) == expected
