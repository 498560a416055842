"""A program that the other side of an embedded VM has loaded."""

from mdvm.allocation_counts import Made
from mdvm.debugging.profiler import profiler


class HostedProgram(object):
    """One program that the other side has loaded, and what its runs have come to.

    program: LoadedProgram.
    samples: list of int, copies: dict, as in Profiler, those of its last run with PROFILE.
    last_code: Code, of its last run; None before.
    runs, executed: int; seconds: float; loops, bridges, copied_containers, copied_elements: int, of
    all its runs together. counted_runs: int, those of them whose allocations were counted; made:
    Made, what these made.
    """

    def __init__(self, program):
        self.program = program
        self.samples = [0][:0]
        self.copies = profiler.copies
        self.last_code = None
        self.runs = 0
        self.executed = 0
        self.seconds = 0.0
        self.loops = 0
        self.bridges = 0
        self.copied_containers = 0
        self.copied_elements = 0
        self.counted_runs = 0
        self.made = Made()
