"""Journals: a run that is stopped, stored, and gone on with; and runs that are not the same."""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import pymdvm
from tests.api.samples import TOP, program

# Adds up what `ask` gives for 1, 2, 3 and prints each.
ADDING = """
.func add
    LOAD_CONST   r1, 0
    LOAD_CONST   r2, 1
    LOAD_CONST   r3, 1
    LOAD_CONST   r4, "ask"
next:
    CALL         r5, r4(r2)
    DEBUG_PRINT  r5
    ADD          r1, r1, r5
    ADD          r2, r2, r3
    LTE          r6, r2, r0
    JUMP_IF      r6, next
    RETURN       r1
"""


class NotYet(Exception):
    """The one who is asked has not answered."""


class Person:
    """Answers 10 times the number, up to one, and remembers what was asked."""

    def __init__(self, most: int = 100) -> None:
        self.most = most
        self.asked: list[int] = []

    def __call__(self, number: int) -> int:
        if number > self.most:
            raise NotYet
        self.asked.append(number)
        return 10 * number


def stopped(most: int = 2) -> tuple[pymdvm.Journal, list[str]]:
    """The journal of a run that has come to that many answers, and what it has printed."""
    journal = pymdvm.Journal()
    lines: list[str] = []
    with pytest.raises(NotYet):
        program(ADDING).call(
            "add", 3, functions={"ask": Person(most)}, journal=journal, stdout=lines.append
        )
    return journal, lines


def test_a_run_goes_on_where_it_was() -> None:
    journal, lines = stopped()
    assert (journal.calls, lines) == (2, ["10\n", "20\n"])
    data = journal.to_bytes()
    again = pymdvm.Journal.from_bytes(data)
    assert again.to_bytes() == data
    person = Person()
    result = program(ADDING).call(
        "add", 3, functions={"ask": person}, journal=again, stdout=lines.append
    )
    assert result == 60
    assert person.asked == [3]
    assert lines == ["10\n", "20\n", "30\n"]  # nothing is printed twice
    # A journal that is whole calls nothing.
    assert program(ADDING).call("add", 3, functions={"ask": Person(0)}, journal=again) == 60
    assert repr(again) == "<pymdvm.Journal: 3 calls>"
    assert not again.is_replaying


def test_other_functions_beside_it_and_in_another_order() -> None:
    journal, _ = stopped()
    functions = {"other": Person(), "ask": Person()}
    assert program(ADDING).call("add", 3, functions=functions, journal=journal) == 60


@pytest.mark.parametrize(
    "value", [None, True, 2**63 - 1, 0.1, "\u00e9\n", [1, "x", None], {"a": [{}]}, [0.5, 1.5]]
)
def test_any_value(value: Any) -> None:
    asking = program('.func f\nLOAD_CONST r1, "ask"\nCALL r0, r1(r0)\nRETURN r0\n')
    journal = pymdvm.Journal()
    assert asking.call("f", value, functions={"ask": lambda given: [given]}, journal=journal) == [
        value
    ]
    again = pymdvm.Journal.from_bytes(journal.to_bytes())
    assert asking.call("f", value, functions={"ask": Person()}, journal=again) == [value]


def test_the_same_run_gives_the_same_bytes() -> None:
    assert stopped()[0].to_bytes() == stopped()[0].to_bytes()


def test_runs_that_are_not_the_same() -> None:
    journal, _ = stopped()
    functions = {"ask": Person()}
    with pytest.raises(pymdvm.JournalError, match="the journal is of another program"):
        program(f'.name "other"\n{ADDING}').call("add", 3, functions=functions, journal=journal)
    with pytest.raises(pymdvm.JournalError, match="of another function or other arguments"):
        program(ADDING).call("add", 4, functions=functions, journal=journal)
    with pytest.raises(pymdvm.JournalError, match="of another function or other arguments"):
        program(ADDING).run(functions=functions, journal=journal)


def test_calls_that_are_not_the_same() -> None:
    state = program(
        """
.func main
    RETURN
.func f
    LOAD_GLOBAL  r1, "name"
    LOAD_GLOBAL  r2, "value"
    CALL         r0, r1(r2, r0)
    RETURN       r0
"""
    ).start()
    functions = {"ask": lambda *_: 1, "tell": lambda *_: 2}
    journal = pymdvm.Journal()
    state.globals = {"name": "ask", "value": "tea"}
    assert state.call("f", 5, functions=functions, journal=journal) == 1
    state.globals = {"name": "ask", "value": "milk" * 50}
    with pytest.raises(pymdvm.JournalError) as caught:
        state.call("f", 5, functions=functions, journal=journal)
    assert str(caught.value).startswith("call 1 of the run was ask('tea', 5), and is ask('milkmilk")
    assert str(caught.value).endswith("..., 5) now")
    state.globals = {"name": "tell", "value": "tea"}
    with pytest.raises(pymdvm.JournalError, match=r"was ask\('tea', 5\), and is tell\('tea', 5\)"):
        state.call("f", 5, functions=functions, journal=journal)


