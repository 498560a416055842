"""How much memory programs may take: what the VM and its GC tell each other about it, in bytes.

What counts is what the heap holds: the memory that the GC has from the system for objects that have
survived a collection and for large ones. The GC keeps to `ceiling` and notes what it holds
(translation/heap_limit.py); untranslated, there is no such GC.
"""

from mdvm.system.jit import dont_look_inside
from mdvm.system.memory import collect_garbage, fill_reserve, memory_limit, return_memory

NO_LIMIT = 0

# Growing by so much is worth another look at what the system has left.
STEP = 16 << 20

# What the frames of nested calls of compiled code, and of the JIT's own interpreter, may take. They
# stand in the heap, and beside 6 KB of them a level may take as little as 300 bytes of the stack
# that is checked.
MOST_FRAMES = 150 << 20

# Nor does the stack bound how many registers the program's own frames have. Those of more than WIDE
# registers may have so many together; of smaller ones the stack holds no more.
WIDE = 12
MOST_WIDE_REGISTERS = 8 * 1000 * 1000

# A run that has left so much behind, or an eighth of what there is, is cleaned up after, at once.
# (But not where that would take much longer than to have made it: what is kept has to be gone
# through too.)
MUCH = 32 << 20


class Heap(object):
    """The account of the heap.

    Written by the GC: held: int, what the heap holds. frames_overflow: bool, whether MemoryError,
    or that the program is to end, means that frames of nested calls take too much, and not the
    program's values.

    Written by the VM: base: int, what was held when the run began. run_limit: int, what the run may
    add to that, NO_LIMIT if it has no limit of its own. resuming: int, how many frames of compiled
    code the JIT's own interpreter is going on with. critical: int, above 0 while the JIT does what
    must not be left half done: MemoryError waits. wide_registers: int, how many registers the
    frames of more than WIDE registers have that the program is in.

    Of both: limit: int, what the process may hold, as it was when the GC looked last. ceiling: int,
    what may be held now. look_at: int, how much is held when the GC looks again at limit and at
    frames. kept: int, what was held after the last cleaning.
    """

    def __init__(self):
        self.held = 0
        self.frames_overflow = False
        self.base = 0
        self.run_limit = NO_LIMIT
        self.critical = 0
        self.resuming = 0
        self.wide_registers = 0
        self.limit = 4 << 30  # until start
        self.ceiling = self.limit
        self.look_at = STEP
        self.kept = 0

    def start(self):
        """Looks for the first time at what the process may take."""
        # Tells RPython, which has seen all the code of the VM when it comes to the GC and the JIT,
        # that these are no constants.
        self.held = -self.held
        self.resuming = -self.resuming
        self.frames_overflow = self.held < 0
        self.limit = memory_limit(self.held)
        self.ceiling = self.limit
        fill_reserve()

    def begin_run(self, run_limit):
        """run_limit: int, bytes that the run may add to what is held, or NO_LIMIT."""
        self.frames_overflow = False
        self.critical = 0
        self.resuming = 0
        if run_limit != NO_LIMIT and self.held - self.kept > max(run_limit >> 4, self.kept >> 3):
            self.clean()
        self.base = self.held
        self.run_limit = run_limit
        self.look_at = self.held + STEP
        self.choose_ceiling()

    def choose_ceiling(self):
        """After a change of limit, base or run_limit."""
        self.ceiling = self.limit
        if self.run_limit != NO_LIMIT and self.run_limit < self.limit - self.base:
            self.ceiling = self.base + self.run_limit

    def end_run(self):
        """The run's own limit holds no longer, and what it has left behind goes back to the
        system.
        """
        self.run_limit = NO_LIMIT
        self.wide_registers = 0
        self.ceiling = self.limit
        self.look_at = self.held + STEP
        if self.held - self.kept > max(min(MUCH, self.limit >> 3), self.kept >> 1):
            self.clean()
            return_memory()
        fill_reserve()

    def clean(self):
        """Frees whatever nothing refers to."""
        collect_garbage()
        self.kept = self.held

    # What the GC writes is no field for compiled code, which reads a field once and keeps it, nor for a
    # trace that is recorded: what it remembers of a field must be what is there.
    @dont_look_inside
    def largest(self):
        """-> int, the bytes that one object may have at most now."""
        return self.ceiling - self.base


heap = Heap()
