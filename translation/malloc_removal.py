"""A correction of the malloc removal of RPython 0.2.1, made when targetmdvm.py is translated.

Before it writes C, RPython replaces objects that never leave a function by variables for their
fields. The VM never imports this module.
"""

from rpython.flowspace.model import Variable
from rpython.translator.backendopt.malloc import BaseMallocRemover

from translation.replacing import replace


def keep_objects_with_two_names():
    """Keeps an object that two variables may hold when control goes from one block to the next, if
    there are several such.

    Two variables that hold one object became two sets of fields, of which a store changed one.
    RPython before July 2022 looked for one variable that is passed on twice, but not for two with
    the same value in them: the copy of a variable is another.
    Tests: tests/jit/test_malloc_removal.py.
    """
    original = BaseMallocRemover.compute_lifetimes.im_func

    def compute_lifetimes(self, graph):
        lifetimes = original(self, graph)
        lifetime_of = {}
        for lifetime in lifetimes:
            for name in lifetime.variables:  # (block, variable)
                lifetime_of[name] = lifetime
        for link in graph.iterlinks():
            passed = set()
            for index, argument in enumerate(link.args):
                if not isinstance(argument, Variable):
                    continue
                lifetime = lifetime_of[link.prevblock, argument]
                if lifetime in passed and len(lifetime.creationpoints) > 1:
                    # which is what RPython notes too
                    lifetime.usepoints.add(("dup", link, index))
                passed.add(lifetime)
        return lifetimes

    replace(BaseMallocRemover, "compute_lifetimes", compute_lifetimes)
