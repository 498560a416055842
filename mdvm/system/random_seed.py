"""Where numbers as if by chance begin, if nobody says where."""

import os
import time

from mdvm.system.arithmetic import intmask
from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.latin1 import from_bytes

if HAVE_RPYTHON:
    from rpython.rlib import rposix  # os.open and its kin become translatable on its import

    assert rposix

_SOURCE = "/dev/urandom"


def random_seed():
    """-> int of 64 bits, another one each time."""
    try:
        descriptor = os.open(_SOURCE, os.O_RDONLY, 0)
        try:
            text = from_bytes(os.read(descriptor, 8))
        finally:
            os.close(descriptor)
    except OSError:
        return int(time.time() * 1000000.0)
    seed = 0
    for char in text:
        seed = intmask(seed << 8 | ord(char))
    return seed
