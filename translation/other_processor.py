"""Translating for another processor than this machine's, with its C compiler and an emulator
(tools/translate_for.py).

The VM never imports this module.
"""

import time

from rpython.jit.backend import detect_cpu
from rpython.rlib import rtime

from translation.replacing import replace

OPTION = "--processor="


def processor_of(args):
    """args: list of str, what the target is told -> str, as RPython calls it, or None."""
    for arg in args:
        if arg.startswith(OPTION):
            return arg[len(OPTION) :]
    return None


def translate_for(processor):
    """To be called once, before RPython chooses a JIT.

    processor: str. Its JIT is taken, and what RPython does in Python meanwhile calls nothing in C:
    it would load libraries that are made for that processor.
    """
    replace(detect_cpu, "autodetect", lambda: processor)
    if hasattr(rtime, "clock"):
        replace(rtime, "clock", lambda: time.clock())
