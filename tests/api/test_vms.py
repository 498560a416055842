"""VMs beside the one of the process: in parallel, with their own memory, and what closing one
does.
"""

from __future__ import annotations

import errno
import gc
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

import pymdvm
from pymdvm.engines import private_copy
from tests.api.samples import (
    ENDLESS,
    FIBONACCI,
    IDENTITY,
    IS_NATIVE,
    content,
    ends_of_threads,
    fresh,
    only_native,
    outcomes_by_room,
    program,
    python,
)


@pytest.mark.skipif(IS_NATIVE, reason="the native engine has them")
def test_there_are_none_without_the_library() -> None:
    with pytest.raises(pymdvm.EngineError, match="a VM of its own takes the native engine"):
        pymdvm.VM()


@only_native
def test_programs_of_several_vms() -> None:
    with pymdvm.VM() as first, pymdvm.VM() as second:
        programs = [vm.loads(content(FIBONACCI)) for vm in (first, second)]
        assert [each.call("fib", 20) for each in programs] == [6765, 6765]
        instances = [
            vm.loads(content('.func f\nSTORE_GLOBAL r0, "g"\nRETURN\n')).start()
            for vm in (first, second)
        ]
        for number, instance in enumerate(instances):
            instance.call("f", number)
        assert [each.globals["g"] for each in instances] == [0, 1]
        assert repr(first) == "<pymdvm.VM: open>"
    assert first.closed and second.closed
    assert repr(first) == "<pymdvm.VM: closed>"


@only_native
def test_a_vm_that_could_not_be_made_spoils_none_that_is_made_later() -> None:
    """Wherever it fails: here for lack of room on the Python stack."""

    def result_of_a_new_vm() -> object:
        with pymdvm.VM() as vm:
            return vm.loads(content(IDENTITY)).call("identity", 7)

    content(IDENTITY)
    outcomes = outcomes_by_room(result_of_a_new_vm)
    assert outcomes[-1] == 7
    assert RecursionError in outcomes
    assert all(one in (None, RecursionError, 7) for one in outcomes)


@only_native
def test_a_copy_that_cannot_share_its_pages_spoils_no_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(errno.ENOMEM, "no memory")

    with monkeypatch.context() as changed:
        changed.setattr(private_copy._Sharing, "_map_original", fail)
        with pytest.raises(pymdvm.EngineError, match="there can be no copy of .*no memory"):
            pymdvm.VM()
    for _ in range(3):
        with pymdvm.VM() as vm:
            assert vm.loads(content(IDENTITY)).call("identity", 7) == 7
    del vm
    gc.collect()
    assert _no_copy_is_left()


@only_native
def test_runs_of_several_vms_go_on_at_the_same_time() -> None:
    """One waits for the other, both amid their programs."""
    meeting = threading.Barrier(2, timeout=60)
    asking = 'LOAD_CONST r1, "host"\nCALL r0, r1()\nRETURN r0\n'
    with pymdvm.VM() as first, pymdvm.VM() as second, ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(vm.loads(content(asking)).run, functions={"host": meeting.wait})
            for vm in (first, second)
        ]
        assert {run.result() for run in runs} == {0, 1}


@only_native
def test_a_run_of_one_vm_within_a_run_of_another() -> None:
    asking = '.func main\nLOAD_CONST r1, "host"\nCALL r0, r1(r0)\nRETURN r0\n'
    with pymdvm.VM() as first, pymdvm.VM() as second:
        inner = second.loads(content(FIBONACCI))
        outer = first.loads(content(asking))
        assert outer.run(functions={"host": lambda _: inner.call("fib", 10)}) == 55
        lines: list[str] = []
        printing = first.loads(content('LOAD_CONST r0, "line"\nDEBUG_PRINT r0\n'))
        printing.run(stdout=lambda line: lines.append(f"{line}{inner.call('fib', 7)}"))
        assert lines == ["line\n13"]


@only_native
def test_a_limit_of_memory_holds_for_all_programs_of_a_vm() -> None:
    with pymdvm.VM(max_memory=60_000_000) as vm:
        identity = vm.loads(content(IDENTITY))
        large = [0] * 1_000_000
        assert identity.call("nothing", large) is None
        with pytest.raises(pymdvm.LimitError, match="Out of memory") as caught:
            identity.call("nothing", [0] * 5_000_000)
        assert caught.value.kind == "memory"
        keeping = vm.loads(content('.func f\nSTORE_GLOBAL r0, "g"\nRETURN\n')).start()
        keeping.call("f", [0] * 3_000_000)
        with pytest.raises(pymdvm.LimitError, match="Out of memory"):
            vm.loads(content('.func f\nSTORE_GLOBAL r0, "g"\nRETURN\n')).start().call(
                "f", [0] * 3_000_000
            )
        assert program(IDENTITY).call("nothing", [0] * 5_000_000) is None
        del keeping
        gc.collect()
        assert identity.call("nothing", large) is None


