"""The programs that were loaded last: the same bytes give the same program, but its global variables begin anew."""
import pytest

from mdvm.errors import LoadError
from mdvm.objects import W_Int, w_empty
from mdvm.recent import LARGEST, MOST, RecentPrograms
from programs import File, make_module


def data_of(value, extra=0):
    return File(make_module([("LOAD_CONST", 0, value), ("STORE_GLOBAL", 0, "g"), ("RETURN", 0)])).data() + "x" * extra


def test_the_same_bytes_give_the_same_program():
    recent = RecentPrograms()
    program = recent.load(data_of(1))
    assert recent.load(data_of(1)) is program
    assert recent.load(data_of(2)) is not program
    assert program.code_for(0) is program.code_for(0)


def test_only_the_last_ones_are_remembered():
    recent = RecentPrograms()
    programs = [recent.load(data_of(value)) for value in range(MOST)]
    assert recent.load(data_of(0)) is programs[0]    # which makes it the latest
    recent.load(data_of(MOST))
    assert recent.load(data_of(0)) is programs[0]
    assert recent.load(data_of(1)) is not programs[1]
    assert len(recent.programs) == MOST


def test_large_programs_are_not_remembered():
    recent = RecentPrograms()
    program = recent.load(data_of(1, LARGEST))
    assert recent.load(data_of(1, LARGEST)) is not program
    assert recent.programs == []


def test_what_cannot_be_loaded_is_not_remembered():
    recent = RecentPrograms()
    for _ in range(2):
        with pytest.raises(LoadError):
            recent.load("nonsense")
    assert recent.programs == []


def test_global_variables_are_undefined_each_time():
    program = RecentPrograms().load(data_of(1))
    program.code_for(0).cells[0].w_value = W_Int(1)
    assert program.code_for(0).cells[0].w_value is w_empty
