"""Live ranges behave as the sets of places that they stand for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pymdvm.compiler.registers.live_range import LiveRange

place_sets = st.sets(st.integers(0, 30))


def live_range(places: set[int]) -> LiveRange:
    made = LiveRange()
    for place in places:
        made.add(place, place + 1)
    return made


def places_of(made: LiveRange) -> set[int]:
    return {place for start, end in zip(made.starts, made.ends) for place in range(start, end)}


@given(place_sets)
def test_segments_that_touch_are_one(places: set[int]) -> None:
    made = live_range(places)
    assert places_of(made) == places
    assert all(end < start for end, start in zip(made.ends, made.starts[1:]))
    assert made.size() == len(places)


@given(place_sets, place_sets)
def test_meeting_and_uniting(left: set[int], right: set[int]) -> None:
    assert live_range(left).meets(live_range(right)) == bool(left & right)
    right -= left
    united = live_range(left)
    united.unite(live_range(right))
    assert places_of(united) == left | right


@given(place_sets, st.sets(st.integers(0, 14)))
def test_crossing_a_call(places: set[int], calls: set[int]) -> None:
    reads = sorted(2 * call for call in calls)
    assert live_range(places).crosses_any(reads) == any(
        read in places and read + 1 in places for read in reads
    )
