"""Programs for tests: modules made from a list of instructions, the bytes of their files, and
running them.

An instruction is a tuple of its name and its operands in the order of mdvm.opcodes:

    ("ADD", 2, 0, 1)                  registers, types, scopes: an int
    ("LOAD_CONST", 0, 7)              a constant, a name, a message: the value itself, added to the
                                      pool; or Index(n)
    "loop", ("JUMP", "loop")          a str by itself is a label; a jump names one, or is an int,
                                      the raw distance
    ("CALL", 5, 1, (2, 3))            func, dst, arguments
    ("RETURN", 0), ("RETURN",)        with and without a value
    ("PHI", 1, ((2, "a"), (3, 7)))    the label of a source: that of the jump instruction, or its
                                      index
    ("ASSERT", 0, 2, "low", (1, 9))   the bounds only with condition 2

Functions are a list of (name, label or index).
"""

import struct

from mdvm import opcodes
from mdvm.callees import NO_HOST_FUNCTIONS
from mdvm.lowering.code import LoweringOptions
from mdvm.analysis.components import Components
from mdvm.errors import RunError
from mdvm.analysis.fragment import whole_module
from mdvm.interp import interpreter
from mdvm.loading.loader import read_instructions
from mdvm.lowering.analysed import lower_analysed
from mdvm.lowering.lower import lower
from mdvm.loading.module import FunctionEntry, Module
from mdvm.objects import W_Bool, W_Float, W_Int, W_Value, w_empty, w_false, w_true
from mdvm.system.output import Output
from mdvm.loading.reader import Reader
from mdvm.run_state import UNLIMITED, run_state
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Str, W_Url
from mdvm.analysis.survey import analyse
from mdvm.values.text import debug_text


# What tests of nested containers begin with: r0 is an array that holds an array of two Empty at 0, r1
# a dict that holds such an array at "k", the global g such an array; r9 is 0, r8 is 1, r7 "k".
NESTED = [
    ("LOAD_CONST", 9, 0),
    ("LOAD_CONST", 8, 1),
    ("LOAD_CONST", 7, "k"),
    ("LOAD_CONST", 6, 2),
    ("NEW_ARRAY", 0, 6),
    ("NEW_ARRAY", 2, 6),
    ("ARRAY_SET", 0, 9, 2),
    ("NEW_ARRAY", 2, 6),
    ("DICT_NEW", 1),
    ("DICT_SET", 1, 7, 2),
    ("NEW_ARRAY", 2, 6),
    ("STORE_GLOBAL", 2, "g"),
]


class Index(object):
    """The raw index of a constant."""

    def __init__(self, index):
        self.index = index


def wrap(value):
    """value: None (Empty), bool, int, float or str -> the constant."""
    if value is None:
        return w_empty
    if isinstance(value, bool):
        return w_true if value else w_false
    if isinstance(value, float):
        return W_Float(value)
    if isinstance(value, str):
        return W_Str(value)
    if isinstance(value, W_Value):
        return value
    return W_Int(value)


def _pool_key(value):
    # 1, 1.0 and True are equal, as are 0.0 and -0.0, and a NaN is not equal to itself.
    if isinstance(value, W_Value):
        return type(value).__name__, debug_text(value)
    return type(value).__name__, repr(value)


