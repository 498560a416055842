"""Which file a path means, what is said about one that cannot be read, and that standard input is
left alone.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.binary.binary import FAILURE, WRONG_USAGE, Outcome, assert_ends, program, run
from tests.binary.sample_programs import HELLO

GREETING = b"Hello, world!\n"
METADATA = b"MDBM" + bytes(16)


def assert_not_loaded(outcome: Outcome, message: str) -> None:
    assert outcome == Outcome(FAILURE, b"", f"Failed to load bytecode: {message}\n".encode())


NO_SUCH_FILE = "IO error: No such file or directory (os error 2)"
IS_A_DIRECTORY = "IO error: Is a directory (os error 21)"
NOT_A_DIRECTORY = "IO error: Not a directory (os error 20)"
DENIED = "IO error: Permission denied (os error 13)"


# ____________________________________________________________ which file


@pytest.mark.parametrize(
    ("given", "file"),
    [
        ("program.mdbc", "program.mdbc"),
        ("program", "program.mdbc"),
        ("program.", "program.mdbc"),
        ("program.md", "program.mdbc"),
        ("program.mdasm", "program.mdbc"),
        ("program.MDBC", "program.mdbc"),
        ("program.tar.gz", "program.tar.mdbc"),
        ("program.mdbc.old", "program.mdbc.mdbc"),
        (".hidden", ".hidden.mdbc"),
        (".hidden.txt", ".hidden.mdbc"),
        (".mdbc", ".mdbc.mdbc"),
        ("...", "...mdbc"),
        ("./program.mdbc", "program.mdbc"),
        ("./program.x", "program.mdbc"),
        ("folder.d/program", "folder.d/program.mdbc"),
        ("folder.d/../program.x", "program.mdbc"),
        ("folder.d//program.x", "folder.d/program.mdbc"),
        ("program.x/", "program.mdbc"),
        ("program.x/.", "program.mdbc"),
    ],
)
def test_the_extension_is_replaced(given: str, file: str, tmp_path: Path) -> None:
    (tmp_path / "folder.d").mkdir()
    program(tmp_path, HELLO, file)
    assert_ends(run("--", given, folder=tmp_path), GREETING)


@pytest.mark.parametrize(
    "name", ["two words", "\u00fc\u00f1\u00ef", "a\nb", "%s%n", "'\"", "x" * 200, "-"]
)
def test_strange_names(name: str, tmp_path: Path) -> None:
    program(tmp_path, HELLO, f"{name}.mdbc")
    assert_ends(run("--", f"{name}.mdbc", folder=tmp_path), GREETING)
    assert_ends(run("--", name, folder=tmp_path), GREETING)


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe.mdbc"
    os.rename(program(tmp_path, HELLO), path)
    assert_ends(run(path), GREETING)
    assert_ends(run(path.replace(b".mdbc", b".\xff")), GREETING)


def test_an_absolute_path_and_a_link(tmp_path: Path) -> None:
    path = program(tmp_path, HELLO)
    assert_ends(run(path), GREETING)
    (tmp_path / "link.mdbc").symlink_to(path)
    assert_ends(run(tmp_path / "link.mdbc"), GREETING)


def test_the_file_with_the_given_extension_is_not_looked_at(tmp_path: Path) -> None:
    program(tmp_path, HELLO)
    (tmp_path / "program.mdasm").write_text("not a program")
    assert_ends(run(tmp_path / "program.mdasm"), GREETING)
    (tmp_path / "program.mdbc").rename(tmp_path / "other.MDBC")
    assert_not_loaded(run(tmp_path / "other.MDBC"), NO_SUCH_FILE)


# ____________________________________________________________ files that cannot be read


def test_an_empty_path(tmp_path: Path) -> None:
    assert_not_loaded(run("", folder=tmp_path), NO_SUCH_FILE)


@pytest.mark.parametrize("name", ["missing.mdbc", "missing", "missing/program.mdbc", "-"])
def test_a_missing_file(name: str, tmp_path: Path) -> None:
    assert_not_loaded(run(name, folder=tmp_path), NO_SUCH_FILE)


@pytest.mark.parametrize(
    "name", [".", "..", "/", "folder/..", "./.", "folder.mdbc", "folder", "folder.mdbc/"]
)
def test_a_directory(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder.mdbc").mkdir()
    (tmp_path / "folder").mkdir()
    assert_not_loaded(run(name, folder=tmp_path), IS_A_DIRECTORY)


def test_a_path_through_a_file(tmp_path: Path) -> None:
    path = program(tmp_path, HELLO)
    assert_not_loaded(run(path / "inner.mdbc"), NOT_A_DIRECTORY)


def test_a_program_that_may_not_be_read(tmp_path: Path) -> None:
    path = program(tmp_path, HELLO)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root reads everything")
    assert_not_loaded(run(path), DENIED)


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    assert_not_loaded(run("x" * 300, folder=tmp_path), "IO error: File name too long (os error 36)")


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "circle.mdbc").symlink_to("circle.mdbc")
    assert_not_loaded(
        run("circle.mdbc", folder=tmp_path),
        "IO error: Too many levels of symbolic links (os error 40)",
    )


def test_an_empty_file_and_an_endless_one(tmp_path: Path) -> None:
    (tmp_path / "empty.mdbc").write_bytes(b"")
    assert_not_loaded(run("empty", folder=tmp_path), "Invalid bytecode format")
    (tmp_path / "null.mdbc").symlink_to("/dev/null")
    assert_not_loaded(run("null", folder=tmp_path), "Invalid bytecode format")


def test_a_pipe_as_a_file(tmp_path: Path) -> None:
    """Reads that bring less than was asked for."""
    data = program(tmp_path, HELLO).read_bytes()
    (tmp_path / "stdin.mdbc").symlink_to("/dev/stdin")
    reader, writer = os.pipe()
    feeder = subprocess.Popen(
        ["sh", "-c", "head -c 30; sleep 0.1; cat"], stdin=subprocess.PIPE, stdout=writer
    )
    os.close(writer)
    assert feeder.stdin
    feeder.stdin.write(data)
    feeder.stdin.close()
    try:
        assert_ends(run("stdin.mdbc", folder=tmp_path, stdin=reader), GREETING)
    finally:
        os.close(reader)
        feeder.wait()


# ____________________________________________________________ the metadata beside a program


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        (b"", "Invalid bytecode format"),
        (b"MDBM", "Invalid bytecode format"),
        (METADATA[:19], "Invalid bytecode format"),
        (b"MDBC" + bytes(16), "Invalid magic number"),
        (bytes(20), "Invalid magic number"),
    ],
)
def test_bad_metadata(metadata: bytes, message: str, tmp_path: Path) -> None:
    path = program(tmp_path, HELLO)
    (tmp_path / "program.mdbm").write_bytes(metadata)
    assert_not_loaded(run(path), message)


@pytest.mark.parametrize(
    "metadata", [METADATA, METADATA + bytes(1000), METADATA[:4] + b"\xff" * 16]
)
def test_metadata_that_looks_right_is_not_looked_into(metadata: bytes, tmp_path: Path) -> None:
    path = program(tmp_path, HELLO)
    (tmp_path / "program.mdbm").write_bytes(metadata)
    assert_ends(run(path), GREETING)


def test_metadata_is_read_before_the_program_is_parsed(tmp_path: Path) -> None:
    (tmp_path / "program.mdbc").write_bytes(b"XXXX")
    (tmp_path / "program.mdbm").write_bytes(bytes(20))
    assert_not_loaded(run(tmp_path / "program"), "Invalid magic number")


def test_metadata_alone_is_no_program(tmp_path: Path) -> None:
    (tmp_path / "program.mdbm").write_bytes(b"")
    assert_not_loaded(run(tmp_path / "program"), NO_SUCH_FILE)


# ____________________________________________________________ standard input


def test_standard_input_is_not_read(tmp_path: Path) -> None:
    path = program(tmp_path, HELLO)
    reader, writer = os.pipe()
    os.write(writer, b"for somebody else\n")
    os.close(writer)
    try:
        assert_ends(run(path, stdin=reader), GREETING)
        assert os.read(reader, 100) == b"for somebody else\n"
    finally:
        os.close(reader)


def test_a_program_is_never_read_from_standard_input(tmp_path: Path) -> None:
    with open(program(tmp_path, HELLO), "rb") as file:
        assert run(stdin=file).status == WRONG_USAGE
    with open(program(tmp_path, HELLO), "rb") as file:
        assert_not_loaded(run("-", stdin=file, folder=tmp_path), NO_SUCH_FILE)
