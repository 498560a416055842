"""Memory: what the process has and may have, see memory.c."""

import gc
import os

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.language import we_are_translated
from mdvm.system.latin1 import from_bytes

if HAVE_RPYTHON:
    from rpython.rlib import rgc
    from rpython.rtyper.lltypesystem import lltype, rffi
    from rpython.translator.tool.cbuild import ExternalCompilationInfo

    _HERE = os.path.dirname(os.path.abspath(__file__))
    # The library's own calls of these go to __wrap_malloc and so on, see memory.c.
    memory_functions = ExternalCompilationInfo(
        includes=["memory.h"],
        include_dirs=[_HERE],
        separate_module_files=[os.path.join(_HERE, "memory.c")],
        link_extra=[
            "-Wl,--wrap=" + name
            for name in ["malloc", "calloc", "realloc", "free", "mmap", "mmap64", "munmap"]
        ],
    )

    def _memory_function(name, arguments, result):
        return rffi.llexternal(
            name, arguments, result, compilation_info=memory_functions, releasegil=False
        )

    _memory_limit = _memory_function("mdvm_memory_limit", [rffi.LONG], rffi.LONG)
    _fill_reserve = _memory_function("mdvm_fill_reserve", [], lltype.Void)
    _return_memory = _memory_function("mdvm_return_memory", [], lltype.Void)
    _may_make_code = _memory_function("mdvm_may_make_code", [], rffi.LONG)


def collect_garbage():
    """Frees whatever nothing refers to."""
    if we_are_translated():
        rgc.collect()
    else:
        gc.collect()


def peak_memory():
    """-> the most memory that this process has had resident, in KiB; 0 where the system does not
    say.
    """
    try:
        descriptor = os.open("/proc/self/status", os.O_RDONLY, 0)
    except OSError:
        return 0
    try:
        status = from_bytes(os.read(descriptor, 4096))
    except OSError:
        status = ""
    os.close(descriptor)
    for line in status.split("\n"):
        if line.startswith("VmHWM:"):
            kibibytes = 0
            for char in line:
                if "0" <= char <= "9":
                    kibibytes = kibibytes * 10 + ord(char) - ord("0")
            return kibibytes
    return 0


def memory_limit(held):
    """held: int, the bytes that the heap holds -> int, those that it may hold, of what the system
    has for this process.
    """
    if we_are_translated():
        return _memory_limit(held)
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 5 * 4


def fill_reserve():
    """Sets memory aside for what must not fail, where there is any; see memory.c."""
    if we_are_translated():
        _fill_reserve()


def return_memory():
    """Gives memory that was freed back to the system."""
    if we_are_translated():
        _return_memory()


def may_make_code():
    """-> bool, whether the system gives memory that can be written and executed, without which
    there is no JIT.
    """
    return not we_are_translated() or _may_make_code() != 0
