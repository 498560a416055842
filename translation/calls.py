"""What a call finds out when its check of the stack fails, set when targetmdvm.py is translated.

RPython (0.2.1 and later ones) asks its own C function then, which knows of a stack that is too
small only. Here that failure is also how an embedded program hears that something is wanted of it
(mdvm/system/interruption.c): calls need no other check. The C function there may have the program
pause and go on, or tell that there is no room.

tests/api/test_signals.py fails without it: recursion that is compiled hears nothing. The VM never
imports this module.
"""

from rpython.rlib import rstack
from rpython.rtyper.lltypesystem import lltype, rffi

from mdvm.system.interruption import interruption_info

from translation.replacing import replace


def let_calls_be_interrupted():
    """Replaces that function, for the translation that follows.  To be called once."""
    slow_path = rffi.llexternal(
        "mdvm_stack_slowpath",
        [lltype.Signed],
        lltype.Char,
        sandboxsafe=True,
        _nowrapper=True,
        _callable=lambda current: "\0",
        compilation_info=interruption_info,
    )
    replace(rstack, "_stack_too_big_slowpath", slow_path)


def believe_what_the_stack_has():
    """Lets the stack be as large as the VM says, which has made it.

    Later RPythons allow no more than three quarters of what the system gives the first thread (ulimit
    -s): programs could call no deeper than some ten thousand times.
    Test: tests/binary/test_recursion.py.
    """
    set_length = rffi.llexternal(
        "mdvm_set_stack_length",
        [lltype.Float],
        lltype.Void,
        sandboxsafe=True,
        _nowrapper=True,
        _callable=lambda fraction: None,
        compilation_info=interruption_info,
    )
    replace(rstack, "_stack_set_length_fraction", set_length)
