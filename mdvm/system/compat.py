"""The only door to rpython: everything else imports from here.

The same VM runs in three ways: translated, untranslated under CPython 2.7 with the real rpython
package, and untranslated under CPython 3 (or 2.7) without it. Where rpython is missing, the
stand-ins below have the same meaning: `ovfcheck` does raise OverflowError outside 64 bits,
`intmask` does wrap, and the hints to the JIT do nothing.
"""

import gc
import os
import struct
import time

from mdvm.embedding import protocol

try:
    from rpython.rlib.jit import (
        JitDriver,
        conditional_call,
        dont_look_inside,
        elidable,
        hint,
        promote,
        set_param,
        set_user_param,
        unroll_safe,
        we_are_jitted,
        PARAMETERS,
    )

    HAVE_RPYTHON = True
except (ImportError, SyntaxError):
    HAVE_RPYTHON = False

if HAVE_RPYTHON:
    # rposix: os.open and its kin become translatable on its import
    from rpython.rlib import rgc, rposix, rstack
    from rpython.rlib.jit import Counters
    from rpython.rlib.jit_hooks import stats_get_counter_value
    from rpython.rlib.entrypoint import entrypoint_highlevel
    from rpython.rlib.listsort import TimSort
    from rpython.rlib.longlong2float import float2longlong, longlong2float
    from rpython.rlib.objectmodel import compute_hash, we_are_translated
    from rpython.rlib.rarithmetic import int_c_div as int_divide
    from rpython.rlib.rarithmetic import int_c_mod as int_remainder
    from rpython.rlib.rarithmetic import intmask, ovfcheck
    from rpython.rlib.rfloat import formatd
    from rpython.rlib.rstackovf import StackOverflow, check_stack_overflow
    from rpython.rlib.rstring import StringBuilder
    from rpython.rlib.unroll import unrolling_iterable
    from rpython.rtyper.annlowlevel import hlstr, llstr
    from rpython.rtyper.extregistry import ExtRegistryEntry
    from rpython.rtyper.lltypesystem import lltype, rffi
    from rpython.rtyper.lltypesystem.rstr import copy_string_contents, mallocstr
    from rpython.translator import cdir
    from rpython.translator.tool.cbuild import ExternalCompilationInfo

    assert rposix
    bits_to_float = longlong2float
    float_to_bits = float2longlong
else:

    def elidable(value):
        """Nothing to tell a JIT that is not there.  Returns value."""
        return value

    promote = unroll_safe = dont_look_inside = elidable

    def conditional_call(condition, function, *arguments):
        """Calls function(*arguments) if the condition, which hardly ever holds, does."""
        if condition:
            function(*arguments)

    StackOverflow = RecursionError if str is not bytes else RuntimeError  # noqa: F821 - RecursionError is new in 3

    PARAMETERS = {}

    def hint(value, **flags):
        """The same."""
        return value

    def set_param(driver, name, value):
        """No JIT, no parameters."""

    def set_user_param(driver, text):
        """No JIT, no parameters."""

    class JitDriver(object):
        """Stands where rpython's JitDriver stands, and does nothing."""

        def __init__(self, **settings):
            self.greens = settings["greens"]
            self.reds = settings["reds"]

        def jit_merge_point(self, **variables):
            pass

        def can_enter_jit(self, **variables):
            pass

    def we_are_translated():
        """False: this is plain Python."""
        return False

    def we_are_jitted():
        """False: nothing is traced."""
        return False

    compute_hash = hash

    def check_stack_overflow():
        """The exception caught is a stack overflow for sure."""

    def unrolling_iterable(iterable):
        """The iterable as it is; only the translation unrolls loops."""
        return list(iterable)

    def intmask(value):
        """value: int of any size -> the signed 64-bit int with the same low bits."""
        value &= 0xFFFFFFFFFFFFFFFF
        return value - 0x10000000000000000 if value & 0x8000000000000000 else value

    def ovfcheck(value):
        """value: int -> value; raises OverflowError when it does not fit in 64 bits."""
        if not -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
            raise OverflowError
        return value

    def int_divide(left, right):
        """C's left / right for ints, right not 0: truncates toward zero."""
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient

    def int_remainder(left, right):
        """C's left % right for ints, right not 0: has the sign of left."""
        remainder = abs(left) % abs(right)
        return -remainder if left < 0 else remainder

    def bits_to_float(bits):
        """bits: signed 64-bit int -> the float with this IEEE 754 pattern."""
        return struct.unpack("<d", struct.pack("<q", bits))[0]

    def float_to_bits(value):
        """value: float -> its IEEE 754 pattern as a signed 64-bit int."""
        return struct.unpack("<q", struct.pack("<d", value))[0]

    class StringBuilder(object):
        """A text that grows at its end."""

        def __init__(self):
            self.parts = []

        def append(self, text):
            self.parts.append(text)

        def build(self):
            return "".join(self.parts)


