"""The built-in functions, against Python's own where it has them."""

from __future__ import unicode_literals

import math
import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdvm.builtin_functions import lists
from mdvm.builtins import BUILTINS, NOT_BUILT_IN, builtin_number, builtin_of, call_builtin
from mdvm.errors import RunError
from mdvm.system.latin1 import from_bytes, to_bytes

from mdvm.values.arrays import array_of, new_array, pushed
from mdvm.values.strings import W_Str, W_Url
from mdvm.objects import W_Int
from tests.unit.values import I64_MAX, I64_MIN, from_guest, same, to_guest
from tests.unit.values import floats, ints, numbers

# Some that Unicode makes longer or shorter, of each number of bytes, and what is between words.
CHARACTERS = "abcABC xyz019 ,.\t\n\u00e4\u00c4\u00df\u03b1\u0391\u0410\u0430\u20ac\u2003\ufb01"
texts = st.text(alphabet=CHARACTERS, max_size=80)
long_texts = st.integers(0, 3).flatmap(
    lambda count: st.text(alphabet=CHARACTERS, max_size=40).map(lambda text: text * count * 7)
)


def guest_text(text):
    return from_bytes(text.encode("utf-8"))


def host_text(text):
    return to_bytes(text).decode("utf-8")


def to_vm(value):
    """A value of the host, with its texts in Unicode -> W_Value."""
    if isinstance(value, type("")):
        return W_Str(guest_text(value))
    if isinstance(value, list):
        return to_guest(tuple([from_guest(to_vm(item)) for item in value]))
    return to_guest(value)


def from_vm(value):
    """A value of the model -> one of the host."""
    if isinstance(value, (str, type(b""))):
        return host_text(value)
    if isinstance(value, tuple):
        return [from_vm(item) for item in value]
    return value


def call(name, *arguments):
    """-> the value of the host that the function gives."""
    builtin = builtin_of(builtin_number(str(name)))
    return from_vm(from_guest(call_builtin(builtin, [to_vm(one) for one in arguments])))


def error(name, *arguments):
    """-> str, the text of the error that it raises."""
    with pytest.raises(RunError) as caught:
        call(name, *arguments)
    return caught.value.text


def outcome(name, *arguments):
    """-> the value, or the error's text as str."""
    try:
        return call(name, *arguments)
    except RunError as failure:
        return failure.text


# ____________________________________________________________ the table


def test_every_row_has_a_name_of_its_own():
    assert len(set(builtin.name for builtin in BUILTINS)) == len(BUILTINS)
    for number, builtin in enumerate(BUILTINS):
        assert builtin.number == builtin_number(builtin.name) == number
    assert builtin_number("print") == NOT_BUILT_IN


def test_the_number_of_arguments_is_checked():
    assert error("len") == "Wrong number of arguments: len takes 1, not 0"
    assert error("len", 1, 2) == "Wrong number of arguments: len takes 1, not 2"
    assert error("find", "a") == "Wrong number of arguments: find takes 2 to 3, not 1"
    assert error("min") == "Wrong number of arguments: min takes 1 or more, not 0"


@pytest.mark.parametrize(
    "builtin",
    [builtin for builtin in BUILTINS if not builtin.applies],
    ids=lambda builtin: builtin.name,
)
@given(values=st.lists(st.sampled_from([None, True, 3, -1, 2.5, "a", "", [1, 2], ["x"], []])))
def test_any_arguments_give_a_value_or_an_error(builtin, values):
    outcome(builtin.name, *values)


# ____________________________________________________________ texts


@given(texts)
def test_lengths(text):
    assert call("len", text) == len(text)
    assert call("bytes", text) == len(text.encode("utf-8"))


def test_the_length_of_a_container_is_its_elements():
    assert call("len", [1, 2, 3]) == 3
    assert error("len", 3) == "Type mismatch: expected string, array, dict or set, found int"


@given(long_texts)
def test_each_character_is_where_it_is(text):
    w_text = to_vm(text)
    at = builtin_of(builtin_number("at"))
    found = [
        host_text(call_builtin(at, [w_text, W_Int(index)]).text()) for index in range(len(text))
    ]
    assert found == list(text)
    message = "Index out of bounds: index %d for length %d" % (len(text), len(text))
    assert error("at", text, len(text)) == message
    assert error("at", text, -1) == "Index out of bounds: index -1 for length %d" % len(text)


