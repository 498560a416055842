"""Loading from a path: which files are read, in which order, and what is said when one cannot
be.
"""

import os

import pytest

from mdvm.errors import LoadError
from mdvm.loading.loader import load_module
from mdvm.loading.program_file import read_program
from tests.unit.programs import File, from_bytes, make_module, to_bytes

GOOD = File(make_module([("LOAD_CONST", 0, 7), ("RETURN", 0)])).data()
METADATA = "MDBM" + "\0" * 16


class Folder(object):
    """A folder with files in it."""

    def __init__(self, path):
        self.path = path

    def write(self, name, text):
        with open(self.of(name), "wb") as out:
            out.write(to_bytes(text))

    def of(self, name):
        return os.path.join(self.path, name)

    def load(self, name):
        """-> Module, or the text of the LoadError."""
        try:
            return load_module(read_program(from_bytes(self.of(name).encode("utf-8"))))
        except LoadError as error:
            return error.text


@pytest.fixture
def folder(tmpdir):
    return Folder(str(tmpdir))


NO_SUCH_FILE = "IO error: No such file or directory (os error 2)"
IS_A_DIRECTORY = "IO error: Is a directory (os error 21)"
NOT_A_DIRECTORY = "IO error: Not a directory (os error 20)"


def test_a_program(folder):
    folder.write("a.mdbc", GOOD)
    assert folder.load("a.mdbc").name == "test"
    assert folder.load("a").name == "test"
    assert folder.load("a.txt").name == "test"
    assert folder.load("a.mdbc/") == NOT_A_DIRECTORY


def test_os_errors(folder):
    os.mkdir(folder.of("d.mdbc"))
    folder.write("file", "x")
    os.symlink("loop.mdbc", folder.of("loop.mdbc"))
    assert folder.load("none.mdbc") == NO_SUCH_FILE
    assert folder.load("none") == NO_SUCH_FILE
    assert folder.load("d.mdbc") == IS_A_DIRECTORY
    assert folder.load("file/a.mdbc") == NOT_A_DIRECTORY
    assert folder.load("loop.mdbc") == "IO error: Too many levels of symbolic links (os error 40)"
    assert folder.load("x" * 300 + ".mdbc") == "IO error: File name too long (os error 36)"
    assert folder.load("nul\0.mdbc") == "IO error: file name contained an unexpected NUL byte"


@pytest.mark.parametrize(
    "path, expected",
    [("", NO_SUCH_FILE), (".", IS_A_DIRECTORY), ("/", IS_A_DIRECTORY), ("..", IS_A_DIRECTORY)],
)
def test_paths_without_a_file_name(path, expected):
    with pytest.raises(LoadError) as caught:
        read_program(path)
    assert caught.value.text == expected


def test_metadata_must_look_like_metadata(folder):
    folder.write("a.mdbc", GOOD)
    folder.write("a.mdbm", METADATA)
    assert folder.load("a.mdbc").name == "test"
    folder.write("a.mdbm", METADATA + "anything")
    assert folder.load("a.mdbc").name == "test"
    folder.write("a.mdbm", METADATA[:19])
    assert folder.load("a.mdbc") == "Invalid bytecode format"
    folder.write("a.mdbm", "XXXX" + METADATA[4:])
    assert folder.load("a.mdbc") == "Invalid magic number"
    folder.write("a.mdbm", "")
    assert folder.load("a.mdbc") == "Invalid bytecode format"


def test_metadata_that_is_no_file(folder):
    folder.write("a.mdbc", GOOD)
    os.symlink("nowhere", folder.of("a.mdbm"))
    assert folder.load("a.mdbc").name == "test"
    os.unlink(folder.of("a.mdbm"))
    os.mkdir(folder.of("a.mdbm"))
    assert folder.load("a.mdbc") == IS_A_DIRECTORY


def test_the_metadata_is_looked_at_after_the_program_is_read_and_before_it_is_parsed(folder):
    folder.write("a.mdbm", "XXXX" + METADATA[4:])
    assert folder.load("a.mdbc") == NO_SUCH_FILE
    folder.write("a.mdbc", "short")
    assert folder.load("a.mdbc") == "Invalid magic number"
    os.unlink(folder.of("a.mdbm"))
    assert folder.load("a.mdbc") == "Invalid bytecode format"


def test_a_file_larger_than_one_read(folder):
    text = "x" * (3 << 20)
    folder.write("a.mdbc", File(make_module([("LOAD_CONST", 0, text), ("RETURN", 0)])).data())
    assert folder.load("a.mdbc").constants[0].text() == text
