"""Which kinds of values each value of a function can be: a set of kinds as the bits of an int,
found by a fixed point.

The analysis is optimistic: it starts from "no kind" and adds kinds until nothing changes. A value
of no kind is never computed, because something before it always fails.
"""

from __future__ import annotations

from collections.abc import Callable

from mdvm import opcodes
from pymdvm.bytecode.model import Constant, ConstantKind
from pymdvm.compiler.mir.dominators import reverse_postorder
from pymdvm.compiler.mir.model import Instruction, MirFunction, Operand, Phi, Value

EMPTY, BOOL, INT, FLOAT, STRING, ARRAY, DICT, FUNCTION, URL, SET = [1 << bit for bit in range(10)]
NUMBER = INT | FLOAT
ANY = EMPTY | BOOL | INT | FLOAT | STRING | ARRAY | DICT | FUNCTION | URL | SET

_OF_CONSTANT = {
    ConstantKind.EMPTY: EMPTY,
    ConstantKind.BOOL: BOOL,
    ConstantKind.INT: INT,
    ConstantKind.FLOAT: FLOAT,
    ConstantKind.STRING: STRING,
    ConstantKind.FUNCTION: FUNCTION,
    ConstantKind.URL: URL,
}

# The kinds that the types of CHECK_TYPE and CAST stand for.
OF_TYPE = {
    opcodes.type_names(opcodes.LATEST).index(name): kind
    for name, kind in (
        ("empty", EMPTY),
        ("bool", BOOL),
        ("int", INT),
        ("float", FLOAT),
        ("string", STRING),
        ("function", FUNCTION),
        ("url", URL),
        ("set", SET),
        ("array", ARRAY),
        ("dict", DICT),
    )
}

_RESULTS = {
    "NOT": BOOL,
    "AND": BOOL,
    "OR": BOOL,
    "EQ": BOOL,
    "NEQ": BOOL,
    "LT": BOOL,
    "GT": BOOL,
    "LTE": BOOL,
    "GTE": BOOL,
    "CHECK_TYPE": BOOL,
    "DICT_CONTAINS": BOOL,
    "CONCAT_STR": STRING,
    "STR_LEN": INT,
    "NEW_ARRAY": ARRAY,
    "ARRAY_SET": ARRAY,
    "ARRAY_LEN": INT,
    "DICT_NEW": DICT,
    "DICT_SET": DICT,
    "DICT_REMOVE": DICT,
    "DICT_CLEAR": DICT,
    "DICT_KEYS": ARRAY,
    "DICT_VALUES": ARRAY,
    "DICT_LEN": INT,
    "ARRAY_PUSH": ARRAY,
    "ARRAY_INSERT": ARRAY,
    "ARRAY_REMOVE": ARRAY,
    "ARRAY_FIND": INT,
    "ARRAY_SLICE": ARRAY,
    "ARRAY_CONCAT": ARRAY,
    "SET_NEW": SET,
    "SET_ADD": SET,
    "SET_REMOVE": SET,
    "SET_CONTAINS": BOOL,
    "SET_LEN": INT,
    "SET_VALUES": ARRAY,
}

_ARITHMETIC = frozenset(("ADD", "SUB", "MUL", "DIV", "MOD"))
_SAME_KIND = frozenset(("MOVE", "LOAD_CONST"))


