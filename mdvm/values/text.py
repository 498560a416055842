"""The three text forms of a value.

Print form: what DEBUG_PRINT writes. Debug form: what `Result:` shows, and what containers look like
when printed. String form: what CAST to string and CONCAT_STR make. Nested containers are written
with a stack of our own, so depth does not matter. All texts are UTF-8, one byte a character.
"""

from mdvm import errors
from mdvm.values.arrays import W_Array
from mdvm.system.jit import dont_look_inside
from mdvm.system.float_digits import is_negative, shortest_decimal
from mdvm.system.text_building import float_exact_integer
from mdvm.values.dicts import W_Dict
from mdvm.values.rust_escapes import is_escaped
from mdvm.objects import W_Bool, W_Container, W_Float, W_Int
from mdvm.run_state import VALUE_UNITS
from mdvm.values.functions import W_Function
from mdvm.values.open_containers import OpenContainer
from mdvm.values.scalars import is_plain_string
from mdvm.values.sets import W_Set
from mdvm.values.strings import W_Str, W_Url
from mdvm.values.text_builder import LONG, TextBuilder, slice_of

_INFINITY = 1e200 * 1e200


def _is_finite(value):
    return value - value == 0.0


def _special_float_text(value):
    if value != value:
        return "NaN"
    return "inf" if value > 0.0 else "-inf"


class _Decimal(object):
    """A finite float in decimal: the shortest digits that read back as it, and where their point
    stands.

    negative: bool; digits: str without zeros at either end, but "0" for zero; point: int, how many
    digits stand before the decimal point (zero or less: that many zeros follow it; more than there
    are: zeros fill up).
    """

    def __init__(self, value):
        self.negative = is_negative(value)
        if value == 0.0:
            self.digits = "0"
            self.point = 1
        else:
            digits, exponent = shortest_decimal(abs(value))
            self.digits = str(digits)
            self.point = len(self.digits) + exponent

    def sign(self):
        return "-" if self.negative else ""

    def plain(self):
        """-> str without an exponent and, for a whole number, without a point."""
        digits = self.digits
        point = self.point
        if point <= 0:
            return self.sign() + "0." + "0" * -point + digits
        if point >= len(digits):
            return self.sign() + digits + "0" * (point - len(digits))
        return self.sign() + digits[:point] + "." + digits[point:]

    def scientific(self):
        """-> str with an exponent: 1e16, 9.9e-5."""
        body = self.digits[0]
        if len(self.digits) > 1:
            body += "." + self.digits[1:]
        return "%s%se%d" % (self.sign(), body, self.point - 1)


def float_print(value):
    """value: float -> the print form: shortest digits, never an exponent."""
    if not _is_finite(value):
        return _special_float_text(value)
    return _Decimal(value).plain()


def float_debug(value):
    """value: float -> the debug form: shortest digits, `.0` on whole numbers, an exponent when very
    large or small.
    """
    if not _is_finite(value):
        return _special_float_text(value)
    decimal = _Decimal(value)
    magnitude = abs(value)
    if magnitude >= 1e16 or (magnitude != 0.0 and magnitude < 1e-4):
        return decimal.scientific()
    text = decimal.plain()
    if decimal.point >= len(decimal.digits):
        text += ".0"
    return text


def float_string(value):
    """value: float -> the string form: the exact digits of a whole number, else the shortest; never
    an exponent.
    """
    if not _is_finite(value):
        return _special_float_text(value)
    magnitude = abs(value)
    # From 2**53 on every float is whole, and from 2**63 on it would not fit an int.
    if magnitude >= 9007199254740992.0:
        return float_exact_integer(value)
    if float(int(value)) == value:
        return str(int(value)) if magnitude != 0.0 else float_exact_integer(value)
    return _Decimal(value).plain()


def decode_character(text, index):
    """text: str, valid UTF-8; index: int, where a character begins -> (code point, its number of
    bytes).
    """
    first = ord(text[index])
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        size = 2
        code_point = first & 0x1F
    elif first < 0xF0:
        size = 3
        code_point = first & 0x0F
    else:
        size = 4
        code_point = first & 0x07
    for position in range(index + 1, index + size):
        code_point = code_point << 6 | ord(text[position]) & 0x3F
    return code_point, size