def uninitialized_list(like, size):
    """like: list of a fixed length, looked at only for its type; size: int >= 0 -> list of that
    many items, which hold anything.

    To make one takes no time, and a large one no memory until something is stored. Objects are
    None.
    """
    return [like[0] if like else None] * size


if HAVE_RPYTHON:

    class _UninitializedListEntry(ExtRegistryEntry):
        """RPython has lists like that, but no way to ask for one."""

        _about_ = uninitialized_list

        def compute_result_annotation(self, s_like, s_size):
            return s_like

        def specialize_call(self, hop):
            LIST = hop.r_result.LIST
            size = hop.inputarg(lltype.Signed, arg=1)
            hop.exception_is_here()
            return hop.gendirectcall(LIST.ll_newlist, size)


class TextBuffer(object):
    """A text of a known size that is put together piece by piece.

    RPython's StringBuilder has a copy of the whole text twice at the end, in one piece.
    """

    def __init__(self, size):
        """size: int >= 0, bytes.  Raises MemoryError."""
        self.filled = 0
        if we_are_translated():
            self.memory = mallocstr(size)
        else:
            self.pieces = []

    def append(self, text, start, stop):
        """Adds text[start:stop], 0 <= start <= stop <= len(text).  There must be room for it."""
        if we_are_translated():
            copy_string_contents(llstr(text), self.memory, start, self.filled, stop - start)
        else:
            self.pieces.append(text[start:stop])
        self.filled += stop - start

    def text(self):
        """-> str.  Everything must have been appended, and nothing can be appended any more."""
        if we_are_translated():
            text = hlstr(self.memory)
            assert text is not None
            return text
        return "".join(self.pieces)


def float_shortest(value):
    """value: finite float -> the shortest digits that read back as value, as repr() writes them
    ('1e+16', '0.1', '3').
    """
    if we_are_translated():
        return formatd(value, "r", 0)
    return repr(value)


def float_exact_integer(value):
    """value: finite float without a fraction -> all its decimal digits, exact, with a sign."""
    if we_are_translated():
        return formatd(value, "f", 0)
    return "%.0f" % value


def float_short(value):
    """value: finite float -> at most six of its digits, as %g writes them."""
    if we_are_translated():
        return formatd(value, "g", 6)
    return "%g" % value


def sort_ints(items):
    """items: list of int.  Sorts it in place."""
    if HAVE_RPYTHON:
        TimSort(items).sort()
    else:
        items.sort()


def collect_garbage():
    """Frees whatever nothing refers to."""
    if we_are_translated():
        rgc.collect()
    else:
        gc.collect()


# MAX_STACK_SIZE of rpython's stack.h, which the fraction below refers to
_RPYTHON_STACK_SIZE = 3 << 18


def set_stack_size(size):
    """size: int, bytes.  From then on StackOverflow is raised when the C stack grows beyond it.
    Only when translated.
    """
    if we_are_translated():
        rstack._stack_set_length_fraction(float(size) / float(_RPYTHON_STACK_SIZE))


def peak_memory():
    """-> the most memory that this process has had resident, in KiB; 0 where the system does not
    say.
    """
    try:
        descriptor = os.open("/proc/self/status", os.O_RDONLY, 0)
    except OSError:
        return 0
    try:
        status = _text(os.read(descriptor, 4096))
    except OSError:
        status = ""
    os.close(descriptor)
    for line in status.split("\n"):
        if line.startswith("VmHWM:"):
            kibibytes = 0
            for char in line:
                if "0" <= char <= "9":
                    kibibytes = kibibytes * 10 + ord(char) - ord("0")
            return kibibytes
    return 0


def _text(data):
    """data: what os.read gave -> a str with one byte a character."""
    if we_are_translated() or str is bytes:
        return data
    return data.decode("latin-1")


def _bytes(text):
    """text: str with one byte a character -> what os.write takes."""
    if we_are_translated() or str is bytes:
        return text
    return text.encode("latin-1")


