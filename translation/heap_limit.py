"""The limit of the heap, which the GC keeps to exactly, set when targetmdvm.py is translated.

RPython 0.2.1's incminimark looks at its limit when a major collection ends. By then a program that
makes nothing but lasting objects has grown to 2.5 times the limit; and as MemoryError is raised
once only, and ends the process when it would be raised a second time, two programs in one process
must not run out of memory (tests/api/test_memory.py).

Here the GC compares what it holds with heap.ceiling after each minor collection and before it makes
a large object. Beyond that it collects everything at once, and raises MemoryError if that has not
made room for SPARE of what the run may take, so that a program at its limit cannot spend all its
time in collections. What it holds are whole arenas, not only the objects in them.

The JIT must not be left when it is half done: there, MemoryError waits for the next collection
(heap.critical).
"""

import inspect

from rpython.jit.backend.llsupport import jitframe
from rpython.jit.metainterp import compile, pyjitpl, resume
from rpython.jit.metainterp.blackhole import BlackholeInterpBuilder
from rpython.memory.gc import incminimark, minimarkpage
from rpython.memory.gc.incminimark import IncrementalMiniMarkGC
from rpython.memory.gc.minimarkpage import ArenaCollection
from rpython.rlib.debug import fatalerror
from rpython.rlib.rarithmetic import intmask
from rpython.rtyper.lltypesystem import lltype, rffi

from mdvm.system.interruption import interruption_info
from mdvm.system.memory import memory_functions
from mdvm.system.heap import MOST_FRAMES, MOST_WIDE_REGISTERS, STEP, heap

from translation.replacing import replace

SPARE = 32  # one part in so many must be free after a collection of everything
INTERPRETER = 3 * 256 * 8  # bytes of a blackhole interpreter: its registers
MOST_KEPT = 50  # interpreters that wait to be used again
SMALL = 16 << 20  # what is smaller than this is made for the JIT even beyond the limit

_memory_limit = rffi.llexternal(
    "mdvm_memory_limit",
    [lltype.Signed],
    lltype.Signed,
    sandboxsafe=True,
    _nowrapper=True,
    compilation_info=memory_functions,
)
_reserve_is_used = rffi.llexternal(
    "mdvm_reserve_is_used",
    [],
    lltype.Signed,
    sandboxsafe=True,
    _nowrapper=True,
    compilation_info=memory_functions,
)
_want_overflow = rffi.llexternal(
    "mdvm_want_overflow",
    [],
    lltype.Void,
    sandboxsafe=True,
    _nowrapper=True,
    compilation_info=interruption_info,
)
_exhausted = rffi.llexternal(
    "mdvm_exhausted",
    [],
    lltype.Void,
    sandboxsafe=True,
    _nowrapper=True,
    compilation_info=memory_functions,
)


def limit_heap():
    """Teaches the GC and the JIT what is said above, for the translation that follows.  To be
    called once.
    """
    count_arenas()
    look_after_each_collection()
    look_before_large_objects()
    end_in_order()
    let_the_jit_finish()
    count_interpreters()


def count_arenas():
    """Has an ArenaCollection know how many arenas it has: arenas_held."""
    init = ArenaCollection.__init__.im_func
    allocate_new_arena = ArenaCollection.allocate_new_arena.im_func
    rehash = ArenaCollection._rehash_arenas_lists.im_func

    def __init__(self, *arguments):
        init(self, *arguments)
        self.arenas_held = 0

    def allocate(self):
        allocate_new_arena(self)
        if self.num_uninitialized_pages > 0:  # not one of those that it has had before
            self.arenas_held += 1

    allocate._dont_inline_ = True

    def _rehash_arenas_lists(self):
        number = 0
        while number < self.max_pages_per_arena:
            arena = self.arenas_lists[number]
            while arena != minimarkpage.ARENA_NULL:
                if arena.nfreepages == arena.totalpages:
                    self.arenas_held -= 1
                arena = arena.nextarena
            number += 1
        rehash(self)

    replace(ArenaCollection, "__init__", __init__)
    replace(ArenaCollection, "allocate_new_arena", allocate)
    replace(ArenaCollection, "_rehash_arenas_lists", _rehash_arenas_lists)


