"""Memory for compiled code that is refused after the start, set when targetmdvm.py is translated.

When mmap fails for another reason than that there is no memory, RPython 0.2.1 ends the process. A
process may have forbidden itself memory that can be written and executed when the VM had started
already. Here that fails the program which is being compiled, with MemoryError, and the VM turns its
JIT off before the next (mdvm/settings/jit_parameters.py asks the system at the start).
"""

import errno

from rpython.rlib import rmmap, rposix
from rpython.rtyper.lltypesystem import rffi

from mdvm.settings.jit_parameters import jit

from translation.replacing import replace


def survive_refused_code_memory():
    """Has RPython take memory for code as said above, for the translation that follows.  To be
    called once.
    """

    def alloc(map_size):
        memory = rmmap.alloc_hinted(rffi.cast(rmmap.PTR, rmmap.hint.pos), map_size)
        if memory == rffi.cast(rmmap.PTR, -1):
            memory = rmmap.alloc_hinted(rffi.cast(rmmap.PTR, 0), map_size)
            if memory == rffi.cast(rmmap.PTR, -1):
                jit.refused = rposix.get_saved_errno() != errno.ENOMEM
                raise MemoryError
        else:
            rmmap.hint.pos += map_size
        return memory

    alloc._annenforceargs_ = (int,)
    replace(rmmap, "alloc", alloc)
