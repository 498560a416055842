"""How Python ends while programs run: without a word, and without delay."""

from __future__ import annotations

import time

import pytest

from tests.api.samples import only_native, python

DAEMON = """
import os, sys, threading, time, pymdvm
from tests.api.samples import ENDLESS, ENDLESS_PRINTING, FIBONACCI, fresh, program

SLOWLY = 'n:\\nLOAD_CONST r0, "x"\\nDEBUG_PRINT r0\\nLOAD_CONST r1, 30000\\nLOAD_CONST r2, 1\\nm:\\nSUB r1,r1,r2\\nJUMP_IF r1,m\\nJUMP n'
source = {"endless": ENDLESS, "printing": ENDLESS_PRINTING, "printing slowly": SLOWLY}[sys.argv[1]]
running = threading.Event()
def take(text):
    running.set()

def work():
    made = program(source)
    running.set()
    while True:
        made.run(stdout=take)

threading.Thread(target=work, daemon=True).start()
running.wait()
time.sleep(0.2)
"""

ENDS = {
    "returns": ("print('main ends')", 0),
    "exits": ("print('main ends')\nsys.exit(3)", 3),
    "exits at once": ("print('main ends', flush=True)\nos._exit(4)", 4),
    "raises": ("print('main ends')\nraise SystemExit(5)", 5),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("what", ["endless", "printing", "printing slowly"])
def test_a_daemon_thread_runs_when_python_ends(what: str, end: str) -> None:
    text, status = ENDS[end]
    done = python(DAEMON + text, what)
    assert (done.returncode, done.stdout, done.stderr) == (status, "main ends\n", "")


LATE = """
import os, sys
from tests.api.samples import FIBONACCI, program

class Owner:
    def __init__(self):
        self.owned, self.write = program(FIBONACCI), os.write
        self.owned.call("fib", 1)
    def __del__(self):
        try:
            answer = self.owned.call("fib", 10)
        except Exception as error:
            answer = type(error).__name__
        self.write(1, f"{answer}\\n".encode())
sys.modules["late"] = Owner()
"""


@only_native  # the untranslated VM may wait for ever at the end of Python
@pytest.mark.parametrize("pause", ["", "time.sleep(0.2)"])
def test_a_program_is_run_by_a_finalizer_while_a_stopped_thread_has_the_vm(pause: str) -> None:
    """Python has stopped the daemon thread for good, or will when its endless run ends: to wait for
    it would be for ever.
    """
    began = time.monotonic()
    done = python(LATE + DAEMON.replace("time.sleep(0.2)", pause), "endless")
    assert done.returncode == 0, done.stderr
    assert done.stdout in ("EngineError\n", *(() if pause else ("55\n",)))
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("how", ["sys.exit(6)", "os._exit(6)", "raise SystemExit(6)"])
def test_the_output_ends_the_process(how: str) -> None:
    script = f"""
import os, sys, pymdvm
from tests.api.samples import ENDLESS_PRINTING, program
def take(text):
    if text == "5\\n":
        {how}
program(ENDLESS_PRINTING).run(stdout=take)
"""
    done = python(script)
    assert (done.returncode, done.stdout, done.stderr) == (6, "", "")


def test_a_thread_that_ends_in_its_output() -> None:
    script = """
import sys, threading, pymdvm
from tests.api.samples import ENDLESS_PRINTING, FIBONACCI, program
def work():
    program(ENDLESS_PRINTING).run(stdout=lambda text: sys.exit(1))
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(program(FIBONACCI).call("fib", 10))
"""
    done = python(script)
    assert (done.returncode, done.stdout, done.stderr) == (0, "55\n", "")