def look_after_each_collection():
    """Compares what is held with the ceiling after each minor collection, and now and then the
    ceiling with the system.
    """
    setup = IncrementalMiniMarkGC.setup.im_func
    progress = IncrementalMiniMarkGC.minor_collection_with_major_progress.im_func
    collect = IncrementalMiniMarkGC.collect.im_func

    def setup_without_own_limit(self):
        setup(self)
        self.max_heap_size = 0.0  # PYPY_GC_MAX would bring back what is described above
        self.frame_bytes = 0

    def note_held(self):
        held = self.ac.arenas_held * self.ac.arena_size + intmask(self.rawmalloced_total_size)
        heap.held = held
        return held

    def minor_collection_with_major_progress(self, extrasize=0):
        progress(self, extrasize)
        self.keep_to_limit(0)

    def minor_collection_with_forced_progress(self, extrasize=0, force_enabled=False):
        """The same in an RPython whose collector can be told to rest."""
        progress(self, extrasize, force_enabled)
        self.keep_to_limit(0)

    def collect_and_note(self, gen=2):
        collect(self, gen)
        self.note_held()

    def keep_to_limit(self, size):
        """size: int, bytes of an object that is going to be made.  Raises MemoryError where that is
        too much.
        """
        held = self.note_held() + size
        if held > heap.look_at:
            heap.look_at = held + max(STEP, held >> 4)
            heap.limit = _memory_limit(heap.held)
            heap.choose_ceiling()
            self.look_at_frames()
        if heap.wide_registers > MOST_WIDE_REGISTERS and not heap.frames_overflow:
            heap.frames_overflow = True
            _want_overflow()  # the next call fails, as where the stack ends
        if held > heap.ceiling or _reserve_is_used():
            self.make_room(size)

    def make_room(self, size):
        if heap.critical > 0 and size < SMALL:
            return
        if not _reserve_is_used():
            self.minor_and_major_collection()
            heap.limit = _memory_limit(self.note_held())
            heap.choose_ceiling()
            if heap.held + size <= heap.ceiling - (heap.ceiling - heap.base) // SPARE:
                return
        raise MemoryError

    make_room._dont_inline_ = True

    def look_at_frames(self):
        """Raises MemoryError when the frames of compiled code, each of them on the stack of roots,
        take too much, or those of what interprets where it was left.
        """
        self.frame_bytes = heap.resuming * INTERPRETER
        self.root_walker.walk_roots(IncrementalMiniMarkGC._add_frame, None, None)
        if self.frame_bytes > MOST_FRAMES and heap.critical == 0:
            heap.frames_overflow = True
            raise MemoryError

    def _add_frame(self, root):
        obj = root.address[0]
        # of the objects here only frames have that
        if self.has_custom_trace(self.get_possibly_forwarded_type_id(obj)):
            self.frame_bytes += incminimark.raw_malloc_usage(self.get_size(obj))

    replace(IncrementalMiniMarkGC, "setup", setup_without_own_limit)
    IncrementalMiniMarkGC.note_held = note_held
    if len(inspect.getargspec(progress).args) == 2:
        now = minor_collection_with_major_progress
    else:
        now = minor_collection_with_forced_progress
    replace(IncrementalMiniMarkGC, "minor_collection_with_major_progress", now)
    replace(IncrementalMiniMarkGC, "collect", collect_and_note)
    IncrementalMiniMarkGC.keep_to_limit = keep_to_limit
    IncrementalMiniMarkGC.make_room = make_room
    IncrementalMiniMarkGC.look_at_frames = look_at_frames
    IncrementalMiniMarkGC._add_frame = _add_frame


