"""Writes docs/bytecode.md from the opcode table and docs/command-line.md from the commands.

    python3 tools/make_docs.py            write them
    python3 tools/make_docs.py --check    exit status 1 unless they are as they would be written

What the opcodes are comes from mdvm/opcodes.py, the bytes of the example from the writer of pymdvm;
the prose of bytecode.md is here, and command_line_document.py makes the other. Importing the
commands takes click: where that is missing, the tools' own environment does the work.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from mdvm import opcodes  # noqa: E402
from pymdvm.bytecode import Builder  # noqa: E402

FOLDER = TOP / "docs"

INTRODUCTION = """\
<!-- Written by tools/make_docs.py from mdvm/opcodes.py. Change those, then run: python3 tools/make_docs.py -->

# Bytecode: the .mdbc file and its instructions

A `.mdbc` file holds one program: a name, a pool of constants, a table of functions and a list of instructions for a
machine with 256 registers. [assembler.md](assembler.md) describes a text form of the same; `pymdvm.bytecode` reads
and writes the files from Python.

The texts in `code type` after a colon or in parentheses are error messages. An error while a file is loaded is reported
as `Failed to load bytecode: TEXT`, one while it runs as `Runtime error: TEXT`.

## The file

All numbers are little-endian: u8, u16, u32 and u64 without a sign, i32 and i64 in two's complement, f64 in IEEE 754.
There is no alignment, no padding and no checksum. A *string* is a u32, its length in bytes, and that many bytes of
UTF-8, which are checked strictly: no surrogates, no overlong forms (`Invalid UTF-8`).

| offset | type | content |
|---|---|---|
| 0 | 4 bytes | `MDBC` |
| 4 | u32 | the version; not checked, usually 1 |
| 8 | u32 | flags; not checked, usually 1 |
| 12 | u32 | the offset of the name |
| 16 | u32 | the offset of the constants |
| 20 | u32 | the offset of the functions |
| 24 | u32 | the offset of the instructions |

The offsets count from the beginning of the file. The four sections are read in this order, each from its own offset:
they may stand in any order, overlap, and leave gaps; bytes after them are ignored.

* A file shorter than 24 bytes is an `Invalid bytecode format`; then the first four bytes must be right
  (`Invalid magic number`); then every read beyond the end is an `Unexpected EOF`. An offset beyond the end is an
  `Invalid offset`.
* **Name**: a string, the module's name.
* **Constants**: a u32, their number, then each as a u8 tag and a payload. More than 65,536 load, but instructions can
  name only the first 65,536.

  | tag | payload | constant |
  |---|---|---|
  | 1 | i64 | an int |
  | 2 | f64 | a float |
  | 3 | string | a string |
  | 4 | u8 | a bool, true unless the byte is zero |
  | 5 | none | Empty |
  | other | | `Invalid constant tag: N` |

* **Functions**: a u32, their number, then each as a string, its name, and a u32, the index of the instruction where it
  begins. Of two functions with one name the last counts. The index is not checked.
* **Instructions**: a u32, their number, then one after the other. Bytes after the last are ignored. Every instruction
  is decoded when the file is loaded, so an unknown one is an error even where it would never run (`Invalid opcode: N`).

Places among the instructions are counted in instructions, never in bytes: the first has the index 0.

### An example

This program prints `hi` for ever:

"""

AFTER_EXAMPLE = """
### Beside the file

When `program.mdbc` is loaded and there is a `program.mdbm` next to it, that must be at least 20 bytes long
(`Invalid bytecode format`) and begin with `MDBM` (`Invalid magic number`). A path with another extension, or none,
stands for the same path with `.mdbc`.

The rest of the `.mdbm` has no effect on what the program does. It is metadata, written by the compiler
([compiler.md](compiler.md)), and read when an error has to be placed or a listing is made. One that was made for other
bytes, or that is damaged, is then reported and not used. Its layout, with numbers and strings as above:

| type | content |
|---|---|
| 4 bytes | `MDBM` |
| u32 | the version of this layout, 1 |
| u64 | the hash of the `.mdbc` file's bytes: FNV-1a of 64 bits |
| string | the path of the source file, as the compiler was given it |
| u32, functions | how many there are, and each of them in the order of their instructions; first what stands outside of all |
| u32, positions | how many there are, and each of them, ascending |
| u32, inlined calls | how many there are, and each of them, one before those inside it |

