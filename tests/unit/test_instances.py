"""Instances of programs in an embedded VM: what they keep from one run to the next."""

import pytest

from mdvm.embedding import protocol
from mdvm.embedding.host_calls import untranslated_host
from mdvm.embedding.marshal import Decoder, encode
from mdvm.objects import W_Float, W_Int, w_empty
from mdvm.values.strings import W_Str
from mdvm.values.text import debug_text
from tests.unit.test_host import answer, host, load, run

assert host  # a fixture

# `g` begins as what `main` says, `next` adds 1 to it, `fail` does so and fails.
COUNTER = [
    "main",
    ("LOAD_CONST", 0, 10),
    ("STORE_GLOBAL", 0, "g"),
    ("RETURN",),
    "next",
    ("LOAD_GLOBAL", 0, "g"),
    ("LOAD_CONST", 1, 1),
    ("ADD", 0, 0, 1),
    ("STORE_GLOBAL", 0, "g"),
    ("RETURN", 0),
    "fail",
    ("LOAD_GLOBAL", 0, "g"),
    ("LOAD_CONST", 1, 1),
    ("ADD", 0, 0, 1),
    ("STORE_GLOBAL", 0, "g"),
    ("LOAD_CONST", 1, "text"),
    ("SUB", 0, 0, 1),
    ("RETURN", 0),
    "outer",
    ("LOAD_CONST", 1, "host"),
    ("CALL", 1, 1, ()),
    ("LOAD_GLOBAL", 0, "g"),
    ("RETURN", 0),
]
FUNCTIONS = [("main", "main"), ("next", "next"), ("fail", "fail"), ("outer", "outer")]
NEXT, FAIL, OUTER = 1, 2, 3


@pytest.fixture
def program(host):
    return load(host, COUNTER, FUNCTIONS)


def new_instance(host, program):
    instance = host.request(protocol.NEW_INSTANCE, program, "")
    assert instance >= protocol.FIRST_INSTANCE
    assert run(host, instance) == protocol.NO_VALUE
    return instance


def result(host, *arguments, **options):
    assert run(host, *arguments, **options) == protocol.VALUE
    return Decoder(host.answer).read()


def globals_of(host, handle, name=""):
    host.request(protocol.ASK + protocol.GLOBALS, handle, name)
    return answer(host)


def test_global_variables_stay(host, program):
    first, second = new_instance(host, program), new_instance(host, program)
    assert [result(host, first, NEXT).intval for _ in range(3)] == [11, 12, 13]
    assert result(host, second, NEXT).intval == 11
    assert globals_of(host, first) == 'Dict({"g": Int(13)})'
    assert globals_of(host, first, "g") == 'Dict({"g": Int(13)})'
    assert globals_of(host, first, "h") == "Dict({})"
    # The program by itself knows nothing of that.
    assert run(host, program, NEXT) == protocol.RUN_ERROR


def test_under_every_mode(host, program):
    instance = new_instance(host, program)
    for mode, expected in ((0, 11), (protocol.COUNT, 12), (protocol.LIMIT_DEPTH, 13), (0, 14)):
        host.request(protocol.SET_MAX_DEPTH, 100, "")
        assert result(host, instance, NEXT, mode_flags=mode).intval == expected


def test_a_run_that_fails_leaves_what_it_has_done(host, program):
    instance = new_instance(host, program)
    assert run(host, instance, FAIL) == protocol.RUN_ERROR
    assert result(host, instance, NEXT).intval == 12


def test_setting(host, program):
    instance = new_instance(host, program)

    def set_global(name, data):
        return host.request(protocol.SET_GLOBAL, instance, encode(W_Str(name)) + data)

    assert set_global("g", encode(W_Float(0.5))) == 1
    assert globals_of(host, instance) == 'Dict({"g": Float(0.5)})'
    assert set_global("h", encode(W_Int(1))) == 0
    refused = "[\1\0\0\0." + "\0\0"
    header = encode(W_Int(6)).replace(chr(protocol.INT), chr(protocol.MARSHALLED), 1)
    assert set_global("g", header + refused) == protocol.REFUSED
    assert set_global("g", encode(w_empty)) == 1
    assert globals_of(host, instance) == 'Dict({"g": Empty})'


def test_an_instance_outlives_its_program_and_is_dropped(host, program):
    instance = new_instance(host, program)
    host.request(protocol.DROP, program, "")
    assert result(host, instance, NEXT).intval == 11
    host.request(protocol.DROP, instance, "")
    other = load(host, COUNTER, FUNCTIONS)
    assert host.request(protocol.NEW_INSTANCE, other, "") == instance
    assert globals_of(host, instance) == 'Dict({"g": Empty})'


@pytest.mark.parametrize("mode", [0, protocol.COUNT])
def test_a_run_within_a_run_goes_on_with_the_same_variables(host, program, mode):
    """mode: of the inner run; that of the outer one is 0."""
    instance, other = new_instance(host, program), new_instance(host, program)

    def call(data):
        assert result(host, instance, NEXT, mode_flags=mode).intval == 11
        assert result(host, other, NEXT, mode_flags=mode).intval == 11
        assert run(host, instance, FAIL, mode_flags=mode) == protocol.RUN_ERROR
        assert globals_of(host, instance) == 'Dict({"g": Int(12)})'
        host.request(protocol.SET_GLOBAL, instance, encode(W_Str("g")) + encode(W_Int(20)))
        assert result(host, instance, NEXT, mode_flags=mode).intval == 21
        return encode(w_empty)

    untranslated_host.call = call
    host.request(protocol.SET_FUNCTIONS, 1, encode(W_Str("host")))
    assert result(host, instance, OUTER).intval == 21
    assert result(host, instance, NEXT).intval == 22
    assert result(host, other, NEXT).intval == 12


def test_a_result_that_is_refused_is_asked_for_again(host):
    program = load(host, [("LOAD_CONST", 1, "host"), ("CALL", 1, 0, ()), ("RETURN", 0)])
    asked = []

    def call(data):
        asked.append(debug_text(Decoder(data).read()))
        if len(asked) == 1:
            return encode(W_Int(1)).replace(chr(protocol.INT), chr(protocol.MARSHALLED), 1) + "."
        return encode(W_Int(5))

    untranslated_host.call = call
    host.request(protocol.SET_FUNCTIONS, 1, encode(W_Str("host")))
    assert result(host, program).intval == 5
    assert asked == ["Array([Int(0)])", "Array([Int(-1)])"]


def test_an_argument_that_is_refused_is_no_run(host):
    program = load(host, [("RETURN", 0)], [("f", 0)])
    data = encode(W_Int(1)).replace(chr(protocol.INT), chr(protocol.MARSHALLED), 1) + "."
    assert host.run(program, 0, data, 1, 0) == protocol.REFUSED
    assert host.programs[program].runs == 0
