"""Parallel copies one after the other do what they do at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pymdvm.compiler.registers.copies import sequence_copies

SPARE = -1

places = st.integers(0, 9)
parallel_copies = st.dictionaries(places, places).map(lambda copies: list(copies.items()))


def done(copies: list[tuple[int, int]]) -> dict[int, object]:
    """What each place holds after copies one after the other; before, each holds its own number as
    a text.
    """
    held: dict[int, object] = {place: str(place) for place in range(10)}
    for target, source in copies:
        held[target] = held[source]
    held.pop(SPARE, None)
    return held


@given(parallel_copies)
def test_every_target_gets_what_its_source_held_before(copies: list[tuple[int, int]]) -> None:
    wanted = {place: str(place) for place in range(10)}
    wanted.update((target, str(source)) for target, source in copies)
    assert done(sequence_copies(copies, lambda: SPARE)) == wanted


@given(parallel_copies)
def test_no_copy_too_many(copies: list[tuple[int, int]]) -> None:
    needed = [(target, source) for target, source in copies if target != source]
    circles = sum(1 for target, _ in sequence_copies(copies, lambda: SPARE) if target == SPARE)
    assert len(sequence_copies(copies, lambda: SPARE)) == len(needed) + circles
    assert circles <= len(needed) // 2


def test_the_spare_place_is_only_asked_for_where_there_is_a_circle() -> None:
    def never() -> int:
        raise AssertionError

    assert sequence_copies([(1, 0), (2, 1), (3, 1)], never)[-1] == (1, 0)


def test_a_swap() -> None:
    assert sequence_copies([(0, 1), (1, 0)], lambda: SPARE) == [(SPARE, 0), (0, 1), (1, SPARE)]
