"""Which functions the CALLs of a fragment reach: all that is needed to find out what must be
analysed with it.
"""

from mdvm.analysis.blocks import Blocks
from mdvm.builtins import applies_functions
from mdvm.objects import W_Int
from mdvm.opcodes import field, op, operand_constant
from mdvm.values.functions import name_of_function

# a CALL may reach every function of the module, perhaps through a built-in one that applies it
ANY_FUNCTION = -1
# a CALL is known to reach none of the module: at most a built-in function or one of the host, which
# look at their arguments, store nothing, and always give a result
NO_FUNCTION = -2


class Calls(object):
    """The call graph of a fragment, as far as it is known without liveness.

    module: Fragment.
    blocks: Blocks.
    registers: list of InstructionRegisters.
    callees: list of int by instruction: for a CALL the number in module.functions of the function
    that it reaches, ANY_FUNCTION or NO_FUNCTION.
    names: list of int by instruction: for a CALL the constant that names its function, -1 if it is
    not known.
    """

    def __init__(self, module, function_numbers):
        """function_numbers: dict from a name to the number in module.functions of the function that
        a call by it reaches.
        """
        self.module = module
        self.blocks = Blocks(module)
        self.registers = [module.registers(index) for index in range(module.instruction_count())]
        self.function_numbers = function_numbers
        self.names = [-1] * module.instruction_count()
        self.callees = self._find_callees()

    def _find_callees(self):
        """Follows string constants through each block to the CALLs that use them."""
        module = self.module
        callees = [NO_FUNCTION] * module.instruction_count()
        for block in range(self.blocks.count()):
            constants = {}  # register -> index of the constant it holds
            for index in range(self.blocks.firsts[block], self.blocks.firsts[block + 1]):
                opcode = module.opcode(index)
                if opcode == op.CALL:
                    name = _constant_in(constants, module.field(index, field.CALL_FUNC))
                    self.names[index] = name
                    callees[index] = self._callee(name)
                source = -1
                if opcode == op.MOVE:
                    source = _constant_in(constants, module.field(index, field.MOVE_SRC))
                elif opcode == op.LOAD_CONST:
                    source = module.field(index, field.LOAD_CONST_CONST_IDX)
                registers = self.registers[index]
                for register in registers.writes:
                    constants[register] = source
                if registers.may_write >= 0:
                    constants[registers.may_write] = -1
        return callees

    def _callee(self, constant):
        if constant < 0 or constant >= len(self.module.constants):
            return ANY_FUNCTION
        w_name = self.module.constants[constant]
        if isinstance(w_name, W_Int):
            return ANY_FUNCTION
        name = name_of_function(w_name)
        if name is None:
            return NO_FUNCTION
        number = self.function_numbers.get(name, NO_FUNCTION)
        if number == NO_FUNCTION and applies_functions(name):
            return ANY_FUNCTION
        return number


def _constant_in(constants, operand):
    """constants: dict from register to the index of the constant in it -> that of the operand, -1
    if it is not known.
    """
    return operand_constant(operand) if operand < 0 else constants.get(operand, -1)