| a function | |
|---|---|
| string | its name in the source |
| u32, u32 | its first instruction, and the one after its last |
| u32, strings | its parameters, in their order: how many, and their names |
| u32, variables | how many, and each as a string, its name; a u8, its register; two u32, before which instruction it begins and ends |

| a position | |
|---|---|
| u32 | an instruction: it and those up to the next position come from this place |
| u32, u32 | line and column in the source, from 1; line 0 where there is none |

| an inlined call | |
|---|---|
| u32, u32 | the first of the instructions that it was replaced by, and the one after the last |
| string | the name in the source of the called function, to which they belong |
| u32, u32 | line and column of the call |

## Instructions

An instruction is a u8, the opcode, and then its operands in the order of the table below, without padding. The kind of
an operand says how it is stored, what it means, and whether a register is read, written or both:

"""

BEFORE_OPCODES = """
After a range condition (2) of ASSERT the two bounds follow the message; any condition but 0, 1 and 2 is an
`Invalid opcode: N`.

The opcodes. Each operand has a name and a kind. *Next* tells what is executed afterwards: the next instruction unless
something else is said.

"""

MEANING = """
## What they mean

### Values and registers

A value is Empty, a bool, an int of 64 bits, a float, a string of UTF-8, an array, or a dict with strings as keys.
Arrays and dicts are values like numbers: ARRAY_SET, DICT_SET, DICT_REMOVE and DICT_CLEAR change the value of the
register that they name and no other copy of it, wherever that is: in another register, in a global variable, inside a
container, at a caller.

**Falsy** are Empty, false, 0, 0.0, -0.0, NaN, the empty string, and an array or a dict without elements. Everything
else is **truthy**.

Messages name the types `Empty Bool Int Float String Array Dict`, and in `expected X, found Y` by the same words in
lower case.

### Where a program begins and ends

It begins at the function `main` if the table has one, else at the first instruction. It ends with a value at a RETURN
with a value outside any call, and without one at a RETURN without a value there, at HALT anywhere, at a jump to a place
outside the program, and after the last instruction, even inside a function.

### Constants and globals

A constant that does not exist is an error only when the instruction is executed, and so is one that should be a string
and is not: `Invalid constant index: N`. A global variable that was never set is Empty.

### Numbers

* Two ints give an int. What does not fit in 64 bits is an `Integer overflow`, also for NEG, and for DIV and MOD of the
  smallest int by -1. An int and a float give a float.
* DIV of two ints truncates toward zero; MOD has the sign of its left operand, for floats too.
* A right operand of DIV or MOD that is 0, 0.0 or -0.0 is a `Division by zero`, whatever the left operand is.
* ADD also joins two strings. Other operands: `Type mismatch: expected numeric or string, found A and B` for ADD,
  `Type mismatch: expected numeric, found A and B` for SUB, MUL, DIV and MOD, and
  `Invalid operation: negation on type T` for NEG.

### Comparison and logic

* EQ and NEQ take any operands. Values of different types are different, but an int equals a float if it does after
  conversion to a float. NaN differs from itself. Arrays and dicts are compared deeply.
* LT, GT, LTE and GTE compare two numbers, or two strings byte by byte; all else, bools too, is an
  `Invalid comparison: A and B`. GT and GTE are LT and LTE with the operands swapped, and so is their message.
* NOT, AND and OR give a bool. Both operands are there before the instruction, so nothing is left out.

### Types

The types of DEFINE, CHECK_TYPE and CAST are @TYPES@; higher numbers are unknown.

* Each register has a type tag: the type of its value, which every write sets, or what DEFINE has set since. CHECK_TYPE
  compares the tag. Arrays and dicts have a tag that equals no number.
* CAST to bool gives whether the value is truthy. To int: an int, a bool, or a float without a fraction that fits. To
  float: an int or a float. To string: anything, as CONCAT_STR writes it. Else `Type mismatch: expected T, found U`.
  Strings are never parsed.

### Jumps

The target of a jump is the index of the next instruction plus the distance, as a 32-bit int.

A PHI looks at the jump last taken in the same call of the function, that is, at the index of that instruction modulo
65,536; it takes the first source with that label. Without one its register stays as it is.

