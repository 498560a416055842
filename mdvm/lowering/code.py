"""What the interpreter executes: the lowered form of a module, all of it immutable but the values
of global variables.
"""

from mdvm.builtins import NOT_BUILT_IN, builtin_number, builtin_of
from mdvm.callees import Callee, HostFunction
from mdvm.opcodes import LATEST
from mdvm.run_state import run_state
from mdvm.system.jit import elidable
from mdvm.objects import w_empty
from mdvm.unboxed.execution import can_run_unboxed
from mdvm.values.global_cell import GlobalCell


# A program that makes ever new names of functions that do not exist must not fill the memory.
_MOST_HOST_FUNCTIONS = 1000


class Function(Callee):
    """A function as the interpreter calls it.

    name: str, UTF-8 bytes.
    entry_index: int, its first instruction in the module.
    entry: int, the pc of that.
    frame_size: int, the registers that a frame of it needs.
    inherited: list of int, the registers that it may read without having written them or got them
    as arguments.
    code: Code, of the program.
    constants: list of W_Value, of the program.
    body: Body.
    ops, cells, trace_liveness: as the body has them.
    recursion: Recursion that it is part of, or None.
    runs_unboxed: bool, whether the interpreter may execute it as mdvm/unboxed/ has it.
    """

    _immutable_fields_ = [
        "entry_index",
        "entry",
        "frame_size",
        "inherited[*]",
        "ops[*]",
        "constants[*]",
        "cells[*]",
        "trace_liveness",
        "body",
        "code",
        "recursion",
    ]

    def __init__(self, name, entry_index, entry, frame_size, inherited, body, code, recursion):
        self.name = name
        self.entry_index = entry_index
        self.entry = entry
        self.frame_size = frame_size
        self.inherited = inherited
        self.ops = body.ops
        self.constants = code.constants
        self.cells = body.cells
        self.trace_liveness = body.trace_liveness
        self.body = body
        self.code = code
        self.recursion = recursion
        self.runs_unboxed = can_run_unboxed(code, frame_size)

    def inherits_beyond(self, given):
        """given: int, a number of arguments -> bool, whether it may read more of its caller."""
        inherited = self.inherited
        return len(inherited) > 0 and inherited[len(inherited) - 1] >= given

    def instruction_at(self, pc):
        """pc: int -> int, the index of the instruction of the module that it belongs to."""
        return self.body.ranges.index_of(self.body.number_at(pc))


class Body(object):
    """The lowered instructions of a component, which one or several functions begin in.

    ranges: Ranges, which instructions these are; below they go by their numbers in it.
    ops: list of int.
    origins: list of int, the pc of each, and at the end that of END.
    cells: list of GlobalCell.
    trace_liveness: TraceLiveness.
    runs: list of int, empty unless instructions are counted: where counting begins anew, how many
    are counted, else 0.
    has_loops, reads_data: bool, as the emitter has them.
    """

    _immutable_fields_ = ["ranges", "ops[*]", "origins[*]", "cells[*]", "trace_liveness", "runs[*]"]

    def __init__(self, emitter, trace_liveness):
        """emitter: Emitter, that has emitted them."""
        self.ranges = emitter.ranges
        self.ops = emitter.ops[:]
        self.origins = emitter.origins[:]
        self.cells = emitter.cells[:]
        self.trace_liveness = trace_liveness
        self.runs = emitter.runs[:]
        self.has_loops = emitter.has_loops
        self.reads_data = emitter.reads_data

    def frame_size(self, number):
        """number: int, where a function begins -> int, how many registers its frames need."""
        raise NotImplementedError

    def inherited_registers(self, number):
        """number: int, where a function begins -> list of int, ascending, the registers it may read
        before it writes them.
        """
        raise NotImplementedError

    def number_at(self, pc):
        """pc: int -> int, the number of the instruction that it belongs to."""
        low = 0
        high = len(self.origins) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.origins[middle] <= pc:
                low = middle
            else:
                high = middle - 1
        return low

    def not_executed_after(self, number):
        """number: int, of the instruction that failed -> int, how many were counted with it but did
        not run.
        """
        first = number
        while 0 <= first < len(self.runs) and self.runs[first] == 0:
            first -= 1
        return first + self.runs[first] - number - 1 if 0 <= first < len(self.runs) else 0


class LoweringOptions(object):
    """The choices that change what code is made; to be given by keyword.

    debug: bool, log each instruction.
    counting: bool, count instructions.
    limit_depth: bool, count nested calls.
    limit_instructions: bool, end the program at a number of instructions, which takes counting.
    interruptible: bool, look at every backward jump whether the program is to end.
    profiling: bool, look after every instruction whether a sample is asked for.
    keep_globals: bool, leave every global variable in its cell while it is changed, so that it is
    there whenever the program ends.
    """

    _immutable_fields_ = [
        "debug",
        "counting",
        "limit_depth",
        "limit_instructions",
        "interruptible",
        "profiling",
        "keep_globals",
    ]

    def __init__(
        self,
        debug=False,
        counting=False,
        limit_depth=False,
        limit_instructions=False,
        interruptible=False,
        profiling=False,
        keep_globals=False,
    ):
        self.debug = debug
        self.counting = counting
        self.limit_depth = limit_depth
        self.limit_instructions = limit_instructions
        self.interruptible = interruptible
        self.profiling = profiling
        self.keep_globals = keep_globals


class FunctionMaker(object):
    """Where the functions of a Code come from."""

    def make_function(self, code, name, entry_index):
        """code: Code; name: str; entry_index: int, of an instruction -> Function.  Raises RunError,
        MemoryError.
        """
        raise NotImplementedError


