"""The shapes of instructions: what most handlers have in common.

A handler gets the frame, the function, its ops and the pc of the opcode in them, and gives the pc
of the next instruction. A shape takes the operands out of ops and goes on with what follows, so
that a handler has to say only what is done with them. It is a closure, which the translation makes
a function of its own for each opcode.
"""

from mdvm.frame import read_operand
from mdvm.objects import wrap_bool


def instruction(execute):
    """Decorates a function of a frame, a function and the instruction's operands, after which the
    next instruction comes.  -> its handler.
    """
    count = execute.__code__.co_argcount - 2
    if count == 1:

        def handler(frame, function, ops, pc):
            execute(frame, function, ops[pc + 1])
            return pc + 2

    elif count == 2:

        def handler(frame, function, ops, pc):
            execute(frame, function, ops[pc + 1], ops[pc + 2])
            return pc + 3

    elif count == 3:

        def handler(frame, function, ops, pc):
            execute(frame, function, ops[pc + 1], ops[pc + 2], ops[pc + 3])
            return pc + 4

    else:
        assert count == 4

        def handler(frame, function, ops, pc):
            execute(frame, function, ops[pc + 1], ops[pc + 2], ops[pc + 3], ops[pc + 4])
            return pc + 5

    return handler


def unary(compute):
    """-> the handler of `dst, src`: dst = compute(src)."""

    @instruction
    def handler(frame, function, target, source):
        frame.write(target, compute(read_operand(frame, function, source)))

    return handler


def binary(compute):
    """-> the handler of `dst, left, right`: dst = compute(left, right)."""

    @instruction
    def handler(frame, function, target, left, right):
        w_left = read_operand(frame, function, left)
        w_right = read_operand(frame, function, right)
        frame.write(target, compute(w_left, w_right))

    return handler


def comparison(holds):
    """-> the handler of `dst, left, right`: dst = whether holds(left, right)."""

    @instruction
    def handler(frame, function, target, left, right):
        w_left = read_operand(frame, function, left)
        w_right = read_operand(frame, function, right)
        frame.write(target, wrap_bool(holds(w_left, w_right)))

    return handler


def branch(choose, jumps_if):
    """-> the handler of `left, right, target`, which jumps if the comparison comes out as jumps_if.

    choose: function of left, right and two pcs -> the first of these if the comparison holds, else
    the second.
    """

    def handler(frame, function, ops, pc):
        w_left = read_operand(frame, function, ops[pc + 1])
        w_right = read_operand(frame, function, ops[pc + 2])
        target = ops[pc + 3]
        following = pc + 4
        if jumps_if:
            return choose(w_left, w_right, target, following)
        return choose(w_left, w_right, following, target)

    return handler
