"""The files that commands write: never over what they read, and whole or not at all.

A file is written beside its final place and then renamed, so that what stood there before is lost
only to the whole new content. Where that cannot be (devices, pipes, a folder that takes no new
files) it is written in place.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
from collections.abc import Iterable, Sequence

from pymdvm.input_files import NO_NAME

STANDARD = "-"  # the name of standard input and output

_TEMPORARY_PREFIX = ".mdvm-"
# What refuses a new file or its renaming in a folder whose files may be writable all the same:
# rights, the sticky bit, and a file that is a mount point.
_NO_RENAMING = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV)


class OutputError(Exception):
    """A file cannot be written.  Its text names the file and says why, in one line."""


class OverInputError(OutputError):
    """The file to write is one of those that were read."""


def check_output(path: str, inputs: Iterable[str]) -> None:
    """Refuse what is sure to fail, before the work whose result is to be written.

    path: the file to write, - for standard output; inputs: those that the command reads, - for
    standard input. Raises OverInputError if path is one of them under any name, OutputError if it
    is a folder or in none.
    """
    for source in inputs:
        if _is_same_file(path, source):
            raise OverInputError(
                f"the output would replace {_shown(source)}; choose another name for it"
            )
    if path == STANDARD:
        return
    if not path:
        raise _cannot_write(NO_NAME, errno.ENOENT)
    if path.endswith(os.sep) or os.path.isdir(path):
        raise _cannot_write(path, errno.EISDIR)
    try:
        if not os.path.exists(path):
            os.stat(os.path.dirname(os.path.realpath(path)))
    except (OSError, ValueError) as error:
        raise _failure(path, error) from None


def is_special(path: str) -> bool:
    """Whether this is no file with content of its own: standard output, a device, a pipe, a
    folder.
    """
    if path in ("", STANDARD):
        return True
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def write_output(path: str, data: bytes, inputs: Iterable[str]) -> None:
    """Write one file, - for standard output.  Raises OutputError as `check_output` does, and
    whenever it cannot be written.
    """
    write_outputs([(path, data)], inputs)


def write_outputs(files: Sequence[tuple[str, bytes]], inputs: Iterable[str]) -> None:
    """Write a file and those that go with it, each a path and its content. If one of them cannot be
    written none is.

    The first appears last: it is never there without the others.  Raises as `write_output` does.
    """
    inputs = list(inputs)
    for path, _ in files:
        check_output(path, inputs)
    staged: list[_Staged] = []
    try:
        for path, data in files:
            staged.append(_Staged(path, data))
        for file in reversed(staged):
            file.put_in_place()
    finally:
        for file in staged:
            file.forget()


class _Staged:
    """A file that has been written beside its place, or is to be written in place.  Raises
    OutputError.
    """

    def __init__(self, path: str, data: bytes) -> None:
        self._path = path
        self._data = data
        self._temporary = ""
        self._is_special = is_special(path)
        # A symbolic link goes on pointing where it does.
        self._target = path if self._is_special else os.path.realpath(path)
        if self._is_special:
            return
        try:
            self._stage()
        except (OSError, ValueError) as error:
            self.forget()
            raise _failure(path, error) from None

    def _stage(self) -> None:
        try:
            before = os.stat(self._target)
            # Renaming would replace what may not be written.
            os.close(os.open(self._target, os.O_WRONLY | os.O_CLOEXEC))
        except FileNotFoundError:
            before = None
        temporary = os.path.join(
            os.path.dirname(self._target), _TEMPORARY_PREFIX + secrets.token_hex(8)
        )
        try:
            descriptor = os.open(
                temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666
            )
        except OSError as error:
            if before is not None and error.errno in _NO_RENAMING:
                return
            raise
        self._temporary = temporary
        with open(descriptor, "wb") as stream:
            stream.write(self._data)
            if before is not None:
                os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
                with contextlib.suppress(OSError):
                    os.fchown(descriptor, before.st_uid, before.st_gid)

    def put_in_place(self) -> None:
        try:
            if self._temporary:
                try:
                    os.replace(self._temporary, self._target)
                    self._temporary = ""
                    return
                except OSError as error:
                    if error.errno not in _NO_RENAMING:
                        raise
            self._write_in_place()
        except (OSError, ValueError) as error:
            raise _failure(self._path, error) from None

    def _write_in_place(self) -> None:
        if self._path == STANDARD or (self._is_special and _is_standard_output(self._path)):
            _write_to_standard_output(self._data)
            return
        if self._is_special:
            with open(self._target, "wb") as stream:
                stream.write(self._data)
            return
        with open(self._target, "r+b", buffering=0) as file:
            before = file.read()
            try:
                _replace_content(file.fileno(), self._data)
            except BaseException:
                with contextlib.suppress(OSError):
                    _replace_content(file.fileno(), before)
                raise

    def forget(self) -> None:
        if self._temporary:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)
            self._temporary = ""


def _replace_content(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.pwrite(descriptor, view, len(data) - len(view)) :]
    os.ftruncate(descriptor, len(data))


def _write_to_standard_output(data: bytes) -> None:
    """Raises OSError."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError:
        # Python must not try again when it ends.
        discard_standard_output()
        raise


def _is_standard_output(path: str) -> bool:
    """Whether a device or a pipe is this process's standard output: to open a pipe once more may
    wait for ever.
    """
    try:
        return os.path.samestat(os.stat(path), os.fstat(1))
    except OSError:
        return False


def discard_standard_output() -> None:
    """What is written to standard output from now on goes nowhere."""
    descriptor = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(descriptor, 1)
    os.close(descriptor)


def _is_same_file(output: str, source: str) -> bool:
    """Whether both are one file with content of its own.  False where either is not there."""
    try:
        written = os.fstat(1) if output == STANDARD else os.stat(output)
        read = os.fstat(0) if source == STANDARD else os.stat(source)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(read.st_mode) and os.path.samestat(written, read)


def _shown(source: str) -> str:
    return "standard input" if source == STANDARD else source


def _cannot_write(path: str, number: int) -> OutputError:
    return _failure(path, OSError(number, os.strerror(number)))


def _failure(path: str, error: OSError | ValueError) -> OutputError:
    """ValueError: a path that no file can have, with a NUL in it."""
    return OutputError(
        f"cannot write {path}: {error.strerror if isinstance(error, OSError) else error}"
    )
