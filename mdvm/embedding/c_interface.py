"""What RPython and the C code of the library call each other by, see embedding.c."""

import os

from mdvm.system.have_rpython import HAVE_RPYTHON

if HAVE_RPYTHON:
    from rpython.rlib.entrypoint import entrypoint_highlevel
    from rpython.rtyper.lltypesystem import lltype, rffi
    from rpython.translator import cdir
    from rpython.translator.tool.cbuild import ExternalCompilationInfo

    _HERE = os.path.dirname(os.path.abspath(__file__))
    _SYSTEM = os.path.join(os.path.dirname(_HERE), "system")
    _embedding = ExternalCompilationInfo(
        includes=["embedding.h"],
        include_dirs=[_HERE, _SYSTEM, cdir],
        separate_module_files=[os.path.join(_HERE, "embedding.c")],
    )
    _give_answer = rffi.llexternal(
        "mdvm_give_answer",
        [rffi.CCHARP, rffi.LONG],
        lltype.Void,
        compilation_info=_embedding,
        releasegil=False,
    )
    _take_output = rffi.llexternal(
        "mdvm_take_output",
        [rffi.CCHARP, rffi.LONG, rffi.LONG],
        rffi.LONG,
        compilation_info=_embedding,
        releasegil=False,
    )
    # The process may run programs before it answers, so the GC may move and the JIT must forget
    # whatever they know.
    _call_host = rffi.llexternal(
        "mdvm_call_host",
        [rffi.CCHARP, rffi.LONG],
        rffi.LONG,
        compilation_info=_embedding,
        releasegil=False,
        random_effects_on_gcobjs=True,
    )
    _reply = rffi.llexternal(
        "mdvm_reply", [], rffi.CCHARP, compilation_info=_embedding, releasegil=False
    )
    C_LONG = rffi.LONG
    C_BYTES = rffi.CCHARP

EMBEDDING = "embedding"  # what RPython calls the set of these functions
_NO_MEMORY_FOR_OUTPUT = 2


def c_entry_point(name, argument_types):
    """Decorates a function of RPython that C code in the same library calls under this name, and
    that never raises.
    """
    return entrypoint_highlevel(EMBEDDING, argument_types, name)


def bytes_at(pointer, size):
    """pointer: C_BYTES; size: int -> str, a copy."""
    return rffi.charpsize2str(pointer, size)


def give_answer(text):
    """text: str, bytes to put where the embedding process looks for an answer."""
    with rffi.scoped_nonmovingbuffer(text) as pointer:
        _give_answer(pointer, len(text))


def embedded_output(text, is_line):
    """text: str, bytes for the embedding process, with the end of a line behind them if is_line ->
    bool, whether it wants them.
    """
    with rffi.scoped_nonmovingbuffer(text) as pointer:
        answer = _take_output(pointer, len(text), 1 if is_line else 0)
    if answer == _NO_MEMORY_FOR_OUTPUT:
        raise MemoryError
    return answer == 0


def call_host(data):
    """data: str, bytes that tell the embedding process which of its functions to call -> str, bytes
    that tell the result, or None if the run is to end.
    """
    with rffi.scoped_nonmovingbuffer(data) as pointer:
        size = _call_host(pointer, len(data))
    if size < 0:
        return None
    return rffi.charpsize2str(_reply(), size)