_SHORT_ESCAPES = {"\0": "\\0", "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_HEX_DIGITS = "0123456789abcdef"


def _hexadecimal(value):
    text = ""
    while value:
        text = _HEX_DIGITS[value & 15] + text
        value >>= 4
    return text


def string_debug(text):
    """text: str, UTF-8 -> the debug form, in double quotes, escaped as Rust's {:?} escapes."""
    builder = TextBuilder()
    _add_string_debug(builder, text)
    return builder.build()


def _add_string_debug(builder, text):
    """builder: TextBuilder."""
    builder.add('"')
    index = 0
    plain_from = 0
    # The next place to charge for what has been looked at, so that a short text is not charged for
    # characters.
    stop = LONG
    while index < len(text):
        if index >= stop:
            builder.meter.add(LONG)
            stop += LONG
        char = text[index]
        if char in _SHORT_ESCAPES:
            escape = _SHORT_ESCAPES[char]
            size = 1
        elif " " <= char <= "~":
            index += 1
            continue
        else:
            code_point, size = decode_character(text, index)
            if not is_escaped(code_point):
                index += size
                continue
            escape = "\\u{" + _hexadecimal(code_point) + "}"
        _add_slice(builder, text, plain_from, index)
        builder.add(escape)
        index += size
        plain_from = index
    _add_slice(builder, text, plain_from, len(text))
    builder.add('"')


def _add_slice(builder, text, start, stop):
    if start == 0 and stop == len(text):
        builder.add(text)
    elif start < stop:
        builder.add(slice_of(text, start, stop))


def _scalar_debug(w_value):
    if isinstance(w_value, W_Int):
        return "Int(%d)" % w_value.intval
    if isinstance(w_value, W_Float):
        return "Float(" + float_debug(w_value.floatval) + ")"
    if isinstance(w_value, W_Bool):
        return "Bool(true)" if w_value.boolval else "Bool(false)"
    if isinstance(w_value, W_Function):
        return "Function(" + string_debug(w_value.name) + ")"
    return "Empty"


def _scalar_string(w_value):
    if isinstance(w_value, W_Int):
        return "%d" % w_value.intval
    if isinstance(w_value, W_Float):
        return float_string(w_value.floatval)
    if isinstance(w_value, W_Str):
        return w_value.text()
    if isinstance(w_value, W_Bool):
        return "true" if w_value.boolval else "false"
    if isinstance(w_value, W_Function):
        return "function<" + w_value.name + ">"
    return "empty"


class _Writer(object):
    """Writes one value in the debug form or in the string form."""

    def __init__(self, debug, output):
        self.debug = debug
        self.builder = TextBuilder(output)
        self.open_containers = []

    def write(self, w_value):
        self.begin(w_value)
        while self.open_containers:
            container = self.open_containers[-1]
            if container.missing == 0:
                self.builder.add(self.closing(container))
                self.open_containers.pop()
                continue
            if container.position > 0:
                self.builder.add(", ")
            if container.w_array is not None:
                self.begin(container.next_element())
            elif container.w_dict is not None:
                self.next_entry(container, container.w_dict)
            else:
                place = container.next_place(self.builder.meter)
                self.begin(container.w_set.member(place))
        return self.builder.build()

    def begin(self, w_value):
        debug = self.debug
        builder = self.builder
        builder.meter.add(VALUE_UNITS)
        if isinstance(w_value, W_Array):
            builder.add("Array([" if debug else "[")
            self.open_containers.append(OpenContainer(w_value))
        elif isinstance(w_value, W_Dict):
            builder.add("Dict({" if debug else "{")
            self.open_containers.append(OpenContainer(w_value))
        elif isinstance(w_value, W_Set):
            builder.add("Set([" if debug else "{")
            self.open_containers.append(OpenContainer(w_value))
        elif debug and isinstance(w_value, W_Str):
            builder.need(w_value.length())
            builder.add("URL(" if isinstance(w_value, W_Url) else "String(")
            _add_string_debug(builder, w_value.text())
            builder.add(")")
        else:
            builder.add(_scalar_debug(w_value) if debug else _scalar_string(w_value))

    def next_entry(self, container, w_dict):
        place = container.next_place(self.builder.meter)
        w_key = w_dict.keys[place]
        if self.debug and is_plain_string(w_key):
            _add_string_debug(self.builder, string_text(w_key))
        else:
            self.begin(w_key)  # no container, so it is written at once
        self.builder.add(": ")
        self.begin(w_dict.value_at(place))

    def closing(self, container):
        if self.debug:
            return "})" if container.w_dict is not None else "])"
        return "]" if container.w_array is not None else "}"


@dont_look_inside
def debug_text(w_value, output=None):
    """w_value: W_Value; output: see TextBuilder -> its debug form."""
    return _Writer(True, output).write(w_value)


@dont_look_inside
def string_text(w_value):
    """w_value: W_Value -> its string form."""
    if isinstance(w_value, W_Container):
        return _Writer(False, None).write(w_value)
    return _scalar_string(w_value)


@dont_look_inside
def print_text(w_value, output=None):
    """w_value: W_Value, not Empty; output: see TextBuilder -> its print form, without a line
    end.
    """
    if isinstance(w_value, W_Container):
        return debug_text(w_value, output)
    if isinstance(w_value, W_Str) and output is not None and w_value.length() > output.left:
        raise errors.too_much_output(output.limit)  # before a rope is flattened
    if isinstance(w_value, W_Float):
        return float_print(w_value.floatval)
    return _scalar_string(w_value)
