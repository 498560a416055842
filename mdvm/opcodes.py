"""The opcode table: the one list of what an .mdbc file can hold and what the VM can execute.

Everything that needs to know an opcode derives it from here: the loader's decoder, the register
analysis, the lowering, the dispatch loop, the disassembler, the instruction log, the assembler and
the tables of docs/bytecode.md.

An instruction in a file is one byte of opcode and then its operands, without padding. An operand is
written in the table as "name:kind"; its kind says how it is stored and what it does. Every optional
or repeated part stands at the end of its instruction.
"""

# Operand kinds.  Small ints, so that translated code can switch on them.
WRITE = 0
READ = 1
UPDATE = 2
CONSTANT = 3
NAME = 4
MESSAGE = 5
TYPE = 6
SCOPE = 7
JUMP_DISTANCE = 8
CONDITION = 9
RANGE = 10
ARGUMENTS = 11
SOURCES = 12
RESULT = 13

# For each kind: its name, how it is stored in a file, what it means.
KINDS = [
    ("write", "u8", "a register that the instruction writes"),
    ("read", "u8", "a register that it reads"),
    ("update", "u8", "a register that it reads and writes"),
    ("constant", "u16", "an index into the constant pool"),
    ("name", "u16", "the constant that holds a global variable's name"),
    ("message", "u16", "the constant that holds an assertion's message"),
    ("type", "u16", "the number of a type"),
    ("scope", "u16", "the number of a scope"),
    ("jump", "i32", "a distance in instructions, from the next instruction"),
    ("condition", "u8", "what is asserted: 0 truthy, 1 not Empty, 2 an int in a range"),
    ("range", "i64, i64", "only after condition 2: the smallest and the largest int allowed"),
    ("arguments", "u8 n, n x u8", "the registers of a call's arguments, read"),
    (
        "sources",
        "u8 n, n x (u8,u16)",
        "a phi's choices: a register, read, and the index of its jump",
    ),
    ("result", "u8 has, [u8]", "a register, read, only when `has` is not zero"),
]

KIND_NAMES = [_kind[0] for _kind in KINDS]

# The version field of a file says what it can hold: LATEST all of the table, every other number what
# the published VM knows.
PUBLISHED = 1
LATEST = 2

# What follows an instruction in the order of execution.
NEXT = 0  # the next instruction
ALWAYS_JUMPS = 1  # only the target
MAY_JUMP = 2  # the target or the next instruction
ENDS = 3  # nothing: the frame or the program ends here


class Operand(object):
    """One operand of an opcode: its name (the published VM's own) and its kind."""

    _immutable_fields_ = ["name", "kind"]

    def __init__(self, name, kind):
        self.name = name
        self.kind = kind


class Opcode(object):
    """One row of the table.

    number: int; name: str, as in assembler text; trace_name: str, as the published VM's debug mode
    writes it;
    operands: list of Operand in the order of the file; flow: NEXT, ALWAYS_JUMPS, MAY_JUMP or ENDS;
    meaning: str. version: int, PUBLISHED, or LATEST for an instruction that only files of that
    version can hold.
    """

    _immutable_fields_ = [
        "number",
        "name",
        "trace_name",
        "operands[*]",
        "flow",
        "meaning",
        "version",
    ]

    def __init__(self, number, name, trace_name, operands, flow, meaning, version):
        self.number = number
        self.name = name
        self.trace_name = trace_name
        self.operands = operands
        self.flow = flow
        self.meaning = meaning
        self.version = version


def _parse_operands(text):
    operands = []
    for word in text.split():
        name, kind = word.split(":")
        operands.append(Operand(name, KIND_NAMES.index(kind)))
    return operands


