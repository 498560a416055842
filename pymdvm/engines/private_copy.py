"""Copies of libmdvm that are VMs of their own in one process.

The system's loader takes one file for one library, however often it is loaded; so each copy is a
file of its own: one in memory, or a temporary one. What a copy does not change, which is most of
it, is then mapped from the library itself instead, so that all copies share it, and the file of the
copy is emptied: a copy takes what the library's data takes, some two megabytes.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import struct
import tempfile
import weakref
from itertools import starmap
from pathlib import Path
from typing import Any, NamedTuple

from pymdvm.engines.base import EngineError

_PAGE = mmap.PAGESIZE
_WORD = struct.Struct("<Q")
_HEADER = struct.Struct("<IIQQQQ")
_LOADABLE = 1
_DYNAMIC = 2
# Entries of the dynamic section: what is called when the library is loaded.
_INIT = 12
_INIT_ARRAY_SIZE = 27
_IGNORED = 0x6000000D  # of the range for systems, unknown to all
_EXECUTABLE = 1
_WRITABLE = 2
_MAP_FIXED = 0x10
_KEEP_SIZE = 1
_PUNCH_HOLE = 2
_RTLD = os.RTLD_NOW | os.RTLD_LOCAL if hasattr(os, "RTLD_NOW") else 0


class _Part(NamedTuple):
    """A program header of the library."""

    kind: int
    flags: int
    offset: int
    address: int
    in_file: int


class _Mapping(NamedTuple):
    """A part of the address space that stands for a part of the copy's file."""

    start: int
    end: int
    protection: str
    offset: int


def load_private_copy(library: Path) -> ctypes.CDLL:
    """The library from a file of its own.  It is unloaded when nothing refers to it any more, if
    `mdvm_close` of it says that nobody is in it.  Raises EngineError.
    """
    try:
        with open(library, "rb") as original:
            copy = _copied(original.fileno())
            try:
                sharing = _Sharing(original.fileno(), copy)
            except BaseException:
                os.close(copy)
                raise
            return _loaded(sharing, copy)
    except OSError as error:
        raise EngineError(f"there can be no copy of {library}: {error}") from None


def _loaded(sharing: _Sharing, copy: int) -> ctypes.CDLL:
    import _ctypes

    path = _new_path(copy)
    handles: list[int] = []
    is_ours = True
    try:
        # In one step for whoever interrupts: no library can be loaded without its handle here.
        handles.extend(map(_ctypes.dlopen, (path,), (_RTLD,)))
        loaded = ctypes.CDLL(path, handle=handles[0])
        sharing.share()
        # Not by ctypes.cast, whose result would be in a cycle with the library.
        address = ctypes.addressof(ctypes.c_char.in_dll(loaded, "mdvm_close"))
        is_ours = False  # from here on the finalizer unloads it, and nobody else
        # A function of the library holds `loaded`: so nobody can be about to call one, either.
        unload: Any = weakref.finalize(loaded, _unload, handles[0], address, copy)
        unload.atexit = False
        return loaded
    except BaseException:
        if is_ours:
            _give_up(sharing, handles, copy)
        raise


def _give_up(sharing: _Sharing, handles: list[int], copy: int) -> None:
    """Unload what has been loaded, if it can be."""
    import _ctypes

    with contextlib.suppress(Exception):
        for handle in handles:
            sharing.complete_code()
            _ctypes.dlclose(handle)
        os.close(copy)


def _new_path(descriptor: int) -> str:
    """A path of an open file that no file has had: the loader takes what it has loaded for the
    library of the same path, whatever file that leads to now. It is made new by empty names and
    dots.
    """
    bits = int.from_bytes(os.urandom(16), "little")
    detour = "".join("/." if bits >> number & 1 else "/" for number in range(128))
    return f"/proc/self/fd{detour}/{descriptor}"


def _copied(original: int) -> int:
    """The descriptor of a copy of a library, which stays open as long as that is loaded."""
    try:
        copy = os.memfd_create("libmdvm", os.MFD_CLOEXEC)
    except (AttributeError, OSError) as error:
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            raise  # there would be no other file either
        copy = os.open(tempfile.gettempdir(), os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o700)
    try:
        with mmap.mmap(original, 0, prot=mmap.PROT_READ) as content, memoryview(content) as view:
            os.ftruncate(copy, len(view))
            without_code = _without_constructors(view)
            for part in _segments(view):
                # Half of the library is code, which `_Sharing` maps before any of it runs.
                if not (part.flags & _EXECUTABLE and without_code):
                    end = part.offset + part.in_file
                    os.pwrite(copy, view[part.offset : end], part.offset)
            for place, word in without_code:
                os.pwrite(copy, _WORD.pack(word), place)
    except BaseException:
        os.close(copy)
        raise
    return copy


