"""What a file holds once it is loaded: constants, functions and instructions, all immutable.

A file may have ten million instructions of which few ever run. So they stay the bytes that they are
in the file, with a mark for every sixteenth of them, and are decoded on demand.
"""

from mdvm import opcodes
from mdvm.loading.encoding import append_fields, end_of, read_u16
from mdvm.objects import w_empty
from mdvm.opcodes import op
from mdvm.values.strings import W_Str

# What a file's header usually says; nothing depends on the flags.
DEFAULT_VERSION = opcodes.PUBLISHED
DEFAULT_FLAGS = 1

STRIDE = 16  # instructions from one mark to the next

_NAME_OFFSET = 2  # of the constant that names a global variable, from the opcode


class FunctionEntry(object):
    """One row of the function table.  name: str, UTF-8 bytes; target_index: int, an instruction
    index, unchecked.
    """

    _immutable_fields_ = ["name", "target_index"]

    def __init__(self, name, target_index):
        self.name = name
        self.target_index = target_index


class Module(object):
    """A loaded file.

    name: str, UTF-8 bytes.  version: int, opcodes.LATEST for what only this VM runs, any other as
    the published VM has it.
    flags: int, of no effect.
    constants: list of W_Value. functions: list of FunctionEntry in the order of the file, repeated
    names kept.
    instructions: Instructions.
    """

    _immutable_fields_ = [
        "name",
        "version",
        "flags",
        "constants[*]",
        "functions[*]",
        "instructions",
    ]

    def __init__(self, name, version, flags, constants, functions, instructions):
        self.name = name
        self.version = version
        self.flags = flags
        self.constants = constants
        self.functions = functions
        self.instructions = instructions

    def instruction_count(self):
        """-> int, the number of instructions."""
        return self.instructions.count

    def opcode(self, index):
        """index: int, of an instruction -> int, its opcode's number."""
        return ord(self.instructions.data[self.instructions.offset_of(index)])

    def fields(self, index):
        """index: int, of an instruction -> list of int, its opcode and its operands, see
        encoding.py.
        """
        fields = []
        append_fields(self.instructions.data, self.instructions.offset_of(index), fields)
        return fields

    def global_names(self):
        """-> list of str, the names of global variables that the instructions name, as often as
        they do.
        """
        names = []
        data = self.instructions.data
        offset = self.instructions.first_offset()
        for _ in range(self.instruction_count()):
            opcode = ord(data[offset])
            if opcode == op.LOAD_GLOBAL or opcode == op.STORE_GLOBAL:
                w_name = self.constant(read_u16(data, offset + _NAME_OFFSET))
                if isinstance(w_name, W_Str):
                    names.append(w_name.text())
            offset = end_of(data, offset)
        return names

    def constant(self, index):
        """index: int, as an instruction names a constant -> W_Value, Empty if there is none."""
        return self.constants[index] if index < len(self.constants) else w_empty


class Instructions(object):
    """The instructions of a file, checked, in the bytes of the file.

    data: str, one byte a character. count: int. marks: list of int, where in data each STRIDE-th
    instruction begins.
    defined: str, for each register "\\1" if some DEFINE names it, else "\\0"; has_defines: bool,
    whether there are any.
    """

    _immutable_fields_ = ["data", "count", "marks[*]", "defined", "has_defines"]

    def __init__(self, data, count, marks, defined):
        self.data = data
        self.count = count
        self.marks = marks
        self.defined = defined
        self.has_defines = "\1" in defined

    def first_offset(self):
        """-> int, where in data the first of them begins."""
        return self.marks[0]

    def offset_of(self, index):
        """index: int, of an instruction -> int, where in data it begins."""
        offset = self.marks[index // STRIDE]
        for _ in range(index % STRIDE):
            offset = end_of(self.data, offset)
        return offset


def flow_at(data, offset):
    """offset: int, where in data an instruction begins -> opcodes.NEXT, ALWAYS_JUMPS, MAY_JUMP or
    ENDS.
    """
    return opcodes.OPCODES[ord(data[offset])].flow