### Calls

The register `func` holds the function's name, or the int index where it begins; an int that is no function's index
stands for the name `func_N`. Without such a function: `Undefined function: NAME`. Any other value:
`Undefined function: no function specified`.

The arguments are read first and then arrive in r0, r1 and so on. What a function finds in its other registers is
nothing to rely on. When it returns, the caller's registers hold what they held, but for `dst`, which gets the value if
RETURN had one; a DEFINE of r0 to r63 no longer counts.

At least 1,000 calls can be nested; one too many is a `Stack overflow`.

### Strings

CONCAT_STR takes values of any type and writes them as text: `empty`, `true`, `false`, ints, floats without an exponent
(whole ones with all their digits and no point), strings as they are, arrays as `[1, x]` and dicts as `{k: v}`. STR_LEN
counts bytes; anything but a string is a `Type mismatch: expected string, found T`.

### Arrays and dicts

* Indices count from 0. `Index out of bounds: index I for length N`, for negative ones too;
  `Type mismatch: expected integer index, found T`.
* The size of NEW_ARRAY: `Type mismatch: expected integer, found T`, and for a negative one
  `Invalid operation: create array on type negative size: -1`. All elements are Empty at first.
* Keys are strings: `Type mismatch: expected string key, found T`. A key that is missing gives Empty, and removing it is
  no error. Entries keep the order in which they were added; one that is set again keeps its place.
* Anything but a container of the right kind: `Type mismatch: expected array, found T`,
  `Type mismatch: expected dict, found T`; this is checked before the index or the key.

### Assertions and scopes

ASSERT with a message that is not a string constant is an `Invalid constant index: N`, when it fails. SCOPE_ENTER puts a
number on a stack, SCOPE_EXIT takes it off if it is on top and else does nothing; scopes have no other effect.

### Output

DEBUG_PRINT prints a value and a line end: strings as they are, ints, `true` and `false`, floats without an exponent and
without a point if they are whole, arrays and dicts as in `Array([Int(1), Float(2.0), String("x"), Empty])` and
`Dict({"k": Bool(true)})`. Empty prints nothing, not even a line end. BREAKPOINT shows itself only in debug mode.
"""

FLOWS = {
    opcodes.NEXT: "",
    opcodes.ALWAYS_JUMPS: "the target",
    opcodes.MAY_JUMP: "the target or the next",
    opcodes.ENDS: "nothing",
}


def operand_kinds() -> list[tuple[str, str, str]]:
    """Name, storage and meaning of each operand kind, from the table in the opening comment of
    mdvm/opcodes.py.
    """
    lines = str(opcodes.__doc__).splitlines()
    head = next(line for line in lines if line.split() == ["kind", "stored", "as", "meaning"])
    columns = [head.index(title) for title in ("kind", "stored as", "meaning")]
    rows = []
    for line in lines[lines.index(head) + 1 :][: len(opcodes.KIND_NAMES)]:
        name, stored, meaning = [
            line[start:end].strip() for start, end in zip(columns, [*columns[1:], len(line)])
        ]
        rows.append((name, stored, meaning))
    assert [row[0] for row in rows] == opcodes.KIND_NAMES
    return rows


def table(*rows: tuple[str, ...]) -> str:
    """A Markdown table; the first row is its head."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines) + "\n"


def opcode_table() -> str:
    storage = {name: stored for name, stored, _ in operand_kinds()}
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


def bytecode_document() -> str:
    """The text of docs/bytecode.md."""
    kinds = table(("kind", "stored as", "meaning"), *operand_kinds())
    types = ", ".join(f"{number} {name}" for number, name in enumerate(opcodes.TYPE_NAMES))
    return (
        INTRODUCTION
        + example()
        + AFTER_EXAMPLE
        + kinds
        + BEFORE_OPCODES
        + opcode_table()
        + MEANING.replace("@TYPES@", types)
    )


def command_line_document() -> str:
    """The text of docs/command-line.md."""
    from command_line_document import document

    return document()


DOCUMENTS: dict[str, Callable[[], str]] = {
    "bytecode.md": bytecode_document,
    "command-line.md": command_line_document,
}


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description="Write docs/bytecode.md and docs/command-line.md.")
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
