"""What the interpreter executes: the lowered form of a module, all of it immutable but the values of global variables."""
from mdvm import errors
from mdvm.compat import elidable
from mdvm.objects import w_empty


class GlobalCell(object):
    """One global variable.  name: str, UTF-8 bytes; w_value: W_Value, w_empty while undefined."""

    def __init__(self, name):
        self.name = name
        self.w_value = w_empty


class Function(object):
    """A function as the interpreter calls it.

    name: str, UTF-8 bytes.  entry_index: int, its first instruction in the module.  entry: int, its place in ops.
    frame_size: int, the registers that a frame of it needs.  inherited: list of int, the registers that it may read without
    having written them or got them as arguments.  ops: list of int, constants: list of W_Value, fates: RegisterFates and code: Code,
    those of the whole module.
    """
    _immutable_fields_ = ["name", "entry_index", "entry", "frame_size", "inherited[*]", "ops[*]", "constants[*]", "fates", "code"]

    def __init__(self, name, entry_index, entry, frame_size, inherited, code):
        self.name = name
        self.entry_index = entry_index
        self.entry = entry
        self.frame_size = frame_size
        self.inherited = inherited[:]
        self.ops = code.ops
        self.constants = code.constants
        self.fates = code.fates
        self.code = code


class Lowering(object):
    """The choices that change what code is made.

    debug: bool, print each instruction.  counting: bool, count instructions.  limit_depth: bool, count nested calls.
    limit_instructions: bool, end the program at a number of instructions, which takes counting.  interruptible: bool, look at
    every backward jump whether somebody wants the program to end.  profiling: bool, look after every instruction whether somebody
    wants to know where the program is.  keep_globals: bool, leave every global variable in its cell while it is changed, so that
    it is there whenever the program ends.
    """
    _immutable_fields_ = ["debug", "counting", "limit_depth", "limit_instructions", "interruptible", "profiling", "keep_globals"]

    def __init__(self, debug, counting, limit_depth, limit_instructions=False, interruptible=False, profiling=False,
                 keep_globals=False):
        self.debug = debug
        self.counting = counting
        self.limit_depth = limit_depth
        self.limit_instructions = limit_instructions
        self.interruptible = interruptible
        self.profiling = profiling
        self.keep_globals = keep_globals


class Code(object):
    """The lowered instructions of a module and what they refer to by number.

    module: Module.  lowering: Lowering.  ops: list of int.  origins: list of int, where each instruction of the module
    begins in ops, and at the end where END stands.  constants: list of W_Value.  cells: list of GlobalCell.
    runs: list of int, empty unless instructions are counted: where counting begins anew, how many are counted, else 0.
    has_tags: bool, whether there are DEFINEs.  watches_calls: bool, whether a call does more than to execute the callee.
    fates: RegisterFates.  functions: list of Function by index in module.functions; function_numbers: dict from name to that
    index.  start: Function, where the program begins.
    """
    _immutable_fields_ = ["module", "lowering", "ops[*]", "origins[*]", "constants[*]", "cells[*]", "has_tags",
                          "watches_calls", "runs[*]", "fates", "functions?[*]", "function_numbers?", "start?"]

    def __init__(self, module, lowering, ops, origins, cells, has_tags, runs, fates):
        self.module = module
        self.lowering = lowering
        self.ops = ops
        self.origins = origins[:]
        self.constants = module.constants
        self.cells = cells[:]
        self.has_tags = has_tags
        self.watches_calls = has_tags or lowering.debug or lowering.limit_depth or lowering.profiling
        self.runs = runs[:]
        self.fates = fates
        self.functions = [Function("", 0, 0, 0, [0][:0], self)][:0]
        self.function_numbers = {}
        self.start = None

    def set_functions(self, functions, function_numbers, start):
        """Completes the construction: functions refer to the code and the code to them."""
        self.functions = functions[:]
        self.function_numbers = function_numbers
        self.start = start

    def instruction_at(self, pc):
        """pc: int, a place in ops -> int, the index of the instruction of the module that it belongs to."""
        low = 0
        high = len(self.origins) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.origins[middle] <= pc:
                low = middle
            else:
                high = middle - 1
        return low

    def not_executed_after(self, index):
        """index: int, the instruction that failed -> int, how many were counted with it but did not run."""
        first = index
        while 0 <= first < len(self.runs) and self.runs[first] == 0:
            first -= 1
        return first + self.runs[first] - index - 1 if 0 <= first < len(self.runs) else 0

    @elidable
    def function_named(self, name):
        """name: str -> Function.  Raises RunError."""
        function_number = self.function_numbers.get(name, -1)
        if function_number < 0:
            raise errors.undefined_function(name)
        return self.functions[function_number]

    @elidable
    def function_numbered(self, index):
        """index: int, that of a function's first instruction, or N of a function named func_N -> Function.  Raises RunError."""
        for function_number in self.function_numbers.values():
            if self.functions[function_number].entry_index == index:
                return self.functions[function_number]
        name = "func_%d" % index
        function_number = self.function_numbers.get(name, -1)
        if function_number < 0:
            raise errors.undefined_function(name)
        return self.functions[function_number]
