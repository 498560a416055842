"""The translation target: `rpython --opt=jit --shared targetmdvm.py` makes libmdvm.so from mdvm/main.py.

Here stand the settings of RPython's GC and JIT that must be fixed at translation; `tools/translate.py` runs it.
"""
import os
import sys

from rpython.jit.metainterp.optimizeopt.heap import OptHeap
from rpython.memory.gctransform.shadowstack import ShadowStackPool

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from mdvm import compat, embed, main  # noqa: E402 - needs the path

# Room for the GC's roots: more than the deepest recursion can need, so that the check of the C stack, which has no gap
# behind it either but is a check, trips first.  Address space only: memory is taken as far as it is used.
ROOT_STACK_DEPTH = 32 << 20


def fix_postponed_writes():
    """Works around an error in the JIT's optimiser, in the heap cache of RPython 0.2.1 and its contemporaries.

    The write of an immutable field of a new object may be postponed until something reads it.  Where a called function both
    reads and writes such a field, only the write was noted, and for an immutable field then ignored: the function saw an
    object without its value.  Here the postponed write is done before the call.
    """
    original = OptHeap.force_from_effectinfo.im_func

    def force_from_effectinfo(self, effectinfo):
        for fielddescr, cached in self.cached_fields.items():
            if fielddescr.is_always_pure() and effectinfo.check_write_descr_field(fielddescr):
                cached.force_lazy_set(self, fielddescr)
        original(self, effectinfo)

    OptHeap.force_from_effectinfo = force_from_effectinfo


def target(driver, args):
    """What RPython asks a target for: the entry point, and None for the usual argument, a list of str."""
    driver.exe_name = "mdvm"
    assert embed    # imported for its entry points
    driver.config.translation.suggest(jit_opencoder_model="big", secondaryentrypoints="main," + compat.EMBEDDING)
    ShadowStackPool.root_stack_depth = ROOT_STACK_DEPTH
    fix_postponed_writes()
    compat.build.describe(driver.config.translation)
    return main.main, None
