"""Executes a Module: one closure an instruction, which does its work on a list of registers and
gives the next index.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import builtins, latest
from .arithmetic import (
    add,
    divide,
    joined,
    less,
    less_or_equal,
    multiply,
    negate,
    remainder,
    subtract,
)
from .decode import Module
from .failures import Failure, mismatch, out_of_bounds
from .values import (
    HIGHEST,
    LARGEST_TEXT,
    LOWEST,
    Function,
    Members,
    TooLarge,
    Url,
    Value,
    equal,
    print_float,
    print_text,
    string_text,
    truthy,
)

VALUE = "value"  # ended, with a value or without one
RUN_ERROR = "run error"
OUT_OF_BUDGET = "out of budget"  # not judged: too long or too large
TOO_DEEP = "too deep"  # judged as far as it has got: what comes next is up to the VM's stack

MOST_FRAMES = 100
LARGEST_ARRAY = 50_000
# Where nobody limits the depth: what every VM must manage, and more than this evaluator wants to.
DEEPEST = 20_000

# Behind the 256 registers of a frame: its type tags, and the index of the jump last taken in it.
_TAGS = 256
_LAST_JUMP = 257
_SAVED = 64

_TYPE_IDS = {type(None): 0, bool: 1, int: 2, float: 3, str: 4}
_TYPE_WORDS = ("empty", "bool", "int", "float", "string", "function", "url")

Registers = list[Any]
Operation = Callable[[Registers], int]


@dataclass(frozen=True)
class Judgement:
    """How a program must end.

    ending: one of the above. value: with VALUE, what it returns, None too when that is nothing.
    error: with RUN_ERROR, the text. stack: with RUN_ERROR, (function, instruction) from the
    innermost call, at most MOST_FRAMES. output: all that it prints. count: the instructions
    executed, with the failing one.
    """

    ending: str
    value: Value
    error: str
    stack: tuple[tuple[str, int], ...]
    output: str
    count: int


class _TooDeep(Exception):
    """The program has called DEEPEST functions, one in the other."""


class _Ended(Exception):
    """The program has ended.  counted: whether an instruction did that, or there was none any
    more.
    """

    def __init__(self, value: Value, counted: bool) -> None:
        super().__init__()
        self.value = value
        self.counted = counted


def evaluate(
    module: Module, budget: int, max_depth: int | None = None, largest_array: int = LARGEST_ARRAY
) -> Judgement:
    """Run a module from its start.

    budget: how many instructions may be executed, and largest_array how many elements an array may
    have, before the judgement is given up. max_depth: nested calls at most, None where the program
    has no such limit.
    """
    return _Machine(module, max_depth, largest_array).run(budget)


# ____________________________________________________________ what instructions compute


def cast(value: Value, type_id: int) -> Value:
    if type_id == 1:
        return truthy(value)
    if type_id == 2:
        return _to_int(value)
    if type_id == 3:
        if type(value) in (int, float):
            return float(value)
        raise mismatch("float", value)
    if type_id == 4:
        return string_text(value)
    raise mismatch(_TYPE_WORDS[type_id] if type_id < len(_TYPE_WORDS) else "unknown", value)


def _to_int(value: Value) -> int:
    if type(value) is bool:
        return 1 if value else 0
    if type(value) is int:
        return value
    if type(value) is not float:
        raise mismatch("integer", value)
    if math.isfinite(value) and value == math.floor(value) and -(2.0**63) <= value <= 2.0**63:
        return min(int(value), HIGHEST)
    raise Failure(f"Type mismatch: expected integer, found float {print_float(value)}")


def new_array(size: Value, largest: int) -> list[Value]:
    if type(size) is not int:
        raise mismatch("integer", size)
    if size < 0:
        raise Failure(f"Invalid operation: create array on type negative size: {size}")
    if size > largest:
        raise TooLarge
    return [None] * size


def _place(array: Value, index: Value) -> int:
    if type(array) is not list:
        raise mismatch("array", array)
    if type(index) is not int:
        raise mismatch("integer index", index)
    if not 0 <= index < len(array):
        raise out_of_bounds(index, len(array))
    return index


def array_get(array: Value, index: Value) -> Value:
    return array[_place(array, index)]


def array_set(array: Value, index: Value, value: Value) -> list[Value]:
    place = _place(array, index)
    changed: list[Value] = array[:]
    changed[place] = value
    return changed


def array_length(array: Value) -> int:
    if type(array) is not list:
        raise mismatch("array", array)
    return len(array)


def string_length(text: Value) -> int:
    if type(text) not in (str, Url):
        raise mismatch("string", text)
    return len(string_text(text).encode("utf-8"))


def _as_dict(value: Value) -> dict[str, Value]:
    if type(value) is not dict:
        raise mismatch("dict", value)
    return value


def _as_key(value: Value) -> str:
    if type(value) is not str:
        raise mismatch("string key", value)
    return value


def dict_get(entries: Value, key: Value) -> Value:
    return _as_dict(entries).get(_as_key(key))


def dict_set(entries: Value, key: Value, value: Value) -> dict[str, Value]:
    return {**_as_dict(entries), _as_key(key): value}


def dict_remove(entries: Value, key: Value) -> dict[str, Value]:
    changed = dict(_as_dict(entries))
    changed.pop(_as_key(key), None)
    return changed


def dict_contains(entries: Value, key: Value) -> bool:
    return _as_dict(entries).keys() >= {_as_key(key)}


def dict_keys(entries: Value) -> list[Value]:
    return list(_as_dict(entries))


def dict_values(entries: Value) -> list[Value]:
    return list(_as_dict(entries).values())


def dict_clear(entries: Value) -> dict[str, Value]:
    _as_dict(entries)
    return {}


def dict_length(entries: Value) -> int:
    return len(_as_dict(entries))


def concatenate(left: Value, right: Value) -> str:
    return joined(string_text(left), string_text(right))


# By opcode: what is made of the two operands behind the first, or of the one.
_OF_TWO: dict[int, Callable[[Value, Value], Value]] = {
    7: add,
    8: subtract,
    9: multiply,
    10: divide,
    11: remainder,
    14: lambda left, right: truthy(left) and truthy(right),
    15: lambda left, right: truthy(left) or truthy(right),
    16: equal,
    17: lambda left, right: not equal(left, right),
    18: less,
    19: lambda left, right: less(right, left),
    20: less_or_equal,
    21: lambda left, right: less_or_equal(right, left),
    31: concatenate,
    34: array_get,
    42: dict_get,
    45: dict_contains,
}
_OF_ONE: dict[int, Callable[[Value], Value]] = {
    12: negate,
    13: lambda value: not truthy(value),
    32: string_length,
    36: array_length,
    46: dict_keys,
    47: dict_values,
    49: dict_length,
}
# Here the first operand is read as well as written; the number of others.
_UPDATES: dict[int, tuple[Callable[..., Value], int]] = {
    35: (array_set, 2),
    43: (dict_set, 2),
    44: (dict_remove, 1),
    48: (dict_clear, 0),
}
# The same in files of version 2.
_LATEST_OF_TWO = {
    **_OF_TWO,
    42: latest.dict_get,
    45: latest.dict_contains,
    54: latest.find,
    56: latest.concatenation,
    60: latest.set_contains,
}
_LATEST_OF_ONE = {**_OF_ONE, 46: latest.dict_keys, 61: latest.set_length, 62: latest.set_values}
_LATEST_UPDATES: dict[int, tuple[Callable[..., Value], int]] = {
    **_UPDATES,
    43: (latest.dict_set, 2),
    44: (latest.dict_remove, 1),
    50: (latest.push, 1),
    52: (latest.insert, 2),
    58: (latest.set_add, 1),
    59: (latest.set_remove, 1),
}
# Here the second operand is read and written and the first one gets what it loses; the number of
# others.
_TAKES: dict[int, tuple[Callable[..., tuple[Value, Value]], int]] = {
    51: (latest.pop, 0),
    53: (latest.remove, 1),
}
# Opcodes that write their first operand whenever they do not fail.
_WRITERS = {0, 1, 2, 5, 6, 33, 41, 55, 57, *_LATEST_OF_TWO, *_LATEST_OF_ONE, *_LATEST_UPDATES}

DEFINE = 4
PHI = 27


class _Machine:
    def __init__(self, module: Module, max_depth: int | None, largest_array: int) -> None:
        self.module = module
        self.is_latest = module.version == latest.LATEST
        self.of_two = _LATEST_OF_TWO if self.is_latest else _OF_TWO
        self.of_one = _LATEST_OF_ONE if self.is_latest else _OF_ONE
        self.updates = _LATEST_UPDATES if self.is_latest else _UPDATES
        self.largest_array = largest_array
        self.most_calls = DEEPEST if max_depth is None else max_depth
        self.depth_is_given = max_depth is not None
        self.globals: dict[str, Value] = {}
        self.output: list[str] = []
        self.output_size = 0
        self.by_name = dict(module.functions)
        self.by_target: dict[int, str] = {}
        for name, target in self.by_name.items():
            self.by_target.setdefault(target, name)
        # Of each call that is going on: where it returns to, the register for its value, the
        # caller's registers and name, and what makes it if that is map, filter or fold.
        self.calls: list[tuple[int, int, Registers, str, builtins.Application | None]] = []
        self.function = "main" if "main" in self.by_name else ""
        self.next_registers: Registers = []
        count = len(module.instructions)
        self.count = count
        self.has_tags = any(instruction[0] == DEFINE for instruction in module.instructions)
        self.has_phis = any(instruction[0] == PHI for instruction in module.instructions)
        self.code: list[Operation] = [
            self._operation(index, *instruction)
            for index, instruction in enumerate(module.instructions)
        ]
        self.code.append(self._fall_off)

    def run(self, budget: int) -> Judgement:
        code = self.code
        registers: Registers = [None] * 256 + [{}, -1]
        pc = min(self.by_name.get("main", 0), self.count)
        executed = 0
        try:
            for executed in range(1, budget + 1):  # noqa: B007 - it counts
                pc = code[pc](registers)
                if pc < 0:  # into a function or out of it
                    pc = -1 - pc
                    registers = self.next_registers
            return self._judgement(OUT_OF_BUDGET, executed)
        except _Ended as end:
            return self._judgement(
                VALUE, executed if end.counted else executed - 1, value=end.value
            )
        except Failure as failure:
            return self._judgement(RUN_ERROR, executed, error=str(failure), stack=self._stack(pc))
        except _TooDeep:
            return self._judgement(TOO_DEEP, executed)
        except (TooLarge, MemoryError):
            return self._judgement(OUT_OF_BUDGET, executed)

    def _judgement(
        self,
        ending: str,
        count: int,
        value: Value = None,
        error: str = "",
        stack: tuple[tuple[str, int], ...] = (),
    ) -> Judgement:
        return Judgement(ending, value, error, stack, "".join(self.output), count)

    def _stack(self, pc: int) -> tuple[tuple[str, int], ...]:
        frames = [(self.function, pc)]
        for return_index, _, _, name, _ in reversed(self.calls[-(MOST_FRAMES - 1) :]):
            frames.append((name, return_index - 1))
        return tuple(frames)

    @staticmethod
    def _fall_off(registers: Registers) -> int:
        raise _Ended(None, counted=False)

    # ________________________________________________________ making operations

    def _operation(self, index: int, opcode: int, *operands: Any) -> Operation:
        next_index = index + 1
        if opcode in self.of_two:
            made = _of_two(opcode, self.of_two[opcode], next_index, *operands)
        elif opcode in self.of_one:
            made = _of_one(self.of_one[opcode], next_index, *operands)
        elif opcode in self.updates:
            made = _update(*self.updates[opcode], next_index, *operands)
        elif opcode in _TAKES:
            made = _take(*_TAKES[opcode], next_index, *operands)
            return _dropping_tag(_dropping_tag(made, operands[0]), operands[1])
        elif opcode in (22, 23, 24):
            return self._jump(index, opcode, *operands)
        else:
            maker = getattr(self, _OTHERS[opcode], None)
            assert maker is not None
            made = maker(next_index, *operands)
        if self.has_tags and opcode in _WRITERS:
            return _dropping_tag(made, operands[0])
        return made

    def _jump(self, index: int, opcode: int, *operands: int) -> Operation:
        next_index = index + 1
        target = (next_index + operands[-1] + 2**31) % 2**32 - 2**31
        if not 0 <= target < self.count:
            target = self.count
        label = index % 65536
        noted = self.has_phis
        if opcode == 22:

            def jump(registers: Registers) -> int:
                registers[_LAST_JUMP] = label
                return target

            return jump
        condition = operands[0]
        wanted = opcode == 23

        def jump_if(registers: Registers) -> int:
            value = registers[condition]
            if value is wanted:
                taken = True
            elif type(value) is bool:
                taken = False
            else:
                taken = truthy(value) == wanted
            if not taken:
                return next_index
            if noted:
                registers[_LAST_JUMP] = label
            return target

        return jump_if

    def _constant(self, index: int) -> Value:
        if index >= len(self.module.constants):
            raise Failure(f"Invalid constant index: {index}")
        return self.module.constants[index]

    def _text_constant(self, index: int) -> str:
        value = self._constant(index)
        if type(value) is Url:
            return value.text
        if type(value) is not str:
            raise Failure(f"Invalid constant index: {index}")
        return value

    def _load_const(self, next_index: int, target: int, constant: int) -> Operation:
        if constant < len(self.module.constants):
            value = self.module.constants[constant]

            def load(registers: Registers) -> int:
                registers[target] = value
                return next_index
        else:

            def load(registers: Registers) -> int:
                registers[target] = self._constant(constant)
                return next_index

        return load

    def _move(self, next_index: int, target: int, source: int) -> Operation:
        def move(registers: Registers) -> int:
            registers[target] = registers[source]
            return next_index

        return move

    def _load_global(self, next_index: int, target: int, name: int) -> Operation:
        def load_global(registers: Registers) -> int:
            registers[target] = self.globals.get(self._text_constant(name))
            return next_index

        return load_global

    def _store_global(self, next_index: int, source: int, name: int) -> Operation:
        def store_global(registers: Registers) -> int:
            self.globals[self._text_constant(name)] = registers[source]
            return next_index

        return store_global

    def _define(self, next_index: int, target: int, type_id: int) -> Operation:
        def define(registers: Registers) -> int:
            registers[_TAGS][target] = type_id
            return next_index

        return define

    def _check_type(self, next_index: int, target: int, source: int, type_id: int) -> Operation:
        if self.is_latest:
            return self._check_latest_type(next_index, target, source, type_id)

        def check_type(registers: Registers) -> int:
            own = _TYPE_IDS.get(type(registers[source]), -1)
            tag = registers[_TAGS].get(source, own)
            # Whatever is no type is the same unknown one.
            registers[target] = min(tag, 7) == min(type_id, 7)
            return next_index

        return check_type

    @staticmethod
    def _check_latest_type(next_index: int, target: int, source: int, type_id: int) -> Operation:
        wanted = latest.known_type(type_id)

        def check_type(registers: Registers) -> int:
            kind = type(registers[source])
            own = _TYPE_IDS[kind] if kind in _TYPE_IDS else latest.TYPE_IDS[kind]
            tag = registers[_TAGS].get(source, own)
            registers[target] = latest.known_type(tag) == wanted
            return next_index

        return check_type

    def _cast(self, next_index: int, target: int, source: int, type_id: int) -> Operation:
        def convert(registers: Registers) -> int:
            registers[target] = cast(registers[source], type_id)
            return next_index

        def to_url(registers: Registers) -> int:
            registers[target] = latest.cast_to_url(registers[source])
            return next_index

        def to_function(registers: Registers) -> int:
            registers[target] = self._function_of(registers[source])
            return next_index

        if self.is_latest and type_id == latest.TYPE_IDS[Url]:
            return to_url
        if self.is_latest and type_id == latest.TYPE_IDS[Function]:
            return to_function

        return convert

    def _function_of(self, value: Value) -> Function:
        if type(value) is Function:
            return value
        if type(value) not in (str, Url):
            raise mismatch("function", value)
        name = string_text(value)
        if not self._defines(name):
            raise latest.undefined(name)
        return Function(name)

    def _defines(self, name: str) -> bool:
        return name in self.by_name or name in builtins.BUILTINS or name in builtins.APPLYING

    def _call(
        self, next_index: int, function: int, target: int, arguments: tuple[int, ...]
    ) -> Operation:
        def call(registers: Registers) -> int:
            name = self._name_of(registers[function])
            values = [registers[argument] for argument in arguments]
            if name in self.by_name:
                return self._enter(name, values, registers, next_index, target, None)
            if self.is_latest and name in builtins.APPLYING:
                return self._apply(name, values, registers, next_index, target)
            registers[target] = self._built_in(name, values)
            registers[_TAGS].pop(target, None)
            return next_index

        return call

    def _enter(
        self,
        name: str,
        values: list[Value],
        registers: Registers,
        next_index: int,
        target: int,
        application: builtins.Application | None,
    ) -> int:
        """Begin a call of a function of the program."""
        if len(self.calls) >= self.most_calls:
            if not self.depth_is_given:
                raise _TooDeep
            raise Failure("Stack overflow")
        callee = registers[:]
        if application is not None:  # which leaves nothing of its caller's
            callee[:_LAST_JUMP] = [None] * _TAGS + [{}]
        callee[: len(values)] = values
        callee[_TAGS] = {
            register: tag for register, tag in callee[_TAGS].items() if register >= len(values)
        }
        callee[_LAST_JUMP] = -1
        self.calls.append((next_index, target, registers, self.function, application))
        self.function = name
        self.next_registers = callee
        return -1 - min(self.by_name[name], self.count)

    def _apply(
        self, name: str, values: list[Value], registers: Registers, next_index: int, target: int
    ) -> int:
        """Begin a map, filter or fold, or do all of it."""
        builtins.check_application(name, values)
        callee = self._name_of(values[1])
        application = builtins.Application(name, values[0], callee, values[-1])
        if callee in self.by_name:
            if not application.is_over():
                given = application.arguments()
                return self._enter(callee, given, registers, next_index, target, application)
        elif callee in builtins.APPLYING:
            raise Failure(f"Invalid operation: {name} on type function<{callee}>")
        elif callee not in builtins.BUILTINS:
            raise latest.undefined(callee)
        while not application.is_over():
            application.accept(self._built_in(callee, application.arguments()))
        registers[target] = application.result
        registers[_TAGS].pop(target, None)
        return next_index

    def _name_of(self, named: Value) -> str:
        if type(named) in (str, Url):
            return string_text(named)
        if type(named) is int:
            return self.by_target.get(named, f"func_{named}")
        if type(named) is Function:
            return named.name
        raise Failure("Undefined function: no function specified")

    def _built_in(self, name: str, arguments: list[Value]) -> Value:
        if not self.is_latest or name not in builtins.BUILTINS:
            raise latest.undefined(name)
        return builtins.call(name, arguments)

    def _return(self, next_index: int, source: int | None) -> Operation:
        def leave(registers: Registers) -> int:
            value = None if source is None else registers[source]
            if not self.calls:
                raise _Ended(value, counted=True)
            return_index, target, caller, self.function, application = self.calls.pop()
            if self.has_tags:
                dropped = set(range(_SAVED))
                if source is not None and application is None:
                    dropped.add(target)
                caller[_TAGS] = {
                    register: tag
                    for register, tag in caller[_TAGS].items()
                    if register not in dropped
                }
            if application is not None:
                application.accept(value)
                if not application.is_over():
                    given = application.arguments()
                    callee = application.callee
                    return self._enter(callee, given, caller, return_index, target, application)
                caller[target] = application.result
                caller[_TAGS].pop(target, None)
            elif source is not None:
                caller[target] = value
            self.next_registers = caller
            return -1 - return_index

        return leave

    def _phi(self, next_index: int, target: int, sources: tuple[tuple[int, int], ...]) -> Operation:
        def phi(registers: Registers) -> int:
            for source, label in sources:
                if label == registers[_LAST_JUMP]:
                    registers[target] = registers[source]
                    registers[_TAGS].pop(target, None)
                    break
            return next_index

        return phi

    def _assert(
        self,
        next_index: int,
        register: int,
        kind: int,
        message: int,
        bounds: tuple[int, int] | None,
    ) -> Operation:
        def check(registers: Registers) -> int:
            value = registers[register]
            if kind == 0:
                holds = truthy(value)
            elif kind == 1:
                holds = value is not None
            else:
                assert bounds is not None
                holds = type(value) is int and bounds[0] <= value <= bounds[1]
            if not holds:
                raise Failure(f"Assertion failed: {self._text_constant(message)}")
            return next_index

        return check

    def _print(self, next_index: int, source: int) -> Operation:
        def show(registers: Registers) -> int:
            if registers[source] is not None:
                text = print_text(registers[source]) + "\n"
                self.output.append(text)
                self.output_size += len(text)
                if self.output_size > LARGEST_TEXT:
                    raise TooLarge
            return next_index

        return show

    def _new_array(self, next_index: int, target: int, size: int) -> Operation:
        return _of_one(lambda value: new_array(value, self.largest_array), next_index, target, size)

    def _dict_new(self, next_index: int, target: int) -> Operation:
        def make(registers: Registers) -> int:
            registers[target] = {}
            return next_index

        return make

    def _set_new(self, next_index: int, target: int) -> Operation:
        def make(registers: Registers) -> int:
            registers[target] = Members()
            return next_index

        return make

    def _slice(self, next_index: int, target: int, array: int, first: int, end: int) -> Operation:
        def cut(registers: Registers) -> int:
            registers[target] = latest.part(registers[array], registers[first], registers[end])
            return next_index

        return cut

    def _halt(self, next_index: int) -> Operation:
        def halt(registers: Registers) -> int:
            raise _Ended(None, counted=True)

        return halt

    def _nothing(self, next_index: int, *operands: int) -> Operation:
        return lambda registers: next_index


_OTHERS = {
    0: "_load_const",
    1: "_move",
    2: "_load_global",
    3: "_store_global",
    4: "_define",
    5: "_check_type",
    6: "_cast",
    25: "_call",
    26: "_return",
    27: "_phi",
    28: "_assert",
    29: "_nothing",
    30: "_nothing",
    33: "_new_array",
    37: "_print",
    38: "_nothing",
    39: "_halt",
    40: "_nothing",
    41: "_dict_new",
    55: "_slice",
    57: "_set_new",
}


def _of_two(
    opcode: int,
    general: Callable[[Value, Value], Value],
    next_index: int,
    target: int,
    left: int,
    right: int,
) -> Operation:
    """With a shortcut for the most frequent operands, ints."""
    if opcode == 7:

        def operation(registers: Registers) -> int:
            one, other = registers[left], registers[right]
            if type(one) is int and type(other) is int and LOWEST <= one + other <= HIGHEST:
                registers[target] = one + other
            else:
                registers[target] = add(one, other)
            return next_index
    elif opcode == 18:

        def operation(registers: Registers) -> int:
            one, other = registers[left], registers[right]
            registers[target] = (
                one < other if type(one) is int and type(other) is int else less(one, other)
            )
            return next_index
    else:

        def operation(registers: Registers) -> int:
            registers[target] = general(registers[left], registers[right])
            return next_index

    return operation


def _of_one(
    general: Callable[[Value], Value], next_index: int, target: int, source: int
) -> Operation:
    def operation(registers: Registers) -> int:
        registers[target] = general(registers[source])
        return next_index

    return operation


def _update(
    general: Callable[..., Value], others: int, next_index: int, target: int, *operands: int
) -> Operation:
    assert len(operands) == others

    def operation(registers: Registers) -> int:
        registers[target] = general(
            registers[target], *[registers[operand] for operand in operands]
        )
        return next_index

    return operation


def _take(
    general: Callable[..., tuple[Value, Value]],
    others: int,
    next_index: int,
    target: int,
    array: int,
    *operands: int,
) -> Operation:
    assert len(operands) == others

    def operation(registers: Registers) -> int:
        shorter, taken = general(registers[array], *[registers[operand] for operand in operands])
        registers[array] = shorter
        registers[target] = taken
        return next_index

    return operation


def _dropping_tag(operation: Operation, target: int) -> Operation:
    def dropping(registers: Registers) -> int:
        next_index = operation(registers)
        registers[_TAGS].pop(target, None)
        return next_index

    return dropping
