"""The model that tests compare the VM with: a naive interpreter, written for plainness only.

Every frame has 256 registers and a copy of all of its caller's; nothing is analysed, shared or
changed in place. Values are immutable Python values: None is Empty, an array is a tuple, a dict is
a Dict. Ints are Python's, checked against 64 bits; floats are printed by way of decimal.
"""

import decimal
import math
import re

from mdvm import opcodes
from mdvm.objects import W_Bool, W_Float, W_Int
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Str, W_Url

SMALLEST = -(2**63)
LARGEST = 2**63 - 1
NO_JUMP = -1

_INT_TYPES = (int,) if str is not bytes else (int, long)  # noqa: F821 - Python 2


class Failure(Exception):
    """The program fails.  text: str."""

    def __init__(self, text):
        Exception.__init__(self, text)
        self.text = text


class TooLong(Exception):
    """The program takes more steps, or makes larger values, than the test wants to wait for."""


def same_key(left, right):
    """Whether two scalars are the same key: 1, 1.0 and True are three."""
    return type_name(left) == type_name(right) and left == right


class Set(object):
    """An immutable set with the order of its members.  members: tuple."""

    def __init__(self, members=()):
        self.members = tuple(members)

    def __repr__(self):
        return "Set(%r)" % (self.members,)

    def has(self, value):
        return any(same_key(member, value) for member in self.members)

    def with_member(self, value):
        return self if self.has(value) else Set(self.members + (value,))

    def without(self, value):
        return Set([member for member in self.members if not same_key(member, value)])


class Dict(object):
    """An immutable dict with the order of its keys.  entries: tuple of (key, value)."""

    def __init__(self, entries=()):
        self.entries = tuple(entries)

    def __repr__(self):
        return "Dict(%r)" % (self.entries,)

    def get(self, key):
        for candidate, value in self.entries:
            if same_key(candidate, key):
                return value
        return None

    def has(self, key):
        return any(same_key(candidate, key) for candidate, _ in self.entries)

    def with_entry(self, key, value):
        if self.has(key):
            return Dict(
                [(other, value if same_key(other, key) else old) for other, old in self.entries]
            )
        return Dict(self.entries + ((key, value),))

    def without(self, key):
        return Dict([entry for entry in self.entries if not same_key(entry[0], key)])


class Function(object):
    """A function by its name."""

    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return isinstance(other, Function) and other.name == self.name

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self.name)


class Url(str):
    """A text that is a URI."""


def is_int(value):
    return isinstance(value, _INT_TYPES) and not isinstance(value, bool)


def is_float(value):
    return isinstance(value, float)


def is_number(value):
    return is_int(value) or is_float(value)


def type_name(value):
    if value is None:
        return "Empty"
    if isinstance(value, bool):
        return "Bool"
    if is_int(value):
        return "Int"
    if is_float(value):
        return "Float"
    if isinstance(value, Function):
        return "Function"
    if isinstance(value, str):
        return "URL" if isinstance(value, Url) else "String"
    if isinstance(value, Set):
        return "Set"
    return "Array" if isinstance(value, tuple) else "Dict"


def found_name(value):
    return type_name(value).lower()


def type_id(value):
    names = "Empty Bool Int Float String Function URL - Set Array Dict".split()
    return names.index(type_name(value))


def is_truthy(value):
    if is_float(value):
        return value == value and value != 0.0
    if isinstance(value, Dict):
        return bool(value.entries)
    if isinstance(value, Set):
        return bool(value.members)
    return bool(value)


def unwrap_constant(w_value):
    if isinstance(w_value, W_Int):
        return w_value.intval
    if isinstance(w_value, W_Float):
        return w_value.floatval
    if isinstance(w_value, W_Url):
        return Url(w_value.text())
    if isinstance(w_value, W_Str):
        return w_value.text()
    if isinstance(w_value, W_Bool):
        return w_value.boolval
    if isinstance(w_value, W_Function):
        return Function(w_value.name)
    return None


