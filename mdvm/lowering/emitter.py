"""From one decoded instruction to the ones that the interpreter executes.

What can be decided once is decided here: jump targets are resolved, global variables become cells,
constants are checked. What code does not use costs it nothing: only where there are PHIs jumps are
remembered, only a module with DEFINEs keeps type tags.

A method that is named as an opcode emits that instruction; the others emit themselves. What depends
on how much is known of the code, the two subclasses answer: analysed.py and plain.py.
"""

from mdvm.builtins import NOT_BUILT_IN
from mdvm.loading.operands import registers_of
from mdvm.objects import w_empty
from mdvm.opcodes import (
    FUNCTION_TYPE,
    LATEST,
    OPCODES,
    RANGE_CONDITION,
    URL_TYPE,
    does_nothing,
    field,
    known_type,
    op,
)
from mdvm.system.language import unrolling_iterable
from mdvm.values.functions import name_of_function
from mdvm.values.strings import W_Str


def _reads_data(opcode):
    return opcode == op.ARRAY_GET or opcode == op.DICT_GET or opcode == op.LOAD_GLOBAL


class Emitter(object):
    """Emits the instructions of some ranges, one after the other.

    ranges: Ranges.
    code: Code, of their module.
    options: LoweringOptions.
    fields: list of int, the instruction at hand, decoded.
    number: int, its number in the ranges.
    ops: list of int, what has been emitted.
    origins: list of int by number, the pc of each instruction.
    runs: list of int by number, as Body has it.
    cells: list of GlobalCell.
    cell_numbers: dict from a global variable's name to the number of its cell in the list.
    has_phis: bool, whether there are PHIs, for which jumps must be remembered.
    has_loops: bool, whether a jump that closes one has been emitted.
    reads_data: bool, whether something that reads from a container or a global variable has been.
    """

    def __init__(self, ranges, code):
        self.ranges = ranges
        self.code = code
        self.module = code.module
        self.options = code.options
        self.fields = [0][:0]
        self.number = 0
        self.ops = [0][:0]
        self.origins = [0] * (ranges.count + 1)
        self.runs = [0][:0]
        self.cells = []
        self.cell_numbers = {}
        self.has_phis = False
        self.has_loops = False
        self.reads_data = False

    # ________________________________________________________ what the subclasses know

    def put(self, item):
        """Emits one int."""
        raise NotImplementedError

    def put_target(self, number):
        """Emits the pc of the instruction of that number."""
        raise NotImplementedError

    def target(self, number):
        """number: int, of a jump -> int, that of the instruction where it leads."""
        raise NotImplementedError

    def registers(self):
        """-> InstructionRegisters, of the instruction at hand."""
        return registers_of(self.fields)

    def emits_nothing(self):
        """-> bool, whether nothing is emitted for the instruction at hand."""
        return does_nothing(self.fields[0])

    def owns_what_it_loads(self):
        """-> bool, whether the instruction at hand is an owned load."""
        return False

    def borrows_what_it_loads(self):
        """-> bool, whether the instruction at hand is a borrowing load."""
        return False

    def compared_registers(self):
        """-> list of int, registers with which what the load at hand loads is compared."""
        return [0][:0]

    def moved(self, which, operand):
        """operand: int, the instruction's read number `which` -> int, marked if it is the last use
        of its register.
        """
        return operand

    def falls_through(self, number, target):
        """-> bool, whether a jump from the one to the other is where the program goes anyway."""
        return False

    def closes_loop(self, number, target):
        """-> bool, whether the JIT is to take a jump from the one to the other for a loop."""
        raise NotImplementedError

    def dead_at(self, number, target):
        """-> list of int, the registers that the jump which closes a loop must clear."""
        return [0][:0]

    # ________________________________________________________ one instruction

    def put_all(self, items):
        for item in items:
            self.put(item)

    def put_registers(self, registers):
        self.put(len(registers))
        self.put_all(registers)

    def emit_instruction(self):
        """Emits the instruction at hand, and what the options want around it."""
        opcode = self.fields[0]
        options = self.options
        if options.counting and self.runs[self.number]:
            self.put_all([op.COUNT, self.runs[self.number]])
        if options.debug:
            self.put_log(op.LOG, self.registers().reads)
        self.emit_operation(opcode)
        self.reads_data = self.reads_data or _reads_data(opcode)
        if self.code.has_tags:
            for register in self.registers().writes:
                if self.module.instructions.defined[register] == "\1":
                    self.put_all([op.UNTAG, register])
        if options.profiling and not self.emits_nothing():
            self.put(op.SAMPLE)
        if options.debug and opcode == op.LTE:
            # The published VM prints the result of this comparison and of no other instruction,
            # and the log is to be the same line for line.
            self.put_log(op.LOG_RESULT, self.registers().writes)

    def put_log(self, opcode, registers):
        self.put_all([opcode, self.ranges.index_of(self.number)])
        self.put_registers(registers)

    def emit_operation(self, opcode):
        for number, name in _emitted_by_method:
            if opcode == number:
                getattr(self, name)()
                return
        if not does_nothing(opcode):
            self.put_all(self.fields)

    def LOAD_CONST(self):
        constant = self.fields[field.LOAD_CONST_CONST_IDX]
        if constant < len(self.module.constants):
            self.put_all(self.fields)
        else:
            self.put_all([op.INVALID_CONSTANT, constant])

    def MOVE(self):
        source = self.moved(0, self.fields[field.MOVE_SRC])
        self.put_all([op.MOVE, self.fields[field.MOVE_DST], source])

    def LOAD_GLOBAL(self):
        opcode = op.LOAD_GLOBAL
        if self.owns_what_it_loads() and not self.options.keep_globals:
            opcode = op.LOAD_OWNED_GLOBAL
        elif self.borrows_what_it_loads():
            opcode = op.LOAD_BORROWED_GLOBAL
        self.put_global(opcode, self.fields[field.LOAD_GLOBAL_DST])

    def STORE_GLOBAL(self):
        source = self.moved(0, self.fields[field.STORE_GLOBAL_SRC])
        self.put_global(op.STORE_GLOBAL, source)

    def put_global(self, opcode, operand):
        constant = self.fields[field.LOAD_GLOBAL_NAME_IDX]
        cell = self.cell_number(constant)
        if cell >= 0:
            self.put_all([opcode, operand, cell])
        else:
            self.put_all([op.INVALID_CONSTANT, constant])

    def cell_number(self, constant):
        """-> int, the cell of the global variable that the constant names, -1 if it is no
        string."""
        w_name = self.module.constant(constant)
        if not isinstance(w_name, W_Str):
            return -1
        name = w_name.text()
        cell = self.cell_numbers.get(name, -1)
        if cell < 0:
            cell = self.cell_numbers[name] = len(self.cells)
            self.cells.append(self.code.cell(name))
        return cell

    def DEFINE(self):
        type_id = known_type(self.fields[field.DEFINE_TYPE_ID], self.module.version)
        self.put_all([op.DEFINE, self.fields[field.DEFINE_DST], type_id])

    def CHECK_TYPE(self):
        opcode = op.CHECK_TAG if self.code.has_tags else op.CHECK_TYPE
        self.put_all(
            [
                opcode,
                self.fields[field.CHECK_TYPE_DST],
                self.fields[field.CHECK_TYPE_SRC],
                known_type(self.fields[field.CHECK_TYPE_TYPE_ID], self.module.version),
            ]
        )

    def CAST(self):
        to_type = self.fields[field.CAST_TO_TYPE]
        target_and_source = self.fields[field.CAST_DST : field.CAST_TO_TYPE]
        if self.module.version == LATEST and to_type == FUNCTION_TYPE:
            self.put(op.CAST_TO_FUNCTION)
            self.put_all(target_and_source)
        elif self.module.version == LATEST and to_type == URL_TYPE:
            self.put(op.CAST_TO_URL)
            self.put_all(target_and_source)
        else:
            self.put_all(self.fields)

    def CALL(self):
        self.put_all(self.fields)

    def put_call_outside(self, constant):
        """constant: int, what a CALL names its function with, -1 if that is not known.

        Emits the opcode and the function of one that reaches no function of the module. -> bool,
        whether it is one.
        """
        name = name_of_function(self.module.constant(constant) if constant >= 0 else w_empty)
        if name is None or name in self.code.function_numbers:
            return False
        builtin = self.code.builtin_number(name)
        if builtin != NOT_BUILT_IN:
            self.put_all([op.CALL_BUILTIN, builtin])
        else:
            self.put_all([op.CALL_HOST, constant])
        return True

    def RETURN(self):
        if self.fields[field.RETURN_SRC]:
            self.put_all([op.RETURN, self.fields[field.RETURN_SRC + 1]])
        else:
            self.put(op.RETURN_NOTHING)

    def ASSERT(self):
        register = self.fields[field.ASSERT_REG]
        condition = self.fields[field.ASSERT_ASSERT_TYPE]
        message = self.fields[field.ASSERT_MSG_IDX]
        if not isinstance(self.module.constant(message), W_Str):
            message = -1 - message  # only an assertion that fails needs its message
        if condition == RANGE_CONDITION:
            smallest = self.fields[field.ASSERT_BOUNDS]
            largest = self.fields[field.ASSERT_BOUNDS + 1]
            self.put_all([op.ASSERT_RANGE, register, message, smallest, largest])
        elif condition:
            self.put_all([op.ASSERT_NOT_EMPTY, register, message])
        else:
            self.put_all([op.ASSERT_TRUTHY, register, message])

    def ARRAY_GET(self):
        self.put_load(op.ARRAY_GET_OWNED, op.ARRAY_GET_BORROWED)

    def DICT_GET(self):
        self.put_load(op.DICT_GET_OWNED, op.DICT_GET_BORROWED)

    def put_load(self, owned, borrowed):
        if self.owns_what_it_loads():
            self.put(owned)
        elif self.borrows_what_it_loads():
            self.put(borrowed)
        else:
            self.put(self.fields[0])
        self.put_all(self.fields[1:])
        for register in self.compared_registers():
            self.put_all([op.SHARE_IF_SAME, self.fields[field.ARRAY_GET_DST], register])

    def ARRAY_SET(self):
        self.put_store(field.ARRAY_SET_VALUE)

    def DICT_SET(self):
        self.put_store(field.DICT_SET_VALUE)

    def ARRAY_PUSH(self):
        self.put_store(field.ARRAY_PUSH_VALUE)

    def ARRAY_INSERT(self):
        self.put_store(field.ARRAY_INSERT_VALUE)

    def put_store(self, value):
        """value: int, where the last of the operands stands, all of which are read."""
        self.put_all(self.fields[:value])
        self.put(self.moved(value - 1, self.fields[value]))

    def DEBUG_PRINT(self):
        self.put_or_log()

    def BREAKPOINT(self):
        self.put_or_log()

    def put_or_log(self):
        """In debug mode, what these print is a part of the log."""
        if self.options.debug:
            self.put_log(op.LOG_RESULT, self.registers().reads)
        elif not does_nothing(self.fields[0]):
            self.put_all(self.fields)

    # ________________________________________________________ jumps

    def JUMP(self):
        self.emit_jump(self.number)

    def JUMP_IF(self):
        condition = self.fields[field.JUMP_IF_COND]
        self.emit_conditional_jump(self.number, op.JUMP_IF, op.JUMP_IF_NOT, [condition])

    def JUMP_IF_NOT(self):
        condition = self.fields[field.JUMP_IF_NOT_COND]
        self.emit_conditional_jump(self.number, op.JUMP_IF_NOT, op.JUMP_IF, [condition])

    def emit_jump(self, number):
        """number: int, of a jump, which is taken."""
        target = self.target(number)
        if self.has_phis:
            self.put_all([op.MARK_JUMP, self.ranges.index_of(number) & 0xFFFF])
        elif self.falls_through(number, target):
            return
        if self.options.interruptible and target <= number:
            self.put(op.INTERRUPTION_POINT)
        if self.options.profiling and target <= number:
            self.put(op.SAMPLE)
        if self.closes_loop(number, target):
            self.emit_loop(number, target)
        else:
            self.put(op.JUMP)
            self.put_target(target)

    def emit_loop(self, number, target):
        self.has_loops = True
        self.put(op.LOOP)
        self.put_target(target)
        self.put_registers(self.dead_at(number, target))

    def emit_conditional_jump(self, number, opcode, opposite, operands):
        """number: int, of a jump; opcode: int, jumps on the operands when that is to be taken;
        opposite: int, when it is not.
        """
        target = self.target(number)
        is_plain = not self.has_phis and not (self.options.interruptible and target <= number)
        if is_plain and not self.closes_loop(number, target):
            self.put_branch(opcode, operands, target)
        else:
            # Skip over what must happen only when the jump is taken.
            self.put_branch(opposite, operands, number + 1)
            self.emit_jump(number)

    def put_branch(self, opcode, operands, target):
        self.put(opcode)
        self.put_all(operands)
        self.put_target(target)


_emitted_by_method = unrolling_iterable(
    [(opcode.number, opcode.name) for opcode in OPCODES if hasattr(Emitter, opcode.name)]
)