class _Assembler(object):
    def __init__(self, constants):
        self.constants = [wrap(value) for value in constants]
        self.known = {}
        self.labels = {}
        self.instructions = []
        for index, value in enumerate(constants):
            self.known.setdefault(_pool_key(value), index)

    def constant(self, value):
        if isinstance(value, Index):
            return value.index
        key = _pool_key(value)
        if key not in self.known:
            self.known[key] = len(self.constants)
            self.constants.append(wrap(value))
        return self.known[key]

    def place(self, place):
        return self.labels[place] if isinstance(place, str) else place

    def assemble(self, items):
        index = 0
        for item in items:
            if isinstance(item, str):
                assert item not in self.labels
                self.labels[item] = index
            else:
                index += 1
        for item in items:
            if not isinstance(item, str):
                self.instruction(item)

    def instruction(self, item):
        opcode = opcodes.BY_NAME[item[0]]
        index = len(self.instructions)
        code = [opcode.number]
        values = list(item[1:])
        for operand in opcode.operands:
            value = values.pop(0) if values else None
            kind = operand.kind
            if kind in (opcodes.CONSTANT, opcodes.NAME, opcodes.MESSAGE):
                code.append(self.constant(value))
            elif kind == opcodes.JUMP_DISTANCE:
                code.append(self.labels[value] - index - 1 if isinstance(value, str) else value)
            elif kind == opcodes.ARGUMENTS:
                code += [len(value)] + list(value) if value else [0]
            elif kind == opcodes.SOURCES:
                code.append(len(value))
                for register, label in value:
                    code += [register, self.place(label)]
            elif kind == opcodes.RESULT:
                code += [0] if value is None else [1, value]
            elif kind == opcodes.RANGE:
                code += list(value) if value is not None else []
            else:
                code.append(value)
        self.instructions.append(code)
        assert not values, "too many operands: %r" % (item,)


def make_module(items, functions=(), constants=(), name="test", version=1):
    """items: list of instructions and labels; constants: values that begin the pool -> Module."""
    assembler = _Assembler(constants)
    assembler.assemble(items)
    entries = [FunctionEntry(function, assembler.place(place)) for function, place in functions]
    return module_from(name, assembler.constants, entries, assembler.instructions, version)


def module_from(name, constants, entries, instructions, version=1):
    """constants: list of W_Value; entries: list of FunctionEntry; instructions: list of (list of
    int), decoded -> Module, of this version or the one that these take.
    """
    data = struct.pack("<I", len(instructions)) + b"".join(
        [encoded(fields) for fields in instructions]
    )
    version = max([version] + [opcodes.OPCODES[fields[0]].version for fields in instructions])
    if any(isinstance(w_constant, (W_Function, W_Url)) for w_constant in constants):
        version = 2
    read = read_instructions(Reader(from_bytes(data)), version)
    return Module(name, version, 1, constants, entries, read)


# ____________________________________________________________ files


def to_bytes(data):
    """data: str, one byte a character -> bytes."""
    return data if str is bytes else data.encode("latin-1")


def from_bytes(data):
    """data: bytes -> str, one byte a character."""
    return data if str is bytes else data.decode("latin-1")


def utf8(text):
    """text: unicode text -> str, its UTF-8, one byte a character, as the VM holds strings."""
    return from_bytes(text.encode("utf-8"))


def _string(text):
    return struct.pack("<I", len(text)) + to_bytes(text)


def _constant(w_value):
    if isinstance(w_value, W_Int):
        return b"\x01" + struct.pack("<q", w_value.intval)
    if isinstance(w_value, W_Float):
        return b"\x02" + struct.pack("<d", w_value.floatval)
    if isinstance(w_value, W_Url):
        return b"\x07" + _string(w_value.text())
    if isinstance(w_value, W_Function):
        return b"\x06" + _string(w_value.name)
    if isinstance(w_value, W_Str):
        return b"\x03" + _string(w_value.text())
    if isinstance(w_value, W_Bool):
        return b"\x04" + struct.pack("<B", w_value.boolval)
    return b"\x05"


def encoded(code):
    """code: list of int, an instruction as mdvm.loading.encoding decodes it -> bytes."""
    opcode = opcodes.OPCODES[code[0]]
    data = struct.pack("<B", opcode.number)
    at = 1
    for operand in opcode.operands:
        kind = operand.kind
        if kind in (opcodes.WRITE, opcodes.READ, opcodes.UPDATE, opcodes.CONDITION):
            data += struct.pack("<B", code[at])
        elif kind == opcodes.JUMP_DISTANCE:
            data += struct.pack("<i", code[at])
        elif kind == opcodes.ARGUMENTS:
            data += struct.pack("<B", code[at])
            for register in code[at + 1 : at + 1 + code[at]]:
                data += struct.pack("<B", register)
        elif kind == opcodes.SOURCES:
            data += struct.pack("<B", code[at])
            for source in range(code[at]):
                data += struct.pack("<BH", code[at + 1 + 2 * source], code[at + 2 + 2 * source])
        elif kind == opcodes.RESULT:
            data += struct.pack("<B", code[at])
            if code[at]:
                data += struct.pack("<B", code[at + 1])
        elif kind == opcodes.RANGE:
            if code[at - 2] == 2:
                data += struct.pack("<qq", code[at], code[at + 1])
        else:
            data += struct.pack("<H", code[at])
        at += 1
    return data