class _Build(object):
    """How this VM was made.  text: str; the translation target sets it, and a translated VM keeps
    it for good.
    """

    def __init__(self):
        self.text = "untranslated"

    def describe(self, translation):
        """translation: the options of the translation that is about to begin."""
        from rpython.jit.backend.detect_cpu import autodetect

        backend = autodetect() if translation.jit_backend == "auto" else translation.jit_backend
        jit = backend + " JIT" if translation.jit else "no JIT"
        self.text = "%s, %s GC, %s" % (_rpython_version(), translation.gc, jit)


def _rpython_version():
    """-> str, as the package's own metadata has it; other trees have none."""
    import rpython

    metadata = os.path.join(
        os.path.dirname(os.path.dirname(os.path.abspath(rpython.__file__))), "PKG-INFO"
    )
    if os.path.exists(metadata):
        with open(metadata) as lines:
            for line in lines:
                if line.startswith("Version:"):
                    return "RPython " + line.split()[1]
    return "RPython"


build = _Build()


def build_text():
    """-> str, what --version says about the build."""
    return build.text


def jit_counters():
    """-> (loops, bridges) that the JIT has compiled so far; zeros where there is no JIT."""
    if HAVE_RPYTHON and we_are_translated():
        return (
            stats_get_counter_value(None, Counters.TOTAL_COMPILED_LOOPS),
            stats_get_counter_value(None, Counters.TOTAL_COMPILED_BRIDGES),
        )
    return (0, 0)


def pack_words(values):
    """values: list of int of 64 bits -> str, eight bytes for each, little-endian."""
    if not we_are_translated():
        return _text(struct.pack("<%dq" % len(values), *values))
    chars = ["\0"] * (8 * len(values))
    at = 0
    for value in values:
        for shift in range(0, 64, 8):
            chars[at] = chr(value >> shift & 0xFF)
            at += 1
    return "".join(chars)


def unpack_word(text, at):
    """text: str; at: int >= 0, where in it eight bytes begin -> int, the one that pack_words made
    them of.
    """
    assert at >= 0
    if not we_are_translated():
        return struct.unpack("<q", _bytes(text[at : at + 8]))[0]
    value = 0
    for index in range(at + 7, at - 1, -1):
        value = value << 8 | ord(text[index])
    return intmask(value)


def unpack_words(text, at, count):
    """The same for count ints -> list of int."""
    if not we_are_translated():
        return list(struct.unpack("<%dq" % count, _bytes(text[at : at + 8 * count])))
    return [unpack_word(text, at + 8 * index) for index in range(count)]


class _Request(object):
    """Something that any thread may want of the running program, in the untranslated VM."""

    def __init__(self):
        self.requested = False


class _Interruption(object):
    """Why the running program is to end, in the untranslated VM.

    requested: bool, whether somebody wants that. reason: None, or a function -> int that says the
    same as `why`.
    """

    def __init__(self):
        self.requested = False
        self.reason = None

    def limit_time(self, seconds):
        """seconds: float, from now on."""
        deadline = time.time() + seconds
        self.reason = lambda: protocol.TIMEOUT if time.time() > deadline else 0

    def why(self):
        """-> int, one of the kinds of limits in protocol.py, or 0."""
        if self.requested:
            return protocol.ENDED
        return self.reason() if self.reason is not None else 0


untranslated_interruption = _Interruption()


def interruption_requested():
    """-> bool, whether somebody wants the running program to end.  It may pause here, see
    interruption.c.
    """
    if we_are_translated():
        return _requests_address().c_interruption != 0 and _attend() != 0
    return untranslated_interruption.why() != 0


def interruption_reason():
    """-> int, why the running program is to end, one of the kinds of limits in protocol.py; 0 if
    nobody wants it to.
    """
    if we_are_translated():
        return _ending()
    return untranslated_interruption.why()


def limit_time(seconds):
    """seconds: float, how long the program of mdvm-c may run from now on.  Then somebody wants it
    to end.
    """
    if we_are_translated():
        _limit_time(seconds)
    else:
        untranslated_interruption.limit_time(seconds)


untranslated_sample_request = _Request()


def sample_requested():
    """-> bool, whether somebody wants to know where the running program is."""
    if we_are_translated():
        return _requests_address().c_sample != 0
    return untranslated_sample_request.requested


def end_sample_request():
    """The sample has been taken."""
    if we_are_translated():
        _requests_address().c_sample = 0
    else:
        untranslated_sample_request.requested = False


