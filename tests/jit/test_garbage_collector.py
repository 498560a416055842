"""Corrections of the garbage collector in translation/garbage_collector.py, on the collector
itself, which runs untranslated.
"""

import random

import pytest
from rpython.memory.gc.incminimark import (
    GCFLAG_HAS_CARDS,
    GCFLAG_VISITED,
    STATE_MARKING,
    STATE_SCANNING,
    IncrementalMiniMarkGC,
)
from rpython.memory.gc.minimarkpage import ArenaCollection
from rpython.memory.gc.test.test_direct import VAR, BaseDirectGCTest, S
from rpython.rtyper.lltypesystem import llmemory, lltype

CARD = 4  # elements that a card stands for
WITHOUT_CARDS = 3  # elements of an array that is too small for cards
WITH_CARDS = 40

NUMBER = lltype.GcStruct("number", ("value", lltype.Signed))
NUMBERS = lltype.GcArray(lltype.Ptr(NUMBER))


@pytest.fixture
def corrected(correct):
    correct("garbage_collector")


class Heap(BaseDirectGCTest):
    """Arrays of nodes, with a collector that marks one object a step.  An array is named by its
    index in stackroots.
    """

    GCClass = IncrementalMiniMarkGC
    GC_PARAMS = {"card_page_indices": CARD, "large_object": 32 * 8, "nursery_size": 4096}

    def __init__(self):
        self.setup_method(None)
        self.gc.DEBUG = 0
        self.gc.TEST_VISIT_SINGLE_STEP = True

    def add_array(self, length):
        self.stackroots.append(self.malloc(VAR, length))
        return len(self.stackroots) - 1

    def add_prebuilt_array(self, length):
        array = lltype.malloc(VAR, length, immortal=True)
        self.consider_constant(array)
        self.stackroots.append(array)
        return len(self.stackroots) - 1

    def store_new(self, name, index, number):
        node = self.malloc(S)
        node.x = number
        self.writearray(self.stackroots[name], index, node)

    def clear(self, name, index):
        self.writearray(self.stackroots[name], index, lltype.nullptr(S))

    def copy(self, source, target, source_start, target_start, length):
        """What rgc.ll_arraycopy does."""
        source, target = self.stackroots[source], self.stackroots[target]
        whole = self.gc.writebarrier_before_copy(
            llmemory.cast_ptr_to_adr(source),
            llmemory.cast_ptr_to_adr(target),
            source_start,
            target_start,
            length,
        )
        for at in range(length):
            if whole:
                target[target_start + at] = source[source_start + at]
            else:
                self.writearray(target, target_start + at, source[source_start + at])

    def step(self):
        """A step of a collection; the first one starts it."""
        self.gc._minor_collection()
        self.gc.major_collection_step()

    def flags(self, name):
        return self.gc.header(llmemory.cast_ptr_to_adr(self.stackroots[name])).tid.rest

    def numbers(self, name):
        return [node.x if node else None for node in self.stackroots[name]]


@pytest.mark.parametrize("source_length", [WITHOUT_CARDS, WITH_CARDS])
@pytest.mark.parametrize("target_length", [WITHOUT_CARDS, WITH_CARDS])
def test_what_was_copied_while_marking_lives(corrected, source_length, target_length):
    heap = Heap()
    source = heap.add_array(source_length)
    target = heap.add_array(target_length)
    heap.store_new(source, 0, 5)
    while not heap.flags(target) & GCFLAG_VISITED:
        heap.step()
    assert heap.gc.gc_state == STATE_MARKING and not heap.flags(source) & GCFLAG_VISITED
    assert bool(heap.flags(target) & GCFLAG_HAS_CARDS) == (target_length == WITH_CARDS)
    heap.copy(source, target, 0, 0, 2)
    heap.clear(source, 0)
    while heap.gc.gc_state != STATE_SCANNING:
        heap.step()
    assert heap.numbers(target)[0] == 5


class Model(object):
    """Does something at random to arrays of a heap, and knows what must be in them then."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.heap = Heap()
        self.arrays = []
        self.made = 0
        for length in [WITHOUT_CARDS, WITHOUT_CARDS, WITH_CARDS, WITH_CARDS]:
            assert self.heap.add_array(length) == len(self.arrays)
            self.arrays.append([None] * length)
        assert self.heap.add_prebuilt_array(WITHOUT_CARDS) == len(self.arrays)
        self.arrays.append([None] * WITHOUT_CARDS)

    def do_something(self):
        name, other = (
            self.random.randrange(len(self.arrays)),
            self.random.randrange(len(self.arrays)),
        )
        array, target = self.arrays[name], self.arrays[other]
        what = self.random.randrange(6)
        # Nearly all in few places, so that something is overwritten soon.
        index = self.random.choice([0, 1, len(array) - 1])
        if what == 0:
            self.made += 1
            self.heap.store_new(name, index, self.made)
            array[index] = self.made
        elif what == 1:
            self.heap.clear(name, index)
            array[index] = None
        elif what <= 3 and name != other:
            start = self.random.choice([0, 1])
            length = min(len(array), len(target)) - start
            self.heap.copy(name, other, start, start, length)
            target[start : start + length] = array[start : start + length]
        else:
            self.heap.step()
            if self.heap.gc.gc_state == STATE_SCANNING:
                self.check()

    def check(self):
        for name in range(len(self.arrays)):
            assert self.heap.numbers(name) == self.arrays[name]


@pytest.mark.parametrize("seed", range(6))
def test_copying_at_random(corrected, seed):
    model = Model(seed)
    for _ in range(600):
        model.do_something()
    model.check()


SIZES = [16, 24, 24, 64]  # bytes of small objects


def test_memory_in_use_while_sweeping(corrected):
    memory = ArenaCollection(arena_size=4096, page_size=512, small_request_threshold=128)
    sizes = dict([(str(memory.malloc(size)), size) for size in SIZES * 40])
    dying = set(sorted(sizes)[::3])
    used = sum(sizes.values())
    assert memory.total_memory_used == used
    memory.mass_free_prepare()
    assert memory.total_memory_used == used
    pages = 0
    while True:
        swept = set()

        def is_dying(address):
            swept.add(str(address))
            return str(address) in dying

        done = memory.mass_free_incremental(is_dying, 1)
        pages += 1
        used -= sum([sizes[address] for address in swept & dying])
        assert memory.total_memory_used == used
        if done:
            break
        # What is made meanwhile counts too.
        memory.malloc(24)
        used += 24
    assert pages > 5


def test_marking_lists_no_numbers(corrected):
    """They live, each is marked, and what nothing refers to any more goes."""
    heap = Heap()
    heap.stackroots.append(heap.malloc(NUMBERS, 50))
    constant = lltype.malloc(NUMBER, immortal=True)
    heap.consider_constant(constant)
    for index in range(50):
        number = constant if index % 5 == 0 else heap.malloc(NUMBER)
        number.value = index
        heap.writearray(heap.stackroots[0], index, number)
    for _ in range(2):
        heap.step()
        while heap.gc.gc_state != STATE_SCANNING:
            if heap.gc.gc_state == STATE_MARKING:
                assert heap.gc.objects_to_trace.length() < 10
            heap.step()
    heap.writearray(heap.stackroots[0], 1, lltype.nullptr(NUMBER))
    used = heap.gc.get_total_memory_used()
    heap.gc.collect()
    assert heap.gc.get_total_memory_used() < used
    numbers = heap.stackroots[0]
    assert [numbers[index].value for index in range(2, 50) if index % 5] == [
        index for index in range(2, 50) if index % 5
    ]
    assert not numbers[1]
