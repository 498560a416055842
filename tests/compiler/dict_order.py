"""Comparing with the published VM, which keeps the entries of a dict in no order."""

from __future__ import annotations

from pymdvm.bytecode.codec import read
from tests.differential.debug_form import with_sorted_entries
from tests.differential.outcome import Outcome

_ORDER_SHOWS = {"DICT_KEYS", "DICT_VALUES", "CAST", "CONCAT_STR"}


def sorted_entries(outcome: Outcome) -> Outcome:
    """The outcome with the entries of printed dicts in one order."""
    lines = [with_sorted_entries(line) for line in outcome.stdout.split("\n")]
    return Outcome("\n".join(lines), outcome.ending, outcome.detail)


def order_decides(bytecode: bytes) -> bool:
    """Whether the order of a dict's entries can decide what the program does."""
    return any(instruction.name in _ORDER_SHOWS for instruction in read(bytecode).instructions)
