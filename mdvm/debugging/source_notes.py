"""What is said about the source of a program, where its metadata is at hand: beside a listing, and
under the text of an error.
"""

from mdvm.debugging.disassembler import INSTRUCTION
from mdvm.loading.metadata import MetadataError, read_metadata


def describe_stack(metadata, bytecode, error):
    """metadata: str, the bytes of the .mdbm file, "" without one; bytecode: str, those of the .mdbc
    file; error: RunError.

    -> list of str, the lines that tell where in the source the error happened; without use for the
    metadata one that says so.
    """
    if metadata == "":
        return []
    try:
        return read_metadata(metadata, bytecode).describe(
            error.functions, error.instructions, error.omitted
        )
    except MetadataError as problem:
        return ["  (the .mdbm file beside the program is of no use: %s)" % problem.text]


def note_places(lines, metadata):
    """Adds to the lines of a listing, ListingLine, where in the source the instructions come from,
    wherever that changes.
    """
    last = ""
    for line in lines:
        if line.kind == INSTRUCTION:
            place = metadata.place(line.index)
            if place != last:
                line.text += "  " + place
                last = place