class File(object):
    """The bytes of a .mdbc file, section by section, so that a test can replace any of them.

    Each section is bytes; offsets: the four that the header names, computed unless a test sets
    them.
    """

    def __init__(self, module):
        self.magic = b"MDBC"
        self.version = module.version
        self.flags = module.flags
        self.name = _string(module.name)
        self.constants = struct.pack("<I", len(module.constants))
        for w_value in module.constants:
            self.constants += _constant(w_value)
        self.functions = struct.pack("<I", len(module.functions))
        for function in module.functions:
            self.functions += _string(function.name) + struct.pack("<I", function.target_index)
        self.instructions = struct.pack("<I", module.instruction_count())
        for index in range(module.instruction_count()):
            self.instructions += encoded(module.fields(index))
        self.offsets = [None, None, None, None]
        self.trailing = b""

    def data(self):
        """-> str, one byte a character, as the loader takes it."""
        offsets = []
        position = 28
        for section in (self.name, self.constants, self.functions, self.instructions):
            offsets.append(position)
            position += len(section)
        for which, offset in enumerate(self.offsets):
            if offset is not None:
                offsets[which] = offset
        header = self.magic + struct.pack("<IIIIII", self.version, self.flags, *offsets)
        return from_bytes(
            header + self.name + self.constants + self.functions + self.instructions + self.trailing
        )

    def size(self):
        return len(self.data())


# ____________________________________________________________ running


class Collected(Output):
    """An output that keeps what is written."""

    def __init__(self):
        Output.__init__(self)
        self.parts = []

    def put(self, text):
        self.parts.append(text)

    def text(self):
        return "".join(self.parts)


class Outcome(object):
    """What a run came to.

    result: str, the debug form of the value, None without one; w_result: the value; output: str,
    everything printed;
    error: str or None; failed_at: int, the index of the failing instruction; executed: int.
    """

    def __init__(self, w_result, output, error, executed):
        self.w_result = w_result
        self.result = None if w_result is None else debug_text(w_result)
        self.output = output
        self.error = None if error is None else error.text
        self.failed_at = -1 if error is None else error.instruction()
        self.executed = executed

    def summary(self):
        return self.result, self.output, self.error


def run_module(module, debug=False, counting=False, max_depth=-1, host_functions=NO_HOST_FUNCTIONS):
    """host_functions: HostFunctions -> Outcome."""
    code = lower(
        module, LoweringOptions(debug=debug, counting=counting, limit_depth=max_depth >= 0)
    )
    run_state.output = Collected()
    run_state.begin(UNLIMITED)
    run_state.max_depth = max_depth
    run_state.host_functions = host_functions
    w_result = error = None
    try:
        w_result = interpreter.execute_program(code)
    except RunError as caught:
        error = caught
    finally:
        run_state.end()
        run_state.host_functions = NO_HOST_FUNCTIONS
    return Outcome(w_result, run_state.output.text(), error, run_state.executed)


def whole_of(module):
    """-> Fragment, all of the module."""
    return whole_module(Components(module))


def body_of(module, lowering=None):
    """-> Body of all of the module's instructions at once, whatever is called."""
    return lower_analysed(analyse(module), lower(module, lowering or LoweringOptions()))


def run(items, functions=(), constants=(), debug=False, counting=False, max_depth=-1):
    """Makes a module, runs it -> Outcome."""
    return run_module(make_module(items, functions, constants), debug, counting, max_depth)
