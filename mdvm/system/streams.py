"""Standard output and standard error."""

import os

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.language import we_are_translated
from mdvm.system.latin1 import to_bytes

if HAVE_RPYTHON:
    from rpython.rtyper.lltypesystem import lltype, rffi

    from mdvm.system.os_support import os_function

    _start_output = os_function("mdvm_start_output", [], lltype.Void)
    _write_output = os_function("mdvm_write_output", [rffi.CCHARP, rffi.LONG, rffi.LONG], rffi.LONG)
    _flush_output = os_function("mdvm_flush_output", [], rffi.LONG)


def start_output():
    """Readies standard output and the handling of SIGINT.  Untranslated, Python has done so."""
    if we_are_translated():
        _start_output()


def write_output(text, is_line):
    """text: str, one byte a character, with the end of a line behind it if is_line -> int, 0 or the
    errno of what went wrong. Buffered.
    """
    if we_are_translated():
        with rffi.scoped_nonmovingbuffer(text) as pointer:
            return _write_output(pointer, len(text), 1 if is_line else 0)
    return _python_output.write(text + "\n" if is_line else text)


def flush_output():
    """-> int, 0 or the errno of what went wrong."""
    if we_are_translated():
        return _flush_output()
    return _python_output.flush()


class _PythonOutput(object):
    """Standard output of the untranslated VM."""

    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)
        return 0 if len(self.parts) < 1000 else self.flush()

    def flush(self):
        data = to_bytes("".join(self.parts))
        self.parts = []
        try:
            while data:
                data = data[os.write(1, data) :]
        except OSError as error:
            return error.errno
        return 0


_python_output = _PythonOutput()


def write_error(text):
    """text: str, one byte a character.  To standard error, as far as that is possible."""
    try:
        while text:
            written = os.write(2, to_bytes(text))
            assert written >= 0
            text = text[written:]
    except OSError:
        pass