class Kinds:
    """The kinds of the values of one function.

    kinds_of_call: the kinds that a CALL instruction can give
    parameters: those of each parameter
    """

    def __init__(
        self,
        function: MirFunction,
        kinds_of_call: Callable[[Instruction], int] | None = None,
        parameters: list[int] | None = None,
    ) -> None:
        self._kinds: dict[Value, int] = {}
        self._kinds_of_call = kinds_of_call
        for value, kinds in zip(
            function.parameters, parameters or [ANY] * len(function.parameters)
        ):
            self._kinds[value] = kinds
        self._solve(function)

    def of(self, operand: Operand) -> int:
        """The kinds of an operand."""
        if isinstance(operand, Constant):
            return _OF_CONSTANT[operand.kind]
        return self._kinds.get(operand, 0)

    def is_within(self, operand: Operand, kinds: int) -> bool:
        """Whether the operand is surely of one of the kinds."""
        return not self.of(operand) & ~kinds

    def note(self, value: Value, kinds: int) -> None:
        """Says what a value is that was made after the analysis."""
        self._kinds[value] = kinds

    def _solve(self, function: MirFunction) -> None:
        """Goes over all definitions whose kinds follow from their operands' until nothing changes:
        one round for each depth of loops, since operands come before what is made of them but for
        what goes back.
        """
        kinds = self._kinds
        dependent: list[Instruction | Phi] = []
        for label in reverse_postorder(function):
            block = function.blocks[label]
            dependent.extend(block.phis)
            for instruction in block.instructions:
                if depends_on_operands(instruction):
                    dependent.append(instruction)
                elif instruction.result is not None:
                    kinds[instruction.result] = self._of_instruction(instruction)
        changed = True
        while changed:
            changed = False
            for definition in dependent:
                result = definition.result
                assert result is not None
                before = kinds.get(result, 0)
                after = before | self._of_definition(definition)
                if after != before:
                    kinds[result] = after
                    changed = True

    def _of_definition(self, definition: Instruction | Phi) -> int:
        if isinstance(definition, Phi):
            kinds = 0
            for operand in definition.operands.values():
                kinds |= self.of(operand)
            return kinds
        return self._of_instruction(definition)

    def _of_instruction(self, instruction: Instruction) -> int:
        opcode = instruction.opcode
        if opcode in _RESULTS:
            return _RESULTS[opcode]
        if opcode in _SAME_KIND:
            return self.of(instruction.operands[0])
        if opcode == "NEG":
            return self.of(instruction.operands[0]) & NUMBER
        if opcode in _ARITHMETIC:
            return self._of_arithmetic(
                opcode, self.of(instruction.operands[0]), self.of(instruction.operands[1])
            )
        if opcode == "CAST" and isinstance(instruction.detail, int):
            return OF_TYPE.get(instruction.detail, 0)
        if opcode == "CALL" and self._kinds_of_call is not None:
            return self._kinds_of_call(instruction)
        return ANY

    def _of_arithmetic(self, opcode: str, left: int, right: int) -> int:
        kinds = 0
        if left & INT and right & INT:
            kinds |= INT
        if (left & FLOAT and right & NUMBER) or (left & NUMBER and right & FLOAT):
            kinds |= FLOAT
        if opcode == "ADD" and left & STRING and right & STRING:
            kinds |= STRING
        return kinds


def depends_on_operands(instruction: Instruction) -> bool:
    """Whether the kinds of the result follow from those of the operands."""
    opcode = instruction.opcode
    return opcode in _ARITHMETIC or opcode in _SAME_KIND or opcode == "NEG"


_CONTAINER_READS = {
    "ARRAY_LEN": ARRAY,
    "DICT_KEYS": DICT,
    "DICT_VALUES": DICT,
    "DICT_LEN": DICT,
    "DICT_CLEAR": DICT,
    "STR_LEN": STRING,
}
# Instructions whose second operand is a key of a dict.
KEYED = frozenset(("DICT_GET", "DICT_SET", "DICT_REMOVE", "DICT_CONTAINS"))


def surely_succeeds(instruction: Instruction, kinds: Kinds) -> bool:
    """Whether an instruction that may fail cannot, because of what its operands are."""
    opcode, operands = instruction.opcode, instruction.operands
    if opcode in _CONTAINER_READS:
        return kinds.is_within(operands[0], _CONTAINER_READS[opcode])
    if opcode in KEYED:
        return kinds.is_within(operands[0], DICT) and kinds.is_within(operands[1], STRING)
    if opcode in ("ADD", "SUB", "MUL"):
        return _is_float_arithmetic(kinds.of(operands[0]), kinds.of(operands[1])) or (
            opcode == "ADD"
            and kinds.is_within(operands[0], STRING)
            and kinds.is_within(operands[1], STRING)
        )
    if opcode in ("DIV", "MOD"):
        return _is_sure_division(operands[1]) and kinds.is_within(operands[0], NUMBER)
    if opcode == "NEG":
        return kinds.is_within(operands[0], FLOAT)
    if opcode in ("LT", "LTE", "GT", "GTE"):
        return any(
            kinds.is_within(operands[0], same) and kinds.is_within(operands[1], same)
            for same in (NUMBER, STRING)
        )
    if opcode == "NEW_ARRAY":
        size = operands[0]
        return (
            isinstance(size, Constant)
            and type(size.value) is int
            and 0 <= size.value <= _SMALL_ARRAY
        )
    if opcode == "CAST":
        return (
            instruction.detail in (OF_BOOL, OF_STRING)
            or (instruction.detail == OF_INT and kinds.is_within(operands[0], INT | BOOL))
            or (instruction.detail == OF_FLOAT and kinds.is_within(operands[0], NUMBER))
        )
    return False


OF_BOOL, OF_INT, OF_FLOAT, OF_STRING = [
    opcodes.TYPE_NAMES.index(name) for name in ("bool", "int", "float", "string")
]

# An array that no limit of memory keeps from being made.
_SMALL_ARRAY = 1000


def _is_float_arithmetic(left: int, right: int) -> bool:
    """Two numbers of which one is a float for sure."""
    return not (left | right) & ~NUMBER and (not left & INT or not right & INT)


def _is_sure_division(divisor: Operand) -> bool:
    """A constant that is neither zero nor -1, with which the smallest int overflows."""
    if not isinstance(divisor, Constant):
        return False
    value = divisor.value
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value not in (0, -1)
