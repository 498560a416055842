"""Damaged files from fixed seeds, one after the other in one embedded VM; `python3 -m tests.fuzz
damage` tries any others.
"""

from __future__ import annotations

import pytest

from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from tests.amounts import RANDOM_PROGRAMS

from .damage import ANYTHING, DamageCampaign, damaged, is_right, judged
from .messages import LIMIT, LOAD_ERROR, VALUE, Outcome
from .runner import CRASH, HANG, Subject

SEED = "ci"
# Each of them is a test of its own, so that they spread over the processors.
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("built")
def test_damaged_files(part: int) -> None:
    campaign = DamageCampaign(Subject())
    numbers = range(part, RANDOM_PROGRAMS, PARTS)
    findings = [finding.report() for finding in campaign.run(SEED, numbers)]
    assert not findings, "\n\n".join(findings[:5])
    # Damage that always keeps a file from loading would try only one half of the VM.
    assert campaign.files // 3 < campaign.loaded < campaign.files * 9 // 10
    assert campaign.judged > campaign.files * 9 // 10


def test_a_seed_always_gives_the_same_file() -> None:
    assert [damaged("a", number) for number in range(50)] == [
        damaged("a", number) for number in range(50)
    ]
    assert damaged("a", 1) != damaged("b", 1)


def test_what_is_right() -> None:
    refused = Outcome(LOAD_ERROR, error="Unexpected EOF")
    assert is_right(refused, refused)
    assert not is_right(refused, Outcome(LOAD_ERROR, error="Invalid offset"))
    assert not is_right(Outcome(VALUE, "Int(1)"), Outcome(VALUE, "Int(2)"))
    assert is_right(None, Outcome(LIMIT, error="Instruction limit exceeded: 5"))
    for wrong in (Outcome(LIMIT, error="Timeout: 5 s"), Outcome(CRASH), Outcome(HANG), refused):
        assert not is_right(None, wrong)
        assert is_right(ANYTHING, wrong) == (wrong is refused)


def test_each_version_is_judged_by_its_own_contract() -> None:
    file = write(assemble("DICT_NEW r0\nLOAD_CONST r1, 5\nDICT_SET r0, r1, r1\nRETURN r1"))
    refused = judged(file)
    assert refused is not None
    assert refused.error == "Type mismatch: expected string key, found int"
    assert judged(file[:4] + b"\2\0\0\0" + file[8:]) == Outcome(VALUE, "Int(5)", count=4)
