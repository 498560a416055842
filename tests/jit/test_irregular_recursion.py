"""translation/irregular_recursion.py: recursion that goes another way at each call is compiled anew
without inlining, and gives the same results.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.metainterp.pyjitpl import MetaInterp, MetaInterpGlobalData
from rpython.jit.metainterp.test.support import LLJitMixin
from rpython.rlib.jit import JitDriver, set_param

from mdvm.analysis.recursion import Recursion
from mdvm.settings.optimisations import optimisations
from translation import irregular_recursion
from translation.nested_calls import has_nested_calls, notice_nested_calls
from translation.replacing import make, undo

driver = JitDriver(
    greens=["way"],
    reds=["depth", "state"],
    is_recursive=True,
    get_printable_location=lambda way: "way %d" % way,
)


def walk(way, depth, state):
    """Calls itself once or twice, as pseudo-random numbers have it."""
    while True:
        driver.jit_merge_point(way=way, depth=depth, state=state)
        if depth > 1000:
            depth -= 1
            driver.can_enter_jit(way=way, depth=depth, state=state)
            continue
        if depth <= 0:
            return state & 1023
        state = (state * 16807) % 2147483647
        choice = (state >> 4) % 4
        if choice == 0:
            return walk(way, depth - 1, state) + 1
        if choice == 1:
            return (walk(way, depth - 2, state + 1) * 3 + walk(way, depth - 1, state)) & 0xFFFF
        if choice == 2:
            return (walk(way, depth - 1, state + 2) - walk(way, depth - 3, state)) & 0xFFFF
        return (walk(way, depth - 2, state) ^ walk(way, depth - 2, state + 5)) & 0xFFFF


def main(turns, deepest):
    set_param(driver, "max_unroll_recursion", deepest)
    set_param(driver, "trace_eagerness", 2)
    result = 0
    for turn in range(turns):
        result = (result * 31 + walk(turn & 1, 9, turn * 7919 + 1)) & 0xFFFFFF
    return result


class TestRecursion(LLJitMixin):
    @pytest.fixture
    def walking(self, monkeypatch):
        """-> Recursion that walk is."""
        walking = Recursion()
        monkeypatch.setattr(irregular_recursion, "recursion_of", lambda greenkey: walking)
        done = make(notice_nested_calls)
        done += make(irregular_recursion.never_inline_irregular_recursion)
        yield walking
        undo(done)

    @pytest.fixture
    def ends(self, monkeypatch):
        """-> list of int, how many long bridges there were at each call that was as deep as is
        allowed, as long as every trace inlines.
        """
        ends = []
        compile_soon = irregular_recursion.compile_soon

        def note(warmstate, greenkey):
            ends.append(irregular_recursion.recursion_of(greenkey).bridges)
            compile_soon(warmstate, greenkey)

        monkeypatch.setattr(irregular_recursion, "compile_soon", note)
        monkeypatch.setattr(irregular_recursion, "LONG", 30)
        return ends

    @pytest.fixture
    def given_up(self, walking, monkeypatch):
        """-> list of JitCellToken, the code that is given up."""
        walking.most_bridges = 4
        tokens = []
        give_up = irregular_recursion.give_up

        def note(metainterp, token):
            tokens.append(token)
            give_up(metainterp, token)

        monkeypatch.setattr(irregular_recursion, "give_up", note)
        return tokens

    def run(self, turns, deepest=7):
        return self.meta_interp(
            main, [turns, deepest], backendopt=True, inline=True, function_threshold=5
        )

    def test_the_code_is_made_anew(self, given_up):
        got, expected = self.run(12), main(12, 7)
        assert got == expected, (got, expected, len(given_up))
        assert given_up
        for token in given_up:
            assert not token.may_inline_recursion

    def test_not_without_the_optimisation(self, given_up, monkeypatch):
        monkeypatch.setattr(optimisations, "irregular_recursion", False)
        got, expected = self.run(12), main(12, 7)
        assert got == expected, (got, expected, len(given_up))
        assert not given_up

    def test_the_first_bridges_inline_as_deep_as_the_first_trace(self, walking, ends):
        walking.bridges_that_inline = 3
        got, expected = self.run(12, 3), main(12, 3)
        assert got == expected, (got, expected, ends)
        assert walking.bridges >= 3, walking.bridges
        assert ends and max(ends) in range(1, 3), ends

    def test_only_the_first_trace_does_without_the_optimisation(self, walking, ends, monkeypatch):
        monkeypatch.setattr(optimisations, "irregular_recursion", False)
        got, expected = self.run(12, 3), main(12, 3)
        assert got == expected, (got, expected)
        assert not ends


class StaticData(object):
    def __init__(self):
        self.globaldata = MetaInterpGlobalData(self)


@pytest.fixture
def nested(monkeypatch):
    """-> (StaticData, function): the function makes a MetaInterp that records nothing but what the
    function does that it is given, and ends with an exception.
    """
    staticdata = StaticData()

    def interpret(self):
        self.work()
        raise KeyError

    def recorder(work):
        made = MetaInterp.__new__(MetaInterp)
        made.staticdata = staticdata
        made.work = work
        return made

    monkeypatch.setattr(MetaInterp, "interpret", interpret)
    done = make(notice_nested_calls)
    yield staticdata, recorder
    undo(done)


def test_a_trace_recorded_within_another_leaves_known_what_the_outer_one_is(nested):
    staticdata, recorder = nested
    seen = []

    def see():
        seen.append((staticdata.globaldata.recorder, has_nested_calls(staticdata)))

    def record_inner():
        outer.has_nested_calls = True
        see()
        with pytest.raises(KeyError):
            inner.interpret()
        see()

    inner, outer = recorder(see), recorder(record_inner)
    with pytest.raises(KeyError):
        outer.interpret()
    assert seen == [(outer, True), (inner, False), (outer, True)]
    assert staticdata.globaldata.recorder is None
    assert not has_nested_calls(staticdata)
