"""Work inside one instruction: values that share parts, long texts, large containers.

It is charged for, can be interrupted, ends where memory does, and gives what it gives in small.
"""

import pytest

from mdvm.values import operations, scalars
from mdvm.values.equality import equal
from mdvm.values import text_builder
from mdvm.values.arrays import array_of, new_array
from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.interruption import untranslated_interruption
from mdvm.values.dicts import new_dict
from mdvm.errors import Interrupted, LimitError, OutOfMemory
from mdvm.system.heap import heap
from mdvm.objects import W_Float, W_Int, share, w_empty, w_true
from mdvm.run_state import UNLIMITED, run_state
from mdvm.values.strings import W_Str, join, same_text, text_less, text_less_or_equal
from mdvm.values.text import debug_text, string_text
from mdvm.embedding.marshal import Decoder, encode
from tests.unit.values import NAN


@pytest.fixture(autouse=True)
def a_run():
    ceiling = heap.ceiling
    run_state.begin(UNLIMITED)
    yield
    untranslated_interruption.requested = False
    heap.ceiling = ceiling
    run_state.begin(UNLIMITED)
    run_state.end()


def graph(levels, w_leaf, dicts=False):
    """-> a value of 2**levels leaves in as many containers as there are levels."""
    w_value = w_leaf
    for _ in range(levels):
        share(w_value)
        if dicts:
            w_next = new_dict()
            w_next.set(W_Str("a"), w_value)
            w_next.set(W_Str("b"), w_value)
            w_value = w_next
        else:
            w_value = array_of([w_value, w_value])
    return w_value


# ____________________________________________________________ equality


@pytest.mark.parametrize("dicts", [False, True])
def test_shared_parts_are_compared_once(dicts):
    for w_leaf in (W_Int(7), W_Str("x"), w_empty):
        assert equal(graph(300, w_leaf, dicts), graph(300, w_leaf, dicts))
    assert not equal(graph(300, W_Int(7), dicts), graph(300, W_Int(8), dicts))
    assert not equal(graph(300, W_Int(7), dicts), graph(300, W_Int(7), not dicts))
    assert not equal(graph(300, W_Int(7), dicts), graph(301, W_Int(7), dicts))


def test_a_part_that_meets_different_others_is_compared_with_each():
    w_sevens = [graph(12, W_Int(7)) for _ in range(3)]
    w_eight = graph(12, W_Int(8))
    for w_value in w_sevens + [w_eight]:
        share(w_value)
    w_left = array_of([w_sevens[0]] * 4)
    assert equal(w_left, array_of([w_sevens[1], w_sevens[2], w_sevens[1], w_sevens[2]]))
    for last in range(4):
        items = [w_sevens[1 + index % 2] for index in range(4)]
        items[last] = w_eight
        assert not equal(w_left, array_of(items))


@pytest.mark.parametrize("levels", [1, 5, 300])
def test_a_value_with_a_nan_in_it_is_not_equal_to_itself(levels):
    w_value = graph(levels, W_Float(NAN))
    assert not equal(w_value, w_value)
    assert equal(graph(levels, W_Float(0.0)), graph(levels, W_Int(0)))


def test_equality_that_is_not_transitive_stays_so():
    """2**53 + 1 == float(2**53) == 2**53, but the two ints differ."""
    w_float, w_odd, w_even = [
        graph(15, w_leaf) for w_leaf in (W_Float(2.0**53), W_Int(2**53 + 1), W_Int(2**53))
    ]
    for w_value in (w_float, w_odd, w_even):
        share(w_value)
    assert equal(w_odd, w_float) and equal(w_float, w_even)
    assert not equal(w_odd, w_even)
    assert not equal(array_of([w_float, w_odd, w_odd]), array_of([w_even, w_float, w_even]))


# ____________________________________________________________ interruption, the limit of instructions, memory


def long_text(size=1 << 21):
    return W_Str("x" * size)


