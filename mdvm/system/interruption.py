"""What another thread may want of the running program: that it ends, or that it says where it is.

Compiled code looks at one word of memory for either, see interruption.c.
"""

import os
import time

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.language import we_are_translated
from mdvm.system.limit_kinds import ENDED, TIMEOUT

if HAVE_RPYTHON:
    from rpython.rtyper.lltypesystem import lltype, rffi
    from rpython.translator import cdir
    from rpython.translator.tool.cbuild import ExternalCompilationInfo

    from mdvm.system.os_support import os_function

    _HERE = os.path.dirname(os.path.abspath(__file__))
    interruption_info = ExternalCompilationInfo(
        includes=["interruption.h"],
        include_dirs=[_HERE, cdir],
        separate_module_files=[
            os.path.join(_HERE, name)
            for name in ("interruption.c", "coroutine.c", "watcher.c", "forks.c", "thread_states.c")
        ],
    )
    _limit_time = os_function("mdvm_limit_time", [rffi.DOUBLE], lltype.Void)
    _REQUESTS = lltype.Struct(
        "mdvm_requests",
        ("c_interruption", lltype.Signed),
        ("c_sample", lltype.Signed),
        hints={"c_name": "mdvm_requests", "external": "C"},
    )
    # Elidable and without a wrapper, so that compiled code reads a request with one instruction.
    _requests_address = rffi.llexternal(
        "mdvm_requests_address",
        [],
        lltype.Ptr(_REQUESTS),
        compilation_info=interruption_info,
        _nowrapper=True,
        elidable_function=True,
    )
    _attend = rffi.llexternal(
        "mdvm_attend", [], lltype.Signed, compilation_info=interruption_info, _nowrapper=True
    )
    _ending = rffi.llexternal(
        "mdvm_ending", [], lltype.Signed, compilation_info=interruption_info, _nowrapper=True
    )


class _SampleRequest(object):
    """What is wanted at the next SAMPLE, in the untranslated VM.  requested: int, as c_sample."""

    def __init__(self):
        self.requested = 0


class _Interruption(object):
    """Why the running program is to end, in the untranslated VM.

    requested: bool, whether it is.
    reason: None, or a function -> int that says the
    same as `why`.
    """

    def __init__(self):
        self.requested = False
        self.reason = None

    def limit_time(self, seconds):
        """seconds: float, from now on."""
        deadline = time.time() + seconds
        self.reason = lambda: TIMEOUT if time.time() > deadline else 0

    def why(self):
        """-> int, one of the kinds of limits in protocol.py, or 0."""
        if self.requested:
            return ENDED
        return self.reason() if self.reason is not None else 0


untranslated_interruption = _Interruption()


def interruption_requested():
    """-> bool, whether the running program is to end.  It may pause here, see
    interruption.c.
    """
    if we_are_translated():
        return _requests_address().c_interruption != 0 and _attend() != 0
    return untranslated_interruption.why() != 0


def interruption_pending():
    """-> bool, whether interruption_requested has something to do."""
    if we_are_translated():
        return _requests_address().c_interruption != 0
    return untranslated_interruption.why() != 0


def interruption_reason():
    """-> int, why the running program is to end, one of the kinds of limits in protocol.py; 0 if
    it is not.
    """
    if we_are_translated():
        return _ending()
    return untranslated_interruption.why()


def limit_time(seconds):
    """seconds: float, how long the program of mdvm-c may run from now on.  Then it is
    to end.
    """
    if we_are_translated():
        _limit_time(seconds)
    else:
        untranslated_interruption.limit_time(seconds)


untranslated_sample_request = _SampleRequest()

# Bits of the request of a sample: another thread wants one; the program itself wants noted where it
# has copied something.
WANTED_SAMPLE = 1
WANTED_NOTE = 2


def sample_requested():
    """-> bool, whether a sample of the running program is requested, or a note of what it copied."""
    if we_are_translated():
        return _requests_address().c_sample != 0
    return untranslated_sample_request.requested != 0


def request_note():
    """The next SAMPLE is to note what was copied.  Only the program's own thread may ask; a thread
    that asks for a sample at this very moment may have its way alone, so whoever takes a sample
    looks for copies too.
    """
    if we_are_translated():
        requests = _requests_address()
        requests.c_sample = requests.c_sample | WANTED_NOTE
    else:
        untranslated_sample_request.requested |= WANTED_NOTE


def end_sample_request():
    """-> bool, whether no more than a note of what was copied was wanted."""
    if we_are_translated():
        requests = _requests_address()
        wanted = requests.c_sample
        requests.c_sample = 0
    else:
        wanted = untranslated_sample_request.requested
        untranslated_sample_request.requested = 0
    return wanted == WANTED_NOTE
