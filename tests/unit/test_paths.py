"""Which files a path means: the rules of Rust's Path::with_extension, as the published VM was seen
to follow them.
"""

import pytest

from mdvm.loading.paths import bytecode_path, metadata_path


@pytest.mark.parametrize(
    "path, expected",
    [
        ("a", "a.mdbc"),
        ("a.b", "a.mdbc"),
        ("a.", "a.mdbc"),
        ("a.MDBC", "a.mdbc"),
        ("a.mdbm", "a.mdbc"),
        ("a/", "a.mdbc"),
        ("a.b/", "a.mdbc"),
        ("q.x/.", "q.mdbc"),
        ("q.xyz//", "q.mdbc"),
        ("a.b.c", "a.b.mdbc"),
        ("a..", "a..mdbc"),
        ("a..b", "a..mdbc"),
        ("...", "...mdbc"),
        ("...a", "...mdbc"),
        (".mdbc", ".mdbc.mdbc"),
        (".hid", ".hid.mdbc"),
        ("dir/", "dir.mdbc"),
        ("dir/.x", "dir/.x.mdbc"),
        ("dir.d/file", "dir.d/file.mdbc"),
        ("/x/y.z", "/x/y.mdbc"),
        ("a b.c d", "a b.mdbc"),
        ("caf\xc3\xa9.txt", "caf\xc3\xa9.mdbc"),
        ("a.mdbcx", "a.mdbc"),
        ("mdbc", "mdbc.mdbc"),
    ],
)
def test_the_extension_is_replaced(path, expected):
    assert bytecode_path(path) == expected


@pytest.mark.parametrize(
    "path",
    ["a.mdbc", "a.mdbc/", "a.mdbc/.", "x.y/a.mdbc", "a.b.mdbc", "/a.mdbc", "..a.mdbc", "./a.mdbc"],
)
def test_an_exact_extension_stays(path):
    assert bytecode_path(path) == path


@pytest.mark.parametrize("path", ["", ".", "..", "/", "./", "//", "/.", "e/..", "../.."])
def test_without_a_last_component_the_path_stays(path):
    assert bytecode_path(path) == path


@pytest.mark.parametrize(
    "path, expected",
    [
        ("a.mdbc", "a.mdbm"),
        ("dir.x/a.mdbc", "dir.x/a.mdbm"),
        ("a.b.mdbc", "a.b.mdbm"),
        (".mdbc.mdbc", ".mdbc.mdbm"),
        ("/tmp/x.mdbc", "/tmp/x.mdbm"),
        ("a.mdbc/", "a.mdbm"),
    ],
)
def test_the_metadata_stands_beside_it(path, expected):
    assert metadata_path(path) == expected
