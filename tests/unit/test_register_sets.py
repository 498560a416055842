"""Register sets against Python's own sets."""

from hypothesis import given
from hypothesis import strategies as st

from mdvm.analysis.register_sets import RegisterSets

SETS = 3
LIMITS = (1, 2, 31, 32, 33, 64, 65, 200, 256)


class Pair(object):
    """Sets and their model."""

    def __init__(self, limit):
        self.sets = RegisterSets(SETS, limit)
        self.model = [set() for _ in range(SETS)]

    def check(self):
        for which in range(SETS):
            assert self.sets.members(which) == sorted(self.model[which])


steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "clear", "unite", "assign"]),
        st.integers(0, SETS - 1),
        st.integers(0, SETS - 1),
        st.integers(0, 255),
        st.integers(0, 300),
    ),
    max_size=30,
)


@given(st.sampled_from(LIMITS), steps)
def test_any_operations(limit, operations):
    pair = Pair(limit)
    other = Pair(limit)
    for register in range(0, limit, 7):
        other.sets.add(register % SETS, register)
        other.model[register % SETS].add(register)
    for name, which, source, register, first in operations:
        register %= limit
        before = set(pair.model[which])
        if name == "add":
            pair.sets.add(which, register)
            pair.model[which].add(register)
        elif name == "remove":
            pair.sets.remove(which, register)
            pair.model[which].discard(register)
        elif name == "clear":
            pair.sets.clear(which)
            pair.model[which].clear()
        elif name == "unite":
            changed = pair.sets.unite(which, other.sets, source, first)
            pair.model[which] |= set(member for member in other.model[source] if member >= first)
            assert changed == (pair.model[which] != before)
        else:
            changed = pair.sets.assign(which, other.sets, source)
            pair.model[which] = set(other.model[source])
            assert changed == (pair.model[which] != before)
        pair.check()
    other.check()


def test_a_set_of_its_own_can_be_united_with_another_of_the_same():
    sets = RegisterSets(2, 100)
    sets.add(0, 5)
    sets.add(0, 99)
    assert sets.unite(1, sets, 0, 6)
    assert sets.members(1) == [99]
    assert not sets.unite(1, sets, 0, 6)


def test_registers_beyond_the_limit_are_in_no_set():
    sets = RegisterSets(2, 10)
    sets.add(1, 9)
    assert sets.contains(1, 9)
    assert not sets.contains(0, 9)
    assert not sets.contains(1, 255)
    assert not sets.contains(0, 32)