_ROWS = [
    (
        "LOAD_CONST",
        "LoadConstR",
        "dst:write const_idx:constant",
        NEXT,
        "dst = the constant; `Invalid constant index: N` when there is none",
    ),
    ("MOVE", "MoveR", "dst:write src:read", NEXT, "dst = src"),
    (
        "LOAD_GLOBAL",
        "LoadGlobalR",
        "dst:write name_idx:name",
        NEXT,
        "dst = the global variable, Empty while it is undefined",
    ),
    ("STORE_GLOBAL", "StoreGlobalR", "src:read name_idx:name", NEXT, "the global variable = src"),
    (
        "DEFINE",
        "DefineR",
        "dst:update type_id:type",
        NEXT,
        "the type tag of dst = type_id, until dst is written again; its value stays",
    ),
    (
        "CHECK_TYPE",
        "CheckTypeR",
        "dst:write src:read type_id:type",
        NEXT,
        "dst = whether the type tag of src is type_id",
    ),
    (
        "CAST",
        "CastR",
        "dst:write src:read to_type:type",
        NEXT,
        "dst = src as a bool (1), int (2), float (3) or string (4), in version 2 as a function (5) or url (6); other types always fail",
    ),
    (
        "ADD",
        "AddR",
        "dst:write left:read right:read",
        NEXT,
        "dst = left + right; numbers, or two strings",
    ),
    ("SUB", "SubR", "dst:write left:read right:read", NEXT, "dst = left - right"),
    ("MUL", "MulR", "dst:write left:read right:read", NEXT, "dst = left * right"),
    (
        "DIV",
        "DivR",
        "dst:write left:read right:read",
        NEXT,
        "dst = left / right; two ints truncate toward zero",
    ),
    (
        "MOD",
        "ModR",
        "dst:write left:read right:read",
        NEXT,
        "dst = the remainder of left / right, with the sign of left",
    ),
    ("NEG", "NegR", "dst:write src:read", NEXT, "dst = -src"),
    ("NOT", "NotR", "dst:write src:read", NEXT, "dst = whether src is falsy"),
    ("AND", "AndR", "dst:write left:read right:read", NEXT, "dst = whether both are truthy"),
    ("OR", "OrR", "dst:write left:read right:read", NEXT, "dst = whether either is truthy"),
    (
        "EQ",
        "EqR",
        "dst:write left:read right:read",
        NEXT,
        "dst = whether they are equal; never an error",
    ),
    (
        "NEQ",
        "NeqR",
        "dst:write left:read right:read",
        NEXT,
        "dst = whether they differ; never an error",
    ),
    (
        "LT",
        "LtR",
        "dst:write left:read right:read",
        NEXT,
        "dst = left < right; two numbers or two strings",
    ),
    ("GT", "GtR", "dst:write left:read right:read", NEXT, "dst = right < left"),
    ("LTE", "LteR", "dst:write left:read right:read", NEXT, "dst = left <= right"),
    ("GTE", "GteR", "dst:write left:read right:read", NEXT, "dst = right <= left"),
    (
        "JUMP",
        "JumpR",
        "offset:jump",
        ALWAYS_JUMPS,
        "go to the target; one outside the program ends the program with no value",
    ),
    ("JUMP_IF", "JumpIfR", "cond:read offset:jump", MAY_JUMP, "go to the target if cond is truthy"),
    (
        "JUMP_IF_NOT",
        "JumpIfNotR",
        "cond:read offset:jump",
        MAY_JUMP,
        "go to the target if cond is falsy",
    ),
    (
        "CALL",
        "CallR",
        "func:read dst:write args:arguments",
        NEXT,
        "call the function that func names or is; dst = what it returns, unchanged if it returns nothing",
    ),
    (
        "RETURN",
        "ReturnR",
        "src:result",
        ENDS,
        "leave the function, with the value of src if there is one",
    ),
    (
        "PHI",
        "PhiR",
        "dst:write sources:sources",
        NEXT,
        "dst = the first source whose label is the index of the jump last taken in this frame; else unchanged",
    ),
    (
        "ASSERT",
        "AssertR",
        "reg:read assert_type:condition msg_idx:message bounds:range",
        NEXT,
        "`Assertion failed: MESSAGE` unless reg is truthy (0), not Empty (1), an int in the range (2)",
    ),
    ("SCOPE_ENTER", "ScopeEnterR", "scope_id:scope", NEXT, "open a scope"),
    ("SCOPE_EXIT", "ScopeExitR", "scope_id:scope", NEXT, "close the scope if it is the innermost"),
    (
        "CONCAT_STR",
        "ConcatStrR",
        "dst:write left:read right:read",
        NEXT,
        "dst = the texts of left and right, joined",
    ),
    (
        "STR_LEN",
        "StrLenR",
        "dst:write str_reg:read",
        NEXT,
        "dst = the length of the string in UTF-8 bytes",
    ),
    (
        "NEW_ARRAY",
        "NewArrayR",
        "dst:write size:read",
        NEXT,
        "dst = an array of that size, all Empty",
    ),
    (
        "ARRAY_GET",
        "ArrayGetR",
        "dst:write array:read index:read",
        NEXT,
        "dst = the element at the 0-based index",
    ),
    (
        "ARRAY_SET",
        "ArraySetR",
        "array:update index:read value:read",
        NEXT,
        "the array in that register gets the element; other copies keep theirs",
    ),
    ("ARRAY_LEN", "ArrayLenR", "dst:write array:read", NEXT, "dst = the number of elements"),
    (
        "DEBUG_PRINT",
        "DebugPrint",
        "src:read",
        NEXT,
        "print src and a line end; Empty prints nothing at all",
    ),
    ("BREAKPOINT", "BreakPoint", "", NEXT, "a line in debug mode, else nothing"),
    ("HALT", "Halt", "", ENDS, "end the program with no value, also from a called function"),
    ("NOP", "Nop", "", NEXT, "nothing"),
    ("DICT_NEW", "DictNewR", "dst:write", NEXT, "dst = an empty dict"),
    (
        "DICT_GET",
        "DictGetR",
        "dst:write dict:read key:read",
        NEXT,
        "dst = the value of the key, Empty if it is missing",
    ),
    (
        "DICT_SET",
        "DictSetR",
        "dict:update key:read value:read",
        NEXT,
        "the dict in that register gets the entry; other copies keep theirs",
    ),
    (
        "DICT_REMOVE",
        "DictRemoveR",
        "dict:update key:read",
        NEXT,
        "the dict in that register loses the key, if it has it",
    ),
    (
        "DICT_CONTAINS",
        "DictContainsR",
        "dst:write dict:read key:read",
        NEXT,
        "dst = whether the dict has the key",
    ),
    (
        "DICT_KEYS",
        "DictKeysR",
        "dst:write dict:read",
        NEXT,
        "dst = an array of the keys, in order of insertion",
    ),
    (
        "DICT_VALUES",
        "DictValuesR",
        "dst:write dict:read",
        NEXT,
        "dst = an array of the values, in order of insertion",
    ),
    ("DICT_CLEAR", "DictClearR", "dict:update", NEXT, "the dict in that register becomes empty"),
    ("DICT_LEN", "DictLenR", "dst:write dict:read", NEXT, "dst = the number of entries"),
]

