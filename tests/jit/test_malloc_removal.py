"""The correction of RPython's malloc removal in translation/malloc_removal.py: the function still
does what it did.
"""

import pytest
from rpython.rtyper.llinterp import LLInterpreter
from rpython.rtyper.lltypesystem import lltype
from rpython.translator.backendopt.malloc import remove_mallocs
from rpython.translator.translator import TranslationContext

BASE = lltype.GcStruct("base", ("kind", lltype.Signed))
POINT = lltype.GcStruct("point", ("base", BASE), ("x", lltype.Signed))


@pytest.fixture
def corrected(correct):
    correct("malloc_removal")


def store_by_another_name(number):
    """A field is stored by one name of an object and read by another; which object it is, is not
    known at translation.
    """
    left = lltype.malloc(POINT)
    left.x = 1
    right = lltype.malloc(POINT)
    right.x = 2
    if number > 0:
        either = lltype.cast_pointer(lltype.Ptr(BASE), left)
    else:
        either = lltype.cast_pointer(lltype.Ptr(BASE), right)
    chosen = lltype.cast_pointer(lltype.Ptr(POINT), either)
    chosen.x = 30
    return left.x * 100 + right.x


def made_in_two_places(number):
    """An object that has one name only, wherever it is made."""
    point = lltype.malloc(POINT)
    if number > 0:
        point = lltype.malloc(POINT)
        point.x = number
    else:
        point.x = 7
    return point.x


def without_mallocs(function):
    """-> (callable, the number of objects that it still makes)."""
    context = TranslationContext()
    context.buildannotator().build_types(function, [int])
    context.buildrtyper().specialize()
    graph = context.graphs[0]
    remove_mallocs(context, [graph])
    left = [op for block in graph.iterblocks() for op in block.operations if op.opname == "malloc"]
    interpreter = LLInterpreter(context.rtyper)
    return lambda *arguments: interpreter.eval_graph(graph, list(arguments)), len(left)


def test_a_store_by_another_name_is_seen(corrected):
    run, _ = without_mallocs(store_by_another_name)
    assert run(1) == 3002
    assert run(-1) == 130


def test_objects_made_in_two_places_are_still_removed(corrected):
    run, left = without_mallocs(made_in_two_places)
    assert run(5) == 5 and run(-5) == 7
    assert left == 0