@pytest.mark.parametrize(
    ("value", "error"), [(0, ValueError), (-1, ValueError), ("1", TypeError), (True, TypeError)]
)
def test_a_wrong_limit_of_memory(value: object, error: type[Exception]) -> None:
    with pytest.raises(error, match="max_memory"):
        pymdvm.VM(max_memory=value)  # type: ignore[arg-type]


@only_native
def test_what_is_done_with_a_closed_vm() -> None:
    vm = pymdvm.VM()
    fib = vm.loads(content(FIBONACCI))
    instance = fib.start
    started = vm.loads(content("RETURN")).start()
    function = fib.function("fib")
    handle = pymdvm.RunHandle()
    assert fib.call("fib", 5, handle=handle) == 5
    vm.close()
    vm.close()
    actions: list[Callable[[], object]] = [
        lambda: fib.call("fib", 5),
        lambda: fib.call("fib", 5, max_instructions=10, timeout=5),
        lambda: function(5),
        lambda: fib.content,
        lambda: fib.stats,
        instance,
        lambda: vm.loads(content(FIBONACCI)),
        vm.__enter__,
    ]
    for action in actions:
        with pytest.raises(pymdvm.EngineError, match="this VM is closed"):
            action()
    assert repr(fib) == "<pymdvm.Program: this VM is closed>"  # a log must not fail
    assert repr(started) == "<pymdvm.Instance: this VM is closed>"
    handle.end()


@only_native
def test_without_descriptors_there_is_no_vm_and_the_error_says_so() -> None:
    done = python("""
import resource
import pymdvm
pymdvm.VM().close()  # what is imported then takes descriptors too
most = 3
while True:
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, 256))
    try:
        pymdvm.VM().close()
        break
    except pymdvm.EngineError as error:
        assert "Too many open files" in str(error), error
    most += 1
assert most > 4
print("ok")
""")
    assert (done.returncode, done.stdout, done.stderr) == (0, "ok\n", "")


@only_native
@pytest.mark.parametrize("options", [{}, {"timeout": 60.0}, {"max_instructions": 10**15}])
def test_closing_ends_what_runs_and_what_waits(options: dict[str, Any]) -> None:
    vm = pymdvm.VM()
    endless = vm.loads(content(ENDLESS))
    ends = ends_of_threads(partial(endless.run, **options), vm.close)
    assert ends == ["EngineError", "EngineError", "LimitError"]


@only_native
def test_a_vm_is_not_closed_within_a_run_of_it() -> None:
    with pymdvm.VM() as vm:
        asking = vm.loads(content('LOAD_CONST r1, "host"\nCALL r0, r1()\nRETURN r0\n'))
        with pytest.raises(pymdvm.EngineError, match="must not be used"):
            asking.run(functions={"host": vm.close})
        assert not vm.closed
        assert asking.run(functions={"host": lambda: 5}) == 5


@only_native
def test_a_handle_ends_runs_of_every_vm() -> None:
    handle = pymdvm.RunHandle()
    with pymdvm.VM() as first, pymdvm.VM() as second, ThreadPoolExecutor(2) as pool:
        runs = [
            pool.submit(vm.loads(content(ENDLESS)).run, handle=handle) for vm in (first, second)
        ]
        time.sleep(0.2)
        handle.end()
        for run in runs:
            with pytest.raises(pymdvm.LimitError, match="Ended by its handle"):
                run.result(30)


@only_native
def test_signals_are_heard_while_a_program_runs_in_another_vm() -> None:
    done = python(
        """
import os, signal, threading, time, pymdvm
from tests.api.samples import ENDLESS, FIBONACCI, content
heard = []
signal.signal(signal.SIGUSR1, lambda *_: heard.append(fib.call("fib", 10)))
first, second = pymdvm.VM(), pymdvm.VM()
fib = first.loads(content(FIBONACCI))
endless = second.loads(content(ENDLESS))
def send():
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGUSR1)
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=send).start()
try:
    endless.run(timeout=60)
except KeyboardInterrupt:
    print("interrupted", heard)
print(fib.call("fib", 5))
"""
    )
    assert (done.stdout, done.stderr) == ("interrupted [55]\n5\n", "")


def _own_kilobytes() -> int:
    with open("/proc/self/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private_Dirty"))