# The instructions of version 2.
_LATEST_ROWS = [
    (
        "ARRAY_PUSH",
        "ArrayPushR",
        "array:update value:read",
        NEXT,
        "the array in that register gets value as one more element",
    ),
    (
        "ARRAY_POP",
        "ArrayPopR",
        "dst:write array:update",
        NEXT,
        "dst = the last element, which the array in that register loses",
    ),
    (
        "ARRAY_INSERT",
        "ArrayInsertR",
        "array:update index:read value:read",
        NEXT,
        "the array in that register gets value before the index, which may be its length",
    ),
    (
        "ARRAY_REMOVE",
        "ArrayRemoveR",
        "dst:write array:update index:read",
        NEXT,
        "dst = the element at the index, which the array in that register loses",
    ),
    (
        "ARRAY_FIND",
        "ArrayFindR",
        "dst:write array:read value:read",
        NEXT,
        "dst = the index of the first element that equals value, -1 if none does",
    ),
    (
        "ARRAY_SLICE",
        "ArraySliceR",
        "dst:write array:read first:read end:read",
        NEXT,
        "dst = an array of the elements from first to before end, both within 0 to the length",
    ),
    (
        "ARRAY_CONCAT",
        "ArrayConcatR",
        "dst:write left:read right:read",
        NEXT,
        "dst = an array of the elements of left and then those of right",
    ),
    ("SET_NEW", "SetNewR", "dst:write", NEXT, "dst = an empty set"),
    (
        "SET_ADD",
        "SetAddR",
        "set:update value:read",
        NEXT,
        "the set in that register gets value as a member, if it has it not; other copies stay",
    ),
    (
        "SET_REMOVE",
        "SetRemoveR",
        "set:update value:read",
        NEXT,
        "the set in that register loses value, if it has it",
    ),
    (
        "SET_CONTAINS",
        "SetContainsR",
        "dst:write set:read value:read",
        NEXT,
        "dst = whether value is a member of the set",
    ),
    ("SET_LEN", "SetLenR", "dst:write set:read", NEXT, "dst = the number of members"),
    (
        "SET_VALUES",
        "SetValuesR",
        "dst:write set:read",
        NEXT,
        "dst = an array of the members, in order of insertion",
    ),
]