def large_dict(size=49000):
    w_dict = new_dict()
    for number in range(size):
        w_dict.set(W_Str("%d" % number), W_Int(number))
    return w_dict


def array_with(w_value, size=1 << 17):
    return new_array(size).set(0, w_value)


# Each is prepared outside the run, and then more than a few thousand instructions' worth of work.
WORK = {
    "comparing": lambda: (equal, many_texts(), many_texts()),
    "comparing ints": lambda: (equal, array_with(W_Int(1)), array_with(W_Int(1))),
    "printing": lambda: (debug_text, graph(60, W_Int(7))),
    "printing dicts": lambda: (debug_text, graph(60, W_Str("\n"), True)),
    "as a string": lambda: (string_text, graph(60, W_Float(1.5))),
    "concatenating": lambda: (operations.concatenate, W_Str("x"), graph(60, W_Int(7))),
    "encoding": lambda: (encode, graph(60, W_Int(7))),
    "encoding dicts": lambda: (encode, graph(60, w_true, True)),
    "encoding ints": lambda: (encode, array_with(W_Int(1))),
    "filling": lambda: (array_with, W_Int(1)),
    "filling with floats": lambda: (array_with, W_Float(1.5)),
    "filling with bools": lambda: (array_with, w_true),
    "filling with strings": lambda: (array_with, W_Str("x")),
    "copying": lambda: (array_with(W_Int(1)).copy,),
    "copying values": lambda: (array_with(W_Str("x")).copy,),
    "boxing": lambda: (array_with(W_Int(1)).set, 1, W_Str("x")),
    "flattening": lambda: (join(long_text(), W_Str("y" * 1000)).text,),
    "flattening many parts": lambda: (rope_of_many_parts().text,),
    "comparing texts": lambda: (same_text, long_text(), long_text()),
    "ordering texts": lambda: (text_less, long_text(), long_text()),
    "ordering texts or equal": lambda: (text_less_or_equal, long_text(), long_text()),
    "copying a dict": lambda: (large_dict().copy,),
    "keys": lambda: (large_dict().key_array,),
    "values": lambda: (large_dict().value_array,),
    "a long key": lambda: (small_dict().contains, long_text()),
    "decoding ints": lambda: (Decoder(encode(array_with(W_Int(1)))).read,),
    "decoding floats": lambda: (Decoder(encode(array_with(W_Float(1.0)))).read,),
    "decoding values": lambda: (Decoder(encode(array_of([W_Str("x"), w_empty] * 50000))).read,),
}
if HAVE_RPYTHON:
    # what gives RPython's floats their bits takes a millisecond each, untranslated
    del WORK["decoding floats"]


def many_texts():
    return array_of([W_Str("%d" % number) for number in range(99999)])


def rope_of_many_parts():
    w_rope = W_Str("0123456789" * 30)
    for _ in range(14):
        w_rope = join(w_rope, w_rope)
    return w_rope


def small_dict():
    w_dict = new_dict()
    w_dict.set(W_Str("x"), w_true)
    return w_dict


def prepared(name):
    run_state.end()
    work = WORK[name]()
    return work[0], work[1:]


@pytest.mark.parametrize("name", sorted(WORK))
def test_long_work_can_be_interrupted(name):
    function, arguments = prepared(name)
    run_state.begin(UNLIMITED)
    untranslated_interruption.requested = True
    with pytest.raises(Interrupted):
        function(*arguments)


@pytest.mark.parametrize("name", sorted(WORK))
def test_long_work_is_charged_to_the_instructions(name):
    function, arguments = prepared(name)
    run_state.begin(1000)
    with pytest.raises(LimitError):
        function(*arguments)


@pytest.mark.parametrize(
    "name",
    ["printing", "printing dicts", "as a string", "concatenating", "encoding", "encoding dicts"],
)
def test_a_text_without_end_is_out_of_memory(name):
    function, arguments = prepared(name)
    heap.ceiling = 1 << 18
    run_state.begin(UNLIMITED)
    with pytest.raises(OutOfMemory):
        function(*arguments)


