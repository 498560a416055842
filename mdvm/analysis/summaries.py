"""What callers must know of functions: the registers that these may read of their callers', what
they do to arguments, how they return.
"""

from mdvm.analysis.register_sets import RegisterSets

REGISTERS = 256  # in a frame, as far as an instruction can tell


_MOST_NAMES = 16  # that are told apart


class GlobalNames(object):
    """Some global variables.

    names: list of str, at most _MOST_NAMES. has_all: bool, whether there are more, so that it may
    be any of them.
    """

    def __init__(self, has_all=False):
        self.names = [""][:0]
        self.has_all = has_all

    def contains(self, name):
        return self.has_all or name in self.names

    def is_empty(self):
        return not self.has_all and len(self.names) == 0

    def add(self, name):
        if not self.contains(name):
            self.names.append(name)
            self.has_all = len(self.names) > _MOST_NAMES

    def unite(self, other):
        """Adds the names of other.  -> bool, whether there were new ones among them."""
        before = len(self.names)
        had_all = self.has_all
        self.has_all = had_all or other.has_all
        for name in other.names:
            self.add(name)
        return self.has_all != had_all or len(self.names) != before


NO_GLOBALS = GlobalNames()
ALL_GLOBALS = GlobalNames(True)


class Summary(object):
    """What is known of a function.

    read: RegisterSets, one set: the registers that it may read before it writes them, itself or
    through what it calls.
    consumed: one set: those whose values it may keep or store into.
    register_limit: int, above all of them.
    returns_nothing: bool, whether it may return without a value.
    stores: bool, whether it, or what it calls, may store into a container.
    loads: GlobalNames, the global variables that it, or what it calls, may load.
    """

    _immutable_fields_ = [
        "read",
        "consumed",
        "register_limit",
        "returns_nothing",
        "stores",
        "loads",
    ]

    def __init__(self, read, consumed, returns_nothing, stores, loads):
        """read, consumed: list of int, ascending."""
        self.register_limit = max(read[-1] if read else -1, consumed[-1] if consumed else -1) + 1
        self.read = _set_of(read, self.register_limit)
        self.consumed = _set_of(consumed, self.register_limit)
        self.returns_nothing = returns_nothing
        self.stores = stores
        self.loads = loads

    def united_with(self, other):
        """-> Summary of a function that does all that either may do, this one itself if that is
        no more.
        """
        read = RegisterSets(1, max(self.register_limit, other.register_limit))
        consumed = RegisterSets(1, max(self.register_limit, other.register_limit))
        read.unite(0, self.read, 0, 0)
        consumed.unite(0, self.consumed, 0, 0)
        grows = read.unite(0, other.read, 0, 0)
        grows = consumed.unite(0, other.consumed, 0, 0) or grows
        loads = GlobalNames()
        loads.unite(self.loads)
        grows = loads.unite(other.loads) or grows
        if (
            not grows
            and self.returns_nothing >= other.returns_nothing
            and self.stores >= other.stores
        ):
            return self
        return Summary(
            read.members(0),
            consumed.members(0),
            self.returns_nothing or other.returns_nothing,
            self.stores or other.stores,
            loads,
        )


def _set_of(registers, limit):
    registers_as_set = RegisterSets(1, limit)
    for register in registers:
        registers_as_set.add(0, register)
    return registers_as_set


# A function that does nothing to its caller's registers, stores and loads nothing, and returns a
# value or never.
HARMLESS = Summary([0][:0], [0][:0], False, False, NO_GLOBALS)

# The same without a value.
RETURNS_NOTHING = Summary([0][:0], [0][:0], True, False, NO_GLOBALS)


def number_functions(module):
    """module: Module -> dict from a name to the number of its function in the table: of several
    with one name the last.
    """
    numbers = {}
    for number in range(len(module.functions)):
        numbers[module.functions[number].name] = number
    return numbers


class Summaries(object):
    """The summaries of a module's functions.

    module: Module. function_numbers: dict from a name to the number in module.functions of the
    function that a call by it reaches. any: Summary, of all functions that have been summarised, as
    if they were one.
    """

    def __init__(self, module, function_numbers):
        self.module = module
        self.function_numbers = function_numbers
        self.any = HARMLESS
        self._by_index = {}

    def of_function(self, number):
        """number: int, in module.functions, of one that has been summarised or does not begin in
        the module -> Summary.
        """
        index = self.module.functions[number].target_index
        if index >= self.module.instruction_count():
            return HARMLESS
        return self._by_index[index]

    def has(self, index):
        """index: int, of an instruction -> bool, whether what begins there has been summarised."""
        return index in self._by_index

    def note(self, index, summary):
        """index: int, of the instruction with which a function begins."""
        if summary.register_limit == 0 and not summary.stores and summary.loads.is_empty():
            # most are like that
            summary = RETURNS_NOTHING if summary.returns_nothing else HARMLESS
        self._by_index[index] = summary
        self.any = self.any.united_with(summary)