_TABLE = [(row, PUBLISHED) for row in _ROWS] + [(row, LATEST) for row in _LATEST_ROWS]
OPCODES = [
    Opcode(number, row[0], row[1], _parse_operands(row[2]), row[3], row[4], version)
    for number, (row, version) in enumerate(_TABLE)
]


def opcode_count(version):
    """version: int, of a file -> int, how many opcodes it can hold, the first of the table."""
    return len(OPCODES) if version == LATEST else len(_ROWS)


# Instructions that no file can hold: the lowering (mdvm/lowering/lower.py) makes them from the ones
# above, and may give those other operands than a file does. Name, meaning.
_LOWERED_ROWS = [
    (
        "LOOP",
        "a backward jump: target, n, n registers that are dead there; the JIT's loops close here",
    ),
    (
        "JUMP_IF_LT",
        "left, right, target: an LT and the JUMP_IF on its result; also a GT, with its operands swapped",
    ),
    ("JUMP_UNLESS_LT", "left, right, target: an LT and the JUMP_IF_NOT on its result"),
    ("JUMP_IF_LTE", "left, right, target: an LTE and the JUMP_IF on its result; also a GTE"),
    ("JUMP_UNLESS_LTE", "left, right, target: an LTE and the JUMP_IF_NOT on its result"),
    (
        "JUMP_IF_EQ",
        "left, right, target: an EQ and the JUMP_IF on its result; also a NEQ and a JUMP_IF_NOT",
    ),
    ("JUMP_UNLESS_EQ", "left, right, target: an EQ and the JUMP_IF_NOT on its result"),
    ("MARK_JUMP", "index: remember which jump is being taken, for the PHIs of this module"),
    ("END", "the end of the instructions: the program ends with no value"),
    ("CALL_FUNCTION", "a CALL whose function is known at load: function, dst, n, n registers"),
    ("CALL_BUILTIN", "a CALL of a built-in function: its number, dst, n, n registers"),
    (
        "CALL_HOST",
        "a CALL of what neither the file nor the VM defines: the constant that names it, dst, n, n registers",
    ),
    (
        "LOAD_OWNED_GLOBAL",
        "a LOAD_GLOBAL that moves the value out: the global is overwritten before it can be read",
    ),
    (
        "ARRAY_GET_OWNED",
        "an ARRAY_GET that moves the element out: it is overwritten before it can be read",
    ),
    (
        "DICT_GET_OWNED",
        "a DICT_GET that moves the value out: it is overwritten before it can be read",
    ),
    ("LOAD_BORROWED_GLOBAL", "a LOAD_GLOBAL whose value is only read, so it is not shared"),
    ("ARRAY_GET_BORROWED", "an ARRAY_GET whose element is only read, so it is not shared"),
    ("DICT_GET_BORROWED", "a DICT_GET whose value is only read, so it is not shared"),
    (
        "SHARE_IF_SAME",
        "left, right: two registers; share what they hold if that is one container",
    ),
    ("INVALID_CONSTANT", "index: raise `Invalid constant index: N`"),
    ("RETURN_NOTHING", "a RETURN without a value"),
    ("UNTAG", "register: it was written, so its DEFINE no longer holds"),
    ("CHECK_TAG", "dst, src, type: a CHECK_TYPE in a module that has DEFINEs"),
    ("CAST_TO_FUNCTION", "dst, src: a CAST to function in a file of version 2"),
    ("CAST_TO_URL", "dst, src: a CAST to url in a file of version 2"),
    ("ASSERT_TRUTHY", "register, message"),
    ("ASSERT_NOT_EMPTY", "register, message"),
    ("ASSERT_RANGE", "register, message, smallest, largest"),
    ("COUNT", "n: that many instructions are about to run; only when they are counted"),
    (
        "INTERRUPTION_POINT",
        "end the program here if it is interrupted; only before backward jumps, where that is asked for",
    ),
    ("SAMPLE", "take a sample if one is requested; only in a profile"),
    ("LOG", "index, n, n registers it reads: print the instruction; only in debug mode"),
    ("LOG_RESULT", "index, n, n registers: print what the instruction did; only in debug mode"),
]

