"""The JIT's log, as PYPYLOG=jit-log-opt,jit-backend:FILE writes it: the compiled traces and how
often each part of them ran.

A trace is a loop, or a bridge, which begins where a guard of another trace fails. Its operations
stand behind `debug_merge_point` lines that name the guest instruction they are for. Each LABEL and
each entry has a counter, and so a trace is a row of segments, each with a number of runs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

SECTIONS = "jit-log-opt,jit-backend"  # what PYPYLOG must ask for

_TITLE = re.compile(
    r"# (?:Loop (?P<number>\d+) \(.*\) : (?P<kind>[a-z ]+)"
    r"|bridge out of Guard (?P<guard>0x[0-9a-f]+)) "
    r"with (?P<size>\d+) ops"
)
_MERGE_POINT = re.compile(
    r"debug_merge_point\((?P<depth>\d+), \d+, '(?P<function>.*?) (?P<index>\d+): (?P<text>.*)'\)"
)
_OPERATION = re.compile(r"(?:\+\d+: )?(?P<text>.*)")
_GUARD = re.compile(r"descr=<Guard(0x[0-9a-f]+)")
_LABEL = re.compile(r"label\(.*descr=TargetToken\((\d+)\)\)")
_COUNTER = re.compile(
    r"(?:(?P<entry>entry) (?P<number>\d+)|TargetToken\((?P<label>\d+)\)"
    r"|bridge (?P<bridge>\d+)):(?P<runs>\d+)"
)
_SECTION_BEGIN = re.compile(r"\[[0-9a-f]+\] \{(?P<name>\S+)")


@dataclass
class Step:
    """One guest instruction in a trace.

    function: str, "" for the start of the program
    instruction: int
    depth: int, how many inlined calls it is inside of
    is_jump: whether only the jump that ends the trace stands here, to code that begins with this
        instruction
    """

    function: str
    instruction: int
    depth: int
    operations: list[str] = field(default_factory=list)
    is_jump: bool = False


@dataclass
class Segment:
    """A part of a trace that is run as a whole unless a guard fails.

    runs: int, how often it was begun
    """

    steps: list[Step] = field(default_factory=list)
    runs: int = 0


@dataclass
class Trace:
    """One piece of machine code.

    number: int, from 1 in the order of compilation
    guard: str or None, the guard that a bridge begins at
    parent: Trace or None, the trace with that guard
    size: int, operations
    """

    number: int
    kind: str
    guard: str | None
    size: int
    segments: list[Segment]
    parent: Trace | None = None

    @property
    def steps(self) -> list[Step]:
        """The guest instructions in the order of the trace."""
        return [step for segment in self.segments for step in segment.steps]

    @property
    def runs(self) -> int:
        """How often its most frequent part was run: a loop's iterations."""
        return max(segment.runs for segment in self.segments)

    @property
    def first(self) -> Step | None:
        """The guest instruction it begins with."""
        return self.steps[0] if self.steps else None


def read_log(lines: Iterable[str]) -> list[Trace]:
    """The traces of a log, in the order of compilation, with their counts."""
    reader = _Reader()
    section = ""
    for line in lines:
        line = line.rstrip("\n")
        begin = _SECTION_BEGIN.match(line)
        if begin:
            section = begin["name"]
            reader.begin_section()
        elif section in ("jit-log-opt-loop", "jit-log-opt-bridge"):
            reader.trace_line(line)
        elif section == "jit-backend-counts":
            reader.counter_line(line)
    return reader.finished()


class _Reader:
    def __init__(self) -> None:
        self._traces: list[Trace] = []
        self._trace: Trace | None = None
        self._guards: dict[str, Trace] = {}
        self._entries: dict[int, Segment] = {}
        self._labels: dict[str, Segment] = {}
        self._bridges: dict[str, Segment] = {}

    def begin_section(self) -> None:
        self._trace = None

    def trace_line(self, line: str) -> None:
        title = _TITLE.match(line)
        if title:
            self._begin_trace(title)
        elif self._trace is not None:
            self._operation_line(self._trace, line)

    def _begin_trace(self, title: re.Match[str]) -> None:
        segment = Segment()
        kind = "bridge" if title["guard"] else title["kind"].strip()
        self._trace = Trace(
            len(self._traces) + 1, kind, title["guard"], int(title["size"]), [segment]
        )
        if title["guard"]:
            self._trace.parent = self._guards.get(title["guard"])
            self._bridges[title["guard"]] = segment
        else:
            self._entries[int(title["number"])] = segment
        self._traces.append(self._trace)

    def _operation_line(self, trace: Trace, line: str) -> None:
        point = _MERGE_POINT.match(line)
        if point:
            self._begin_step(
                trace.segments[-1].steps,
                Step(point["function"], int(point["index"]), int(point["depth"])),
            )
            return
        match = _OPERATION.match(line)
        assert match is not None
        text = match["text"]
        if text.startswith(("[", "--end")):
            return
        guard = _GUARD.search(text)
        if guard:
            self._guards[guard[1]] = trace
        label = _LABEL.match(text)
        steps = trace.segments[-1].steps
        if label:
            if steps and not steps[-1].operations:
                steps.pop()  # the label's own merge point comes again behind it
            trace.segments.append(Segment())
            self._labels[label[1]] = trace.segments[-1]
        elif steps:
            steps[-1].operations.append(text)
            steps[-1].is_jump = text.startswith("jump(")

    def _begin_step(self, steps: list[Step], step: Step) -> None:
        """One guest instruction can have several merge points, where the VM does it in several
        steps.
        """
        if steps and (steps[-1].instruction, steps[-1].depth) == (step.instruction, step.depth):
            return
        steps.append(step)

    def counter_line(self, line: str) -> None:
        counter = _COUNTER.match(line)
        if counter is None:
            return
        runs = int(counter["runs"])
        segment = None
        if counter["entry"]:
            segment = self._entries.get(int(counter["number"]))
        elif counter["label"]:
            segment = self._labels.get(counter["label"])
        else:
            segment = self._bridges.get(hex(int(counter["bridge"])))
        if segment is not None:
            segment.runs = runs

    def finished(self) -> list[Trace]:
        return self._traces


def instruction_runs(traces: Iterable[Trace]) -> dict[int, int]:
    """From each guest instruction that is in a trace to how often its machine code was reached, in
    all traces together.
    """
    runs: Counter[int] = Counter()
    for trace in traces:
        for segment in trace.segments:
            for step in segment.steps:
                if not step.is_jump:
                    runs[step.instruction] += segment.runs
    return dict(runs)
