"""Which elements and globals may be taken instead of shared.

To change an element of an element, a program gets the inner container, stores into it, and stores
it back. Getting it makes it shared, since the outer container still holds it, and so the store
would copy it. But where the outer one's reference is overwritten before anybody can look at it, the
copy is for nobody: the element may be taken. The same holds for a global that is loaded, changed
and stored.

This is decided within a block, for the nearest instructions only, so that the time stays linear.
"""

from mdvm.opcodes import op

_LONGEST_WAY = 64  # instructions from getting to storing back


def find_takes(analysis, uses):
    """analysis: Analysis; uses: Uses -> list of bool by instruction, whether an ARRAY_GET, DICT_GET
    or LOAD_GLOBAL takes.
    """
    takes = [False] * analysis.module.instruction_count()
    for block in range(analysis.blocks.count()):
        end = analysis.blocks.firsts[block + 1]
        for index in range(analysis.blocks.firsts[block], end):
            opcode = analysis.module.code[analysis.module.starts[index]]
            limit = min(end, index + 1 + _LONGEST_WAY)
            if opcode == op.ARRAY_GET or opcode == op.DICT_GET:
                takes[index] = _is_element_stored_back(analysis, uses, index, limit)
            elif opcode == op.LOAD_GLOBAL:
                takes[index] = _is_global_stored_back(analysis, index, limit)
    return takes


def _is_element_stored_back(analysis, uses, getting, limit):
    """-> bool, whether the first thing to happen to the container after getting is a store to the
    same place.
    """
    module = analysis.module
    at = module.starts[getting]
    store = op.ARRAY_SET if module.code[at] == op.ARRAY_GET else op.DICT_SET
    container = module.code[at + 2]
    place = module.code[at + 3]
    if module.code[at + 1] == container or module.code[at + 1] == place:
        return False
    for index in range(getting + 1, limit):
        at = module.starts[index]
        opcode = module.code[at]
        if opcode == store and module.code[at + 1] == container:
            return module.code[at + 2] == place and module.code[at + 3] != container
        if opcode == op.CALL:
            return False  # the callee may inherit the container
        if opcode == op.MOVE and module.code[at + 2] == container and uses.dying[index][0]:
            container = module.code[at + 1]
            if container == place:
                return False
            continue
        registers = analysis.registers[index]
        if (
            container in registers.reads
            or container in registers.writes
            or place in registers.writes
        ):
            return False
    return False


def _is_global_stored_back(analysis, loading, limit):
    """-> bool, whether the first thing to happen to the global after loading it is a store."""
    module = analysis.module
    name = module.code[module.starts[loading] + 2]
    for index in range(loading + 1, limit):
        at = module.starts[index]
        opcode = module.code[at]
        if opcode == op.STORE_GLOBAL and module.code[at + 2] == name:
            return True
        if opcode == op.CALL:
            return False
        if opcode == op.LOAD_GLOBAL:
            return False  # perhaps of the same global by an equal constant
    return False
