"""Debug mode: the lines that the published VM prints about every instruction, word for word."""

from mdvm import opcodes
from mdvm.system.jit import dont_look_inside
from mdvm.objects import W_Bool
from mdvm.opcodes import REGISTER_MASK, op
from mdvm.values.text import debug_text


class InstructionLog(object):
    """Writes to an output: an object with write(text).  Values come in the order of the
    instruction's operands.
    """

    @dont_look_inside
    def before(self, output, code, index, values):
        """index: int, the instruction about to run; values: list of W_Value, of the registers that
        it reads.
        """
        module = code.module
        fields = module.fields(index)
        opcode = opcodes.OPCODES[fields[0]]
        line = "PC: %d, Instruction: %s" % (index, opcode.trace_name)
        if opcode.operands:
            line += " { " + ", ".join(_named_operands(fields)) + " }"
        output.write(line + "\n")
        if opcode.number == op.LOAD_CONST:
            self._constant(output, module, fields)
        elif opcode.number == op.LTE:
            output.write(
                "  LteR: r%d = r%d (%s) <= r%d (%s)\n"
                % (
                    fields[1],
                    fields[2],
                    debug_text(values[0], output),
                    fields[3],
                    debug_text(values[1], output),
                )
            )
        elif opcode.number == op.CALL:
            self._call(output, fields, values)

    def _constant(self, output, module, fields):
        constant = fields[2]
        if constant < len(module.constants):
            output.write(
                "  LoadConstR: r%d = constants[%d] = %s\n"
                % (fields[1], constant, debug_text(module.constants[constant], output))
            )

    def _call(self, output, fields, values):
        arguments = _registers(fields, 4, fields[3])
        output.write(
            "CallR: func=r%d, dst=r%d, args=[%s]\n" % (fields[1], fields[2], ", ".join(arguments))
        )
        for argument in range(len(arguments)):
            output.write(
                "  arg[%d]: r%s = %s\n"
                % (argument, arguments[argument], debug_text(values[argument + 1], output))
            )

    @dont_look_inside
    def arguments(self, output, ops, pc, values):
        """pc: int, where ops hold the number of a call's arguments and their registers; values:
        list of W_Value, theirs.
        """
        for argument in range(len(values)):
            output.write(
                "  Set r%d = %s (from r%d)\n"
                % (
                    argument,
                    debug_text(values[argument], output),
                    ops[pc + 1 + argument] & REGISTER_MASK,
                )
            )

    @dont_look_inside
    def after(self, output, code, index, values):
        """index: int, of an instruction that has something to say when it has run, or in the place
        of what it does.
        """
        opcode = code.module.opcode(index)
        if opcode == op.DEBUG_PRINT:
            output.write("DEBUG: " + debug_text(values[0], output) + "\n")
        elif opcode == op.BREAKPOINT:
            output.write("BREAKPOINT at PC: %d\n" % index)
        elif opcode == op.LTE:
            w_result = values[0]
            assert isinstance(w_result, W_Bool)
            output.write("    Result: %s\n" % ("true" if w_result.boolval else "false"))


instruction_log = InstructionLog()


def _registers(fields, at, count):
    return ["%d" % fields[at + register] for register in range(count)]


def _named_operands(fields):
    """-> list of str, `name: value` for every operand; a call's arguments come before its dst."""
    at = 1
    opcode = opcodes.OPCODES[fields[0]]
    operands = []
    for operand in opcode.operands:
        kind = operand.kind
        if kind == opcodes.ARGUMENTS:
            arguments = "%s: [%s]" % (
                operand.name,
                ", ".join(_registers(fields, at + 1, fields[at])),
            )
            operands.insert(1, arguments)
        elif kind == opcodes.SOURCES:
            sources = [
                "(%d, %d)" % (fields[at + 1 + 2 * source], fields[at + 2 + 2 * source])
                for source in range(fields[at])
            ]
            operands.append("%s: [%s]" % (operand.name, ", ".join(sources)))
        elif kind == opcodes.RESULT:
            operands.append(
                "%s: %s" % (operand.name, "Some(%d)" % fields[at + 1] if fields[at] else "None")
            )
        elif kind != opcodes.RANGE:
            operands.append("%s: %d" % (operand.name, fields[at]))
        at += 1
    return operands
