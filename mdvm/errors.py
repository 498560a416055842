"""The errors of loading and running, and every one of their texts.

The texts are part of the contract: programs and tests compare them, so they are made here and
nowhere else.
"""


class LoadError(Exception):
    """The file cannot be loaded.  text: str, without the words `Failed to load bytecode`."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


MOST_FRAMES = 100


class RunError(Exception):
    """The program failed.  text: str, without the words `Runtime error`.

    The frames that it passed on its way out, innermost first, at most MOST_FRAMES of them:
    functions, list of str, their names, "" for a start without one; instructions, list of int, the
    failing instruction and then the calls that led there.
    omitted: int, how many outer frames are left out.
    """

    def __init__(self, text):
        self.text = text
        self.functions = []
        self.instructions = []
        self.omitted = 0

    def __str__(self):
        return self.text

    def pass_frame(self, function, instruction):
        """function: str, its name; instruction: int, where in it the error comes from."""
        if len(self.functions) < MOST_FRAMES:
            self.functions.append(function)
            self.instructions.append(instruction)
        else:
            self.omitted += 1

    def instruction(self):
        """-> int, the index of the failing instruction, -1 if the error has passed no frame."""
        return self.instructions[0] if self.instructions else -1


class LimitError(RunError):
    """The program was to execute more instructions than it may."""


class OutOfMemory(RunError):
    """The program was to take more memory than it may."""


class OutputLimitError(RunError):
    """The program was to print more than it may."""


class Interrupted(RunError):
    """The program was interrupted from outside."""


INVALID_FORMAT = "Invalid bytecode format"
INVALID_MAGIC = "Invalid magic number"
UNEXPECTED_EOF = "Unexpected EOF"
INVALID_OFFSET = "Invalid offset"
INVALID_UTF8 = "Invalid UTF-8"
INVALID_URL = "Invalid URL"

STACK_OVERFLOW = "Stack overflow"
OUT_OF_MEMORY = "Out of memory"
INTERRUPTED = "Interrupted"


def invalid_constant_tag(tag):
    return LoadError("Invalid constant tag: %d" % tag)


def invalid_opcode(number):
    return LoadError("Invalid opcode: %d" % number)


def io_error(number, text):
    """number: int, errno; text: str, what the system calls it."""
    return LoadError("IO error: %s (os error %d)" % (text, number))


def integer_overflow():
    return RunError("Integer overflow")


def division_by_zero():
    return RunError("Division by zero")


def type_mismatch(expected, found):
    return RunError("Type mismatch: expected %s, found %s" % (expected, found))


def invalid_operation(operation, type_name):
    return RunError("Invalid operation: %s on type %s" % (operation, type_name))


def invalid_comparison(left_type, right_type):
    return RunError("Invalid comparison: %s and %s" % (left_type, right_type))


def invalid_constant_index(index):
    return RunError("Invalid constant index: %d" % index)


def index_out_of_bounds(index, length):
    return RunError("Index out of bounds: index %d for length %d" % (index, length))


def undefined_function(name):
    return RunError("Undefined function: %s" % name)


def wrong_number_of_arguments(name, takes, count):
    """takes: str, how many it takes."""
    return RunError("Wrong number of arguments: %s takes %s, not %d" % (name, takes, count))


def no_function_specified():
    return RunError("Undefined function: no function specified")


def assertion_failed(message):
    return RunError("Assertion failed: %s" % message)


def stack_overflow():
    return RunError(STACK_OVERFLOW)


def out_of_memory():
    return OutOfMemory(OUT_OF_MEMORY)


def too_many_instructions(limit):
    return LimitError("Instruction limit exceeded: %d" % limit)


def too_much_output(limit):
    return OutputLimitError("Output limit exceeded: %d" % limit)


def out_of_time(seconds):
    """seconds: str, how long the program was allowed to run."""
    return Interrupted("Timeout: %s s" % seconds)


def interrupted():
    return Interrupted(INTERRUPTED)