@only_native
def test_what_handlers_of_signals_raise_while_vms_are_made_spoils_and_leaves_nothing() -> None:
    """At random moments, in a process of its own: what is raised in a finalizer is printed."""
    done = python(f"""
import random, signal, time
import pymdvm
class Stop(Exception): pass
def stop(*_):
    raise Stop
signal.signal(signal.SIGALRM, stop)
chance = random.Random(1)
stopped = 0
def use():
    with pymdvm.VM() as vm:
        assert vm.loads({content(IDENTITY)!r}).call("identity", 7) == 7
end = time.monotonic() + 5
while time.monotonic() < end:
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, chance.random() * 0.008 + 1e-5)
            use()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Stop:
        stopped += 1
assert stopped > 20
use()
import gc
gc.collect()
with open("/proc/self/maps") as maps:
    left = maps.read().count("memfd:libmdvm")
assert left < stopped / 2, (left, stopped)  # a copy has ten mappings
print("well")
""")
    assert done.stdout == "well\n", done.stderr[-2000:]


def _no_copy_is_left() -> bool:
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        return "memfd:libmdvm" not in maps.read()


@only_native
def test_memory_goes_back() -> None:
    def use() -> int:
        vm = pymdvm.VM()
        keeping = vm.loads(content('.func f\nSTORE_GLOBAL r0, "g"\nRETURN\n')).start()
        keeping.call("f", [0] * 4_000_000)
        used = _own_kilobytes()
        vm.close()
        return used

    use()
    before = _own_kilobytes()
    for _ in range(5):
        assert use() > before + 30_000
    gc.collect()
    assert _own_kilobytes() < before + 3000
    assert _no_copy_is_left()


@only_native
def test_an_idle_vm_takes_little() -> None:
    done = python(
        """
import os, pymdvm
from tests.api.samples import FIBONACCI, content
from tests.api.test_vms import _own_kilobytes
first = pymdvm.VM()
before = _own_kilobytes()
vms = [pymdvm.VM() for _ in range(20)]
print((_own_kilobytes() - before) / 20 < 8000)
copies = [f"/proc/self/fd/{n}" for n in os.listdir("/proc/self/fd")]
copies = [path for path in copies if os.path.exists(path) and "libmdvm" in os.readlink(path)]
print(len(copies), max(os.stat(path).st_blocks * 512 for path in copies) < 50_000)
"""
    )
    assert (done.stdout, done.stderr) == ("True\n21 True\n", "")


@only_native
def test_a_vm_that_nobody_refers_to_goes() -> None:
    done = python(
        """
import gc, pymdvm
from tests.api.samples import FIBONACCI, content
gc.disable()  # it takes no collection
for _ in range(30):
    fib = pymdvm.VM().loads(content(FIBONACCI))
    assert fib.call("fib", 15) == 610
    del fib
print(open("/proc/self/maps").read().count("memfd:libmdvm"))
kept = pymdvm.VM().loads(content(FIBONACCI))  # there until the process ends
"""
    )
    assert (done.stdout, done.stderr, done.returncode) == ("0\n", "", 0)


@only_native
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_forked_child_has_its_vms() -> None:
    done = python(
        """
import os, threading, time, pymdvm
from tests.api.samples import ENDLESS, FIBONACCI, content
closed, open_ = pymdvm.VM(), pymdvm.VM()
fib = open_.loads(content(FIBONACCI))
handle = pymdvm.RunHandle()
endless = open_.loads(content(ENDLESS))
thread = threading.Thread(target=lambda: endless.run(handle=handle, timeout=60), daemon=True)
thread.start()
time.sleep(0.3)
closed.close()
child = os.fork()
if child == 0:
    assert fib.call("fib", 15) == 610
    open_.close()
    closed.close()
    with pymdvm.VM() as vm:
        assert vm.loads(content(FIBONACCI)).call("fib", 15) == 610
    os._exit(7)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
handle.end()
thread.join()
assert fib.call("fib", 15) == 610
open_.close()
print(status)
"""
    )
    assert done.stdout == "7\n", done.stderr


@only_native
def test_threads_that_have_used_a_vm_end_after_it() -> None:
    may_end = threading.Event()
    used = threading.Event()
    vm = pymdvm.VM()
    fib = vm.loads(content(FIBONACCI))

    def work() -> None:
        nonlocal fib
        assert fib.call("fib", 10) == 55
        del fib
        used.set()
        may_end.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    assert used.wait(60)
    vm.close()
    del vm
    gc.collect()
    may_end.set()
    thread.join(60)
    assert fresh(FIBONACCI).call("fib", 10) == 55


@only_native
def test_where_there_are_no_files_in_memory_a_temporary_one_does() -> None:
    done = python(
        """
import os, pymdvm
from tests.api.samples import FIBONACCI, content
def refuse(*_):
    raise OSError(38, "not here")
os.memfd_create = refuse
with pymdvm.VM() as first, pymdvm.VM() as second:
    print([vm.loads(content(FIBONACCI)).call("fib", 10) for vm in (first, second)])
import tempfile
tempfile.tempdir = "/proc"
try:
    pymdvm.VM()
except pymdvm.EngineError as error:
    print(str(error).startswith("there can be no copy of "))
"""
    )
    assert (done.stdout, done.stderr) == ("[55, 55]\nTrue\n", "")
