"""Programs that are used while, or after, the garbage collector ends what holds them, and when
Python ends.
"""

from __future__ import annotations

import gc
import weakref

import pytest

import pymdvm
from tests.api.samples import FIBONACCI, IDENTITY, fresh, only_native, program, python


class Owner:
    """Uses its program in its finalizer, as PEP 442 allows."""

    def __init__(self, owned: pymdvm.Program, answers: list[object]) -> None:
        self.owned = owned
        self.answers = answers

    def __del__(self) -> None:
        # Others take the handles that are free by now.
        others = [fresh(IDENTITY) for _ in range(5)]
        self.answers.append((self.owned.call("fib", 10), others[0].call("identity", 1)))


@pytest.mark.parametrize("owner_first", [True, False])
@pytest.mark.parametrize("count", [1, 20])
def test_a_program_in_a_cycle_works_in_a_finalizer(owner_first: bool, count: int) -> None:
    answers: list[object] = []
    gc.collect()
    for _ in range(count):
        owned = fresh(FIBONACCI)
        owner = Owner(owned, answers)
        # Cycles through both; the garbage collector takes them in the order in which they were
        # made.
        cycle: list[object] = [owner, owned] if owner_first else [owned, owner]
        cycle.append(cycle)
        owned.__dict__["owner"] = owner
        owner.__dict__["cycle"] = cycle
        del owned, owner, cycle
    gc.collect()
    assert answers == [(55, 1)] * count


def test_a_program_that_is_saved_by_a_finalizer_works_on() -> None:
    saved: list[pymdvm.Program] = []

    class Saver:
        def __init__(self) -> None:
            self.saved = fresh(FIBONACCI)
            self.saved.__dict__["saver"] = self  # so that both are collected

        def __del__(self) -> None:
            saved.append(self.saved)

    Saver()
    gc.collect()
    others = [fresh(IDENTITY) for _ in range(5)]
    assert [each.call("fib", 10) for each in saved] == [55]
    assert [other.call("identity", 7) for other in others] == [7] * 5
    saved[0].__dict__.clear()


def test_a_program_works_when_weak_references_to_its_owner_are_told() -> None:
    answers: list[object] = []
    owned = fresh(FIBONACCI)
    owned.__dict__["self"] = owned
    weakref.finalize(owned, lambda call: answers.append(call("fib", 10)), program(FIBONACCI).call)
    del owned
    gc.collect()
    assert answers == [55]


def test_programs_end_with_what_holds_them() -> None:
    """Handles are used again, so they stay small while programs come and go, in cycles or not."""

    def handle_of(made: pymdvm.Program) -> int:
        return int(made._handle)

    most = 0
    for turn in range(300):
        made = fresh(FIBONACCI)
        if turn % 2:
            made.__dict__["self"] = made
        most = max(most, handle_of(made))
        del made
        if turn % 10 == 0:
            gc.collect()
    first = handle_of(fresh(FIBONACCI))
    assert most < first + 40


AT_THE_END = """
import atexit, gc, sys, pymdvm
from tests.api.samples import FIBONACCI, program
gc.disable()  # so that the cycle is there until the end

class Owner:
    def __init__(self, name):
        self.name, self.owned, self.me = name, program(FIBONACCI), self
        self.write, self.engine_error = sys.stdout.write, pymdvm.EngineError
    def __del__(self):
        try:
            self.write(f"{self.name} {self.owned.call('fib', 10)}\\n")
        except self.engine_error:
            self.write(f"{self.name} 55\\n")

in_a_module = Owner("in a module")
Owner("in a cycle")
sys.modules["kept alive"] = Owner("among the modules")
atexit.register(lambda owner: print("at exit", owner.owned.call("fib", 10)), in_a_module)
"""


@only_native  # the untranslated VM makes so much garbage that the cycle may be collected before
def test_a_program_works_or_says_no_when_python_ends() -> None:
    done = python(AT_THE_END)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "at exit 55"
    assert set(lines[1:]) <= {
        f"{name} 55" for name in ("in a module", "in a cycle", "among the modules")
    }
    assert "in a cycle 55" in lines