# ____________________________________________________________ text


def _special(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return None


def float_print(value):
    special = _special(value)
    if special:
        return special
    text = format(decimal.Decimal(repr(value)), "f")
    return text[:-2] if text.endswith(".0") else text


def float_debug(value):
    special = _special(value)
    if special:
        return special
    if value != 0.0 and not 1e-4 <= abs(value) < 1e16:
        sign, digits, exponent = decimal.Decimal(repr(value)).normalize().as_tuple()
        digits = "".join(str(digit) for digit in digits)
        rest = "." + digits[1:] if len(digits) > 1 else ""
        return "%s%s%se%d" % ("-" if sign else "", digits[0], rest, exponent + len(digits) - 1)
    text = float_print(value)
    return text if "." in text else text + ".0"


def float_string(value):
    special = _special(value)
    if special:
        return special
    if value == math.floor(value):
        exact = format(decimal.Decimal(value), "f")
        return exact.split(".")[0]
    return float_print(value)


def debug_form(value):
    if value is None:
        return "Empty"
    if isinstance(value, bool):
        return "Bool(true)" if value else "Bool(false)"
    if is_int(value):
        return "Int(%d)" % value
    if is_float(value):
        return "Float(%s)" % float_debug(value)
    if isinstance(value, Function):
        return "Function(%s)" % quoted(value.name)
    if isinstance(value, str):
        return ("URL(%s)" if isinstance(value, Url) else "String(%s)") % quoted(value)
    if isinstance(value, tuple):
        return "Array([%s])" % ", ".join([debug_form(item) for item in value])
    if isinstance(value, Set):
        return "Set([%s])" % ", ".join([debug_form(item) for item in value.members])
    return "Dict({%s})" % ", ".join(
        ["%s: %s" % (_debug_key(key), debug_form(item)) for key, item in value.entries]
    )


def _debug_key(key):
    return quoted(key) if type_name(key) == "String" else debug_form(key)


def quoted(text):
    """Only for the plain texts that the random programs have."""
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace(
        "\0", "\\0"
    )


def string_form(value):
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_int(value):
        return "%d" % value
    if is_float(value):
        return float_string(value)
    if isinstance(value, Function):
        return "function<%s>" % value.name
    if isinstance(value, str):
        return str(value.__str__())
    if isinstance(value, tuple):
        return "[%s]" % ", ".join([string_form(item) for item in value])
    if isinstance(value, Set):
        return "{%s}" % ", ".join([string_form(item) for item in value.members])
    return "{%s}" % ", ".join(
        ["%s: %s" % (string_form(key), string_form(item)) for key, item in value.entries]
    )


def print_form(value):
    if isinstance(value, (tuple, Dict, Set)):
        return debug_form(value)
    return float_print(value) if is_float(value) else string_form(value)


# ____________________________________________________________ operations


def _checked(value):
    if not SMALLEST <= value <= LARGEST:
        raise Failure("Integer overflow")
    return value


def _not_numeric(expected, left, right):
    return Failure(
        "Type mismatch: expected %s, found %s and %s"
        % (expected, type_name(left), type_name(right))
    )


def _float_remainder(left, right):
    if math.isnan(left) or math.isnan(right) or math.isinf(left):
        return float("nan")
    return left if math.isinf(right) else math.fmod(left, right)


def _float_quotient(left, right):
    try:
        return left / right
    except OverflowError:
        return math.copysign(float("inf"), left) * math.copysign(1.0, right)


def arithmetic(name, left, right):
    """name: the opcode's -> the value.  Raises Failure."""
    if name in ("DIV", "MOD") and is_number(right) and right == 0:
        raise Failure("Division by zero")
    if is_int(left) and is_int(right):
        if name in ("DIV", "MOD"):
            quotient = abs(left) // abs(right)
            if (left < 0) != (right < 0):
                quotient = -quotient
            _checked(quotient)  # the remainder of MIN / -1 overflows too, though it would be 0
            return quotient if name == "DIV" else left - quotient * right
        return _checked({"ADD": left + right, "SUB": left - right, "MUL": left * right}[name])
    if is_number(left) and is_number(right):
        left = float(left)
        right = float(right)
        if name == "DIV":
            return _float_quotient(left, right)
        if name == "MOD":
            return _float_remainder(left, right)
        return {"ADD": left + right, "SUB": left - right, "MUL": left * right}[name]
    if name != "ADD":
        raise _not_numeric("numeric", left, right)
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    raise _not_numeric("numeric or string", left, right)


def negate(value):
    if is_int(value):
        return _checked(-value)
    if is_float(value):
        return -value
    raise Failure("Invalid operation: negation on type " + type_name(value))


def equal(left, right):
    if is_int(left) and is_int(right):
        return left == right
    if is_number(left) and is_number(right):
        return float(left) == float(right)
    if type_name(left) != type_name(right):
        return False
    if isinstance(left, tuple):
        return len(left) == len(right) and all(equal(one, other) for one, other in zip(left, right))
    if isinstance(left, Dict):
        return len(left.entries) == len(right.entries) and all(
            right.has(key) and equal(value, right.get(key)) for key, value in left.entries
        )
    if isinstance(left, Set):
        return len(left.members) == len(right.members) and all(
            right.has(member) for member in left.members
        )
    return left == right


def compare(name, left, right):
    if name in ("GT", "GTE"):
        left, right = right, left
        name = {"GT": "LT", "GTE": "LTE"}[name]
    if not (is_int(left) and is_int(right)):
        if is_number(left) and is_number(right):
            left = float(left)
            right = float(right)
        elif not (type(left) is str and type(right) is str):
            raise Failure("Invalid comparison: %s and %s" % (type_name(left), type_name(right)))
    return left < right if name == "LT" else left <= right


def cast(value, target):
    if target == 1:
        return is_truthy(value)
    if target == 2:
        return _cast_to_int(value)
    if target == 3:
        if is_number(value):
            return float(value)
        raise Failure("Type mismatch: expected float, found " + found_name(value))
    if target == 4:
        return string_form(value)
    names = {0: "empty", 5: "function", 6: "url"}
    raise Failure(
        "Type mismatch: expected %s, found %s" % (names.get(target, "unknown"), found_name(value))
    )


def _cast_to_int(value):
    if isinstance(value, bool) or is_int(value):
        return int(value)
    if not is_float(value):
        raise Failure("Type mismatch: expected integer, found " + found_name(value))
    if _special(value) is None and value == math.floor(value):
        if SMALLEST <= value < 2.0**63:
            return int(value)
        if value == 2.0**63:
            return LARGEST
    raise Failure("Type mismatch: expected integer, found float " + float_print(value))


# ____________________________________________________________ the interpreter


class _Ended(Exception):
    """The program has ended.  value: None in a list, or a list of the value."""


class Frame(object):
    def __init__(self, caller=None):
        self.registers = list(caller.registers) if caller else [None] * 256
        self.tags = dict(caller.tags) if caller else {}
        self.last_jump = NO_JUMP

    def write(self, register, value):
        self.registers[register] = value
        self.tags.pop(register, None)


# The instructions that write what they have changed.
CHANGING = (
    "ARRAY_SET",
    "DICT_SET",
    "DICT_REMOVE",
    "ARRAY_PUSH",
    "ARRAY_INSERT",
    "SET_ADD",
    "SET_REMOVE",
)


class Model(object):
    """Runs a Module.  output: list of str, the printed lines; executed: int; failed_at: int, -1 if
    it did not fail.
    """

    def __init__(self, module, max_steps=100000, max_size=3000, max_depth=60):
        self.module = module
        self.constants = [unwrap_constant(w_value) for w_value in module.constants]
        self.globals = {}
        self.output = []
        self.executed = 0
        self.failed_at = -1
        self.instructions = [module.fields(index) for index in range(module.instruction_count())]
        self.max_steps = max_steps
        self.max_size = max_size
        self.max_depth = max_depth

    def run(self):
        """-> (debug form of the result or None, the output, the error's text or None).  Raises
        TooLong.
        """
        entry = 0
        for function in self.module.functions:
            if function.name == "main":
                entry = function.target_index
        result = error = None
        try:
            returned = self.run_frame(Frame(), entry, 0)
            if returned:
                result = debug_form(returned[0])
        except _Ended:
            pass
        except Failure as failure:
            error = failure.text
        return result, "".join([line + "\n" for line in self.output]), error

    def run_frame(self, frame, pc, depth):
        """-> [value] or []."""
        if depth > self.max_depth:
            raise TooLong
        while True:
            if not 0 <= pc < len(self.instructions):
                raise _Ended
            self.executed += 1
            if self.executed > self.max_steps:
                raise TooLong
            fields = self.instructions[pc]
            name = opcodes.OPCODES[fields[0]].name
            operands = fields[1:]
            if name == "RETURN":
                return [frame.registers[operands[1]]] if operands[0] else []
            try:
                target = self.step(frame, name, operands, pc, depth)
            except Failure:
                if self.failed_at < 0:
                    self.failed_at = pc
                raise
            if target is None:
                pc += 1
            else:
                frame.last_jump = pc & 0xFFFF
                pc = target

    def known_type(self, number):
        """-> int, the type's number, 7 for one that files of this version do not have."""
        return number if number < 7 or (self.module.version == 2 and 8 <= number <= 10) else 7

    def string_constant(self, index):
        if index < len(self.constants) and isinstance(self.constants[index], str):
            return self.constants[index]
        raise Failure("Invalid constant index: %d" % index)

    def keep(self, frame, register, value):
        if _is_heavier(value, self.max_size):
            raise TooLong
        frame.write(register, value)

    def step(self, frame, name, operands, pc, depth):
        """Executes an instruction -> the index to jump to, None for the next."""
        registers = frame.registers
        first = operands[0] if operands else 0
        if name in ("JUMP", "JUMP_IF", "JUMP_IF_NOT"):
            if name == "JUMP":
                return pc + 1 + first
            return (
                pc + 1 + operands[1] if is_truthy(registers[first]) == (name == "JUMP_IF") else None
            )
        if name == "HALT":
            raise _Ended
        if name == "CALL":
            self.call(frame, operands, depth)
        elif name == "PHI":
            for source in range(operands[1]):
                if operands[3 + 2 * source] == frame.last_jump:
                    frame.write(first, registers[operands[2 + 2 * source]])
                    break
        elif name in ("ARRAY_POP", "ARRAY_REMOVE"):
            array = registers[operands[1]]
            _expect(array, tuple, "array")
            if name == "ARRAY_REMOVE":
                index = _index(array, registers[operands[2]])
            elif not array:
                raise Failure("Index out of bounds: index -1 for length 0")
            else:
                index = len(array) - 1
            frame.write(operands[1], array[:index] + array[index + 1 :])
            frame.write(first, array[index])
        elif name == "ASSERT":
            self.check(registers[first], operands)
        elif name == "DEFINE":
            frame.tags[first] = self.known_type(operands[1])
        elif name == "STORE_GLOBAL":
            self.globals[self.string_constant(operands[1])] = registers[first]
        elif name == "DEBUG_PRINT":
            if registers[first] is not None:
                self.output.append(print_form(registers[first]))
        elif name not in ("NOP", "BREAKPOINT", "SCOPE_ENTER", "SCOPE_EXIT"):
            self.keep(frame, first, self.value_of(frame, name, operands))
        return None

    def value_of(self, frame, name, operands):
        """What an instruction writes to its first operand."""
        registers = frame.registers
        if name == "LOAD_CONST":
            if operands[1] >= len(self.constants):
                raise Failure("Invalid constant index: %d" % operands[1])
            return self.constants[operands[1]]
        if name == "LOAD_GLOBAL":
            return self.globals.get(self.string_constant(operands[1]))
        if name == "CHECK_TYPE":
            tag = frame.tags.get(operands[1], type_id(registers[operands[1]]))
            return tag == self.known_type(operands[2])
        if name == "CAST":
            if self.module.version == 2 and operands[2] in (5, 6):
                return self.cast_to_function_or_url(registers[operands[1]], operands[2])
            return cast(registers[operands[1]], operands[2])
        if name in ("DICT_NEW", "DICT_CLEAR"):
            if name == "DICT_CLEAR":
                _expect(registers[operands[0]], Dict, "dict")
            return Dict()
        if name == "SET_NEW":
            return Set()
        if name in CHANGING:
            return self.changed(name, registers, operands)
        one = registers[operands[1]]
        if name == "MOVE":
            return one
        if name == "NEG":
            return negate(one)
        if name == "NOT":
            return not is_truthy(one)
        if name == "STR_LEN":
            _expect(one, str, "string")
            return len(one)
        if name == "NEW_ARRAY":
            if not is_int(one):
                raise Failure("Type mismatch: expected integer, found " + found_name(one))
            if one < 0:
                raise Failure("Invalid operation: create array on type negative size: %d" % one)
            if one > self.max_size:
                raise TooLong
            return (None,) * one
        if name == "ARRAY_LEN":
            _expect(one, tuple, "array")
            return len(one)
        if name in ("SET_LEN", "SET_VALUES"):
            _expect(one, Set, "set")
            return len(one.members) if name == "SET_LEN" else one.members
        if name in ("DICT_LEN", "DICT_KEYS", "DICT_VALUES"):
            _expect(one, Dict, "dict")
            if name == "DICT_LEN":
                return len(one.entries)
            return tuple([entry[0 if name == "DICT_KEYS" else 1] for entry in one.entries])
        other = registers[operands[2]]
        if name == "ARRAY_FIND":
            _expect(one, tuple, "array")
            return next((index for index, item in enumerate(one) if equal(item, other)), -1)
        if name == "SET_CONTAINS":
            _expect(one, Set, "set")
            return one.has(_scalar(other))
        if name == "ARRAY_CONCAT":
            _expect(one, tuple, "array")
            _expect(other, tuple, "array")
            return one + other
        if name == "ARRAY_SLICE":
            _expect(one, tuple, "array")
            first = _limit(one, other)
            return one[first : _limit(one, registers[operands[3]])]
        if name in ("ADD", "SUB", "MUL", "DIV", "MOD"):
            return arithmetic(name, one, other)
        if name in ("LT", "GT", "LTE", "GTE"):
            return compare(name, one, other)
        if name == "AND":
            return is_truthy(one) and is_truthy(other)
        if name == "OR":
            return is_truthy(one) or is_truthy(other)
        if name in ("EQ", "NEQ"):
            return equal(one, other) == (name == "EQ")
        if name == "CONCAT_STR":
            return string_form(one) + string_form(other)
        if name == "ARRAY_GET":
            return one[_index(one, other)]
        _expect(one, Dict, "dict")
        self.expect_key(other)
        return one.get(other) if name == "DICT_GET" else one.has(other)

    def cast_to_function_or_url(self, value, target):
        if target == 6:
            if isinstance(value, Url):
                return value
            if isinstance(value, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value):
                return Url(value)
            raise Failure("Type mismatch: expected url, found " + found_name(value))
        if isinstance(value, Function):
            return value
        if not isinstance(value, str):
            raise Failure("Type mismatch: expected function, found " + found_name(value))
        if value not in [function.name for function in self.module.functions]:
            raise Failure("Undefined function: " + value)
        return Function(str(value))

    def changed(self, name, registers, operands):
        container = registers[operands[0]]
        key = registers[operands[1]]
        if name == "ARRAY_PUSH":
            _expect(container, tuple, "array")
            return container + (key,)
        if name == "ARRAY_INSERT":
            _expect(container, tuple, "array")
            index = _limit(container, key)
            return container[:index] + (registers[operands[2]],) + container[index:]
        if name == "ARRAY_SET":
            index = _index(container, key)
            return container[:index] + (registers[operands[2]],) + container[index + 1 :]
        if name in ("SET_ADD", "SET_REMOVE"):
            _expect(container, Set, "set")
            _scalar(key)
            return container.with_member(key) if name == "SET_ADD" else container.without(key)
        _expect(container, Dict, "dict")
        self.expect_key(key)
        if name == "DICT_REMOVE":
            return container.without(key)
        return container.with_entry(key, registers[operands[2]])

    def expect_key(self, key):
        if self.module.version == 2:
            _scalar(key)
        else:
            _expect(key, str, "string key")

    def check(self, value, operands):
        condition = operands[1]
        if condition == 0:
            holds = is_truthy(value)
        elif condition == 1:
            holds = value is not None
        else:
            holds = is_int(value) and operands[3] <= value <= operands[4]
        if not holds:
            raise Failure("Assertion failed: " + self.string_constant(operands[2]))

    def call(self, frame, operands, depth):
        arguments = [frame.registers[register] for register in operands[3 : 3 + operands[2]]]
        entry = self.find_function(frame.registers[operands[0]])
        callee = Frame(frame)
        for register, value in enumerate(arguments):
            callee.write(register, value)
        returned = self.run_frame(callee, entry, depth + 1)
        for register in list(frame.tags):
            if register < 64:
                del frame.tags[register]
        if returned:
            frame.write(operands[1], returned[0])

    def find_function(self, value):
        entries = {}
        for function in self.module.functions:
            entries[function.name] = function.target_index
        if is_int(value):
            if value in entries.values():
                return value
            value = "func_%d" % value
        if isinstance(value, Function):
            value = value.name
        if not isinstance(value, str):
            raise Failure("Undefined function: no function specified")
        if value not in entries:
            raise Failure("Undefined function: " + value)
        return entries[value]


def _is_heavier(value, limit):
    """-> bool, whether the value has more parts than limit.  Takes time in proportion to limit, not
    to the value.
    """
    work = [value]
    weight = 0
    while work and weight <= limit:
        part = work.pop()
        weight += 1
        if isinstance(part, str):
            weight += len(part) // 8
        elif isinstance(part, tuple):
            weight += len(part)
            work += part[:limit]
        elif isinstance(part, Dict):
            work += [entry[1] for entry in part.entries]
        elif isinstance(part, Set):
            work += part.members[:limit]
    return weight > limit


def _expect(value, kind, name):
    if not isinstance(value, kind):
        raise Failure("Type mismatch: expected %s, found %s" % (name, found_name(value)))


def _index(array, index):
    _expect(array, tuple, "array")
    if not is_int(index):
        raise Failure("Type mismatch: expected integer index, found " + found_name(index))
    if not 0 <= index < len(array):
        raise Failure("Index out of bounds: index %d for length %d" % (index, len(array)))
    return index


def _scalar(value):
    if type_name(value) in ("Array", "Dict", "Set") or value != value:
        raise Failure("Type mismatch: expected scalar key, found " + found_name(value))
    return value


def _limit(array, index):
    if not is_int(index):
        raise Failure("Type mismatch: expected integer index, found " + found_name(index))
    if not 0 <= index <= len(array):
        raise Failure("Index out of bounds: index %d for length %d" % (index, len(array)))
    return index
