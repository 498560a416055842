"""Python values in the VM's debug form, without running anything."""

from __future__ import annotations

from mdvm.embedding.marshal import Decoder
from mdvm.values.text import debug_text
from pymdvm.marshal import Value, encode_all


def debug_form(value: Value) -> str:
    """The text that `Result:` shows for the value."""
    # The VM's modules take and give texts of one byte a character.
    w_value = Decoder(encode_all([value]).decode("latin-1")).read()
    return str(debug_text(w_value)).encode("latin-1").decode("utf-8")
