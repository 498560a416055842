"""Coverage-guided fuzzing, by atheris, of what reads input in Python: the loader, the verifier, the
disassembler, the assembler.

    python coverage.py CORPUS [LIBFUZZER OPTIONS]      (a Python with atheris, see
    tools/bootstrap.py)

They may only raise the errors that they document, and must agree: the loader with the evaluator's
reader about what loads, and the assembler with the disassembler about what a listing means. atheris
is not for every Python, so this module needs nothing else.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
INSTRUMENTED = (
    "mdvm.debugging.disassembler",
    "mdvm.loading.loader",
    "pymdvm.assembler.parser",
    "pymdvm.inspection.verifier",
    "pymdvm.bytecode.codec",
)
TEXT, FILE = b"T", b"F"


def seeds() -> dict[str, bytes]:
    """Inputs to begin with, by name: the first byte says whether a text or a file follows."""
    from pymdvm.assembler import assemble
    from pymdvm.bytecode import write

    found = {}
    for path in sorted((TOP / "examples").glob("*.mdasm")):
        text = path.read_bytes()
        found[f"{path.stem}.text"] = TEXT + text
        found[f"{path.stem}.file"] = FILE + write(assemble(text.decode("utf-8")))
    return found


def try_text(data: bytes) -> None:
    """Assemble; what assembles must load, and its listing must assemble to the same bytes of
    instructions.
    """
    from pymdvm.assembler import AssemblyError, assemble
    from pymdvm.bytecode import write

    try:
        program = assemble(data.decode("utf-8", "replace"))
    except AssemblyError as error:
        assert error.problems and error.report("x")
        return
    try_file(write(program), must_load=True)


def try_file(data: bytes, must_load: bool = False) -> None:
    """Load as the VM does and as the evaluator does; verify and list what loads."""
    from mdvm.debugging.disassembler import disassemble
    from mdvm.errors import LoadError
    from mdvm.loading.loader import load_module
    from pymdvm.assembler import assemble
    from pymdvm.bytecode import read, write
    from pymdvm.bytecode.model import FormatError
    from pymdvm.inspection.verifier import verify

    module: Any = None
    refusal = ""
    try:
        module = load_module(data.decode("latin-1"))
    except LoadError as error:
        refusal = error.text
        assert not must_load, refusal
    assert refusal == _refusal(data)
    try:
        program = read(data)
    except FormatError as error:
        assert str(error) == refusal
        return
    assert not refusal
    verify(module)
    listing = disassemble(module).encode("latin-1").decode("utf-8")
    again = assemble(listing)
    assert again.instructions == program.instructions
    assert write(again) == write(read(write(again)))


def _refusal(data: bytes) -> str:
    """Why the evaluator's reader does not load a file, "" if it does."""
    from tests.fuzz.reference import LoadFailure, decode

    try:
        decode(data)
    except LoadFailure as failure:
        return str(failure)
    return ""


def try_one(data: bytes) -> None:
    """One input."""
    if data[:1] == TEXT:
        try_text(data[1:])
    else:
        try_file(data[1:])


def main() -> None:
    """Fuzz until libFuzzer's options say that it is enough."""
    atheris: Any = importlib.import_module("atheris")
    sys.path.insert(0, str(TOP))
    with atheris.instrument_imports(include=["mdvm", "pymdvm"]):
        for name in INSTRUMENTED:
            importlib.import_module(name)
    corpus = Path(sys.argv[1])
    corpus.mkdir(parents=True, exist_ok=True)
    for name, data in seeds().items():
        (corpus / name).write_bytes(data)
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
