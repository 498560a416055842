"""The control flow of a fragment: where instructions jump to, its basic blocks, and which block
follows which.

A block is a run of instructions that is entered only at its first and left only after its last one.
Functions are entry points into one common stream of instructions and may share code, so the blocks
belong to the fragment.
"""

from mdvm import opcodes


def jump_target(module, index):
    """module: Fragment; index: int, of a jump -> int, the index it jumps to; instruction_count()
    for every place outside.
    """
    # the distance is every jump's last operand
    distance = module.field(index, len(opcodes.OPCODES[module.opcode(index)].operands))
    target = index + 1 + distance
    if target < 0 or target >= module.instruction_count():
        return module.instruction_count()
    return target


def flow_of(module, index):
    """-> opcodes.NEXT, ALWAYS_JUMPS, MAY_JUMP or ENDS."""
    return opcodes.OPCODES[module.opcode(index)].flow


class Blocks(object):
    """The basic blocks of a fragment.

    firsts: list of int, the index of each block's first instruction, and at the end the number of
    instructions;
    block_of: list of int, the block that each instruction belongs to;
    successors: list of (list of int), at most two blocks each; predecessors: the same backwards.
    """

    def __init__(self, module):
        self.module = module
        self.firsts = []
        self.block_of = []
        self._find_blocks(_find_leaders(module))
        self.successors = [self._find_successors(block) for block in range(self.count())]
        self.predecessors = _invert(self.successors)

    def count(self):
        return len(self.firsts) - 1

    def entry(self, index):
        """index: int, where a function begins, -1 if that is not in the fragment -> its block, -1
        when there is none.
        """
        return self.block_of[index] if 0 <= index < len(self.block_of) else -1

    def _find_blocks(self, leaders):
        for index in range(self.module.instruction_count()):
            if leaders[index]:
                self.firsts.append(index)
            self.block_of.append(len(self.firsts) - 1)
        self.firsts.append(self.module.instruction_count())

    def _find_successors(self, block):
        module = self.module
        last = self.firsts[block + 1] - 1
        flow = flow_of(module, last)
        successors = []
        if flow == opcodes.NEXT or flow == opcodes.MAY_JUMP:
            self._add_successor(successors, last + 1)
        if flow == opcodes.ALWAYS_JUMPS or flow == opcodes.MAY_JUMP:
            self._add_successor(successors, jump_target(module, last))
        return successors

    def _add_successor(self, successors, index):
        if index < self.module.instruction_count():
            successors.append(self.block_of[index])


def _find_leaders(module):
    """-> list of bool, whether a block begins at the instruction."""
    count = module.instruction_count()
    leaders = [False] * (count + 1)
    leaders[0] = True
    for entry in module.entries:
        leaders[entry] = True
    for index in range(count):
        flow = flow_of(module, index)
        if flow == opcodes.ALWAYS_JUMPS or flow == opcodes.MAY_JUMP:
            leaders[jump_target(module, index)] = True
        if flow != opcodes.NEXT:
            leaders[index + 1] = True
    return leaders


def _invert(successors):
    # the slice tells the annotator that these are lists of int
    predecessors = [[0][:0] for _ in successors]
    for block in range(len(successors)):
        for successor in successors[block]:
            predecessors[successor].append(block)
    return predecessors


def blocks_that_reach(blocks, marked):
    """blocks: Blocks; marked: list of bool by block -> list of bool, the blocks from which a marked
    one can be reached.
    """
    reaching = marked[:]
    work = [block for block in range(len(marked)) if marked[block]]
    while work:
        block = work.pop()
        for predecessor in blocks.predecessors[block]:
            if not reaching[predecessor]:
                reaching[predecessor] = True
                work.append(predecessor)
    return reaching
