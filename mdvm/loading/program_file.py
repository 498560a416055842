"""From a path to the bytes of a program: which files are read, in which order, and what each
failure is called.
"""

from mdvm import errors
from mdvm.system.files import error_text, read_file
from mdvm.loading.loader import check_metadata
from mdvm.loading.paths import bytecode_path, metadata_path

_NO_SUCH_FILE = 2  # ENOENT
_NUL_IN_PATH = "IO error: file name contained an unexpected NUL byte"


def read_program(path):
    """path: str, one byte a character -> str, the bytes of the program's file.  Raises
    LoadError.
    """
    return read_program_file(path).data


class ProgramFile(object):
    """A program's file as it was read.

    data: str, its bytes.
    metadata: str, those of the .mdbm file beside it, "" without one.
    """

    _immutable_fields_ = ["data", "metadata"]

    def __init__(self, data, metadata):
        self.data = data
        self.metadata = metadata


def read_program_file(path):
    """path: str, one byte a character -> ProgramFile.  Raises LoadError.

    The file of metadata beside the program must look like one if it exists. It is looked at before
    the program is parsed, but after the program has been read.
    """
    if "\0" in path:
        raise errors.LoadError(_NUL_IN_PATH)
    path = bytecode_path(path)
    data = _read(path)
    metadata = ""
    try:
        metadata = read_file(metadata_path(path))
    except OSError as error:
        if error.errno != _NO_SUCH_FILE:
            raise errors.io_error(error.errno, error_text(error.errno))
    else:
        check_metadata(metadata)
    return ProgramFile(data, metadata)


def _read(path):
    try:
        return read_file(path)
    except OSError as error:
        raise errors.io_error(error.errno, error_text(error.errno))
