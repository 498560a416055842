"""Has a process be one whose memory cannot be written and executed, as systemd's
MemoryDenyWriteExecute does, or SELinux.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_PR_SET_MDWE = 65
_PR_MDWE_REFUSE_EXEC_GAIN = 1

_MMAP = {"x86_64": 9, "aarch64": 222}
_WRITE_AND_EXECUTE = 2 | 4

_LOAD, _AND, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_NUMBER, _THIRD_ARGUMENT = 0, 16 + 2 * 8  # in struct seccomp_data


def _prctl(*arguments: object) -> int:
    result: int = ctypes.CDLL(None, use_errno=True).prctl(*arguments)
    return result


def forbid_by_prctl() -> bool:
    """For this process and what it becomes.  Whether the kernel knows that, which Linux does
    since 6.3.
    """
    return _prctl(_PR_SET_MDWE, _PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) == 0


def forbid_by_filter() -> bool:
    """The same by a filter of system calls, as systemd does it.  Whether that is to be had here."""
    number = _MMAP.get(platform.machine())
    if number is None or _prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    code = b"".join(
        struct.pack("<HBBI", *instruction)
        for instruction in [
            (_LOAD, 0, 0, _NUMBER),
            (_JUMP_IF_EQUAL, 0, 3, number),
            (_LOAD, 0, 0, _THIRD_ARGUMENT),
            (_AND, 0, 0, _WRITE_AND_EXECUTE),
            (_JUMP_IF_EQUAL, 1, 0, _WRITE_AND_EXECUTE),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _FAIL | errno.EPERM),
        ]
    )
    buffer = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(
        struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer))
    )
    return _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0) == 0


WAYS = {"prctl": forbid_by_prctl, "filter": forbid_by_filter}
