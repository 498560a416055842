"""The entry points of libmdvm for a process that embeds the VM. Only translated; embedding.c calls
them.

Nothing may be raised here: an exception that leaves an entry point ends the process.
"""

from mdvm.embedding import protocol
from mdvm.embedding.c_interface import (
    C_BYTES,
    C_LONG,
    bytes_at,
    c_entry_point,
    embedded_output,
    give_answer,
)
from mdvm.embedding.host import host
from mdvm.embedding.host_calls import OutputRefused
from mdvm.system.output import Output
from mdvm.values.strings import W_Str
from mdvm.embedding.marshal import encode


class _EmbeddedOutput(Output):
    """Gives output to the embedding process: embedding.c buffers it."""

    def put(self, text):
        if not embedded_output(text, False):
            raise OutputRefused

    def put_line(self, text):
        if not embedded_output(text, True):
            raise OutputRefused


_output = _EmbeddedOutput()


@c_entry_point("mdvm_enter_start", [])
def start():
    """Readies the VM.  -> 0, or 1 if that has failed."""
    try:
        host.start(_output)
    except Exception:
        return 1
    return 0


@c_entry_point("mdvm_enter_request", [C_LONG, C_LONG, C_BYTES, C_LONG])
def request(what, number, pointer, size):
    """See Host.request.  -> int, FAILED below zero if the VM has failed."""
    try:
        try:
            text = bytes_at(pointer, size) if size > 0 else ""
            result = host.request(what, number, text)
        except MemoryError:
            result = host.refuse_for_memory()
        if what >= protocol.ASK or result < 0:
            give_answer(host.answer)
            host.answer = ""
        return result
    except Exception as error:
        return -_fail(error)


@c_entry_point("mdvm_enter_run", [C_LONG, C_LONG, C_BYTES, C_LONG, C_LONG, C_LONG])
def run(program, function, pointer, size, count, mode_flags):
    """See Host.run.  -> int, a status of protocol.py."""
    try:
        try:
            data = bytes_at(pointer, size) if size > 0 else ""
            status = host.run(program, function, data, count, mode_flags)
        except MemoryError:
            status = host.fail_for_memory()
        if status != protocol.NO_VALUE:
            give_answer(host.answer)
            host.answer = ""
        return status
    except Exception as error:
        return _fail(error)


def _fail(error):
    """-> FAILED, with the error as the answer."""
    give_answer(encode(W_Str("the VM failed: %s" % error)))
    return protocol.FAILED
