"""Sets of registers, many of them in one flat list of ints.

The register analysis holds one set for each basic block and unites them over and over; 32 registers
share one int, and a module that touches few registers gets short sets.
"""

_BITS = 32


class RegisterSets(object):
    """count sets, numbered from 0, of registers below register_limit; all begin empty."""

    def __init__(self, count, register_limit):
        self.width = (register_limit + _BITS - 1) // _BITS
        self.words = [0] * (count * self.width)

    def contains(self, which, register):
        """-> bool; a register beyond the limit is in no set."""
        word = register // _BITS
        if word >= self.width:
            return False
        return self.words[which * self.width + word] >> register % _BITS & 1 != 0

    def add(self, which, register):
        self.words[which * self.width + register // _BITS] |= 1 << register % _BITS

    def remove(self, which, register):
        self.words[which * self.width + register // _BITS] &= ~(1 << register % _BITS)

    def clear(self, which):
        for at in range(which * self.width, (which + 1) * self.width):
            self.words[at] = 0

    def unite(self, which, other, source, first_register):
        """Adds the registers >= first_register of set `source` of other: RegisterSets. Those beyond
        the limit are left out.

        -> bool, whether there were new ones among them.
        """
        changed = False
        for word in range(min(self.width, other.width)):
            bits = other.words[source * other.width + word]
            if first_register > word * _BITS:
                skipped = first_register - word * _BITS
                bits = 0 if skipped >= _BITS else bits >> skipped << skipped
            at = which * self.width + word
            if bits & ~self.words[at]:
                self.words[at] |= bits
                changed = True
        return changed

    def assign(self, which, other, source):
        """The set becomes set `source` of other.  -> bool, whether that changed it."""
        changed = False
        for word in range(self.width):
            bits = other.words[source * self.width + word]
            at = which * self.width + word
            if self.words[at] != bits:
                self.words[at] = bits
                changed = True
        return changed

    def members(self, which):
        """-> list of int, ascending."""
        return [
            register for register in range(self.width * _BITS) if self.contains(which, register)
        ]
