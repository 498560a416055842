"""Every deliberate difference, proved on both VMs; and nothing else is forgiven."""

from __future__ import annotations

import pytest

from .comparison import Comparison
from .differences import EXAMPLES, Difference, not_comparable
from .outcome import PLAIN, RUNTIME_ERROR, VALUE, Outcome
from .source import line, load, write_file


@pytest.mark.parametrize("difference", EXAMPLES, ids=lambda difference: difference.name)
def test_both_answers_are_the_stated_ones(comparison: Comparison, difference: Difference) -> None:
    path = write_file(comparison.folder, "example", difference.example)
    wheel = comparison.oracle.run(path)
    assert difference.on_wheel(wheel), wheel.show()
    assert comparison.subject.run(path) == difference.on_mdvm


def test_an_ordinary_answer_is_not_set_aside() -> None:
    assert not not_comparable(Outcome("", VALUE, "Int(1)"))
    assert not not_comparable(Outcome("", RUNTIME_ERROR, "Integer overflow"))


def test_a_wrong_answer_is_a_mismatch(comparison: Comparison) -> None:
    """The machinery itself: an answer that is not the wheel's must be reported, not forgiven."""
    items = [
        load(0, 1),
        load(1, "a"),
        line("DICT_NEW", 2),
        line("DICT_SET", 2, 1, 0),
        line("RETURN", 2),
    ]
    path = write_file(comparison.folder, "wrong", items)
    right = comparison.oracle.run(path)
    assert right == Outcome("", VALUE, "{'a': Int(1)}")
    for wrong in (
        Outcome("", VALUE, "{'a': Float(0x1p+0)}"),
        Outcome("\n", VALUE, right.detail),
        Outcome("", RUNTIME_ERROR, ""),
    ):
        assert not comparison.agree(path, items, right, wrong, PLAIN)
    assert comparison.agree(path, items, right, right, PLAIN)
