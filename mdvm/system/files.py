"""Reading files."""

import os
import time

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.language import we_are_translated
from mdvm.system.latin1 import from_bytes, to_bytes

if HAVE_RPYTHON:
    from rpython.rlib import rposix  # os.open and its kin become translatable on its import
    from rpython.rtyper.lltypesystem import lltype, rffi

    from mdvm.system.os_support import os_function

    assert rposix
    _read_file = os_function("mdvm_read_file", [rffi.CCHARP], rffi.LONG)
    _file_bytes = os_function("mdvm_file_bytes", [], rffi.CCHARP)
    _forget_file = os_function("mdvm_forget_file", [], lltype.Void)
    _stamp_file = os_function("mdvm_stamp_file", [rffi.CCHARP], rffi.LONG)
    _stamp = os_function("mdvm_stamp", [rffi.LONG], rffi.LONG)


def read_file(path):
    """path: str, one byte a character and none of them NUL -> str, the content, one byte a
    character.  Raises OSError.
    """
    if we_are_translated():
        size = _read_file(path)
        if size < 0:
            raise OSError(-size, "")
        text = rffi.charpsize2str(_file_bytes(), size)
        _forget_file()
        return text
    descriptor = os.open(to_bytes(path), os.O_RDONLY, 0)
    try:
        parts = []
        while True:
            part = os.read(descriptor, 1 << 20)
            if not part:
                return "".join(parts)
            parts.append(from_bytes(part))
    finally:
        os.close(descriptor)


class FileStamp(object):
    """What tells a file and its content from others, see mdvm_stamp_file in os_support.c.

    device, inode, size, changed: int. settled: bool, whether another content would surely have
    another stamp.
    """

    _immutable_fields_ = ["device", "inode", "size", "changed", "settled"]

    def __init__(self, device, inode, size, changed, settled):
        self.device = device
        self.inode = inode
        self.size = size
        self.changed = changed
        self.settled = settled

    def is_same(self, other):
        return (
            self.device == other.device
            and self.inode == other.inode
            and self.size == other.size
            and self.changed == other.changed
        )


def stamp_file(path):
    """path: str, one byte a character and none of them NUL -> FileStamp, or None where there is no
    such file to look at.
    """
    if we_are_translated():
        if _stamp_file(path):
            return None
        return FileStamp(_stamp(0), _stamp(1), _stamp(2), _stamp(3), _stamp(4) != 0)
    try:
        status = os.stat(to_bytes(path))
    except OSError:
        return None
    changed = int(status.st_ctime * 1e9)
    return FileStamp(
        status.st_dev, status.st_ino, status.st_size, changed, time.time() - status.st_ctime > 0.1
    )


def error_text(number):
    """number: int, errno -> str, what the system calls it."""
    return os.strerror(number)
