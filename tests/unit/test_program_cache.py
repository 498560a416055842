"""The programs that were loaded last: the same bytes give the same program, but its global
variables begin anew.

And their files, which are read again only when they may have changed.
"""

import os
import time

import pytest

import mdvm.system.files
from mdvm.embedding import program_cache
from mdvm.errors import LoadError
from mdvm.objects import W_Int, w_empty
from mdvm.loading.program_file import read_program
from mdvm.embedding.program_cache import LARGEST, MOST, FileCache, ProgramCache
from tests.unit.programs import File, make_module, to_bytes


def data_of(value, extra=0):
    return (
        File(
            make_module([("LOAD_CONST", 0, value), ("STORE_GLOBAL", 0, "g"), ("RETURN", 0)])
        ).data()
        + "x" * extra
    )


def test_the_same_bytes_give_the_same_program():
    recent = ProgramCache()
    program = recent.load(data_of(1))
    assert recent.load(data_of(1)) is program
    assert recent.load(data_of(2)) is not program
    assert program.code_for(0) is program.code_for(0)


def test_only_the_last_ones_are_remembered():
    recent = ProgramCache()
    programs = [recent.load(data_of(value)) for value in range(MOST)]
    assert recent.load(data_of(0)) is programs[0]  # which makes it the latest
    recent.load(data_of(MOST))
    assert recent.load(data_of(0)) is programs[0]
    assert recent.load(data_of(1)) is not programs[1]
    assert len(recent.programs) == MOST


def test_large_programs_are_not_remembered():
    recent = ProgramCache()
    program = recent.load(data_of(1, LARGEST))
    assert recent.load(data_of(1, LARGEST)) is not program
    assert recent.programs == []


def test_what_cannot_be_loaded_is_not_remembered():
    recent = ProgramCache()
    for _ in range(2):
        with pytest.raises(LoadError):
            recent.load("nonsense")
    assert recent.programs == []


def test_global_variables_are_undefined_each_time():
    program = ProgramCache().load(data_of(1))
    program.code_for(0).global_cells()[0].store(W_Int(1))
    assert program.code_for(0).global_cells()[0].load() is w_empty


class Files(object):
    """A folder with programs, and FileCache that load them.  age: seconds since a file was last
    changed.
    """

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self.recent = FileCache(ProgramCache())
        self.reads = []
        self.clock = 0.0
        monkeypatch.setattr(program_cache, "read_program", self.read)
        monkeypatch.setattr(mdvm.system.files, "time", self)

    def time(self):
        return time.time() + self.clock

    def read(self, path):
        self.reads.append(path)
        return read_program(path)

    def write(self, value, name="p.mdbc"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as out:
            out.write(to_bytes(data_of(value)))
        return path

    def value(self, path):
        return self.recent.load(path).module.constants[0].intval


@pytest.fixture
def files(tmpdir, monkeypatch):
    return Files(str(tmpdir), monkeypatch)


def test_an_old_file_is_read_once(files):
    path = files.write(1)
    files.clock = 1.0
    assert [files.value(path) for _ in range(3)] == [1, 1, 1]
    assert files.reads == [path]


def test_a_file_that_was_just_written_is_read_every_time(files):
    """Another content of the same size could have the same stamp."""
    path = files.write(1)
    assert [files.value(path) for _ in range(3)] == [1, 1, 1]
    assert files.reads == [path] * 3


def test_a_file_that_has_changed_is_read_again(files):
    path = files.write(1)
    files.clock = 1.0
    assert files.value(path) == 1
    time.sleep(0.05)
    files.write(2)
    assert files.value(path) == 2
    files.write(3, "other")
    os.rename(os.path.join(files.folder, "other"), path)
    assert files.value(path) == 3
    os.unlink(path)
    with pytest.raises(LoadError):
        files.recent.load(path)


def test_metadata_is_looked_at_every_time(files):
    path = files.write(1)
    files.clock = 1.0
    assert files.value(path) == 1
    with open(path[:-4] + "mdbm", "wb") as out:
        out.write(b"no metadata at all, but long enough")
    with pytest.raises(LoadError):
        files.recent.load(path)
    os.unlink(path[:-4] + "mdbm")
    assert files.value(path) == 1


def test_every_spelling_of_a_path_is_a_file_of_its_own(files):
    path = files.write(1)
    files.clock = 1.0
    for spelling in (path, path[:-5], path[:-4] + "x", path[:-5]):
        assert files.value(spelling) == 1
    assert files.reads == [path, path[:-5], path[:-4] + "x"]


def test_only_the_last_files_are_remembered(files):
    paths = [files.write(value, "p%d.mdbc" % value) for value in range(MOST + 1)]
    files.clock = 1.0
    for path in paths:
        files.value(path)
    assert len(files.recent.files) == MOST
    files.value(paths[-1])
    assert len(files.reads) == MOST + 1
    files.value(paths[0])
    assert len(files.reads) == MOST + 2


def test_a_path_that_cannot_be(files):
    for path in ("a\0b", "", "/no/such"):
        with pytest.raises(LoadError):
            files.recent.load(path)
    assert files.recent.files == []
