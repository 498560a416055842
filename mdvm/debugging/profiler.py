"""Where a program spends its time, by samples: now and then one is requested, and the program notes
where it is.

The request is a flag that the program looks at after every instruction (SAMPLE, see lower.py). So
what a sample names is the instruction that was being executed when the request came. The calls that
lead there are kept in an array while they go on.

Copies of shared containers are counted, not sampled: whatever copies one sets the same flag, so that
the SAMPLE behind that instruction notes it.
"""

from mdvm.run_state import run_state
from mdvm.system.interruption import end_sample_request
from mdvm.system.jit import dont_look_inside

# of deeper recursion a sample holds the outermost calls, and where the program is
MOST_CALLS = 1000


class Copies(object):
    """What one instruction has copied because it was shared.  containers, elements: int."""

    def __init__(self):
        self.containers = 0
        self.elements = 0


class Profiler(object):
    """The samples of one run, and what it copied.

    samples: list of int, for each sample how many indices of instructions follow, and these: the
    calls that are going on, outermost first, and the instruction that was executed. calls: list of
    int, places in the ops of callers, a list of Function;
    depth: int. copies: dict from the index of an instruction to Copies.
    """

    _immutable_fields_ = ["calls", "callers"]

    def __init__(self):
        self.calls = [0] * MOST_CALLS
        self.callers = [None] * MOST_CALLS
        self.start()

    def start(self):
        self.depth = 0
        self.samples = [0][:0]
        self.copies = {}
        run_state.unnoted_containers = 0
        run_state.unnoted_elements = 0

    def enter_call(self, function, pc):
        """function: Function; pc: int, the place of the CALL in its ops."""
        depth = self.depth
        assert depth >= 0
        if depth < MOST_CALLS:
            self.calls[depth] = pc
            self.callers[depth] = function
        self.depth = depth + 1

    def leave_call(self):
        self.depth -= 1


profiler = Profiler()


@dont_look_inside
def take_sample(function, pc):
    """function: Function; pc: int, the place of the SAMPLE in its ops."""
    only_copies = end_sample_request()
    if run_state.unnoted_containers > 0:
        _note_copies(function.instruction_at(pc))
    if only_copies:
        return
    samples = profiler.samples
    count = min(profiler.depth, MOST_CALLS)
    samples.append(count + 1)
    for call in range(count):
        caller = profiler.callers[call]
        assert caller is not None
        samples.append(caller.instruction_at(profiler.calls[call]))
    samples.append(function.instruction_at(pc))


def _note_copies(instruction):
    copies = profiler.copies.get(instruction, None)
    if copies is None:
        copies = Copies()
        profiler.copies[instruction] = copies
    copies.containers += run_state.unnoted_containers
    copies.elements += run_state.unnoted_elements
    run_state.unnoted_containers = 0
    run_state.unnoted_elements = 0