@given(long_texts, st.integers(0, 300), st.integers(0, 300))
def test_slices(text, first, end):
    first, end = sorted((min(first, len(text)), min(end, len(text))))
    assert call("slice", text, first, end) == text[first:end]
    assert call("slice", text, first) == text[first:]
    assert call("slice", list(text), first, end) == list(text)[first:end]


def test_a_slice_ends_within_what_there_is():
    assert error("slice", "abc", -1, 2) == "Index out of bounds: index -1 for length 3"
    assert error("slice", "abc", 2, 1) == "Index out of bounds: index 1 for length 3"
    assert error("slice", [1], 0, 2) == "Index out of bounds: index 2 for length 1"
    assert error("slice", 1, 0, 2) == "Type mismatch: expected string or array, found int"


@given(texts, texts)
def test_case_and_white_space(text, other):
    assert call("upper", text) == text.upper() if sys.version_info >= (3,) else True
    assert call("lower", text) == text.lower()
    assert call("trim", text) == text.strip()
    assert call("starts with", text + other, text) is True
    assert call("starts with", text, other) is text.startswith(other)
    assert call("ends with", text, other) is text.endswith(other)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Unicode of another time")
def test_case_over_all_of_unicode():
    # but for what Unicode has got since 14: its letters with case came before
    for start in range(0, 0x110000, 0x400):
        if not 0xD800 <= start < 0xE000:
            for text in map(chr, range(start, start + 0x400)):
                if ord(text) in NEW_LETTERS:
                    continue
                if ord(text) >= 128 and text.upper() == text.lower() == text:
                    continue
                assert call("upper", text) == text.upper()
                assert call("lower", text) == text.lower()


# With case, and newer than Unicode 14.
NEW_LETTERS = set([0x19B, 0x264, 0x1C89, 0x1C8A] + list(range(0xA7CB, 0xA7DD)))
NEW_LETTERS.update(range(0x10D50, 0x10D90))


def test_the_sigma_at_the_end_of_a_word():
    assert call("lower", "\u039f\u0394\u039f\u03a3") == "\u03bf\u03b4\u03bf\u03c2"
    assert call("lower", "\u03a3") == "\u03c3"
    assert call("lower", "A\u03a3B A\u03a3 \u03a3") == "a\u03c3b a\u03c2 \u03c3"


@given(texts, st.text(alphabet=CHARACTERS, max_size=3), st.integers(0, 80))
def test_find(text, part, first):
    first = min(first, len(text))
    assert call("find", text, part) == text.find(part)
    assert call("find", text, part, first) == text.find(part, first)
    assert call("contains", text, part) is (part in text)


@given(st.text(alphabet="ab", max_size=400), st.text(alphabet="ab", min_size=6, max_size=20))
def test_find_of_long_parts(text, part):
    assert call("find", "" + text, "" + part) == text.find(part)
    assert call("find", "" + text + part, "" + part) == (text + part).find(part)


@given(st.lists(st.integers(0, 5)), st.integers(0, 5))
def test_find_in_a_list(items, item):
    assert call("find", items, item) == (items.index(item) if item in items else -1)
    assert call("contains", items, item) is (item in items)


@given(texts, st.text(alphabet=CHARACTERS, min_size=1, max_size=3), texts)
def test_replace_split_join(text, part, new):
    assert call("replace", text, part, new) == text.replace(part, new)
    assert call("split", text, part) == text.split(part)
    assert call("join", text.split(part), part) == text
    assert call("split", text) == text.split()


def test_what_texts_refuse():
    assert error("split", "a", "") == 'Invalid operation: split on type ""'
    assert error("replace", "a", "", "b") == 'Invalid operation: replace on type ""'
    assert error("repeat", "a", -1) == "Invalid operation: repeat on type -1"
    assert error("repeat", "aa", 2**62) == "Out of memory"
    assert error("upper", 1) == "Type mismatch: expected string, found int"
    assert error("join", [1], 2) == "Type mismatch: expected string, found int"
    assert error("join", "a") == "Type mismatch: expected array, found string"


def test_join_writes_what_is_no_text():
    assert call("join", [1, "x", 2.5, True, None], "-") == "1-x-2.5-true-empty"
    assert call("join", [], "-") == ""
    assert call("join", ["a", "b"]) == "ab"


@given(texts, st.integers(0, 9))
def test_repeat_and_reverse(text, count):
    assert call("repeat", text, count) == text * count
    assert call("reverse", text) == text[::-1]
    assert call("reverse", list(text)) == list(text)[::-1]


