"""Listings of loaded modules, in the language of the assembler.

`disassemble` gives text that assembles to the same program, whatever the file holds: what plain
text would not restore (a constant pool in an order of its own, functions in disorder, jumps to
nowhere) is written with the assembler's raw forms. How each operand looks follows from its kind in
mdvm.opcodes.
"""

from mdvm import opcodes
from mdvm.debugging.literals import Literals, literal, suits, word_or_string
from mdvm.loading.module import DEFAULT_FLAGS, DEFAULT_VERSION
from mdvm.loading.operands import JUMP_INDEX, is_constant, is_register, kinds_of
from mdvm.opcodes import CONDITION_NAMES, RANGE_CONDITION
from mdvm.values.text import string_debug

_INSTRUCTION_INDENT = "    "
_INDEX_COLUMN = 44


def _order_of_text(opcode):
    """The positions of an opcode's operands in the order of the text: what is written comes
    first.
    """
    first = []
    rest = []
    for position in range(len(opcode.operands)):
        if opcode.operands[position].kind == opcodes.WRITE:
            first.append(position)
        else:
            rest.append(position)
    return first + rest


# For each opcode number, the positions of its operands in the order of the text.
TEXT_ORDER = [_order_of_text(_opcode) for _opcode in opcodes.OPCODES]

_LONGEST_NAME = max([len(_opcode.name) for _opcode in opcodes.OPCODES])


# What a line of a listing holds.
BLANK = 0
DIRECTIVE = 1  # about the whole module: its name, a constant of the pool
FUNCTION = 2
LABEL = 3
INSTRUCTION = 4


class ListingLine(object):
    """One line.  text: str without a line end.  kind: what it holds.

    index: int, of the INSTRUCTION, of the instruction that the LABEL stands before, or of the
    FUNCTION in the module's table; else -1.
    """

    def __init__(self, text, kind, index):
        self.text = text
        self.kind = kind
        self.index = index


def disassemble(module):
    """module: Module -> str, the listing, UTF-8, one byte a character, with a line end after every
    line.
    """
    return "".join([line.text + "\n" for line in listing_lines(module)])


def listing_lines(module):
    """module: Module -> list of ListingLine."""
    return _Listing(module).make_lines()


def disassemble_instruction(module, index):
    """module: Module; index: int, of one of its instructions -> str, one line without a line end.

    Jumps name their target by its index, so that the line can be made without looking at the
    others.
    """
    return _instruction_text(module, index, None, 1)


def printable_location(pc, function):
    """pc: int; function: Function -> str, where and what that instruction is, for the JIT's log."""
    index = function.instruction_at(pc)
    instruction = disassemble_instruction(function.code.module, index)
    return "%s %d: %s" % (function.name, index, instruction)


class _Listing(object):
    """The lines of a whole module, and the names that they use."""

    def __init__(self, module):
        self.module = module
        self.count = module.instruction_count()
        self.lines = []
        self.labels = [""] * (self.count + 1)
        self.literals = Literals(module)
        self.functions_in_order = _find_functions_in_order(module)
        self.next_function = 0

    def make_lines(self):
        """-> list of ListingLine."""
        self.name_labels()
        self.write_header()
        self.write_pool()
        if self.functions_in_order is None:
            self.write_functions_with_targets()
        for index in range(self.count):
            self.write_functions_up_to(index)
            self.write_label(index)
            line = _INSTRUCTION_INDENT + _instruction_text(
                self.module, index, self, _LONGEST_NAME + 1
            )
            self.write(
                _pad(line, _INDEX_COLUMN) + "; %d" % index + self.comment(index), INSTRUCTION, index
            )
        self.write_functions_up_to(self.count)
        self.write_label(self.count)
        return self.lines

    def write(self, text, kind, index):
        self.lines.append(ListingLine(text, kind, index))

    def write_directive(self, text):
        self.write(text, DIRECTIVE, -1)

    def write_blank(self):
        self.write("", BLANK, -1)

    # Labels

    def name_labels(self):
        wanted = [False] * (self.count + 1)
        for index in range(self.count):
            _mark_labels(self.module, index, wanted)
        for position in range(len(self.module.functions)):
            if not self.is_in_order(position):
                target = self.module.functions[position].target_index
                if target <= self.count:
                    wanted[target] = True
        number = 0
        for index in range(self.count + 1):
            if wanted[index]:
                self.labels[index] = "L%d" % number
                number += 1

    def label(self, index):
        return self.labels[index] if index <= self.count else "@%d" % index

    def write_label(self, index):
        if self.labels[index] != "":
            self.write(self.labels[index] + ":", LABEL, index)

    # What stands around the instructions

    def write_header(self):
        self.write_directive(".name " + string_debug(self.module.name))
        if self.module.version != DEFAULT_VERSION:
            self.write_directive(".version %d" % self.module.version)
        if self.module.flags != DEFAULT_FLAGS:
            self.write_directive(".flags %d" % self.module.flags)
        self.write_blank()

    def write_pool(self):
        constants = self.module.constants
        if len(constants) == 0 or self.literals.restore_the_pool:
            return
        for index in range(len(constants)):
            self.write_directive(
                _pad(".pool " + literal(constants[index]), _INDEX_COLUMN) + "; #%d" % index
            )
        self.write_blank()

    def is_in_order(self, position):
        return self.functions_in_order is not None and self.functions_in_order[position]

    def write_functions_with_targets(self):
        for position in range(len(self.module.functions)):
            self.write_function_with_target(position)
        self.next_function = len(self.module.functions)
        self.write_blank()

    def write_function_with_target(self, position):
        function = self.module.functions[position]
        self.write(
            ".func " + word_or_string(function.name) + ", " + self.label(function.target_index),
            FUNCTION,
            position,
        )

    def write_functions_up_to(self, index):
        """Write the functions that come next in the table, up to the first that begins after this
        instruction.
        """
        functions = self.module.functions
        while self.next_function < len(functions):
            function = functions[self.next_function]
            if not self.is_in_order(self.next_function):
                self.write_function_with_target(self.next_function)
            elif function.target_index == index:
                if index > 0:
                    self.write_blank()
                self.write(".func " + word_or_string(function.name), FUNCTION, self.next_function)
            else:
                return
            self.next_function += 1

    def comment(self, index):
        """What a constant that can only be written as #N is."""
        fields = self.module.fields(index)
        kinds = kinds_of(fields)
        for at in range(len(fields)):
            if is_constant(kinds[at]):
                number = fields[at]
                if number >= len(self.module.constants):
                    return ", #%d does not exist" % number
                if not self.literals.stands_for(number, kinds[at], self.module):
                    return ", #%d is " % number + literal(self.module.constants[number])
        return ""