class _Codes(object):
    """How many Codes there have been."""

    def __init__(self):
        self.made = 0

    def next_serial(self):
        self.made += 1
        return self.made


_codes = _Codes()


class Code(object):
    """A program as it is executed. Its functions are lowered when they are called for the first
    time.

    module: Module.
    options: LoweringOptions.
    constants: list of W_Value.
    function_numbers: dict from a name to the number in module.functions of the function that a call
    by it reaches.
    has_scalar_keys: bool, whether the keys of dicts need not be strings.
    has_tags: bool, whether there are DEFINEs.
    watches_calls: bool, whether a call does more than to execute the callee.
    lowered: int, how many functions have been called.
    running: int, how many runs of it are going on, one within the other.
    bodies: dict from a component to its Body, of those that have been lowered.
    serial: int, another for each Code.
    """

    _immutable_fields_ = [
        "module",
        "options",
        "maker",
        "constants[*]",
        "function_numbers",
        "has_scalar_keys",
        "has_tags",
        "watches_calls",
    ]

    def __init__(self, module, options, function_numbers, maker):
        self.module = module
        self.options = options
        self.maker = maker
        self.constants = module.constants
        self.function_numbers = function_numbers
        self.has_scalar_keys = module.version == LATEST
        self.has_tags = module.instructions.has_defines
        self.watches_calls = (
            self.has_tags or options.debug or options.limit_depth or options.profiling
        )
        self.lowered = 0
        self.running = 0
        self.serial = _codes.next_serial()
        self.bodies = {}
        self._functions = [None] * len(module.functions)
        self._start = None
        self._cells = {}
        self._numbers_by_entry = None
        self._host_functions = {}

    def start(self):
        """-> Function, where the program begins.  Raises RunError, MemoryError."""
        main = self.function_numbers.get("main", -1)
        if main >= 0:
            return self.function(main)
        if self._start is None:
            self._start = self._make_function("", 0)
        return self._start

    def lowered_function(self, number):
        """The same as `function`, without a call to it but for the first time."""
        assert number >= 0
        function = self._functions[number]
        return self.function(number) if function is None else function

    @elidable
    def function(self, number):
        """number: int, in module.functions -> Function, the same each time. Raises RunError,
        MemoryError.

        Compiled code holds the function, and calls this no more.
        """
        function = self._functions[number]
        if function is None:
            entry = self.module.functions[number]
            function = self._functions[number] = self._make_function(entry.name, entry.target_index)
        return function

    def _make_function(self, name, entry_index):
        function = self.maker.make_function(self, name, entry_index)
        self.lowered += 1
        return function

    def builtin_number(self, name):
        """name: str -> int, of the built-in function that a call by it reaches if the module
        defines none, or NOT_BUILT_IN.
        """
        return builtin_number(name) if self.module.version == LATEST else NOT_BUILT_IN

    def defines(self, name):
        """name: str -> bool, whether a CALL by that name reaches something."""
        return (
            name in self.function_numbers
            or self.builtin_number(name) != NOT_BUILT_IN
            or run_state.host_functions.has(name)
        )

    @elidable
    def callee_named(self, name):
        """name: str -> Callee, what a CALL by it reaches, the same each time.  Raises RunError,
        MemoryError.
        """
        number = self.function_numbers.get(name, -1)
        if number >= 0:
            return self.function(number)
        number = self.builtin_number(name)
        if number != NOT_BUILT_IN:
            return builtin_of(number)
        host_function = self._host_functions.get(name, None)
        if host_function is None:
            host_function = HostFunction(name)
            if len(self._host_functions) < _MOST_HOST_FUNCTIONS:
                self._host_functions[name] = host_function
        return host_function

    @elidable
    def callee_numbered(self, index):
        """index: int, that of a function's first instruction, or N of a function named func_N ->
        Callee.  Raises RunError, MemoryError.
        """
        number = self._number_by_entry(index)
        if number < 0:
            return self.callee_named("func_%d" % index)
        return self.function(number)

    def _number_by_entry(self, index):
        if self._numbers_by_entry is None:
            numbers = {}
            for number in self.function_numbers.values():
                entry = self.module.functions[number].target_index
                if entry not in numbers:
                    numbers[entry] = number  # of several the first
            self._numbers_by_entry = numbers
        return self._numbers_by_entry.get(index, -1)

    def cell(self, name):
        """name: str -> GlobalCell, that of the global variable."""
        cell = self._cells.get(name, None)
        if cell is None:
            cell = self._cells[name] = GlobalCell(name)
        return cell

    def begin_run(self):
        """-> list of GlobalCell, copies of those of the run that this one is within, empty if it is
        within none; for end_run.
        """
        outer = [GlobalCell("")][:0]
        if self.running > 0:
            for cell in self._cells.values():
                copy = GlobalCell(cell.name)
                copy.store(cell.load())
                outer.append(copy)
            self.forget_globals()
        self.running += 1
        return outer

    def end_run(self, outer):
        self.running -= 1
        if self.running > 0:
            self.forget_globals()
            for copy in outer:
                self.cell(copy.name).store(copy.load())

    def forget_globals(self):
        """Every global variable becomes undefined."""
        for cell in self._cells.values():
            cell.store(w_empty)

    def global_cells(self):
        """-> list of GlobalCell, of all global variables that instructions name, in the order in
        which they first do.
        """
        cells = []
        seen = {}
        for name in self.module.global_names():
            if name not in seen:
                seen[name] = True
                cells.append(self.cell(name))
        return cells