@given(st.integers(0, 0x10FFFF))
def test_codes(code_point):
    if 0xD800 <= code_point < 0xE000:
        text = "Invalid operation: character on type %d" % code_point
        assert error("character", code_point) == text
    else:
        character = struct.pack("<I", code_point).decode("utf-32-le")
        assert call("character", code_point) == character
        assert call("code", character) == code_point


def test_what_is_no_code():
    assert error("code", "") == 'Invalid operation: code on type ""'
    assert error("code", "ab") == 'Invalid operation: code on type "ab"'
    long_one = 'Invalid operation: code on type "%s"...' % ("x" * 40)
    assert error("code", "x" * 100) == long_one
    assert error("code", "x" * 39 + "\u20ac" * 9).count("x") == 39
    for number in (-1, 0x110000, I64_MAX, I64_MIN):
        assert error("character", number) == "Invalid operation: character on type %d" % number


# ____________________________________________________________ conversions


@given(ints)
def test_ints_to_text_and_back(number):
    text = "%d" % number
    assert call("str", number) == text
    assert call("int", text) == number
    if number != I64_MIN:
        assert call("int", " +" + text.lstrip("-") + "\n") == abs(number)
    assert call("int", number) == number


def test_ints_that_are_none():
    for text in ("12x", "", " ", "-", "+-1", "1 2", "1.0", "0x1"):
        assert error("int", text) == 'Invalid operation: int on type "%s"' % text
    assert error("int", "\u0661").startswith(str("Invalid operation: int on type"))
    assert error("int", "9223372036854775808") == "Integer overflow"
    assert call("int", "-9223372036854775808") == I64_MIN
    assert error("int", float("nan")) == "Invalid operation: int on type NaN"
    assert error("int", float("inf")) == "Integer overflow"
    assert error("int", 2.0**63) == "Integer overflow"
    assert error("int", None) == "Type mismatch: expected numeric or string, found empty"
    assert call("int", 2.9) == 2 and call("int", -2.9) == -2
    assert call("int", True) == 1
    assert call("int", -(2.0**63)) == I64_MIN


@given(floats)
def test_floats_to_text_and_back(number):
    assert same(call("float", call("str", number)), number)
    if number - number == 0:
        assert same(call("float", "%r" % number), number)


def test_floats_that_are_none():
    for text in ("", ".", "e5", "1e", "1e+", "1.2.3", "infinity", "nan", "1_0", "-"):
        assert error("float", text) == 'Invalid operation: float on type "%s"' % text
    assert call("float", " 1.5e3\n") == 1500.0
    assert call("float", ".5") == 0.5 and call("float", "5.") == 5.0
    assert call("float", "-inf") == float("-inf")
    assert same(call("float", 3), 3.0)
    assert same(call("float", True), 1.0)


def test_bool_and_type():
    assert call("bool", "") is False
    assert call("bool", [0]) is True
    names = [call("type", value) for value in (None, True, 1, 1.5, "a", [1])]
    assert names == ["Empty", "Bool", "Int", "Float", "String", "Array"]


@given(floats, st.integers(0, 30))
def test_format(number, decimals):
    if number - number == 0:
        assert call("format", number, decimals) == "%.*f" % (decimals, number)


def test_format_of_others():
    assert call("format", 12, 2) == "12.00"
    assert call("format", -3, 0) == "-3"
    assert call("format", float("nan"), 2) == "NaN"
    assert error("format", 1.5, -1) == "Invalid operation: format on type -1"
    assert error("format", 1.5, 324) == "Invalid operation: format on type 324"
    assert error("format", "1", 1) == "Type mismatch: expected numeric, found string"


# ____________________________________________________________ numbers


@given(numbers)
def test_abs(number):
    if number == I64_MIN and not isinstance(number, float):
        assert error("abs", number) == "Integer overflow"
    else:
        assert same(call("abs", number), abs(number))


@given(st.lists(ints, min_size=1, max_size=6) | st.lists(texts, min_size=1, max_size=6))
def test_min_and_max(values):
    assert call("min", values) == min(values)
    assert call("max", values) == max(values)
    if len(values) > 1:
        assert call("min", *values) == min(values)
        assert call("max", *values) == max(values)


def test_min_of_what_has_no_order():
    assert error("min", []) == "Invalid operation: min on type empty array"
    assert error("max", 1, "a") in (
        "Invalid comparison: Int and String",
        "Invalid comparison: String and Int",
    )
    assert error("min", [True]) == "Invalid comparison: Bool and Bool"
    assert call("min", 2, 1.5) == 1.5


