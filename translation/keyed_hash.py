"""The hash of RPython's strings, keyed, set when targetmdvm.py is translated.

RPython 0.2.1 hashes strings as CPython 2.7 does: anyone can choose keys that all collide, and a
dict of them then takes quadratic time, be it a dict of a program or the VM's own dict of function
names. (rpython.rlib.rsiphash exists, but ends the process, which would be the one that embeds the
VM, when it gets no random numbers, and takes half as long again for short strings.)

RPython 0.2.1 needs it.  tests/limits/test_chosen_keys.py fails without it.

A string keeps its hash once it has been asked for, as before.  The VM never imports this module.
"""

import os

from rpython.rlib import rgc
from rpython.rlib.objectmodel import keepalive_until_here
from rpython.rtyper.lltypesystem import llmemory, lltype, rffi, rstr
from rpython.translator.tool.cbuild import ExternalCompilationInfo
from rpython.translator.translator import TranslationContext

_SOURCES = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "mdvm", "system"
)

_hash = rffi.llexternal(
    "mdvm_hash",
    [llmemory.Address, rffi.LONG],
    rffi.LONG,
    sandboxsafe=True,
    _nowrapper=True,
    compilation_info=ExternalCompilationInfo(
        includes=["keyed_hash.h"],
        include_dirs=[_SOURCES],
        separate_module_files=[os.path.join(_SOURCES, "keyed_hash.c")],
    ),
)


def use_keyed_hash():
    """Has the translation that follows hash strings as mdvm/system/keyed_hash.c does.  To be called
    once.
    """
    # RPython looks for it on the translation, as an attribute of the instance, and then takes no
    # hash over from now.
    TranslationContext.ll_hash_string = staticmethod(ll_hash_string)


@rgc.no_collect
def ll_hash_string(ll_s):
    """ll_s: pointer to a low-level str or unicode -> int."""
    size = len(ll_s.chars)
    if lltype.typeOf(ll_s).TO.chars.OF == lltype.Char:
        hashed = _hash(rstr._get_raw_buf_string(rstr.STR, ll_s, 0), size)
    else:
        hashed = _hash(
            rstr._get_raw_buf_unicode(rstr.UNICODE, ll_s, 0), size * rffi.sizeof(lltype.UniChar)
        )
    keepalive_until_here(ll_s)
    return hashed