def test_a_run_that_ends_before_its_journal() -> None:
    source = """
.func main
    RETURN
.func f
    LOAD_GLOBAL  r1, "silent"
    JUMP_IF      r1, over
    LOAD_CONST   r1, "ask"
    CALL         r0, r1()
over:
    RETURN       r0
"""
    state = program(source).start()
    journal = pymdvm.Journal()
    state.call("f", functions={"ask": lambda: 1}, journal=journal)
    state.globals["silent"] = True
    with pytest.raises(pymdvm.JournalError, match="after 0 calls, of which its journal has 1"):
        state.call("f", functions={"ask": lambda: 1}, journal=journal)


def test_a_limit_of_a_run_leaves_its_journal() -> None:
    journal, _ = stopped()
    with pytest.raises(pymdvm.LimitError):
        program(ADDING).call(
            "add", 3, functions={"ask": Person()}, journal=journal, max_instructions=10
        )
    assert program(ADDING).call("add", 3, functions={"ask": Person()}, journal=journal) == 60


def test_one_run_at_a_time() -> None:
    journal = pymdvm.Journal()
    asking = program('LOAD_CONST r1, "ask"\nCALL r0, r1()\nRETURN r0\n')

    def ask() -> None:
        asking.run(functions={"ask": ask}, journal=journal)

    with pytest.raises(pymdvm.JournalError, match="in use by another run"):
        asking.run(functions={"ask": ask}, journal=journal)


def test_a_coroutine_is_recorded() -> None:
    async def ask(number: int) -> int:
        await asyncio.sleep(0)
        return number

    async def work() -> None:
        journal = pymdvm.Journal()
        for function in (ask, Person(0)):
            assert (
                await program(ADDING).acall(
                    "add", 3, functions={"ask": function}, journal=journal, stdout=str
                )
                == 6
            )

    asyncio.run(asyncio.wait_for(work(), 60))


def test_bytes_that_are_no_journal() -> None:
    data = stopped()[0].to_bytes()
    for wrong in (b"", b"MDVMJRN", b"nonsense" * 100):
        with pytest.raises(pymdvm.JournalError, match="these bytes are no journal"):
            pymdvm.Journal.from_bytes(wrong)
    with pytest.raises(pymdvm.JournalError, match="the journal has version 2 of the format, and 1"):
        pymdvm.Journal.from_bytes(data[:8] + b"\2\0\0\0" + data[12:])
    for end in range(8, len(data)):
        with pytest.raises(pymdvm.JournalError):
            pymdvm.Journal.from_bytes(data[:end])
    for place in range(12, len(data)):
        with pytest.raises(pymdvm.JournalError, match="damaged"):
            pymdvm.Journal.from_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


def test_what_is_no_journal() -> None:
    with pytest.raises(TypeError, match="journal must be a Journal, not bytes"):
        program(ADDING).run(journal=b"")  # type: ignore[arg-type]


def test_the_example_with_a_database(tmp_path: Path) -> None:
    def run(*arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, str(TOP / "examples" / "approvals.py"), *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(TOP), "PYTHONWARNINGS": "ignore"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == status
        return done.stdout + done.stderr

    assert run("start", "300") == "Approval is needed\nrequest 1 waits for: manager\n"
    assert run("go") == "request 1 waits for: manager\n"
    assert run("answer", "1", "manager", "yes") == ""
    assert run("go") == "Granted\nrequest 1 has ended with True\n"
    assert run("go") == ""
    for wrong in ((), ("start",), ("start", "much"), ("answer", "1"), ("stop",)):
        text = run(*wrong, status=1)
        assert "examples/approvals.py start 300" in text and "Traceback" not in text


def test_a_journal_is_pickled_as_its_bytes() -> None:
    journal, _ = stopped()
    copied = pickle.loads(pickle.dumps(journal))
    lines: list[str] = []
    assert copied.to_bytes() == journal.to_bytes()
    result = program(ADDING).call(
        "add", 3, functions={"ask": Person()}, journal=copied, stdout=lines.append
    )
    assert (result, lines) == (60, ["30\n"])