if HAVE_RPYTHON:
    _HERE = os.path.dirname(os.path.abspath(__file__))
    _EMBEDDING = os.path.join(os.path.dirname(_HERE), "embedding")
    _os_support = ExternalCompilationInfo(
        includes=["os_support.h"],
        include_dirs=[_HERE],
        separate_module_files=[os.path.join(_HERE, "os_support.c")],
    )
    interruption_info = ExternalCompilationInfo(
        includes=["interruption.h"],
        include_dirs=[_HERE, cdir],
        separate_module_files=[
            os.path.join(_HERE, name)
            for name in ("interruption.c", "coroutine.c", "watcher.c", "forks.c", "thread_states.c")
        ],
    )

    def _host_function(name, arguments, result):
        return rffi.llexternal(
            name, arguments, result, compilation_info=_os_support, releasegil=False
        )

    _start_output = _host_function("mdvm_start_output", [], lltype.Void)
    _write_output = _host_function(
        "mdvm_write_output", [rffi.CCHARP, rffi.LONG, rffi.LONG], rffi.LONG
    )
    _limit_time = _host_function("mdvm_limit_time", [rffi.DOUBLE], lltype.Void)
    _flush_output = _host_function("mdvm_flush_output", [], rffi.LONG)
    _read_file = _host_function("mdvm_read_file", [rffi.CCHARP], rffi.LONG)
    _file_bytes = _host_function("mdvm_file_bytes", [], rffi.CCHARP)
    _forget_file = _host_function("mdvm_forget_file", [], lltype.Void)
    _stamp_file = _host_function("mdvm_stamp_file", [rffi.CCHARP], rffi.LONG)
    _stamp = _host_function("mdvm_stamp", [rffi.LONG], rffi.LONG)

    # The library's own calls of these go to __wrap_malloc and so on, see memory.c.
    memory_functions = ExternalCompilationInfo(
        includes=["memory.h"],
        include_dirs=[_HERE],
        separate_module_files=[os.path.join(_HERE, "memory.c")],
        link_extra=["-Wl,--wrap=" + name for name in ["malloc", "calloc", "realloc", "mmap"]],
    )

    def _memory_function(name, arguments, result):
        return rffi.llexternal(
            name, arguments, result, compilation_info=memory_functions, releasegil=False
        )

    _memory_limit = _memory_function("mdvm_memory_limit", [rffi.LONG], rffi.LONG)
    _fill_reserve = _memory_function("mdvm_fill_reserve", [], lltype.Void)
    _return_memory = _memory_function("mdvm_return_memory", [], lltype.Void)
    _may_make_code = _memory_function("mdvm_may_make_code", [], rffi.LONG)

    _embedding = ExternalCompilationInfo(
        includes=["embedding.h"],
        include_dirs=[_EMBEDDING, _HERE, cdir],
        separate_module_files=[os.path.join(_EMBEDDING, "embedding.c")],
    )
    _give_answer = rffi.llexternal(
        "mdvm_give_answer",
        [rffi.CCHARP, rffi.LONG],
        lltype.Void,
        compilation_info=_embedding,
        releasegil=False,
    )
    _take_output = rffi.llexternal(
        "mdvm_take_output",
        [rffi.CCHARP, rffi.LONG, rffi.LONG],
        rffi.LONG,
        compilation_info=_embedding,
        releasegil=False,
    )
    _REQUESTS = lltype.Struct(
        "mdvm_requests",
        ("c_interruption", lltype.Signed),
        ("c_sample", lltype.Signed),
        hints={"c_name": "mdvm_requests", "external": "C"},
    )
    # Elidable and without a wrapper, so that compiled code reads a request with one instruction.
    _requests_address = rffi.llexternal(
        "mdvm_requests_address",
        [],
        lltype.Ptr(_REQUESTS),
        compilation_info=interruption_info,
        _nowrapper=True,
        elidable_function=True,
    )
    _attend = rffi.llexternal(
        "mdvm_attend", [], lltype.Signed, compilation_info=interruption_info, _nowrapper=True
    )
    _ending = rffi.llexternal(
        "mdvm_ending", [], lltype.Signed, compilation_info=interruption_info, _nowrapper=True
    )
    C_LONG = rffi.LONG
    C_BYTES = rffi.CCHARP


def c_entry_point(name, argument_types):
    """Decorates a function of RPython that C code in the same library calls under this name, and
    that never raises.
    """
    return entrypoint_highlevel(EMBEDDING, argument_types, name)


EMBEDDING = "embedding"  # what RPython calls the set of these functions


def bytes_at(pointer, size):
    """pointer: C_BYTES; size: int -> str, a copy."""
    return rffi.charpsize2str(pointer, size)


