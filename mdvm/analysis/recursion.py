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
"""

MOST_BRIDGES = 40
MOST_BRIDGES_WITH_DATA = 16


class Recursion(object):
    """Functions of which each can reach itself through the others.

    bridges_left: int, how many more long bridges their code may get before they are irregular.
    """

    def __init__(self):
        self.bridges_left = MOST_BRIDGES

    def note_body(self, has_loops, reads_data):
        """has_loops, reads_data: bool, whether one of the functions has a loop, and whether it
        reads from containers or global variables.
        """
        if has_loops:
            self.bridges_left = 0
        elif reads_data and self.bridges_left > MOST_BRIDGES_WITH_DATA:
            self.bridges_left = MOST_BRIDGES_WITH_DATA


# What only the JIT calls cannot be methods: RPython has left those out when it comes to the JIT.


def is_irregular(recursion):
    """recursion: Recursion -> bool."""
    return recursion.bridges_left == 0


def note_bridge(recursion):
    """recursion: Recursion, in the code of which the JIT has made a long bridge."""
    left = recursion.bridges_left - 1
    if left >= 0:
        recursion.bridges_left = left
