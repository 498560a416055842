"""Large arrays are cleared without being touched, set when targetmdvm.py is translated.

RPython clears an array of references when it makes it, with one memset: 0.3 s for a gigabyte, in
which no limit of a program is looked at, and all of its memory is taken although nothing may ever
be stored there. The system can clear whole pages by giving them back, which takes no time
(mdvm/system/large_clearing.c).

RPython 0.2.1 needs it. Without it tests/limits/measure.py shows the limits to be late for large
arrays of strings.

The VM never imports this module.
"""

import os

from rpython.memory.gctransform.framework import BaseFrameworkGCTransformer
from rpython.rtyper import rmodel
from rpython.rtyper.lltypesystem import llmemory, lltype, rffi
from rpython.translator.tool.cbuild import ExternalCompilationInfo

from translation.replacing import replace

_SOURCES = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "mdvm", "system"
)

_clear = rffi.llexternal(
    "mdvm_clear",
    [llmemory.Address, lltype.Signed],
    lltype.Void,
    sandboxsafe=True,
    _nowrapper=True,
    compilation_info=ExternalCompilationInfo(
        includes=["large_clearing.h"],
        include_dirs=[_SOURCES],
        separate_module_files=[os.path.join(_SOURCES, "large_clearing.c")],
    ),
)


def clear_large_arrays_without_touching():
    """Replaces the memset that the GC's transformer puts behind the making of an array.  To be
    called once.
    """

    def emit_raw_memclear(self, llops, v_size, c_size, c_fixedofs, v_a):
        v_total = v_size
        if c_size is not None:
            v_total = llops.genop("int_mul", [v_size, c_size], resulttype=lltype.Signed)
        v_address = llops.genop("adr_add", [v_a, c_fixedofs], resulttype=llmemory.Address)
        llops.genop(
            "direct_call", [rmodel.inputconst(lltype.typeOf(_clear), _clear), v_address, v_total]
        )

    replace(BaseFrameworkGCTransformer, "emit_raw_memclear", emit_raw_memclear)