@given(floats)
def test_whole_numbers(number):
    for name, expected in (("floor", math.floor), ("ceil", math.ceil), ("round", host_round)):
        if number != number:
            assert error(name, number) == "Invalid operation: %s on type NaN" % name
        elif number - number != 0 or not I64_MIN <= expected(number) <= I64_MAX:
            assert error(name, number) == "Integer overflow"
        else:
            result = call(name, number)
            assert result == int(expected(number)) and not isinstance(result, float)


def host_round(number):
    """As Python 3 rounds."""
    below = math.floor(number)
    rest = number - below
    return below + (1 if rest > 0.5 or (rest == 0.5 and below % 2 == 1) else 0)


@given(floats, st.integers(0, 20))
def test_round_to_decimals(number, decimals):
    if sys.version_info >= (3,):
        assert same(call("round", number, decimals), round(number, decimals))


def test_round_of_ints():
    assert call("round", 7) == 7
    assert call("round", 7, 2) == 7
    assert error("round", 7, -1) == "Invalid operation: round on type -1"


@given(numbers)
def test_sqrt_and_log(number):
    for name, function in (("sqrt", math.sqrt), ("log", math.log)):
        if number < 0 or (number == 0 and name == "log"):
            assert error(name, number).startswith("Invalid operation: %s on type" % name)
        else:
            assert same(call(name, number), function(number))


@given(numbers)
def test_exp_and_angles(number):
    try:
        expected = math.exp(number)
    except OverflowError:
        expected = float("inf")
    assert same(call("exp", number), expected)
    for name in ("sin", "cos", "tan"):
        if abs(number) == float("inf"):
            assert error(name, number) == "Invalid operation: %s on type %s" % (
                name,
                "inf" if number > 0 else "-inf",
            )
        else:
            assert same(call(name, number), getattr(math, name)(number))


@given(numbers, numbers)
def test_atan2(y, x):
    assert same(call("atan2", y, x), math.atan2(y, x))


def test_logarithms_of_other_bases():
    assert call("log", 1000, 10) == math.log10(1000)
    assert call("log", 8, 2) == 3.0
    assert error("log", 8, 1) == "Division by zero"
    assert error("log", 8, 0) == "Invalid operation: log on type 0"


@given(ints, st.integers(0, 70) | st.integers(0, I64_MAX))
def test_powers_of_ints(base, exponent):
    if exponent > 200 and abs(base) > 1:
        assert error("power", base, exponent) == "Integer overflow"
        return
    expected = base ** min(exponent, 200 + exponent % 2)
    if I64_MIN <= expected <= I64_MAX:
        assert call("power", base, exponent) == expected
    else:
        assert error("power", base, exponent) == "Integer overflow"


@given(numbers, floats)
def test_powers_of_floats(base, exponent):
    if base == 0 and exponent < 0:
        assert error("power", base, exponent) == "Division by zero"
        return
    try:
        expected = math.pow(base, exponent)
    except ValueError:
        assert error("power", base, exponent).startswith("Invalid operation: power on type -")
        return
    except OverflowError:
        expected = float("inf")
        if base < 0 and exponent % 2 == 1:
            expected = -expected
    assert same(call("power", base, exponent), expected)


@given(numbers, numbers)
def test_modulo(number, divisor):
    if divisor == 0:
        assert error("modulo", number, divisor) == "Division by zero"
        return
    if divisor == -1 and number == I64_MIN and not isinstance(number + divisor, float):
        assert error("modulo", number, divisor) == "Integer overflow"
        return
    if isinstance(number, float) or isinstance(divisor, float):
        number, divisor = float(number), float(divisor)
        expected = number % divisor if number - number == 0 else float("nan")
    else:
        expected = number % divisor
    assert same(call("modulo", number, divisor), expected)


@given(st.lists(ints))
def test_sums_of_ints(values):
    total = 0
    for value in values:
        total += value
        if not I64_MIN <= total <= I64_MAX:
            assert error("sum", values) == "Integer overflow"
            return
    assert call("sum", values) == total


@given(st.lists(floats, min_size=1))
def test_sums_of_floats(values):
    total = 0.0
    for value in values:
        total += value
    assert same(call("sum", values), total)
    assert call("sum", [1, 0.5]) == 1.5
    assert error("sum", [1, "a"]) == "Type mismatch: expected numeric, found string"


# ____________________________________________________________ lists


def ordered(values):
    """NaN comes last, as of other equals the first first."""
    return sorted(values, key=lambda value: (value != value, 0.0 if value != value else value))