def give_answer(text):
    """text: str, bytes to put where the embedding process looks for an answer."""
    with rffi.scoped_nonmovingbuffer(text) as pointer:
        _give_answer(pointer, len(text))


def embedded_output(text, is_line):
    """text: str, bytes for the embedding process, with the end of a line behind them if is_line ->
    bool, whether it wants them.
    """
    with rffi.scoped_nonmovingbuffer(text) as pointer:
        answer = _take_output(pointer, len(text), 1 if is_line else 0)
    if answer == _NO_MEMORY_FOR_OUTPUT:
        raise MemoryError
    return answer == 0


_NO_MEMORY_FOR_OUTPUT = 2


def start_output():
    """Readies standard output and the handling of SIGINT.  Untranslated, Python has done so."""
    if we_are_translated():
        _start_output()


def write_output(text, is_line):
    """text: str, one byte a character, with the end of a line behind it if is_line -> int, 0 or the
    errno of what went wrong. Buffered.
    """
    if we_are_translated():
        with rffi.scoped_nonmovingbuffer(text) as pointer:
            return _write_output(pointer, len(text), 1 if is_line else 0)
    return _python_output.write(text + "\n" if is_line else text)


def flush_output():
    """-> int, 0 or the errno of what went wrong."""
    if we_are_translated():
        return _flush_output()
    return _python_output.flush()


def memory_limit(held):
    """held: int, the bytes that the heap holds -> int, those that it may hold, of what the system
    has for this process.
    """
    if we_are_translated():
        return _memory_limit(held)
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 5 * 4


def fill_reserve():
    """Sets memory aside for what must not fail, where there is any; see memory.c."""
    if we_are_translated():
        _fill_reserve()


def return_memory():
    """Gives memory that was freed back to the system."""
    if we_are_translated():
        _return_memory()


def may_make_code():
    """-> bool, whether the system gives memory that can be written and executed, without which
    there is no JIT.
    """
    return not we_are_translated() or _may_make_code() != 0


class _PythonOutput(object):
    """Standard output of the untranslated VM."""

    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)
        return 0 if len(self.parts) < 1000 else self.flush()

    def flush(self):
        data = _bytes("".join(self.parts))
        self.parts = []
        try:
            while data:
                data = data[os.write(1, data) :]
        except OSError as error:
            return error.errno
        return 0


_python_output = _PythonOutput()


def write_error(text):
    """text: str, one byte a character.  To standard error, as far as that is possible."""
    try:
        while text:
            written = os.write(2, _bytes(text))
            assert written >= 0
            text = text[written:]
    except OSError:
        pass


def read_file(path):
    """path: str, one byte a character and none of them NUL -> str, the content, one byte a
    character.  Raises OSError.
    """
    if we_are_translated():
        size = _read_file(path)
        if size < 0:
            raise OSError(-size, "")
        text = rffi.charpsize2str(_file_bytes(), size)
        _forget_file()
        return text
    descriptor = os.open(_path(path), os.O_RDONLY, 0)
    try:
        parts = []
        while True:
            part = os.read(descriptor, 1 << 20)
            if not part:
                return "".join(parts)
            parts.append(_text(part))
    finally:
        os.close(descriptor)


class FileStamp(object):
    """What tells a file and its content from others, see mdvm_stamp_file in os_support.c.

    device, inode, size, changed: int. settled: bool, whether another content would surely have
    another stamp.
    """

    _immutable_fields_ = ["device", "inode", "size", "changed", "settled"]

    def __init__(self, device, inode, size, changed, settled):
        self.device = device
        self.inode = inode
        self.size = size
        self.changed = changed
        self.settled = settled

    def is_same(self, other):
        return (
            self.device == other.device
            and self.inode == other.inode
            and self.size == other.size
            and self.changed == other.changed
        )


def stamp_file(path):
    """path: str, one byte a character and none of them NUL -> FileStamp, or None where there is no
    such file to look at.
    """
    if we_are_translated():
        if _stamp_file(path):
            return None
        return FileStamp(_stamp(0), _stamp(1), _stamp(2), _stamp(3), _stamp(4) != 0)
    try:
        status = os.stat(_path(path))
    except OSError:
        return None
    changed = int(status.st_ctime * 1e9)
    return FileStamp(
        status.st_dev, status.st_ino, status.st_size, changed, time.time() - status.st_ctime > 0.1
    )


def _path(path):
    """path: str, one byte a character -> what os.open takes."""
    if we_are_translated() or str is bytes:
        return path
    return path.encode("latin-1")


def error_text(number):
    """number: int, errno -> str, what the system calls it."""
    return os.strerror(number)
