"""The state of the running program that belongs to no frame, its limits, and the price of long work
inside one instruction.

There is one: programs are executed one at a time.

Most instructions take the same short time whatever their operands are. Others go through a
container or a text, and their time and memory grow with it. These say how much they do, in units,
before or while they do it: `charge`, or a Meter where the work is only known on the way. That is
when the program can be interrupted inside an instruction, and what such an instruction takes of the
limit of instructions beside itself.
"""

from mdvm import errors
from mdvm.callees import NO_HOST_FUNCTIONS
from mdvm.system.interruption import interruption_requested, request_note
from mdvm.system.jit import dont_look_inside
from mdvm.system.heap import heap
from mdvm.system.limit_kinds import UNLIMITED

# less than that is free: a program with small containers is charged its instructions only
UNITS_PER_INSTRUCTION = 64
# of a text that is copied or compared; else a unit is an element or a character
BYTES_PER_UNIT = 16
VALUE_UNITS = 4  # of a value that is compared, printed or converted by itself

# Work that knows its size does this many units, a millisecond or a few, between two charges.
CHUNK = 1 << 18


class RunState(object):
    """The state and the limits of the running program.

    output: Output, where print_text goes.
    executed: int, the instructions executed so far, kept only where the code counts them.
    instruction_limit: int, how many may be executed.
    max_executed: int, what of it has not been charged for work inside instructions, looked at only
    where the code limits them.
    depth, max_depth: int, nested calls now and at most, kept only where the code limits them.
    max_text_length: int, bytes: what the heap may hold, here so that compiled code compares with
    one field.
    running: bool, whether work is charged, which is from begin to end.
    host_functions: HostFunctions, of this run.
    copied_containers, copied_elements: int, what has been copied before a store because it was
    shared. profiling: bool, whether it is to be noted where; unnoted_containers, unnoted_elements:
    int, what of it has not been.
    """

    _immutable_fields_ = ["output?"]

    def __init__(self):
        self.output = None
        self.executed = 0
        self.instruction_limit = UNLIMITED
        self.max_executed = UNLIMITED
        self.depth = 0
        self.max_depth = 0
        self.max_text_length = heap.largest()
        self.running = False
        self.host_functions = NO_HOST_FUNCTIONS
        self.copied_containers = 0
        self.copied_elements = 0
        self.profiling = False
        self.unnoted_containers = 0
        self.unnoted_elements = 0

    def begin(self, limit):
        """A program is about to run; the heap knows its limit.  limit: int, how many instructions
        it may execute, or UNLIMITED.
        """
        self.executed = 0
        self.copied_containers = 0
        self.copied_elements = 0
        self.instruction_limit = limit
        self.max_executed = limit
        self.max_text_length = heap.largest()
        self.running = True

    def end(self):
        """The program has ended; what is done from now on is not its work, nor under its limits."""
        self.running = False
        self.max_text_length = heap.limit


run_state = RunState()


def enter_call():
    """One more call is nested, where their depth is limited.  Raises RunError."""
    if run_state.depth >= run_state.max_depth:
        raise errors.stack_overflow()
    run_state.depth += 1


def end_if_requested():
    """Raises Interrupted if the program is to end."""
    if interruption_requested():
        raise errors.interrupted()


def count_copy(elements):
    """A container of so many elements is about to be copied because it is shared."""
    run_state.copied_containers += 1
    run_state.copied_elements += elements
    if run_state.profiling:
        run_state.unnoted_containers += 1
        run_state.unnoted_elements += elements
        request_note()


def charge(units):
    """Charges for `units` of work, which may have been done or be about to begin.  units: int >= 0.

    Raises LimitError or Interrupted when the program must go no further.
    """
    if units >= UNITS_PER_INSTRUCTION:
        _charge_instructions(units // UNITS_PER_INSTRUCTION)


@dont_look_inside
def _charge_instructions(count):
    if not run_state.running:
        return
    run_state.max_executed -= count
    if run_state.executed > run_state.max_executed:
        raise errors.too_many_instructions(run_state.instruction_limit)
    if interruption_requested():
        raise errors.interrupted()


def charged_until(start, size):
    """For work on the elements from start to size, one chunk after the other.  0 <= start <= size

    -> int, the element before which the next chunk ends, for which it charges.
    """
    stop = min(size, start + CHUNK)
    charge(stop - start)
    return stop


def check_text_length(size):
    """size: int, the bytes of a text that is about to be made.  Raises RunError, `Out of memory`,
    if no memory could hold it.
    """
    if size > run_state.max_text_length:
        raise errors.out_of_memory()


class Meter(object):
    """Adds up the work of one instruction that proceeds in small steps, and charges for it now and
    then.

    units: int, not charged yet.
    """

    def __init__(self):
        self.units = 0

    def add(self, units):
        """units: int >= 0, just done or about to be done."""
        self.units += units
        if self.units >= CHUNK // 64:
            self.settle()

    def settle(self):
        """To be called at the end, for what is left."""
        units = self.units
        self.units = 0
        charge(units)
