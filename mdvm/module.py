"""What a file holds once it is loaded: constants, functions and decoded instructions, all immutable."""


# What a file's header usually says; nothing depends on it.
DEFAULT_VERSION = 1
DEFAULT_FLAGS = 1


class FunctionEntry(object):
    """One row of the function table.  name: str, UTF-8 bytes; target_index: int, an instruction index, unchecked."""
    _immutable_fields_ = ["name", "target_index"]

    def __init__(self, name, target_index):
        self.name = name
        self.target_index = target_index


class Module(object):
    """A loaded file.

    name: str, UTF-8 bytes.  version, flags: int, of no effect.
    constants: list of W_Value.  functions: list of FunctionEntry in the order of the file, repeated names kept.
    code: list of int, the instructions one after the other, each its opcode and then its operands, one int a field:
    arguments are n and n registers, sources n and n pairs of register and label, a result its `has` byte and then the
    register unless that is 0, a condition its number, then the message, then the two bounds only after condition 2.
    starts: list of int, where in code each instruction begins.
    """
    _immutable_fields_ = ["name", "version", "flags", "constants[*]", "functions[*]", "code[*]", "starts[*]"]

    def __init__(self, name, version, flags, constants, functions, code, starts):
        self.name = name
        self.version = version
        self.flags = flags
        self.constants = constants[:]
        self.functions = functions[:]
        self.code = code[:]
        self.starts = starts[:]

    def with_code(self, code):
        """code: list of int, laid out as this module's -> Module that differs from this one only in it."""
        return Module(self.name, self.version, self.flags, self.constants[:], self.functions[:], code, self.starts[:])

    def instruction_count(self):
        """-> int, the number of instructions."""
        return len(self.starts)
