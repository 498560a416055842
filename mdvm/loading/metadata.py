"""The .mdbm file: where in its source each instruction of a program comes from.  The layout is
described in docs/bytecode.md.
"""

from mdvm.system.arithmetic import intmask
from mdvm.errors import LoadError
from mdvm.loading.reader import Reader

MAGIC = "MDBM"
VERSION = 1
SOURCE_AT = 16  # magic, version and hash stand before it

_FNV_OFFSET = intmask(0xCBF29CE484222325)
_FNV_PRIME = 0x100000001B3

# How the names of functions end that the compiler has added: no name in a source has parentheses.
LIBRARY_SUFFIX = "()"

# Of a deep stack only this many frames at either end are described.
_SHOWN_AT_EITHER_END = 10


class MetadataError(Exception):
    """The metadata is of no use.  text: str, why."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


class Variable(object):
    """A variable's name, UTF-8, and where it is: in the register before the instructions from first
    up to end.
    """

    _immutable_fields_ = ["name", "register", "first", "end"]

    def __init__(self, name, register, first, end):
        self.name = name
        self.register = register
        self.first = first
        self.end = end


class FunctionMetadata(object):
    """A function of the source.

    name: str, the source's, UTF-8.
    first, end: int, its instructions.
    parameters: list of str.
    variables: list of Variable.
    """

    _immutable_fields_ = ["name", "first", "end", "parameters", "variables"]

    def __init__(self, name, first, end, parameters, variables):
        self.name = name
        self.first = first
        self.end = end
        self.parameters = parameters
        self.variables = variables


class Position(object):
    """The place in the source of the instructions from first up to the next Position's; line 0 if
    it is not known.
    """

    _immutable_fields_ = ["first", "line", "column"]

    def __init__(self, first, line, column):
        self.first = first
        self.line = line
        self.column = column


class InlinedCall(object):
    """A call that the compiler has replaced by the instructions from first up to end.

    function: str, the called function's name in the source, UTF-8; line, column: int, the place of
    the call; line 0 if unknown.
    """

    _immutable_fields_ = ["first", "end", "function", "line", "column"]

    def __init__(self, first, end, function, line, column):
        self.first = first
        self.end = end
        self.function = function
        self.line = line
        self.column = column


class Metadata(object):
    """What an .mdbm file says.

    source: str, the path of the source file.
    functions: list of FunctionMetadata, in the order of their instructions.
    positions: list of Position, ascending.
    inlined: list of InlinedCall, one before those inside it.
    """

    _immutable_fields_ = ["source", "functions", "positions", "inlined"]

    def __init__(self, source, functions, positions, inlined):
        self.source = source
        self.functions = functions
        self.positions = positions
        self.inlined = inlined

    def position(self, instruction):
        """instruction: int, an index -> Position, None if nothing is known about the place."""
        low = 0
        high = len(self.positions)
        while low < high:
            middle = (low + high) // 2
            if self.positions[middle].first <= instruction:
                low = middle + 1
            else:
                high = middle
        if low == 0 or self.positions[low - 1].line == 0:
            return None
        return self.positions[low - 1]

    def function(self, instruction):
        """instruction: int, an index -> FunctionMetadata that it belongs to, None if there is
        none.
        """
        for function in self.functions:
            if function.first <= instruction < function.end:
                return function
        return None

    def place(self, instruction):
        """instruction: int, an index -> str, `FILE:LINE:COLUMN`, only `FILE` where no more is
        known.
        """
        position = self.position(instruction)
        if position is None:
            return self.source
        return self._text_of_place(position.line, position.column)

    def _text_of_place(self, line, column):
        return "%s:%d:%d" % (self.source, line, column) if line else self.source

    def describe(self, functions, instructions, omitted):
        """The stack of an error, as RunError has it: innermost first -> list of str, a line for
        each frame, or for many at once.
        """
        lines = []
        count = len(instructions)
        for index in range(count):
            if _SHOWN_AT_EITHER_END <= index < count - _SHOWN_AT_EITHER_END:
                if index == _SHOWN_AT_EITHER_END:
                    lines.append("  ... %d more" % (count - 2 * _SHOWN_AT_EITHER_END))
                continue
            self._describe_frame(lines, functions[index], instructions[index])
        if omitted > 0:
            lines.append("  ... %d more" % omitted)
        return lines

    def _describe_frame(self, lines, name, instruction):
        """Adds the line of one frame, and before it those of the calls in it that were inlined
        around the instruction.

        The compiler's own functions are none of the source's: their callers' lines say where they
        were needed.
        """
        function = self.function(instruction)
        if function is not None and function.name.endswith(LIBRARY_SUFFIX):
            return
        place = self.place(instruction)
        for index in range(len(self.inlined) - 1, -1, -1):
            call = self.inlined[index]
            if call.first <= instruction < call.end:
                lines.append("  at %s (%s)" % (call.function, place))
                place = self._text_of_place(call.line, call.column)
        lines.append("  at %s (%s)" % (self._function_name(name, instruction), place))

    def _function_name(self, name, instruction):
        function = self.function(instruction)
        return name if function is None else function.name


def hash_of(data):
    """data: str, one byte a character -> int, its FNV-1a hash of 64 bits (Fowler, Noll and Vo), as
    a signed number.
    """
    value = _FNV_OFFSET
    for char in data:
        value = intmask((value ^ ord(char)) * _FNV_PRIME)
    return value


def read_metadata(data, bytecode):
    """data, bytecode: str, the contents of the .mdbm and the .mdbc file, one byte a character ->
    Metadata.

    Raises MetadataError unless the one was made for the other.
    """
    if len(data) < SOURCE_AT or data[: len(MAGIC)] != MAGIC:
        raise MetadataError("it is damaged")
    reader = Reader(data)
    reader.seek(len(MAGIC))
    try:
        version = reader.read_u32()
        if version != VERSION:
            raise MetadataError("it has the unknown version %d" % version)
        if reader.read_i64() != hash_of(bytecode):
            raise MetadataError("it belongs to another program")
        return _read(reader)
    except LoadError:
        raise MetadataError("it is damaged")


def _read(reader):
    source = reader.read_string()
    functions = []
    count = reader.read_u32()
    while len(functions) < count:
        functions.append(_read_function(reader))
    positions = []
    count = reader.read_u32()
    while len(positions) < count:
        first = reader.read_u32()
        line = reader.read_u32()
        positions.append(Position(first, line, reader.read_u32()))
    inlined = []
    count = reader.read_u32()
    while len(inlined) < count:
        first = reader.read_u32()
        end = reader.read_u32()
        function = reader.read_string()
        line = reader.read_u32()
        inlined.append(InlinedCall(first, end, function, line, reader.read_u32()))
    return Metadata(source, functions, positions, inlined)


def _read_function(reader):
    name = reader.read_string()
    first = reader.read_u32()
    end = reader.read_u32()
    parameters = []
    count = reader.read_u32()
    while len(parameters) < count:
        parameters.append(reader.read_string())
    variables = []
    count = reader.read_u32()
    while len(variables) < count:
        variable = reader.read_string()
        register = reader.read_u8()
        start = reader.read_u32()
        variables.append(Variable(variable, register, start, reader.read_u32()))
    return FunctionMetadata(name, first, end, parameters, variables)
