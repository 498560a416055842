"""A global variable holds any value, and an int or a float without a box."""

import pytest

from mdvm.objects import W_Float, W_Int, w_empty, w_true
from mdvm.settings.optimisations import optimisations
from mdvm.values.arrays import array_of
from mdvm.values.global_cell import GlobalCell
from mdvm.values.strings import W_Str

VALUES = [W_Int(-7), W_Float(-0.0), w_true, W_Str("x"), array_of([W_Int(1)]), w_empty, W_Int(2)]


@pytest.fixture(params=[True, False], ids=["unboxed", "boxed"])
def cell(request, monkeypatch):
    monkeypatch.setattr(optimisations, "unboxed_globals", request.param)
    return GlobalCell("g")


def test_it_is_undefined_at_first(cell):
    assert cell.load() is w_empty


@pytest.mark.parametrize("first", range(len(VALUES)))
@pytest.mark.parametrize("second", range(len(VALUES)))
def test_the_last_value_that_was_stored_is_loaded(cell, first, second):
    cell.store(VALUES[first])
    assert repr_of(cell.load()) == repr_of(VALUES[first])
    cell.store(VALUES[second])
    assert repr_of(cell.load()) == repr_of(VALUES[second])


def repr_of(w_value):
    if isinstance(w_value, W_Int):
        return w_value.intval
    if isinstance(w_value, W_Float):
        return repr(w_value.floatval)
    return w_value  # others are to be the same objects


def test_a_number_has_no_box(cell):
    w_int = W_Int(3)
    cell.store(w_int)
    assert (cell.load() is w_int) is not optimisations.unboxed_globals


def test_a_container_is_let_go_when_a_number_takes_its_place(cell):
    w_array = array_of([W_Int(1)])
    cell.store(w_array)
    cell.store(W_Int(1))
    assert w_array not in vars(cell).values()