def test_what_is_small_is_free():
    run_state.begin(0)
    w_left = array_of([W_Int(1), W_Str("x"), array_of([w_true])])
    w_right = array_of([W_Int(1), W_Str("x"), array_of([w_true])])
    w_dict = small_dict()
    for _ in range(100):
        assert equal(w_left, w_right)
        assert debug_text(w_left) == 'Array([Int(1), String("x"), Array([Bool(true)])])'
        assert string_text(w_dict) == "{x: true}"
        assert join(W_Str("x" * 200), W_Str("y" * 200)).text() == "x" * 200 + "y" * 200
        assert w_left.copy().length() == 3 and w_dict.copy().length() == 1
        assert array_with(W_Int(1), 16).get(0).intval == 1


# ____________________________________________________________ lengths


def test_a_text_longer_than_memory_is_an_error_at_once():
    w_text = W_Str("x" * 1024)
    doublings = 0
    with pytest.raises(OutOfMemory):
        while True:
            w_text = join(w_text, w_text)
            doublings += 1
    assert w_text.length() == 1024 << doublings
    assert w_text.length() <= heap.largest() < 2 * w_text.length()


def test_a_limit_of_memory_holds_for_texts_too():
    heap.ceiling = 1000
    run_state.begin(UNLIMITED)
    w_text = join(W_Str("x" * 500), W_Str("y" * 500))
    assert w_text.length() == 1000
    with pytest.raises(OutOfMemory):
        join(w_text, W_Str("z"))
    assert join(w_text, W_Str("")) is w_text


# ____________________________________________________________ in pieces


def test_long_texts_give_what_short_ones_give(monkeypatch):
    """With pieces so small that short texts are long ones."""
    monkeypatch.setattr(text_builder, "LONG", 4)
    monkeypatch.setattr(text_builder, "_STEP", 12)
    texts = [
        "",
        "a",
        "abc",
        "abcd",
        "abcde",
        "abcdefghijklmnopqrstuvwxyz",
        "abcdefghijklmnopqrstuvwxyy",
        "b" * 100,
    ]
    for left in texts:
        for right in texts:
            assert text_builder.joined([left, right], len(left) + len(right)) == left + right
            at = text_builder.first_difference(left, right)
            assert left[:at] == right[:at]
            assert at == min(len(left), len(right)) or left[at] != right[at]
        builder = text_builder.TextBuilder()
        for _ in range(3):
            for text in texts:
                builder.add(text)
        assert builder.build() == 3 * "".join(texts)
        for start in range(0, len(left), 3):
            for stop in range(start, len(left) + 1):
                assert text_builder.slice_of(left, start, stop) == left[start:stop]


@pytest.mark.parametrize(
    "end_left, end_right", [("", ""), ("a", "b"), ("b", "a"), ("", "a"), ("a", "")]
)
def test_long_texts_are_ordered_as_short_ones(end_left, end_right):
    left, right = "x" * 100000 + end_left, "x" * 100000 + end_right
    assert same_text(W_Str(left), W_Str(right)) == (left == right)
    assert text_less(W_Str(left), W_Str(right)) == (left < right)
    assert text_less_or_equal(W_Str(left), W_Str(right)) == (left <= right)


def test_a_long_key_is_found(monkeypatch):
    large = 1 << 20
    if HAVE_RPYTHON:  # whose hashes take a second for such a text, untranslated
        large = 1 << 13
        monkeypatch.setattr(scalars, "_LARGE", large)
    w_dict = small_dict()
    w_dict.set(long_text(2 * large), W_Int(1))
    w_dict.set(long_text(large), W_Int(2))
    assert w_dict.get(long_text(2 * large)).intval == 1
    assert w_dict.get(long_text(large)).intval == 2
    assert w_dict.get(join(W_Str("x" * large), long_text(large))).intval == 1
    assert w_dict.length() == 3
