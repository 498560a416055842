"""Constants as the assembler reads them, and which of a pool can be written so."""

from mdvm import opcodes
from mdvm.loading.operands import is_constant, kinds_of
from mdvm.objects import W_Bool, W_Float, W_Int
from mdvm.system.arithmetic import float_to_bits
from mdvm.values.functions import W_Function
from mdvm.values.strings import W_Str, W_Url
from mdvm.values.text import float_debug, string_debug

# The bits that the assembler's `nan` stands for; every other NaN is written in hexadecimal.
NAN_BITS = 0x7FF8000000000000


class Literals(object):
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
            kinds = kinds_of(fields)
            for at in range(len(fields)):
                if is_constant(kinds[at]) and fields[at] >= size:
                    if fields[at] > size or not self.stands_for(size, kinds[at], module):
                        return False
                    size += 1
        return size == len(module.constants)

    def stands_for(self, index, kind, module):
        """Whether a literal can be written for this constant: it suits the operand, and no equal
        one comes before it.
        """
        return suits(module, index, kind) and self.is_first[index]


def suits(module, index, kind):
    """Whether the constant exists and can be such an operand: names and messages must be
    strings.
    """
    if index >= len(module.constants):
        return False
    if kind == opcodes.CONSTANT:
        return True
    w_constant = module.constants[index]
    return isinstance(w_constant, W_Str) and not isinstance(w_constant, W_Url)


def word_or_string(name):
    """A name that could be a label is written as it is, any other as a string."""
    if name == "" or "0" <= name[0] <= "9":
        return string_debug(name)
    for char in name:
        if not ("a" <= char <= "z" or "A" <= char <= "Z" or "0" <= char <= "9" or char == "_"):
            return string_debug(name)
    return name


def literal(w_constant):
    """w_constant: W_Value from a constant pool -> str, what the assembler reads as the same
    constant, to the bit.
    """
    if isinstance(w_constant, W_Int):
        return "%d" % w_constant.intval
    if isinstance(w_constant, W_Float):
        return _float_literal(w_constant.floatval)
    if isinstance(w_constant, W_Url):
        return "url " + string_debug(w_constant.text())
    if isinstance(w_constant, W_Str):
        return string_debug(w_constant.text())
    if isinstance(w_constant, W_Function):
        return "@" + word_or_string(w_constant.name)
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