def _find_functions_in_order(module):
    """For each function, whether it can be written without a target, right before its first
    instruction.

    That takes a target inside the program and a name not used before. None when the targets do not
    ascend.
    """
    in_order = []
    names = {}
    reached = 0
    for function in module.functions:
        inside = function.target_index <= module.instruction_count() and function.name not in names
        names[function.name] = True
        in_order.append(inside)
        if inside:
            if function.target_index < reached:
                return None
            reached = function.target_index
    return in_order


def _mark_labels(module, index, wanted):
    """Set wanted[i] for each instruction i that the instruction at index names."""
    fields = module.fields(index)
    kinds = kinds_of(fields)
    for at in range(len(fields)):
        target = -1
        if kinds[at] == opcodes.JUMP_DISTANCE:
            target = index + 1 + fields[at]
        elif kinds[at] == JUMP_INDEX:
            target = fields[at]
        if 0 <= target < len(wanted):
            wanted[target] = True


def _instruction_text(module, index, listing, width):
    """listing: the _Listing that gives labels, or None; width: int, how far to pad the opcode's
    name.
    """
    fields = module.fields(index)
    opcode = opcodes.OPCODES[fields[0]]
    operands = ""
    for position in TEXT_ORDER[opcode.number]:
        kind = opcode.operands[position].kind
        text = _operand_text(module, index, fields, 1 + position, kind, listing)
        if operands != "" and text != "" and kind != opcodes.ARGUMENTS:
            operands += ", "
        operands += text
    if operands == "":
        return opcode.name
    return _pad(opcode.name, width) + operands


def _operand_text(module, index, fields, at, kind, listing):
    """at: int, where in fields the operand begins -> str, empty for one that is not written."""
    value = 0
    if kind != opcodes.RANGE:
        value = fields[at]
    if is_register(kind):
        return "r%d" % value
    if is_constant(kind):
        return _constant_operand(module, value, kind, listing)
    if kind == opcodes.TYPE:
        names = opcodes.type_names(module.version)
        return names[value] if value < len(names) and names[value] != "" else "%d" % value
    if kind == opcodes.SCOPE:
        return "%d" % value
    if kind == opcodes.JUMP_DISTANCE:
        return _jump_target(module, index, value, listing)
    if kind == opcodes.CONDITION:
        if value == RANGE_CONDITION:
            return "%s %d..%d" % (CONDITION_NAMES[value], fields[at + 2], fields[at + 3])
        return CONDITION_NAMES[value]
    if kind == opcodes.ARGUMENTS:
        return _arguments(fields, at, value)
    if kind == opcodes.SOURCES:
        return _sources(fields, at, value, listing)
    if kind == opcodes.RESULT:
        return _result(fields, at, value)
    return ""  # the range, which is written with its condition


def _arguments(fields, at, count):
    registers = []
    for argument in range(count):
        registers.append("r%d" % fields[at + 1 + argument])
    return "(" + ", ".join(registers) + ")"


def _sources(fields, at, count, listing):
    sources = []
    for source in range(count):
        label = fields[at + 2 + 2 * source]
        place = "@%d" % label if listing is None else listing.label(label)
        sources.append("r%d from " % fields[at + 1 + 2 * source] + place)
    return "[" + ", ".join(sources) + "]"


def _result(fields, at, has):
    if has == 0:
        return ""
    if has == 1:
        return "r%d" % fields[at + 1]
    return "r%d has %d" % (fields[at + 1], has)


def _jump_target(module, index, distance, listing):
    target = index + 1 + distance
    if target < 0 or target > module.instruction_count():
        return "%d" % distance if distance < 0 else "+%d" % distance
    if listing is None:
        return "@%d" % target
    return listing.label(target)


def _constant_operand(module, index, kind, listing):
    if listing is None:
        as_literal = suits(module, index, kind)
    else:
        as_literal = listing.literals.stands_for(index, kind, module)
    return literal(module.constants[index]) if as_literal else "#%d" % index


def _pad(text, width):
    """The text, followed by at least one space, up to width."""
    spaces = width - len(text)
    return text + " " * (spaces if spaces > 1 else 1)
