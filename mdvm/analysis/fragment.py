"""Some instructions of a module, decoded, to be analysed and lowered together: a component, or some
that call each other.

Within a fragment its instructions are numbered from 0, in the order of the file; jumps are by these
numbers.
"""

from mdvm import opcodes
from mdvm.system.language import sort_ints
from mdvm.loading.encoding import append_fields
from mdvm.loading.operands import NO_REGISTERS, InstructionRegisters, append_kinds


class Ranges(object):
    """Which instructions of a module a fragment has.

    firsts, ends: list of int, ascending: runs of instructions, from one index up to but without
    another.
    numbers: list of int, what the first of each run is numbered. count: int, the number of
    instructions.
    outside: int, the index from which on there is no instruction in the module.
    """

    def __init__(self, firsts, ends, outside):
        self.firsts = firsts
        self.ends = ends
        self.outside = outside
        self.numbers = [0] * len(firsts)
        self.count = 0
        for run in range(len(firsts)):
            self.numbers[run] = self.count
            self.count += ends[run] - firsts[run]

    def number_of(self, index):
        """index: int, one of the module's -> int, its number, `count` if it is outside the module,
        -1 if in another fragment.
        """
        if not 0 <= index < self.outside:
            return self.count
        run = _last_not_above(self.firsts, index)
        if run < 0 or index >= self.ends[run]:
            return -1
        return self.numbers[run] + index - self.firsts[run]

    def index_of(self, number):
        """number: int, one of the fragment's or `count` -> int, the index in the module."""
        run = _last_not_above(self.numbers, number)
        if run < 0 or number == self.count:
            return self.outside
        return self.firsts[run] + number - self.numbers[run]


def _last_not_above(items, item):
    """items: list of int, ascending -> int, the position of the last that is not above item, -1 if
    all are.  Binary search.
    """
    low = -1
    high = len(items) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if items[middle] <= item:
            low = middle
        else:
            high = middle - 1
    return low


def component_ranges(components, which):
    """components: Components; which: list of int, some of them -> Ranges, their instructions."""
    segments = [0][:0]
    for component in which:
        segments.extend(components.segments(component))
    sort_ints(segments)
    firsts = [0][:0]
    ends = [0][:0]
    for segment in segments:
        if ends and ends[-1] == components.firsts[segment]:
            ends[-1] = components.firsts[segment + 1]
        else:
            firsts.append(components.firsts[segment])
            ends.append(components.firsts[segment + 1])
    return Ranges(firsts[:], ends[:], components.module.instruction_count())


class Fragment(object):
    """Decoded instructions.

    module: Module. ranges: Ranges. entries: list of int, ascending: the numbers of those with which
    a function begins.
    code: list of int, the instructions one after the other as encoding.py decodes them; but a jump
    is by the numbers of the fragment.
    kinds: list of int, what each int of code is, see operands.py.
    starts: list of int, where in code each instruction begins, and at the end the length of code.
    """

    def __init__(self, module, ranges, entries, code, kinds, starts):
        self.module = module
        self.ranges = ranges
        self.constants = module.constants
        self.entries = entries
        self.code = code
        self.kinds = kinds
        self.starts = starts

    def with_code(self, code):
        """code: list of int, laid out as this fragment's, where a NOP may have taken the place of
        any instruction -> Fragment that differs from this one only in it.
        """
        return Fragment(self.module, self.ranges, self.entries, code, self.kinds, self.starts)

    def instruction_count(self):
        """-> int, the number of instructions."""
        return len(self.starts) - 1

    def start(self, index):
        """-> int, where in code the instruction begins."""
        return self.starts[index]

    def end(self, index):
        """-> int, where in code the instruction ends."""
        return self.starts[index + 1]

    def opcode(self, index):
        """-> int, the number of the instruction's opcode."""
        return self.code[self.starts[index]]

    def field(self, index, which):
        """which: int, one of opcodes.field -> int, that operand of the instruction."""
        return self.code[self.starts[index] + which]

    def fields(self, index):
        """-> list of int, the decoded instruction."""
        return self.code[self.starts[index] : self.starts[index + 1]]

    def registers(self, index):
        """-> InstructionRegisters."""
        if opcodes.OPCODES[self.opcode(index)].operands:
            return InstructionRegisters(
                self.code, self.kinds, self.starts[index], self.starts[index + 1]
            )
        return NO_REGISTERS

    def number_of_function(self, function_number):
        """function_number: int, a row of the function table -> int, as Ranges.number_of has it."""
        return self.ranges.number_of(self.module.functions[function_number].target_index)


def decode(components, ranges):
    """components: Components; ranges: Ranges -> Fragment."""
    instructions = components.module.instructions
    entries = [0][:0]
    code = [0][:0]
    kinds = [0][:0]
    starts = [0] * (ranges.count + 1)
    number = 0
    for run in range(len(ranges.firsts)):
        offset = instructions.offset_of(ranges.firsts[run])
        for index in range(ranges.firsts[run], ranges.ends[run]):
            starts[number] = len(code)
            offset = append_fields(instructions.data, offset, code)
            append_kinds(code, starts[number], kinds)
            if components.entries[index]:
                entries.append(number)
            if _is_jump(code[starts[number]]):
                # the distance is every jump's last operand
                target = ranges.number_of(index + 1 + code[-1])
                assert target >= 0
                code[-1] = target - number - 1
            number += 1
    starts[number] = len(code)
    return Fragment(components.module, ranges, entries, code, kinds, starts)


def _is_jump(opcode):
    flow = opcodes.OPCODES[opcode].flow
    return flow == opcodes.ALWAYS_JUMPS or flow == opcodes.MAY_JUMP


def whole_module(components):
    """components: Components -> Fragment, all instructions of the module."""
    count = components.module.instruction_count()
    return decode(components, Ranges([0], [count], count))
