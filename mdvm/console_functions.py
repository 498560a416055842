"""The host functions of mdvm-c: a program's way to a person, the clock, chance and its arguments.

They are no built-in functions, since with them a program does not do the same each time. `--seed`
has `random` do so.
"""

import os
import time

from mdvm import errors
from mdvm.builtin_functions.arguments import as_int, invalid_int
from mdvm.callees import HostFunctions, check_count
from mdvm.loading.reader import is_utf8
from mdvm.objects import W_Float, W_Int, w_empty
from mdvm.system.arithmetic import intmask
from mdvm.system.latin1 import from_bytes
from mdvm.system.random_seed import random_seed
from mdvm.values.arrays import array_of
from mdvm.values.characters import encoded
from mdvm.values.operations import to_string
from mdvm.values.strings import W_Str

_PIECE = 4096  # bytes that are read at a time
_REPLACEMENT = encoded(0xFFFD)


class _Input(object):
    """Standard input, line by line.  rest: str, what has been read and is in no line yet."""

    def __init__(self):
        self.rest = ""

    def line(self):
        """-> str, the next line without its end, or None at the end of the input."""
        parts = []
        while True:
            end = self.rest.find("\n")
            if end >= 0:
                parts.append(self.rest[:end])
                self.rest = self.rest[end + 1 :]
                break
            parts.append(self.rest)
            self.rest = from_bytes(os.read(0, _PIECE))
            if self.rest == "":
                if len("".join(parts)) == 0:
                    return None
                break
        line = "".join(parts)
        end = len(line) - 1
        return line[:end] if end >= 0 and line[end] == "\r" else line


class _Random(object):
    """Numbers as if by chance: Steele, Lea, Flood, Fast splittable pseudorandom number generators,
    2014.

    state: int of 64 bits.
    """

    def __init__(self, seed):
        self.state = seed

    def next(self):
        """-> int of 64 bits."""
        self.state = intmask(self.state + -0x61C8864680B583EB)
        mixed = self.state
        mixed = intmask((mixed ^ (mixed >> 30 & 0x3FFFFFFFF)) * -0x40A7B892E31B1A47)
        mixed = intmask((mixed ^ (mixed >> 27 & 0x1FFFFFFFFF)) * -0x6B2FB644ECCEEE15)
        return mixed ^ (mixed >> 31 & 0x1FFFFFFFF)

    def fraction(self):
        """-> float, 0 <= it < 1."""
        return float(self.next() >> 11 & 0x1FFFFFFFFFFFFF) * (1.0 / 9007199254740992.0)

    def between(self, first, last):
        """-> int, first <= it <= last, each as likely as the others."""
        size = last - first + 1
        largest = 0x7FFFFFFFFFFFFFFF // size * size
        while True:
            number = self.next() & 0x7FFFFFFFFFFFFFFF
            if number < largest:
                return first + number % size


_LARGEST_CHOICE = 1 << 60

# Their names, and how many arguments each takes, at least and at most.
_FUNCTIONS = [("ask", 0, 1), ("now", 0, 0), ("random", 0, 2), ("arguments", 0, 0)]
NAMES = [name for name, _, _ in _FUNCTIONS]


class ConsoleFunctions(HostFunctions):
    """arguments: list of str. seed: int, what `random` begins with, or -1. output: Output that has a
    `flush`, to be written before a line is waited for.
    """

    def __init__(self, arguments, seed, output):
        self.output = output
        self.arguments = arguments
        self.input = _Input()
        self.seed = seed
        self.random = None

    def has(self, name):
        return _number_of(name) >= 0

    def call(self, name, arguments):
        number = _number_of(name)
        if number < 0:
            raise errors.undefined_function(name)
        _, least, most = _FUNCTIONS[number]
        check_count(name, least, most, len(arguments))
        if name == "ask":
            return self.ask(arguments)
        if name == "now":
            return W_Float(time.time())
        if name == "random":
            return self.choose(arguments)
        return array_of([W_Str(_valid(argument)) for argument in self.arguments])

    def ask(self, arguments):
        if len(arguments) > 0:
            self.output.write(to_string(arguments[0]).text())
        self.output.flush()
        line = self.input.line()
        if line is None:
            return w_empty
        return W_Str(_valid(line))

    def choose(self, arguments):
        random = self.random
        if random is None:
            random = self.random = _Random(self.seed if self.seed >= 0 else random_seed())
        if len(arguments) == 0:
            return W_Float(random.fraction())
        first = as_int(arguments[0])
        if len(arguments) < 2:
            raise errors.wrong_number_of_arguments("random", "0 or 2", 1)
        last = as_int(arguments[1])
        # each by itself, so that their distance fits an int
        if not -_LARGEST_CHOICE <= first <= _LARGEST_CHOICE:
            raise invalid_int("random", first)
        if not first <= last <= _LARGEST_CHOICE:
            raise invalid_int("random", last)
        return W_Int(random.between(first, last))


def _number_of(name):
    """-> int, in _FUNCTIONS, or -1."""
    for number in range(len(_FUNCTIONS)):
        if _FUNCTIONS[number][0] == name:
            return number
    return -1


def _valid(text):
    """text: str, bytes -> str, the same as UTF-8, with what is none replaced."""
    if is_utf8(text):
        return text
    parts = []
    for char in text:
        parts.append(char if ord(char) < 128 else _REPLACEMENT)
    return "".join(parts)
