"""The translation target: `rpython --opt=jit --shared targetmdvm.py` makes libmdvm.so from
mdvm/main.py.

Here stand the settings of RPython's GC and JIT that must be fixed at translation;
`tools/translate.py` runs it. Behind the target, `--stock` leaves out the corrections of RPython
that are for speed only; `--processor=NAME` is for another one than this machine's.
"""

import os
import sys

from rpython.memory.gctransform.shadowstack import ShadowStackPool

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from mdvm import main
from mdvm.embedding import entry_points  # noqa: E402 - needs the path
from mdvm.embedding.c_interface import EMBEDDING  # noqa: E402
from mdvm.system.build import build  # noqa: E402
from translation.changes import change_rpython, report  # noqa: E402
from translation.other_processor import processor_of, translate_for  # noqa: E402
from translation.tree import tree_name  # noqa: E402

# Room for the GC's roots: more than the deepest recursion can need, so that the check of the C
# stack, which has no gap behind it either but is a check, trips first. Address space only: memory
# is taken as far as it is used.
ROOT_STACK_DEPTH = 32 << 20

STOCK = "--stock"


def target(driver, args):
    """What RPython asks a target for: the entry point, and None for the usual argument, a list
    of str.
    """
    driver.exe_name = "mdvm"
    assert entry_points  # imported for its entry points
    options = driver.config.translation
    options.suggest(secondaryentrypoints="main," + EMBEDDING)
    if hasattr(options, "jit_opencoder_model"):
        options.suggest(jit_opencoder_model="big")  # later RPythons have no limit
    ShadowStackPool.root_stack_depth = ROOT_STACK_DEPTH
    processor = processor_of(args)
    if processor:
        translate_for(processor)
    stock = STOCK in args
    report(tree_name(), change_rpython(stock), sys.stderr)
    build.describe(options, tree_name() + (", stock" if stock else ""))
    return main.main, None
