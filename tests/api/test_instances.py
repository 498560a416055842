"""Instances: global variables that stay, functions that are called again and again, and what a
pickle keeps.
"""

from __future__ import annotations

import gc
import io
import pickle
import sys
from pathlib import Path

import pytest

import pymdvm
from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from pymdvm.bytecode.metadata import FunctionMetadata, Metadata, Position, write_metadata
from tests.api.samples import content, program

BANK = """
.func main
    LOAD_CONST   r0, 100
    STORE_GLOBAL r0, "balance"
    NEW_ARRAY    r1, r9
    RETURN
.func deposit
    LOAD_GLOBAL  r1, "balance"
    ADD          r1, r1, r0
    STORE_GLOBAL r1, "balance"
    RETURN       r1
.func deposit_and_fail
    LOAD_GLOBAL  r1, "balance"
    ADD          r1, r1, r0
    STORE_GLOBAL r1, "balance"
    LOAD_CONST   r2, "x"
    SUB          r0, r0, r2
    RETURN       r0
.func endless
    LOAD_GLOBAL  r1, "balance"
    ADD          r1, r1, r0
    STORE_GLOBAL r1, "balance"
again:
    JUMP         again
.func ask
    LOAD_CONST   r3, "host"
    CALL         r0, r3(r0)
    LOAD_GLOBAL  r0, "balance"
    RETURN       r0
.func keep
    STORE_GLOBAL r0, "history"
    RETURN
""".replace("    NEW_ARRAY    r1, r9\n", "")


@pytest.fixture(name="bank")
def make_bank() -> pymdvm.Instance:
    return program(BANK).start()


def test_calls_go_on_with_the_global_variables(bank: pymdvm.Instance) -> None:
    assert bank.call("deposit", 5) == 105
    assert bank.call("deposit", 5) == 110
    assert bank.program.start().call("deposit", 1) == 101
    assert bank.globals["balance"] == 110
    with pytest.raises(pymdvm.RunError):
        bank.program.call("deposit", 1)  # the program by itself has kept nothing


def test_global_variables_are_read_and_set(bank: pymdvm.Instance) -> None:
    assert dict(bank.globals) == {"balance": 100, "history": None}
    bank.globals["balance"] = 7.5
    assert bank.call("deposit", 1) == 8.5
    history = [{"n": 1, "ok": True}, [1, 2], "text"]
    bank.globals["history"] = history
    assert bank.globals["history"] == history
    assert bank.globals["history"] is not history
    bank.globals = {"balance": 1, "history": 2**40}
    assert list(bank.globals.items()) == [("balance", 1), ("history", 2**40)]
    del bank.globals["history"]
    assert bank.globals["history"] is None
    assert len(bank.globals) == 2
    assert repr(bank.globals) == "{'balance': 1, 'history': None}"


@pytest.mark.parametrize("name", ["nothing", "", "\ud800", "deposit"])
def test_there_are_only_those_that_the_program_names(bank: pymdvm.Instance, name: str) -> None:
    assert name not in bank.globals
    with pytest.raises(KeyError):
        bank.globals[name]
    with pytest.raises(KeyError, match="the program has no global variable"):
        bank.globals[name] = 1


def test_values_that_no_program_can_have(bank: pymdvm.Instance) -> None:
    with pytest.raises(TypeError, match="a value of type set cannot be given to a program, at "):
        bank.globals["balance"] = [{1}]
    with pytest.raises(ValueError, match="surrogate"):
        bank.globals["balance"] = ["\ud800"]
    assert bank.globals["balance"] == 100


def test_a_failed_call_leaves_what_it_has_stored(bank: pymdvm.Instance) -> None:
    with pytest.raises(pymdvm.RunError):
        bank.call("deposit_and_fail", 5)
    assert bank.globals["balance"] == 105
    with pytest.raises(pymdvm.LimitError):
        bank.call("endless", 5, timeout=0.05)
    with pytest.raises(pymdvm.LimitError):
        bank.call("endless", 5, max_instructions=1000)
    assert bank.call("deposit", 0) == 115


def test_a_function_of_the_host_may_use_the_instance_that_calls_it(bank: pymdvm.Instance) -> None:
    def host(amount: int) -> None:
        assert bank.call("deposit", amount) == 105
        bank.globals["balance"] += 1
        assert bank.program.start().globals["balance"] == 100

    assert bank.call("ask", 5, functions={"host": host}) == 106
    assert bank.globals["balance"] == 106


def test_what_start_and_its_program_print() -> None:
    printing = program('.func main\nLOAD_CONST r0, "begun"\nDEBUG_PRINT r0\nRETURN\n')
    stream = io.StringIO()
    instance = printing.start(stdout=stream)
    assert stream.getvalue() == "begun\n"
    instance.run(stdout=stream)
    assert stream.getvalue() == "begun\nbegun\n"
    assert printing.stats.runs == 2


def test_instances_go_and_outlive_the_name_of_their_program() -> None:
    for turn in range(50):
        instance = program(BANK).start()
        gc.collect()
        assert instance.call("deposit", turn) == 100 + turn


def test_a_program_that_fails_at_its_start() -> None:
    with pytest.raises(pymdvm.RunError):
        program(
            ".func main\nLOAD_GLOBAL r0, 'x'\nADD r0, r0, r0\nRETURN\n".replace("'", '"')
        ).start()


def test_functions_that_are_called_again_and_again(bank: pymdvm.Instance) -> None:
    deposit = bank.function("deposit")
    assert (deposit(1), deposit(2)) == (101, 103)
    area = program(".func area\nMUL r0, r0, r1\nRETURN r0\n").function("area")
    assert isinstance(area, pymdvm.Function)
    assert area(6, 7) == 42
    assert area(1.5, 2, max_instructions=10) == 3.0
    assert area == pymdvm.Function("area")
    with pytest.raises(ValueError, match="at most 255 arguments"):
        area(*range(256))
    for owner in (bank, bank.program):
        with pytest.raises(pymdvm.RunError, match="Undefined function: nothing"):
            owner.function("nothing")


def test_a_pickle_keeps_the_places_in_the_source(tmp_path: Path) -> None:
    data = content('.func main\nLOAD_GLOBAL r0, "y"\nADD r0, r0, r0\nRETURN r0\n')
    function = FunctionMetadata("main", 0, 3, (), ())
    metadata = Metadata("source.md", (function,), (Position(0, 1, 1), Position(1, 2, 5)))
    path = tmp_path / "program.mdbc"
    path.write_bytes(data)
    path.with_suffix(".mdbm").write_bytes(write_metadata(metadata, data))
    loaded = pymdvm.load(path)
    with pytest.raises(pymdvm.RunError) as caught:
        loaded.run()
    expected = loaded.describe(caught.value)
    assert expected == ["  at main (source.md:2:5)"]
    copied = pickle.loads(pickle.dumps(loaded))
    path.unlink()
    assert copied.describe(caught.value) == expected


def test_output_goes_where_python_prints(capsys: pytest.CaptureFixture[str]) -> None:
    printing = pymdvm.loads(write(assemble('LOAD_CONST r0, "seen"\nDEBUG_PRINT r0\n')))
    printing.run(stdout=sys.stdout)
    assert capsys.readouterr().out == "seen\n"


def test_types_are_exported() -> None:
    for name in pymdvm.__all__:
        assert getattr(pymdvm, name) is not None
    assert pymdvm.loads(content(BANK)).start().version == 1
