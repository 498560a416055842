"""Listings of loaded modules, in the language of the assembler.

`disassemble` gives text that assembles to the same program, whatever the file holds: what plain
text would not restore (a constant pool in an order of its own, functions in disorder, jumps to
nowhere) is written with the assembler's raw forms. How each operand looks follows from its kind in
mdvm.opcodes.
"""

from mdvm import opcodes
from mdvm.system.compat import float_to_bits
from mdvm.loading.module import DEFAULT_FLAGS, DEFAULT_VERSION
from mdvm.objects import W_Bool, W_Float, W_Int
from mdvm.opcodes import CONDITION_NAMES, RANGE_CONDITION
from mdvm.values.strings import W_Str
from mdvm.values.text import float_debug, string_debug

# The bits that the assembler's `nan` stands for; every other NaN is written in hexadecimal.
NAN_BITS = 0x7FF8000000000000

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


class _Listing(object):
    """The lines of a whole module, and the names that they use."""

    def __init__(self, module):
        self.module = module
        self.count = module.instruction_count()
        self.lines = []
        self.labels = [""] * (self.count + 1)
        self.literals = _Literals(module)
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
            ".func " + _function_name(function.name) + ", " + self.label(function.target_index),
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
                self.write(".func " + _function_name(function.name), FUNCTION, self.next_function)
            else:
                return
            self.next_function += 1

    def comment(self, index):
        """What a constant that can only be written as #N is."""
        fields = self.module.fields(index)
        operands = opcodes.OPCODES[fields[0]].operands
        for position in range(len(operands)):
            kind = operands[position].kind
            if _is_constant(kind):
                number = fields[1 + position]
                if number >= len(self.module.constants):
                    return ", #%d does not exist" % number
                if not self.literals.stands_for(number, kind, self.module):
                    return ", #%d is " % number + literal(self.module.constants[number])
        return ""


class _Literals(object):
    """Which constants the assembler would put at the same index if only their values were
    written.
    """

    def __init__(self, module):
        first = {}
        self.is_first = [False] * len(module.constants)
        for index in range(len(module.constants)):
            text = literal(module.constants[index])
            if text not in first:
                first[text] = index
                self.is_first[index] = True
        self.restore_the_pool = self.find_whether_they_restore_the_pool(module)

    def find_whether_they_restore_the_pool(self, module):
        """Whether the pool holds what the instructions name, once, in the order in which they
        first do.
        """
        size = 0
        for index in range(module.instruction_count()):
            fields = module.fields(index)
            operands = opcodes.OPCODES[fields[0]].operands
            for position in range(len(operands)):
                kind = operands[position].kind
                if _is_constant(kind):
                    number = fields[1 + position]
                    if number < size:
                        continue
                    if number == size and self.stands_for(number, kind, module):
                        size += 1
                    else:
                        return False
        return size == len(module.constants)

    def stands_for(self, index, kind, module):
        """Whether a literal can be written for this constant: it suits the operand, and no equal
        one comes before it.
        """
        return _suits(module, index, kind) and self.is_first[index]


def _suits(module, index, kind):
    """Whether the constant exists and can be such an operand: names and messages must be
    strings.
    """
    if index >= len(module.constants):
        return False
    return kind == opcodes.CONSTANT or isinstance(module.constants[index], W_Str)


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
    operands = opcodes.OPCODES[fields[0]].operands
    for position in range(len(operands)):
        kind = operands[position].kind
        at = 1 + position
        if kind == opcodes.JUMP_DISTANCE:
            target = index + 1 + fields[at]
            if 0 <= target < len(wanted):
                wanted[target] = True
        elif kind == opcodes.SOURCES:
            for source in range(fields[at]):
                target = fields[at + 2 + 2 * source]
                if target < len(wanted):
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
    if kind == opcodes.WRITE or kind == opcodes.READ or kind == opcodes.UPDATE:
        return "r%d" % value
    if _is_constant(kind):
        return _constant_operand(module, value, kind, listing)
    if kind == opcodes.TYPE:
        return opcodes.TYPE_NAMES[value] if value < len(opcodes.TYPE_NAMES) else "%d" % value
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
        as_literal = _suits(module, index, kind)
    else:
        as_literal = listing.literals.stands_for(index, kind, module)
    return literal(module.constants[index]) if as_literal else "#%d" % index


def _is_constant(kind):
    return kind == opcodes.CONSTANT or kind == opcodes.NAME or kind == opcodes.MESSAGE


def literal(w_constant):
    """w_constant: W_Value from a constant pool -> str, what the assembler reads as the same
    constant, to the bit.
    """
    if isinstance(w_constant, W_Int):
        return "%d" % w_constant.intval
    if isinstance(w_constant, W_Float):
        return _float_literal(w_constant.floatval)
    if isinstance(w_constant, W_Str):
        return string_debug(w_constant.text())
    if isinstance(w_constant, W_Bool):
        return "true" if w_constant.boolval else "false"
    return "empty"


def _float_literal(value):
    if value == value:
        return float_debug(value)
    bits = float_to_bits(value)
    if bits == NAN_BITS:
        return "nan"
    digits = ""
    for shift in range(60, -1, -4):
        digits += "0123456789abcdef"[bits >> shift & 15]
    return "float:0x" + digits


def _function_name(name):
    """A name that could be a label is written as it is, any other as a string."""
    if name == "" or "0" <= name[0] <= "9":
        return string_debug(name)
    for char in name:
        if not ("a" <= char <= "z" or "A" <= char <= "Z" or "0" <= char <= "9" or char == "_"):
            return string_debug(name)
    return name


def _pad(text, width):
    """The text, followed by at least one space, up to width."""
    spaces = width - len(text)
    return text + " " * (spaces if spaces > 1 else 1)
