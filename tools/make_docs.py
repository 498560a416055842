"""Writes the tables of docs/bytecode.md from the opcode table, docs/builtins.md from the table of
built-in functions, docs/command-line.md from the commands, docs/grammar.md from the tables of the
compiler, and docs/other-rpythons.md from the
table of corrections of RPython.

    python3 tools/make_docs.py            write them
    python3 tools/make_docs.py --check    exit status 1 unless they are as they would be written

What the opcodes are comes from mdvm/opcodes.py, the bytes of the example from the writer of pymdvm;
the prose around the tables stays as it is. Modules called *_document.py make the other documents.
Importing the commands takes click: where that is missing, the tools' own environment does the work.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from mdvm import opcodes  # noqa: E402
from pymdvm.bytecode import Builder  # noqa: E402

FOLDER = TOP / "docs"

FLOWS = {
    opcodes.NEXT: "",
    opcodes.ALWAYS_JUMPS: "the target",
    opcodes.MAY_JUMP: "the target or the next",
    opcodes.ENDS: "nothing",
}


def table(*rows: tuple[str, ...]) -> str:
    """A Markdown table; the first row is its head."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines) + "\n"


def operand_kinds() -> str:
    return table(("kind", "stored as", "meaning"), *opcodes.KINDS)


def types() -> str:
    return ", ".join(f"{number} {name}" for number, name in enumerate(opcodes.TYPE_NAMES))


def opcode_table() -> str:
    storage = {name: stored for name, stored, _ in opcodes.KINDS}
    rows = [("opcode", "name", "operands", "stored as", "next", "meaning")]
    for opcode in opcodes.OPCODES:
        kinds = [opcodes.KIND_NAMES[operand.kind] for operand in opcode.operands]
        operands = ", ".join(
            f"`{operand.name}` {kind}" for operand, kind in zip(opcode.operands, kinds)
        )
        rows.append(
            (
                str(opcode.number),
                opcode.name,
                operands,
                "; ".join(storage[kind] for kind in kinds),
                FLOWS[opcode.flow],
                opcode.meaning,
            )
        )
    return table(*rows)


def example() -> str:
    """A file byte by byte."""
    builder = Builder("hi")
    builder.load_constant(0, "hi")
    loop = builder.here()
    builder.emit("DEBUG_PRINT", 0)
    builder.emit("JUMP", loop)
    data = builder.to_bytes()
    fields = [
        (4, "`MDBC`"),
        (4, "version 1"),
        (4, "flags 1"),
        (4, "the name is at 28"),
        (4, "the constants are at 34"),
        (4, "the functions are at 45"),
        (4, "the instructions are at 49"),
        (4, "the name has 2 bytes"),
        (2, "`hi`"),
        (4, "1 constant"),
        (1, "a string"),
        (4, "of 2 bytes"),
        (2, "`hi`"),
        (4, "no functions"),
        (4, "3 instructions"),
        (4, "0: LOAD_CONST, register 0, constant 0"),
        (2, "1: DEBUG_PRINT, register 0"),
        (5, "2: JUMP by -2 from 3, to 1"),
    ]
    rows = [("offset", "bytes", "meaning")]
    offset = 0
    for size, meaning in fields:
        rows.append((str(offset), data[offset : offset + size].hex(" "), meaning))
        offset += size
    assert offset == len(data)
    return table(*rows)


# What stands in docs/bytecode.md between the marks `<!-- generated: NAME -->` and `<!-- end: NAME -->`.
GENERATED: dict[str, Callable[[], str]] = {
    "example": example,
    "operand-kinds": operand_kinds,
    "opcodes": opcode_table,
    "types": types,
}
MARKED = re.compile(r"(<!-- generated: ([a-z-]+) -->\n?).*?(<!-- end: \2 -->)", re.DOTALL)


def bytecode_document() -> str:
    """The text of docs/bytecode.md: as it is there, with the generated parts made anew."""
    text = (FOLDER / "bytecode.md").read_text(encoding="utf-8")
    names = [match[2] for match in MARKED.finditer(text)]
    if sorted(names) != sorted(GENERATED):
        raise SystemExit(f"bytecode.md: the generated parts are {names}, not {list(GENERATED)}")
    return MARKED.sub(lambda match: match[1] + GENERATED[match[2]]() + match[3], text)


def command_line_document() -> str:
    """The text of docs/command-line.md."""
    from command_line_document import document

    return document()


def built_ins_document() -> str:
    """The text of docs/builtins.md."""
    from built_ins_document import document

    return document()


def grammar_document() -> str:
    """The text of docs/grammar.md."""
    from grammar_document import document

    return document()


def rpythons_document() -> str:
    """The text of docs/other-rpythons.md."""
    from rpythons_document import document

    return document()


DOCUMENTS: dict[str, Callable[[], str]] = {
    "builtins.md": built_ins_document,
    "bytecode.md": bytecode_document,
    "command-line.md": command_line_document,
    "grammar.md": grammar_document,
    "other-rpythons.md": rpythons_document,
}


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(
        description="Write the tables of docs/bytecode.md, and docs/command-line.md."
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit status 1 unless the files are up to date",
    )
    options = parser.parse_args()
    if importlib.util.find_spec("click") is None:
        from bootstrap import development

        python = str(development())
        os.execv(python, [python, *sys.argv])
    status = 0
    for name, make_text in DOCUMENTS.items():
        path = FOLDER / name
        text = make_text()
        if not options.check:
            FOLDER.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{name} is not up to date; run: make docs", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
