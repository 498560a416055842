"""RPython where it is another language than Python: what only a translation knows, and what Python
has under another name.
"""

from mdvm.system.have_rpython import HAVE_RPYTHON

if HAVE_RPYTHON:
    from rpython.rlib import rstack
    from rpython.rlib.listsort import TimSort
    from rpython.rlib.objectmodel import always_inline, compute_hash, we_are_translated
    from rpython.rlib.objectmodel import dont_inline as never_inline
    from rpython.rlib.rstackovf import StackOverflow, check_stack_overflow
    from rpython.rlib.unroll import unrolling_iterable
    from rpython.rtyper.extregistry import ExtRegistryEntry
    from rpython.rtyper.lltypesystem import lltype
else:
    StackOverflow = RecursionError if str is not bytes else RuntimeError  # noqa: F821 - RecursionError is new in 3
    compute_hash = hash

    def we_are_translated():
        """False: this is plain Python."""
        return False

    def check_stack_overflow():
        """The exception caught is a stack overflow for sure."""

    def always_inline(function):
        """Nothing is inlined here.  Returns function."""
        return function

    never_inline = always_inline

    def unrolling_iterable(iterable):
        """The iterable as it is; only the translation unrolls loops."""
        return list(iterable)


def uninitialized_list(like, size):
    """like: list of a fixed length, looked at only for its type; size: int >= 0 -> list of that
    many items, which hold anything.

    To make one takes no time, and a large one no memory until something is stored. Objects are
    None.
    """
    return [like[0] if like else None] * size


if HAVE_RPYTHON:

    class _UninitializedListEntry(ExtRegistryEntry):
        """RPython has lists like that, but no way to ask for one."""

        _about_ = uninitialized_list

        def compute_result_annotation(self, s_like, s_size):
            return s_like

        def specialize_call(self, hop):
            LIST = hop.r_result.LIST
            size = hop.inputarg(lltype.Signed, arg=1)
            hop.exception_is_here()
            return hop.gendirectcall(LIST.ll_newlist, size)


def sort_ints(items):
    """items: list of int.  Sorts it in place."""
    if HAVE_RPYTHON:
        TimSort(items).sort()
    else:
        items.sort()


# MAX_STACK_SIZE of rpython's stack.h, which the fraction below refers to
_RPYTHON_STACK_SIZE = 3 << 18


def set_stack_size(size):
    """size: int, bytes.  From then on StackOverflow is raised when the C stack grows beyond it.
    Only when translated.
    """
    if we_are_translated():
        rstack._stack_set_length_fraction(float(size) / float(_RPYTHON_STACK_SIZE))
