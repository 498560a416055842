"""Functions that call each other in a circle, as the JIT is to know of them.

A call that is inlined needs no frame. Where the calls of a recursion resemble each other, as those
of fib do, the JIT inlines them many calls deep: a few bridges later every way through is compiled.
Where a call's way depends on data, as in a parser or in a search, no two go the same way, and each
guard of the many calls gets its bridge with as many calls again. Such a recursion is irregular, and
the JIT inlines none of its calls (translation/irregular_recursion.py).

A recursion with a loop in it is taken for irregular from the start: what happens in the loop differs
from call to call, and a loop is never inlined. Any other is known by the long bridges that it gets.
Where only arguments decide which way a call goes, regular recursion was measured to get up to 22;
where containers or global variables may decide, up to 5.

RPython stops inlining a function for good as soon as one trace has reached the greatest depth. That
may be the first, made of whatever call came by, and what follows is a matter of luck. Where only
arguments decide, the first bridges are therefore inlined as deep as the first trace, which is worth
up to four times the time, as in Ackermann's function; those after them call what is there.
"""

MOST_BRIDGES = 40
MOST_BRIDGES_WITH_DATA = 16
BRIDGES_THAT_INLINE = 8


class Recursion(object):
    """Functions of which each can reach itself through the others.

    bridges: int, how many long bridges their code has got.
    bridges_that_inline: int, up to so many bridges every trace inlines their calls; 0: RPython
        decides.
    most_bridges: int, with so many they are irregular.
    """

    def __init__(self):
        self.bridges = 0
        self.bridges_that_inline = BRIDGES_THAT_INLINE
        self.most_bridges = MOST_BRIDGES

    def note_body(self, has_loops, reads_data):
        """has_loops, reads_data: bool, whether one of the functions has a loop, and whether it
        reads from containers or global variables.
        """
        if has_loops:
            self.most_bridges = 0
        elif reads_data:
            self.most_bridges = min(self.most_bridges, MOST_BRIDGES_WITH_DATA)
            self.bridges_that_inline = 0


# What only the JIT calls cannot be methods: RPython has left those out when it comes to the JIT.


def is_irregular(recursion):
    """recursion: Recursion -> bool."""
    return recursion.bridges >= recursion.most_bridges


def every_trace_inlines(recursion):
    """recursion: Recursion -> bool, whether a trace is to inline its calls, whatever other traces
    did.
    """
    return recursion.bridges < recursion.bridges_that_inline


def no_more_traces_inline(recursion):
    """recursion: Recursion -> bool, whether no call of it is inlined any more where none is yet: it
    is irregular, or enough bridges have inlined its calls.
    """
    return is_irregular(recursion) or 0 < recursion.bridges_that_inline <= recursion.bridges


def note_bridge(recursion):
    """recursion: Recursion, in the code of which the JIT has made a long bridge."""
    recursion.bridges += 1
