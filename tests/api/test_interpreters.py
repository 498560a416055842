"""One VM for the whole process: copies of the package, and other interpreters, share it."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from tests.api.samples import IS_NATIVE, python

REIMPORT = """
import sys, threading, pymdvm
from tests.api.samples import ENDLESS, ENDLESS_PRINTING, FIBONACCI, program

def forget():
    kept = {}
    for name in [name for name in sys.modules if name.partition(".")[0] in names]:
        kept[name] = sys.modules.pop(name)
    return kept

names = sys.argv[1].split()
class Copy:
    def __init__(self):
        self.loads, self.LimitError, self.EngineError = pymdvm.loads, pymdvm.LimitError, pymdvm.EngineError

first = program(FIBONACCI)
content, printing = first.content, program(ENDLESS_PRINTING)
answers = [first.call("fib", 15)]
copies = [Copy()]
for _ in range(5):
    forget()
    import pymdvm
    copies.append(Copy())
programs = [first] + [copy.loads(content) for copy in copies]
assert len({id(copy.EngineError) for copy in copies}) == 6
answers += [each.call("fib", 15) for each in programs * 3]

# Output goes where the run wants it, whichever copy was imported last.
lines = []
try:
    printing.run(stdout=lines.append, max_instructions=10)
except copies[0].LimitError:
    pass
answers.append(610 if "".join(lines).startswith("0\\n1\\n") else lines)

# All at once.
def work(each):
    answers.extend(each.call("fib", 15) for _ in range(20))
threads = [threading.Thread(target=work, args=[each]) for each in programs]
for thread in threads: thread.start()
for thread in threads: thread.join()

# Each keeps its own programs, and forgets them.
del programs, first, threads
answers += [copy.loads(content).call("fib", 15) for copy in copies]

# A copy that is used in another's output says so.
try:
    printing.run(stdout=lambda text: copies[1].loads(content))
except copies[1].EngineError:
    answers.append(610)
answers.append(copies[1].loads(content).call("fib", 15))
print(len(answers), set(answers))
"""


@pytest.mark.parametrize("names", ["pymdvm", "pymdvm mdvm"])
def test_the_package_imported_anew(names: str) -> None:
    if names == "pymdvm mdvm" and not IS_NATIVE:
        pytest.skip("then it is another VM, which knows nothing of the first")
    done = python(REIMPORT, names)
    assert (done.returncode, done.stdout, done.stderr) == (0, "171 {610}\n", "")


# What runs in another interpreter. It finds the modules where this one does, and the content of a
# program in `content`.
INSIDE = """
import sys
sys.path[:0] = {path!r}
answers = []
try:
    import pymdvm
    program = pymdvm.loads({content!r})
    answers.append(program.call("fib", 15))
    lines = []
    endless = pymdvm.loads({printing!r})
    try:
        endless.run(stdout=lines.append, max_instructions=10)
    except pymdvm.LimitError as error:
        answers.append("limit" if lines[0].strip() == "0" else lines)
    try:
        endless.run(stdout=lambda text: None, timeout=0.05)
    except pymdvm.LimitError as error:
        answers.append(error.kind)
except Exception as error:
    answers = [type(error).__name__]
import os
os.write({descriptor}, (repr(answers) + chr(10)).encode())
"""

INTERPRETERS = """
import os, sys, threading, pymdvm
from tests.api.samples import ENDLESS_PRINTING, FIBONACCI, program
kind, times = sys.argv[1], int(sys.argv[2])
inside = INSIDE.format(path=sys.path, content=program(FIBONACCI).content, printing=program(ENDLESS_PRINTING).content, descriptor=1)
if sys.version_info >= (3, 13):
    import _interpreters as interpreters
    create = lambda: interpreters.create("legacy" if kind == "legacy" else "isolated")
elif sys.version_info >= (3, 12):
    import _xxsubinterpreters as interpreters
    create = lambda: interpreters.create(isolated=kind == "isolated")
else:
    import _xxsubinterpreters as interpreters
    create = lambda: interpreters.create(isolated=kind == "isolated")
fibonacci = program(FIBONACCI)
def work():
    interpreter = create()
    (interpreters.exec if sys.version_info >= (3, 13) else interpreters.run_string)(interpreter, inside)
    interpreters.destroy(interpreter)
threads = [threading.Thread(target=work) for _ in range(times)]
for thread in threads: thread.start()
mine = {fibonacci.call("fib", 15) for _ in range(200)}
for thread in threads: thread.join()
work()
print(mine, fibonacci.call("fib", 15))
"""

WORKS = "[610, 'limit', 'timeout']"


@pytest.mark.skipif(
    importlib.util.find_spec("_interpreters") is None
    and importlib.util.find_spec("_xxsubinterpreters") is None,
    reason="this Python has no other interpreters",
)
@pytest.mark.parametrize("kind", ["legacy", "isolated"])
def test_other_interpreters(kind: str) -> None:
    """Each works, or is an EngineError where ctypes does not support it."""
    done = python(f"INSIDE = {INSIDE!r}\n{INTERPRETERS}", kind, "3")
    assert done.returncode == 0, done.stderr
    *inside, outside = done.stdout.splitlines()
    assert outside == "{610} 610"
    assert len(inside) == 4
    assert set(inside) <= {WORKS, "['EngineError']"}
    if kind == "legacy":
        assert set(inside) == {WORKS}


INTERPRETER_FIRST = """
import sys
INSIDE = f"import sys; sys.path[:0] = {sys.path!r}; import pymdvm; pymdvm.engine_name()"
if sys.version_info >= (3, 13):
    import _interpreters as interpreters
    interpreters.exec(interpreters.create("legacy"), INSIDE)
else:
    import _xxsubinterpreters as interpreters
    interpreters.run_string(interpreters.create(), INSIDE)
import os, signal, threading
from tests.api.samples import ENDLESS, program
threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    program(ENDLESS).run(timeout=20)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="older ones have no such interpreters that work with threads"
)
@pytest.mark.skipif(not IS_NATIVE, reason="each interpreter has its own untranslated VM")
def test_an_interpreter_that_starts_the_vm_is_not_the_one_that_hears_signals() -> None:
    done = python(INTERPRETER_FIRST)
    assert (done.returncode, done.stdout) == (0, "interrupted\n"), done.stderr