@given(st.lists(ints, max_size=100))
def test_sort_ints(values):
    assert call("sort", values) == sorted(values)
    assert call("sort", sorted(values)) == sorted(values)
    assert call("sort", sorted(values)[::-1]) == sorted(values)


@given(st.lists(floats, max_size=100))
def test_sort_floats(values):
    assert same(tuple(call("sort", values)), tuple(ordered(values)))


@given(st.lists(st.sampled_from([1, 1.0, 2, 2.0, 0, -0.0, 0.5, float("nan")]), max_size=60))
def test_sort_is_stable(values):
    assert same(tuple(call("sort", values)), tuple(ordered(values)))


@given(st.lists(texts, max_size=60))
def test_sort_texts(values):
    assert call("sort", values) == sorted(values, key=lambda text: text.encode("utf-8"))


@given(st.lists(ints, min_size=1, max_size=60))
def test_sort_gives_a_list_of_its_own(values):
    w_list = to_vm(values)
    w_sorted = call_builtin(builtin_of(builtin_number("sort")), [w_list])
    assert from_guest(w_list) == tuple(values)
    w_sorted.set(0, W_Int(77))
    assert from_guest(w_list) == tuple(values)


@pytest.mark.parametrize("values", [[3, 1, 2], [3.5, 1.5], ["b", "a"], [2, 1.5, 3], [None, 1]])
def test_lists_of_every_class(values):
    """One that was made with its size, one that has grown, one with elements that are Empty."""
    w_grown = new_array(0)
    for value in values:
        w_grown = pushed(w_grown, to_vm(value))
    w_with_holes = new_array(len(values))
    for index in reversed(range(len(values))):
        w_with_holes = w_with_holes.set(index, to_vm(values[index]))
    for w_list in (w_grown, w_with_holes, array_of([to_vm(value) for value in values])):
        for name, expected in (("sort", sorted), ("reverse", lambda items: items[::-1])):
            if None in values and name == "sort":
                continue
            w_result = call_builtin(builtin_of(builtin_number(str(name))), [w_list])
            assert from_vm(from_guest(w_result)) == expected(values)
        assert from_vm(from_guest(w_list)) == values


def test_a_url_is_a_text():
    w_url = W_Url("http://a")
    for name, arguments, expected in (
        ("len", [], 8),
        ("upper", [], "HTTP://A"),
        ("trim", [], "http://a"),
        ("slice", [0], "http://a"),
        ("repeat", [1], "http://a"),
        ("at", [0], "h"),
        ("find", ["a"], 7),
        ("type", [], "URL"),
        ("str", [], "http://a"),
    ):
        builtin = builtin_of(builtin_number(str(name)))
        w_result = call_builtin(builtin, [w_url] + [to_vm(one) for one in arguments])
        assert not isinstance(w_result, W_Url), name
        assert from_vm(from_guest(w_result)) == expected


def test_what_has_no_order_is_not_sorted():
    assert error("sort", [1, "a"]) == "Invalid comparison: Int and String"
    assert error("sort", ["a", "b", 2.5]) == "Invalid comparison: String and Float"
    assert error("sort", [True]) == "Invalid comparison: Bool and Bool"
    assert error("sort", [1, None]) == "Invalid comparison: Int and Empty"
    assert error("sort", "a") == "Type mismatch: expected array, found string"


@given(st.integers(-40, 40), st.integers(-40, 40), st.integers(-9, 9))
def test_ranges(first, end, step):
    assert call("range", first) == list(range(first))
    assert call("range", first, end) == list(range(first, end))
    if step == 0:
        assert error("range", first, end, step) == "Invalid operation: range on type 0"
    else:
        assert call("range", first, end, step) == list(range(first, end, step))


@given(ints, ints, ints)
def test_counts_of_ranges(first, end, step):
    if step != 0:
        sign = 1 if step > 0 else -1
        distance = (end - first) * sign
        expected = 0 if distance <= 0 else (distance - 1) // abs(step) + 1
        count = lists._count(first, end, step)
        assert count == expected


def test_a_range_that_no_memory_holds():
    assert error("range", I64_MIN, I64_MAX) == "Out of memory"
    assert error("range", I64_MAX) == "Out of memory"


def test_elements_of_elements_are_shared():
    w_inner = to_vm([1])
    w_list = array_of([w_inner, w_inner])
    for name, arguments in (("reverse", []), ("slice", [W_Int(0)]), ("at", [W_Int(0)])):
        w_inner.shared = False
        call_builtin(builtin_of(builtin_number(name)), [w_list] + arguments)
        assert w_inner.shared
