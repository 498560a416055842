"""Where the machine code of compiled loops begins."""

from rpython.jit.backend.llsupport.asmmemmgr import BlockBuilderMixin
from rpython.jit.backend.x86.regalloc import RegAlloc

from translation.replacing import replace


CACHE_LINE = 64  # bytes
LONGEST_NOP = 8


def begin_loops_on_a_cache_line():
    """Has compiled code begin on a line of the processor's cache, and each loop in it too.

    RPython has both begin on a multiple of 16 bytes. A short loop then takes a tenth longer where
    it happens to lie across one line more, as a change anywhere before it decides.
    """
    original = RegAlloc.flush_loop.im_func

    def flush_loop(self):
        original(self)
        code = self.assembler.mc
        missing = -code.get_relative_pos() & (CACHE_LINE - 1)
        while missing > 0:
            length = min(missing, LONGEST_NOP)
            for char in code.MULTIBYTE_NOPs[length]:
                code.writechar(char)
            missing -= length

    replace(RegAlloc, "flush_loop", flush_loop)
    replace(BlockBuilderMixin, "ALIGN_MATERIALIZE", CACHE_LINE)
