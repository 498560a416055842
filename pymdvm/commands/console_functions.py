"""The host functions that `mdvm run` and the REPL give a program: those of mdvm-c, by the same
code.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from mdvm import errors, opcodes
from mdvm.console_functions import NAMES, ConsoleFunctions
from mdvm.embedding.marshal import Decoder, encode
from pymdvm.errors import RunError
from pymdvm.marshal import decode, encode_all
from pymdvm.vm_text import bytes_from_vm, bytes_to_vm


class _StandardOutput:
    """Where a question goes: behind what the program has printed."""

    def write(self, text: str) -> None:
        sys.stdout.buffer.write(bytes_from_vm(text))

    def flush(self) -> None:
        sys.stdout.buffer.flush()


class PythonInput:
    """Standard input, line by line, where Python's own buffer may hold some of it."""

    def line(self) -> str | None:
        """The next line as the VM has it, without its end; None at the end of the input."""
        text = sys.stdin.readline()
        if not text:
            return None
        return bytes_to_vm(text.removesuffix("\n").removesuffix("\r").encode("utf-8"))


class _Receiver:
    version = opcodes.LATEST


def console_functions(
    arguments: Sequence[str] = (), seed: int | None = None, lines: PythonInput | None = None
) -> dict[str, Callable[..., Any]]:
    """By their names.  arguments: what `arguments` gives; seed: what `random` begins with; lines:
    what `ask` reads, else descriptor 0.
    """
    functions = ConsoleFunctions(
        [bytes_to_vm(os.fsencode(argument)) for argument in arguments],
        -1 if seed is None else seed,
        _StandardOutput(),
    )
    if lines is not None:
        functions.input = lines  # type: ignore[assignment]
    return {name: partial(_call, functions, name) for name in NAMES}


def _call(functions: Any, name: str, *values: Any) -> Any:
    decoder = Decoder(bytes_to_vm(encode_all(values, _Receiver())))
    try:
        w_result = functions.call(name, [decoder.read() for _ in values])
    except errors.RunError as error:
        raise RunError(error.text) from None
    return decode(bytes_from_vm(encode(w_result)))
