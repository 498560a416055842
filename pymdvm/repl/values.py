"""Python values in the VM's debug form, without running anything."""

from __future__ import annotations

from mdvm.embedding.marshal import Decoder
from mdvm.opcodes import LATEST
from mdvm.values.text import debug_text
from pymdvm.marshal import Value, encode_all
from pymdvm.vm_text import bytes_to_vm, from_vm


class _Anyone:
    """Takes every value."""

    version = LATEST


def debug_form(value: Value) -> str:
    """The text that `Result:` shows for the value."""
    w_value = Decoder(bytes_to_vm(encode_all([value], _Anyone()))).read()
    return from_vm(debug_text(w_value))
