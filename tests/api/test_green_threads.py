"""Deadlines where gevent or eventlet has replaced Python's threads, locks and clocks: they hold, and
what other greenlets are amid is as it was.

Each test runs in a process of its own, which is patched before pymdvm is imported.
"""

from __future__ import annotations

import importlib.util

import pytest

from tests.api.samples import only_native, python

pytestmark = only_native

PATCHED = {
    "gevent": """
from gevent import monkey
monkey.patch_all()
import gevent
spawn, wait, sleep = gevent.spawn, (lambda task: task.get()), gevent.sleep
""",
    "eventlet": """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
spawn, wait, sleep = eventlet.spawn, (lambda task: task.wait()), eventlet.sleep
""",
}

SCRIPT = """
import threading, time
import pymdvm
from tests.api.samples import ENDLESS, ENDLESS_PRINTING, FIBONACCI, program

PATIENCE = 0.3
lock, ticks, mine = threading.Lock(), [], threading.local()

def other(name):
    mine.name = name
    for number in range(20):
        with lock:
            ticks.append((name, number))
            sleep(0.005)
        assert mine.name == name
    return name

def ended(run, text, seconds):
    began = time.perf_counter()
    try:
        run()
    except pymdvm.LimitError as error:
        assert str(error).splitlines()[0] == text, str(error)
    else:
        raise AssertionError("it has ended by itself")
    took = time.perf_counter() - began
    assert seconds <= took < seconds + PATIENCE, took

def with_timeout(source, seconds):
    text = f"Timeout: {seconds:g} s"
    ended(lambda: program(source).run(timeout=seconds, stdout=lambda text: None), text, seconds)
    return True

# Others wait for a lock and for the clock while this one computes.
others = [spawn(other, name) for name in "abc"]
sleep(0.01)
for _ in range(3):
    with_timeout(ENDLESS, 0.1)
    sleep(0.01)
    with_timeout(ENDLESS_PRINTING, 0.1)
    assert program(FIBONACCI).call("fib", 10, timeout=10) == 55
assert [wait(task) for task in others] == list("abc")
assert sorted(ticks) == [(name, number) for name in "abc" for number in range(20)]

# In greenlets, and while what takes the output lets others run.
assert all(wait(task) for task in [spawn(with_timeout, ENDLESS, 0.1) for _ in range(3)])
switched = []
def take(text):
    sleep(0.001)
    switched.append(text)
helper = spawn(other, "d")
try:
    program(ENDLESS_PRINTING).run(timeout=0.2, stdout=take)
except pymdvm.LimitError as error:
    assert error.kind == "timeout"
assert len(switched) > 3 and wait(helper) == "d"

# No deadline outlives its run.
assert program(FIBONACCI).call("fib", 12, timeout=0.15) == 144
sleep(0.2)
assert program(FIBONACCI).call("fib", 24) == 46368
handle = pymdvm.RunHandle()
handle.end()
ended(lambda: program(ENDLESS).run(handle=handle), "Ended by its handle", 0)
ended(lambda: program(ENDLESS).run(max_instructions=1000), "Instruction limit exceeded: 1000", 0)
print("done")
"""


@pytest.mark.parametrize("library", PATCHED)
def test_deadlines_under_green_threads(library: str) -> None:
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    ended = python(PATCHED[library] + SCRIPT)
    assert (ended.stdout, ended.returncode) == ("done\n", 0), ended.stderr
