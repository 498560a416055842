"""The table of corrections in translation/corrections.py, and what becomes of it in this RPython."""

import os
import subprocess
import sys

import pytest

from translation.changes import LeftOut, NoSuchFault, change
from translation.corrections import CORRECTIONS, NEWEST, OLD, Correction
from translation.replacing import DoesNotFit, make, replace
from translation.tree import has_text, tree_name

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# To be executed on its own: it changes RPython for good.
CHANGE = """
from translation.changes import change_rpython
for correction, why in change_rpython(stock=%s):
    print(correction.name + ": " + why)
"""


def this_tree():
    """-> which of the two that the table knows this RPython is, or None."""
    if tree_name() == OLD:
        return OLD
    corrected = [has_text(*each.own) for each in CORRECTIONS if each.own]
    return NEWEST if all(corrected) else None


def test_this_rpython_gets_what_the_table_says():
    tree = this_tree()
    if tree is None:
        pytest.skip("this RPython is neither of those that the table is about")
    output = subprocess.check_output([sys.executable, "-c", CHANGE % False], cwd=TOP)
    left_out = [line.split(":")[0] for line in output.decode().splitlines()]
    expected = [
        each.name for each in CORRECTIONS if tree not in each.needed_by and OLD in each.needed_by
    ]
    assert left_out == expected
    assert "does not fit" not in output.decode()


def test_stock_goes_without_what_is_for_speed():
    output = subprocess.check_output([sys.executable, "-c", CHANGE % True], cwd=TOP).decode()
    assert [line.split(":")[0] for line in output.splitlines() if "for speed" in line] == [
        each.name for each in CORRECTIONS if each.is_for_speed()
    ]


def test_each_correction_says_what_it_is_for():
    for each in CORRECTIONS:
        assert each.symptom and each.pypy
        assert each.test or each.is_for_speed()
        for name in each.test.split(", ") if each.test else ():
            assert os.path.exists(os.path.join(TOP, name)), name
        # what one of the two does not need, it is told by
        assert (each.own is not None) == (NEWEST not in each.needed_by)
        assert (each.fault is not None) == (OLD not in each.needed_by)


def correction(name, **more):
    return Correction(name, (OLD,), "a symptom", "a test", "its own", **more)


def test_what_rpython_has_itself_is_left_out():
    with pytest.raises(LeftOut, match="it has its own"):
        change(correction("no.such", own=("rlib/jit.py", "class JitDriver")))


def test_a_fault_that_came_later_is_not_corrected():
    with pytest.raises(NoSuchFault):
        change(correction("no.such", fault=("rlib/jit.py", "no such text")))


def test_what_does_not_fit_is_left_out():
    with pytest.raises(LeftOut, match="does not fit, No module named nothing_like_it"):
        change(correction("nothing_like_it.at_all"))


class Part(object):
    def work(self, load):
        return load

    def rest(self):
        return 0


def test_a_part_is_replaced_by_one_that_takes_the_same():
    def work(self, load):
        return load + 1

    replace(Part, "work", work)
    assert Part().work(1) == 2


@pytest.mark.parametrize("name", ["rest", "sleep"])
def test_a_correction_is_not_made_by_halves(name):
    before = dict(Part.__dict__)

    def work(self, load):
        return load + 2

    def correct():
        replace(Part, "work", work)
        assert Part().work(1) == 3
        replace(Part, name, work)

    with pytest.raises(DoesNotFit, match="Part." + name):
        make(correct)
    assert dict(Part.__dict__) == before