FIRST_LOWERED = 128


class LoweredOpcode(object):
    """An instruction that only the lowering makes.  number, name, meaning: as in Opcode."""

    _immutable_fields_ = ["number", "name", "meaning"]

    def __init__(self, number, name, meaning):
        self.number = number
        self.name = name
        self.meaning = meaning


LOWERED_OPCODES = [
    LoweredOpcode(FIRST_LOWERED + index, row[0], row[1]) for index, row in enumerate(_LOWERED_ROWS)
]

BY_NAME = {}
for _opcode in OPCODES:
    BY_NAME[_opcode.name] = _opcode


class _Numbers(object):
    """The opcode numbers as attributes: op.ADD is 7, op.LOOP the first of the lowered ones."""


class _Fields(object):
    """Where the operands of a decoded instruction stand, counted from its opcode, as attributes:
    field.CALL_DST is 2.

    An operand of many ints begins there with their number. See loading/encoding.py.
    """


def opcode_numbers():
    """-> list of (name, number), of all opcodes, those of files first."""
    return [(opcode.name, opcode.number) for opcode in OPCODES + LOWERED_OPCODES]


op = _Numbers()
for _name, _number in opcode_numbers():
    setattr(op, _name, _number)

field = _Fields()
for _opcode in OPCODES:
    for _position, _operand in enumerate(_opcode.operands):
        _name = "%s_%s" % (_opcode.name, _operand.name.upper())
        setattr(field, _name, 1 + _position)

# What an assertion asks for, by the number of its condition.
CONDITION_NAMES = ["truthy", "not_empty", "range"]
RANGE_CONDITION = 2

# The type numbers of DEFINE, CHECK_TYPE and CAST; a number without a name here is "unknown" to all
# three. Files of version 2 have the types of containers besides.
TYPE_NAMES = ["empty", "bool", "int", "float", "string", "function", "url"]
FUNCTION_TYPE = TYPE_NAMES.index("function")
URL_TYPE = TYPE_NAMES.index("url")
UNKNOWN_TYPE = 7
_LATEST_TYPE_NAMES = TYPE_NAMES + ["", "set", "array", "dict"]


def type_names(version):
    """version: int, of a file -> list of str by type number, "" for one without a name."""
    return _LATEST_TYPE_NAMES if version == LATEST else TYPE_NAMES


def known_type(number, version):
    """number: int, a type's as an instruction has it -> int, the same, or UNKNOWN_TYPE if files of
    that version have no such type.
    """
    names = type_names(version)
    return number if number < len(names) and names[number] != "" else UNKNOWN_TYPE


def constant_operand(constant):
    """constant: int, an index into the pool -> int < 0, what stands for it in the place of a
    register that is read.

    No file has such operands; the propagation of constants makes them.
    """
    return -1 - constant


def operand_constant(operand):
    """operand: int < 0 -> int, the index of the constant that it stands for."""
    index = -1 - operand
    assert index >= 0
    return index


# Set in a lowered register operand whose register is read there for the last time: the value is
# moved, not shared.
LAST_USE = 256
REGISTER_MASK = 255


def _changes_container(opcode):
    kinds = [operand.kind for operand in opcode.operands]
    return opcode.name != "DEFINE" and UPDATE in kinds


_CHANGES_CONTAINER = [_changes_container(_opcode) for _opcode in OPCODES]


def changes_container(opcode):
    """opcode: int, one that a file can hold -> bool, whether it changes a container in its
    register.
    """
    return _CHANGES_CONTAINER[opcode]


def does_nothing(opcode):
    """Whether nothing but the debug mode can tell that the instruction is there: nothing observes
    the stack of scopes.
    """
    return (
        opcode == op.NOP
        or opcode == op.BREAKPOINT
        or opcode == op.SCOPE_ENTER
        or opcode == op.SCOPE_EXIT
    )