def look_before_large_objects():
    """Compares what a large object would make it with the ceiling, before it is made."""
    original = IncrementalMiniMarkGC.external_malloc.im_func

    def external_malloc(self, typeid, length, alloc_young):
        if length > 0:
            item = self.varsize_item_sizes(typeid)
            if item > 0:
                if length > heap.ceiling // item:
                    raise MemoryError
                self.keep_to_limit(item * length)
        made = original(self, typeid, length, alloc_young)
        self.note_held()  # the next run begins with what is held then
        return made

    replace(IncrementalMiniMarkGC, "external_malloc", external_malloc)


def end_in_order():
    """Gives a process of the VM's own the chance to end properly where the GC cannot go on."""

    def out_of_memory(text):
        _exhausted()
        fatalerror(text)

    replace(incminimark, "out_of_memory", out_of_memory)
    replace(minimarkpage, "out_of_memory", out_of_memory)


def let_the_jit_finish():
    """Marks what must not be left half done as critical."""
    for name in [
        "compile_loop",
        "compile_retrace",
        "compile_trace",
        "compile_simple_loop",
        "compile_tmp_callback",
    ]:
        replace(compile, name, critical(getattr(compile, name)))
    replace(resume, "force_from_resumedata", critical(resume.force_from_resumedata))
    resuming = critical(resume.blackhole_from_resumedata, "look_at_interpreters()")
    replace(resume, "blackhole_from_resumedata", resuming)
    for_rebuilding = pyjitpl.MetaInterp.initialize_state_from_guard_failure.im_func
    replace(pyjitpl.MetaInterp, "initialize_state_from_guard_failure", critical(for_rebuilding))
    methods = jitframe.JITFRAME._adtmeths
    dict.__setitem__(methods, "allocate", critical(methods["allocate"]))


def count_interpreters():
    """Has the JIT's own interpreters counted, which take over where compiled code is left, and only
    some of them kept.

    RPython keeps all that there have ever been, each of 6 KB: one for each level of a recursion.
    """
    acquire = BlackholeInterpBuilder.acquire_interp.im_func
    release = BlackholeInterpBuilder.release_interp.im_func

    def acquire_interp(self):
        heap.resuming += 1
        if self.interpreters_kept > 0:
            self.interpreters_kept -= 1
        return acquire(self)

    def release_interp(self, interp):
        heap.resuming -= 1
        if self.interpreters_kept < MOST_KEPT:
            self.interpreters_kept += 1
            release(self, interp)

    BlackholeInterpBuilder.interpreters_kept = 0
    replace(BlackholeInterpBuilder, "acquire_interp", acquire_interp)
    replace(BlackholeInterpBuilder, "release_interp", release_interp)


def look_at_interpreters():
    """Raises MemoryError when so many of the JIT's own interpreters go on where compiled code was
    left, one in the other, that they take too much.

    Each is made within what is critical, where collections are not heard, so the question is asked
    before.
    """
    if heap.critical == 0 and heap.resuming * INTERPRETER > MOST_FRAMES:
        heap.frames_overflow = True
        raise MemoryError


def critical(function, first="pass"):
    """-> a function with the same parameters, which RPython may be given by name, that has
    heap.critical above 0 while it runs.

    first: str, a statement to be executed before.
    """
    names = inspect.getargspec(function)
    parameters = inspect.formatargspec(*names)
    arguments = ", ".join(names.args)
    surroundings = {
        "heap": heap,
        "function": function,
        "look_at_interpreters": look_at_interpreters,
    }
    exec(_CRITICAL.format(parameters=parameters, arguments=arguments, first=first), surroundings)
    run_critical = surroundings["run_critical"]
    run_critical.__name__ = function.__name__
    return run_critical


_CRITICAL = """
def run_critical{parameters}:
    {first}
    heap.critical += 1
    try:
        return function({arguments})
    finally:
        heap.critical -= 1
"""
