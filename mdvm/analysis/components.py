"""Which instructions belong together: those that jumps and falling through join, whatever calls
them.

A module is analysed and lowered a component at a time, when a function that begins in it is called
for the first time. Functions may share code and run into each other; then they have one component,
so no instruction is ever lowered twice.

A segment is a run of instructions of which each but the last goes on to the next; jumps join
segments. (Union-find: Galler and Fischer, An improved equivalence algorithm, 1964.)
"""

from mdvm import opcodes
from mdvm.analysis.effort import Effort
from mdvm.loading.encoding import end_of, jump_distance
from mdvm.loading.module import flow_at


class Components(object):
    """The components of a module, each named by the number of one of its segments.

    firsts: list of int, the index of each segment's first instruction, and at the end the number of
    instructions.
    entries: list of bool by instruction, whether a function begins there.
    """

    def __init__(self, module):
        """Raises RunError where the program is to end before it runs."""
        self.module = module
        self._effort = Effort()
        self.entries = self._find_entries()
        self.firsts = self._find_segments()
        count = len(self.firsts) - 1
        self._parents = [0] * count
        self._following = [0] * count  # the next segment of the same component, round and round
        for segment in range(count):
            self._parents[segment] = self._following[segment] = segment
        self._join_segments()

    def component_of(self, index):
        """index: int, of an instruction -> int, its component."""
        return self._root(self._segment_of(index))

    def segments(self, component):
        """-> list of int, in no order."""
        segments = [component]
        segment = self._following[component]
        while segment != component:
            segments.append(segment)
            segment = self._following[segment]
        return segments

    def size(self, component):
        """-> int, the number of its instructions."""
        size = self._segment_size(component)
        segment = self._following[component]
        while segment != component:
            size += self._segment_size(segment)
            segment = self._following[segment]
        return size

    def _segment_size(self, segment):
        return self.firsts[segment + 1] - self.firsts[segment]

    def _find_entries(self):
        count = self.module.instruction_count()
        entries = [False] * count
        if count:
            entries[0] = True  # where a program without a main begins
        for function in self.module.functions:
            if function.target_index < count:
                entries[function.target_index] = True
        return entries

    def _find_segments(self):
        firsts = [0] * (self._count_segments() + 1)
        data = self.module.instructions.data
        offset = self.module.instructions.first_offset()
        segment = 0
        begins = True
        for index in range(self.module.instruction_count()):
            if begins:
                firsts[segment] = index
                segment += 1
            begins = _ends_segment(flow_at(data, offset))
            offset = end_of(data, offset)
            self._effort.spend(1)
        firsts[segment] = self.module.instruction_count()
        return firsts

    def _count_segments(self):
        data = self.module.instructions.data
        offset = self.module.instructions.first_offset()
        count = 0
        begins = True
        for _ in range(self.module.instruction_count()):
            if begins:
                count += 1
            begins = _ends_segment(flow_at(data, offset))
            offset = end_of(data, offset)
            self._effort.spend(1)
        return count

    def _join_segments(self):
        data = self.module.instructions.data
        offset = self.module.instructions.first_offset()
        count = self.module.instruction_count()
        segment = 0
        for index in range(count):
            if index == self.firsts[segment + 1]:
                segment += 1
            flow = flow_at(data, offset)
            if flow == opcodes.ALWAYS_JUMPS or flow == opcodes.MAY_JUMP:
                target = index + 1 + jump_distance(data, offset)
                if 0 <= target < count:
                    self._join(segment, target)
                self._effort.spend(10)
            offset = end_of(data, offset)
            self._effort.spend(1)

    def _join(self, segment, index):
        """Joins the segment with that of the instruction at index."""
        if self.firsts[segment] <= index < self.firsts[segment + 1]:
            return
        one = self._root(segment)
        other = self._root(self._segment_of(index))
        if one != other:
            self._parents[other] = one
            following = self._following[one]  # two rings become one
            self._following[one] = self._following[other]
            self._following[other] = following

    def _root(self, segment):
        parents = self._parents
        while parents[segment] != segment:
            parents[segment] = parents[parents[segment]]
            segment = parents[segment]
        return segment

    def _segment_of(self, index):
        firsts = self.firsts
        low = 0
        high = len(firsts) - 2
        while low < high:
            middle = (low + high + 1) // 2
            if firsts[middle] <= index:
                low = middle
            else:
                high = middle - 1
        return low


def _ends_segment(flow):
    return flow == opcodes.ALWAYS_JUMPS or flow == opcodes.ENDS
