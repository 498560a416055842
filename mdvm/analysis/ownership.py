"""Owned loads: which elements and globals may be moved out of where they are, and not shared.

To change an element of an element, a program gets the inner container, stores into it, and stores
it back. The load makes a second reference, so the container becomes shared and the store into it
would copy it. But if the outer container's reference is overwritten before it can be read, the copy
is unnecessary: the load may own what it loads. The same holds for a global that is loaded, changed
and stored.

This is decided within a block, for the nearest instructions only, so that the time stays linear.
"""

from mdvm.opcodes import field, op

_LONGEST_WAY = 64  # instructions from the load to the store


def find_owned_loads(analysis, uses):
    """analysis: Analysis; uses: Uses -> list of bool by instruction, whether it is an ARRAY_GET,
    DICT_GET or LOAD_GLOBAL that may own what it loads.
    """
    owned = [False] * analysis.module.instruction_count()
    for block in range(analysis.blocks.count()):
        end = analysis.blocks.firsts[block + 1]
        for index in range(analysis.blocks.firsts[block], end):
            opcode = analysis.module.opcode(index)
            limit = min(end, index + 1 + _LONGEST_WAY)
            if opcode == op.ARRAY_GET:
                owned[index] = _is_stored_back(analysis, uses, index, limit, op.ARRAY_SET)
            elif opcode == op.DICT_GET:
                owned[index] = _is_stored_back(analysis, uses, index, limit, op.DICT_SET)
            elif opcode == op.LOAD_GLOBAL:
                owned[index] = _is_global_stored_back(analysis, index, limit)
    return owned


# Where an ARRAY_GET and a DICT_GET have their operands, and likewise an ARRAY_SET and a DICT_SET.
_GET_TARGET = field.ARRAY_GET_DST
_GET_CONTAINER = field.ARRAY_GET_ARRAY
_GET_KEY = field.ARRAY_GET_INDEX
_SET_CONTAINER = field.ARRAY_SET_ARRAY
_SET_KEY = field.ARRAY_SET_INDEX
_SET_VALUE = field.ARRAY_SET_VALUE


def _is_stored_back(analysis, uses, load, limit, store):
    """load: int, an instruction; store: int, an opcode -> bool, whether the first thing to happen
    to the container after the load is a store under the same key.
    """
    module = analysis.module
    container = module.field(load, _GET_CONTAINER)
    key = module.field(load, _GET_KEY)
    if module.field(load, _GET_TARGET) == container or module.field(load, _GET_TARGET) == key:
        return False
    for index in range(load + 1, limit):
        opcode = module.opcode(index)
        if opcode == store and module.field(index, _SET_CONTAINER) == container:
            return (
                module.field(index, _SET_KEY) == key
                and module.field(index, _SET_VALUE) != container
            )
        if opcode == op.CALL:
            return False  # the callee may inherit the container
        if (
            opcode == op.MOVE
            and module.field(index, field.MOVE_SRC) == container
            and uses.dying[index][0]
        ):
            container = module.field(index, field.MOVE_DST)
            if container == key:
                return False
            continue
        registers = analysis.registers[index]
        if container in registers.reads or container in registers.writes or key in registers.writes:
            return False
    return False


def _is_global_stored_back(analysis, load, limit):
    """-> bool, whether the first thing to happen to the global after the load is a store."""
    module = analysis.module
    name = module.field(load, field.LOAD_GLOBAL_NAME_IDX)
    for index in range(load + 1, limit):
        opcode = module.opcode(index)
        if opcode == op.STORE_GLOBAL and module.field(index, field.STORE_GLOBAL_NAME_IDX) == name:
            return True
        if opcode == op.CALL:
            return False
        if opcode == op.LOAD_GLOBAL:
            return False  # perhaps of the same global by an equal constant
    return False
