"""These tests take Python 2.7 and RPython; any other pytest says so and leaves them out.

They do without RPython's log of each trace, which takes longer than the traces: PYPYLOG=- or
anything else in that variable has it shown where a test fails.
"""

import os
import sys

import pytest

PYTHON2 = sys.version_info[0] == 2
ELSEWHERE = "takes Python 2.7 and RPython: python3 tools/run_tests.py jit"


class LeftOut(pytest.Module):
    """A file of tests that is named, but not imported."""

    def collect(self):
        raise pytest.skip.Exception(ELSEWHERE, allow_module_level=True)


if not PYTHON2:

    def pytest_pycollect_makemodule(module_path, parent):
        return LeftOut.from_parent(parent, path=module_path)


@pytest.fixture
def correct():
    """A function that makes corrections, all of a module of translation/ or single ones
    ("module.function"), as far as this RPython needs them. They are taken back when the test ends.
    """
    from translation.changes import LeftOut, change
    from translation.corrections import CORRECTIONS
    from translation.replacing import undo

    done = []

    def make(*names):
        chosen = [each for each in CORRECTIONS if {each.name, each.name.split(".")[0]} & set(names)]
        assert chosen
        for correction in chosen:
            try:
                done.extend(change(correction))
            except LeftOut as why:
                assert "does not fit" not in str(why)  # so it is not needed

    yield make
    undo(done)


def leave_out_the_logs():
    """Neither traces nor the operations of RPython's interpreter of graphs become texts."""
    from rpython.jit.metainterp import compile, jitprof, logger, pyjitpl, warmstate
    from rpython.rtyper.llinterp import LLInterpreter

    def no_prints(category="jit"):
        return False

    for module in (compile, jitprof, logger, pyjitpl):
        module.have_debug_prints = no_prints
    warmstate.have_debug_prints_for = no_prints
    make = LLInterpreter.__init__

    def make_without_tracer(self, typer, tracing=False, exc_data_ptr=None):
        make(self, typer, tracing, exc_data_ptr)

    LLInterpreter.__init__ = make_without_tracer


if PYTHON2 and "PYPYLOG" not in os.environ:
    leave_out_the_logs()


@pytest.fixture(autouse=True)
def objects_beside_each_other(monkeypatch):
    """RPython compiles C files of its own tree and of its scratch folder; the VM's are in neither."""
    from rpython.tool.udir import udir
    from rpython.translator.platform import Platform

    def object_file(self, source, ext):
        return udir.join(source.purebasename + "." + ext)

    monkeypatch.setattr(Platform, "_make_o_file", object_file)


def pytest_collection_modifyitems(items):
    """The translation comes last: it changes RPython for good, and other tests want it without some
    of the changes.
    """
    items.sort(key=lambda item: "test_translation" in item.nodeid)