def _without_constructors(library: memoryview) -> list[tuple[int, int]]:
    """What to write where into the copy, so that the loader calls nothing in it when it is loaded.
    Empty if there are constructors of more than what the compiler puts into every library, which
    does nothing here.
    """
    dynamic = next((part for part in _parts(library) if part.kind == _DYNAMIC), None)
    changes = []
    if dynamic is not None:
        for place in range(dynamic.offset, dynamic.offset + dynamic.in_file, 2 * _WORD.size):
            (tag,) = _WORD.unpack_from(library, place)
            (value,) = _WORD.unpack_from(library, place + _WORD.size)
            if tag == _INIT:
                changes.append((place, _IGNORED))
            elif tag == _INIT_ARRAY_SIZE:
                if value > _WORD.size:
                    return []
                changes.append((place + _WORD.size, 0))
    return changes


def _unload(handle: int, close: int, copy: int) -> None:
    import _ctypes

    answers: list[int] = []
    try:
        answers.extend(starmap(ctypes.CFUNCTYPE(ctypes.c_long)(close), [()]))
    finally:  # also where a handler of a signal raises after that
        if answers == [0]:
            _ctypes.dlclose(handle)
            os.close(copy)


# ____________________________________________________________ what copies share


class _Sharing:
    """Of a copy and its original: made before the copy is loaded, since most of what can fail does
    so here.
    """

    def __init__(self, original: int, copy: int) -> None:
        """The descriptors of their files."""
        self._original = original
        self._copy = copy
        system = ctypes.CDLL(None, use_errno=True)
        # Without argtypes: ctypes makes an ArgumentError of whatever fails amid a conversion.
        self._map = system["mmap"]
        self._map.restype = ctypes.c_void_p
        self._allocate = system["fallocate"]
        with mmap.mmap(original, 0, prot=mmap.PROT_READ) as content, memoryview(content) as view:
            segments = _segments(view)
        self._code = [part for part in segments if part.flags & _EXECUTABLE]
        self._parts = [part for part in map(_in_whole_pages, segments) if part]

    def share(self) -> None:
        """Have the copy, which has just been loaded, use the pages of the original where it changes
        none.
        """
        base = min(part.start for part in _mappings(self._copy))
        for part in self._parts:
            self._map_original(base + part.start, part)
        emptied = 0
        # What is left: what the loader has written to and then protected, which needs its file, and
        # what is written to. A page that was written to is the copy's own.
        for part in sorted(_mappings(self._copy), key=lambda part: part.offset):
            end = part.offset + part.end - part.start
            if "w" in part.protection:
                for address in range(part.start, part.end, _PAGE):
                    byte = ctypes.c_char.from_address(address)
                    byte.value = byte.value
            else:
                self._empty(emptied, part.offset)
                emptied = end
        self._empty(emptied, os.fstat(self._copy).st_size)

    def complete_code(self) -> None:
        """Give a copy that is not wholly there the code that unloading it runs."""
        for part in self._code:
            code = os.pread(self._original, part.in_file, part.offset)
            os.pwrite(self._copy, code, part.offset)

    def _map_original(self, address: int, part: _Mapping) -> None:
        made = self._map(
            ctypes.c_void_p(address),
            ctypes.c_size_t(part.end - part.start),
            mmap.PROT_READ | (mmap.PROT_EXEC if "x" in part.protection else 0),
            mmap.MAP_PRIVATE | _MAP_FIXED,
            self._original,
            ctypes.c_long(part.offset),
        )
        if made != address:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    def _empty(self, start: int, end: int) -> None:
        self._allocate(
            self._copy, _PUNCH_HOLE | _KEEP_SIZE, ctypes.c_long(start), ctypes.c_long(end - start)
        )


def _in_whole_pages(segment: _Part) -> _Mapping | None:
    """Where a segment is mapped, if the library were loaded at the address 0; None if it is written
    to.
    """
    if segment.flags & _WRITABLE:
        return None
    before = segment.address % _PAGE
    end = -(-(segment.address + segment.in_file) // _PAGE) * _PAGE
    protection = "r-x" if segment.flags & _EXECUTABLE else "r"
    return _Mapping(segment.address - before, end, protection, segment.offset - before)


def _segments(library: memoryview) -> list[_Part]:
    """What of a library is loaded."""
    return [part for part in _parts(library) if part.kind == _LOADABLE]


def _parts(library: memoryview) -> list[_Part]:
    """Its table of program headers.  Raises OSError for what is no such library."""
    if bytes(library[:6]) != b"\x7fELF\x02\x01":
        raise OSError(errno.ENOEXEC, os.strerror(errno.ENOEXEC))
    (table,) = _WORD.unpack_from(library, 32)
    size, count = struct.unpack_from("<HH", library, 54)
    parts = []
    for number in range(count):
        kind, flags, offset, address, _, in_file = _HEADER.unpack_from(
            library, table + number * size
        )
        parts.append(_Part(kind, flags, offset, address, in_file))
    return parts


def _mappings(descriptor: int) -> list[_Mapping]:
    """Where a file is mapped."""
    status = os.fstat(descriptor)
    device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}"
    found = []
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        for line in maps:
            addresses, protection, offset, where, inode = line.split()[:5]
            if where == device and int(inode) == status.st_ino:
                start, _, end = addresses.partition("-")
                found.append(_Mapping(int(start, 16), int(end, 16), protection, int(offset, 16)))
    return found
