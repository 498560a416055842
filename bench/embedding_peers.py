"""What it costs to run programs of others inside Python: mdvm beside wasmtime, Lua, QuickJS, V8 and
Monty, as far as they are installed for this Python.

    python3 -m bench.embedding --peers [--keep]

Each is measured in a process of its own. Times are what the clock says, the
best of many rounds, so that other work on the machine counts little.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import Any

from bench.report import table
from bench.workshop import TOP

TITLE = "## Inside Python, beside others"

RECORDS = [
    {"id": n, "name": f"name {n}", "score": n * 0.25, "ok": n % 2 == 0, "tag": None}
    for n in range(4000)
]
FLOATS = [n * 0.5 for n in range(100_000)]
TEXTS = [f"item {n}" for n in range(20_000)]
BOOLS = [n % 3 == 0 for n in range(20_000)]
LIMIT = 0.1  # seconds
MEMORY = 64 << 20  # bytes that a program may have
NEIGHBOURS = 8
FIB = 27


class Peer:
    """One way to run programs in Python.  Each method gives what is to be measured, or None where
    there is no such thing.

    name: for the table
    idle: how many VMs are made to see what one takes
    """

    name = ""
    idle = 100

    def identity(self) -> Callable[[Any], Any]:
        """A function of a program that gives back what it is given: an int at least."""
        raise NotImplementedError

    def values(self) -> Callable[[Any], Any] | None:
        """The same for values of all kinds."""
        return self.identity()

    def start(self) -> Callable[[], object] | None:
        """What makes a new VM, with a function that has been called once."""
        return None

    def endless(self) -> Callable[[], object] | None:
        """A program without an end, with the limit of time: ends with an exception."""
        return None

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]] | None:
        """A VM's program that takes memory for ever, with the limit of MEMORY: ends with an
        exception; and what gives back a value in the same VM.
        """
        return None

    def work(self) -> Callable[[], object] | None:
        """A new VM's call of fib(FIB), which may go on beside others."""
        return None

    def neighbour(self) -> Callable[[], object] | None:
        """A new VM's program without an end, which goes on beside others."""
        return None


class Mdvm(Peer):
    name = "mdvm"
    SOURCE = """
.func identity
    RETURN       r0
.func endless
again:
    JUMP         again
.func hog
    LOAD_CONST   r1, 2
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 1
next:
    NEW_ARRAY    r5, r1
    ARRAY_SET    r5, r2, r0
    ARRAY_SET    r5, r3, r1
    MOVE         r0, r5
    JUMP         next
.func fib
    LOAD_CONST   r1, 2
    LT           r2, r0, r1
    JUMP_IF      r2, small
    LOAD_CONST   r3, 1
    LOAD_CONST   r4, "fib"
    SUB          r5, r0, r3
    CALL         r6, r4(r5)
    SUB          r5, r0, r1
    CALL         r7, r4(r5)
    ADD          r0, r6, r7
small:
    RETURN       r0
"""

    def __init__(self) -> None:
        import pymdvm
        from pymdvm.assembler import assemble
        from pymdvm.bytecode import write

        self.package = pymdvm
        self.content = write(assemble(self.SOURCE))
        self.program = pymdvm.loads(self.content)

    def identity(self) -> Callable[[Any], Any]:
        return self.program.function("identity")

    def start(self) -> Callable[[], object]:
        def start() -> object:
            program = self.package.VM().loads(self.content)
            program.call("identity", 1)
            return program

        return start

    def endless(self) -> Callable[[], object]:
        return lambda: self.program.call("endless", timeout=LIMIT)

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        program = self.package.VM(max_memory=MEMORY).loads(self.content)
        return lambda: program.call("hog"), program.function("identity")

    def neighbour(self) -> Callable[[], object]:
        program = self.package.VM().loads(self.content)
        return lambda: program.call("endless")

    def work(self) -> Callable[[], object]:
        program = self.package.VM().loads(self.content)
        return lambda: [program.call("fib", FIB + 5) for _ in range(4)]


class Wasmtime(Peer):
    name = "wasmtime"
    SOURCE = """(module
  (func $identity (export "identity") (param i64) (result i64) local.get 0)
  (func $endless (export "endless") (loop br 0))
  (func $hog (export "hog") (loop
    (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable)) br 0))
  (func $fib (export "fib") (param i64) (result i64)
    (if (result i64) (i64.lt_s (local.get 0) (i64.const 2)) (then (local.get 0))
      (else (i64.add
        (call $fib (i64.sub (local.get 0) (i64.const 1)))
        (call $fib (i64.sub (local.get 0) (i64.const 2)))))))
  (memory (export "memory") 1))"""

    def __init__(self) -> None:
        self.package: Any = import_module("wasmtime")
        config = self.package.Config()
        config.epoch_interruption = True
        self.engine = self.package.Engine(config)
        self.module = self.package.Module(self.engine, self.SOURCE)

    def _instance(self) -> tuple[Any, Any]:
        store = self.package.Store(self.engine)
        store.set_epoch_deadline(1)
        return store, self.package.Instance(store, self.module, []).exports(store)

    def identity(self) -> Callable[[Any], Any]:
        store, exports = self._instance()
        function = exports["identity"]
        return lambda value: function(store, value)

    def values(self) -> None:
        return None

    def start(self) -> Callable[[], object]:
        def start() -> object:
            store, exports = self._instance()
            exports["identity"](store, 1)
            return store, exports

        return start

    def endless(self) -> Callable[[], object]:
        def endless() -> object:
            store, exports = self._instance()
            threading.Timer(LIMIT, self.engine.increment_epoch).start()
            return exports["endless"](store)

        return endless

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        store, exports = self._instance()
        store.set_limits(memory_size=MEMORY)
        hog, identity = exports["hog"], exports["identity"]
        return lambda: hog(store), lambda value: identity(store, value)

    def neighbour(self) -> Callable[[], object]:
        store, exports = self._instance()
        function = exports["endless"]
        return lambda: function(store)

    def work(self) -> Callable[[], object]:
        store, exports = self._instance()
        function = exports["fib"]
        return lambda: [function(store, FIB + 5) for _ in range(4)]


class Lua(Peer):
    name = "LuaJIT (lupa)"

    def __init__(self) -> None:
        self.package: Any = import_module("lupa.luajit21")
        self.runtime = self.package.LuaRuntime()

    def identity(self) -> Callable[[Any], Any]:
        function: Callable[[Any], Any] = self.runtime.eval("function(x) return x end")
        return function

    def values(self) -> Callable[[Any], Any]:
        function = self.identity()
        make, is_table = self.runtime.table_from, self.package.lua_type

        def to_python(value: Any) -> Any:
            if is_table(value) != "table":
                return value
            entries = {key: to_python(item) for key, item in value.items()}
            return list(entries.values()) if 1 in entries or not entries else entries

        return lambda value: to_python(function(make(value, recursive=True)))

    def start(self) -> Callable[[], object]:
        def start() -> object:
            runtime = self.package.LuaRuntime()
            function = runtime.eval("function(x) return x end")
            function(1)
            return runtime, function

        return start

    def work(self) -> Callable[[], object]:
        runtime = self.package.LuaRuntime()
        runtime.execute("function fib(n) if n < 2 then return n end return fib(n-1) + fib(n-2) end")
        fib = runtime.globals().fib
        return lambda: [fib(FIB + 5) for _ in range(4)]

    def neighbour(self) -> Callable[[], object]:
        function: Callable[[], object] = self.package.LuaRuntime().eval(
            "function() while true do end end"
        )
        return function


JAVASCRIPT = """
function identity(x) { return x }
function endless() { for (;;); }
function hog() { const all = []; for (;;) all.push([all.length, 2.5]); }
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }
"""


class QuickJs(Peer):
    name = "QuickJS"

    def __init__(self) -> None:
        self.package: Any = import_module("quickjs")
        self.context = self._context()

    def _context(self) -> Any:
        context = self.package.Context()
        context.eval(JAVASCRIPT)
        return context

    def identity(self) -> Callable[[Any], Any]:
        function: Callable[[Any], Any] = self.context.get("identity")
        return function

    def values(self) -> Callable[[Any], Any]:
        function, parse = self.identity(), self.context.parse_json
        return lambda value: json.loads(function(parse(json.dumps(value))).json())

    def start(self) -> Callable[[], object]:
        def start() -> object:
            context = self._context()
            context.get("identity")(1)
            return context

        return start

    def endless(self) -> Callable[[], object]:
        def endless() -> object:
            context = self._context()
            context.set_time_limit(LIMIT)
            return context.eval("endless()")

        return endless

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        context = self._context()
        context.set_memory_limit(MEMORY)
        return lambda: context.eval("hog()"), context.get("identity")

    def neighbour(self) -> Callable[[], object]:
        context = self._context()
        return lambda: context.eval("endless()")

    def work(self) -> Callable[[], object]:
        context = self._context()
        return lambda: context.eval(f"fib({FIB})")


class MiniRacer(Peer):
    name = "V8 (mini-racer)"

    def __init__(self) -> None:
        self.package: Any = import_module("py_mini_racer")
        self.context = self._context()

    def _context(self) -> Any:
        context = self.package.MiniRacer()
        context.eval(JAVASCRIPT)
        return context

    def identity(self) -> Callable[[Any], Any]:
        return lambda value: self.context.call("identity", value)

    def start(self) -> Callable[[], object]:
        def start() -> object:
            context = self._context()
            context.call("identity", 1)
            return context

        return start

    def endless(self) -> Callable[[], object]:
        return lambda: self.context.eval("endless()", timeout_sec=LIMIT)

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        context = self._context()
        return (
            lambda: context.eval("hog()", max_memory=MEMORY),
            lambda value: context.call("identity", value),
        )

    def neighbour(self) -> Callable[[], object]:
        context = self._context()
        return lambda: context.eval("endless()")

    def work(self) -> Callable[[], object]:
        context = self._context()
        return lambda: [context.eval(f"fib({FIB + 5})") for _ in range(4)]


class Monty(Peer):
    """Beside eight endless programs a call does not come to its turn within minutes."""

    name = "Monty"
    idle = 20  # processes
    SOURCE = """
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
"""

    def __init__(self) -> None:
        package: Any = import_module("pydantic_monty")
        self.pool = package.Monty(
            min_processes=1, max_processes=self.idle + NEIGHBOURS + 6
        ).__enter__()
        self.session = self._session()

    def _session(self, **limits: Any) -> Any:
        session = self.pool.checkout(limits=limits or None).__enter__()
        session.feed_run(self.SOURCE)
        return session

    def identity(self) -> Callable[[Any], Any]:
        return lambda value: self.session.feed_run("x", inputs={"x": value})

    def start(self) -> Callable[[], object]:
        def start() -> object:
            session = self._session()
            session.feed_run("x", inputs={"x": 1})
            return session

        return start

    def endless(self) -> Callable[[], object]:
        session = self._session(max_feed_duration_secs=LIMIT)
        return lambda: session.feed_run("while True: pass")

    def hog(self) -> tuple[Callable[[], object], Callable[[Any], Any]]:
        session = self._session(max_memory=MEMORY)
        return (
            lambda: session.feed_run("all = []\nwhile True: all.append([len(all), 2.5])"),
            lambda value: session.feed_run("x", inputs={"x": value}),
        )

    def work(self) -> Callable[[], object]:
        session = self._session()
        return lambda: session.feed_run(f"fib({FIB - 3})")


PEERS: tuple[type[Peer], ...] = (Mdvm, Wasmtime, Lua, QuickJs, MiniRacer, Monty)

# ____________________________________________________________ measuring


def _best(work: Callable[[], object], seconds: float = 0.5) -> float:
    """Wall seconds of the fastest of several rounds of one call each."""
    best, until = 1e9, time.perf_counter() + seconds
    while time.perf_counter() < until or best == 1e9:
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def _calls(work: Callable[[Any], object]) -> float:
    """Wall seconds of one of many calls, in the fastest of many rounds."""

    def round_of_calls() -> None:
        for _ in range(200):
            work(7)

    return _best(round_of_calls) / 200


def _memory() -> int:
    """What the process has for itself, and its part of what it shares, in KiB."""
    with open("/proc/self/smaps_rollup", encoding="ascii") as file:
        own = next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    children = 0
    for child in _children(os.getpid()):
        try:
            with open(f"/proc/{child}/smaps_rollup", encoding="ascii") as file:
                children += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return own + children


def _children(process: int) -> list[int]:
    found: list[int] = []
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/children", encoding="ascii") as file:
            for child in map(int, file.read().split()):
                found += [child, *_children(child)]
    return found


def _late(endless: Callable[[], object]) -> float:
    """How much later than its limit a program is ended, the worst of several."""
    worst = 0.0
    for _ in range(5):
        began = time.perf_counter()
        try:
            endless()
        except Exception:
            worst = max(worst, time.perf_counter() - began - LIMIT)
        else:
            raise AssertionError("it has ended")
    return worst


def _out_of_memory(hog: Callable[[], object], identity: Callable[[Any], Any]) -> float | None:
    """Seconds until a program is out of memory in a VM where that has happened before. None where
    the VM does not go on working after it.
    """
    seconds = 0.0
    for _ in range(2):
        began = time.perf_counter()
        try:
            hog()
        except Exception:
            seconds = time.perf_counter() - began
        else:
            raise AssertionError("it has ended")
    try:
        return seconds if identity(7) == 7 else None
    except Exception:
        return None


def _delays(identity: Callable[[Any], Any]) -> float:
    """Seconds that all but the slowest twentieth of calls take at most, each after a pause."""
    delays: list[float] = []
    until = time.monotonic() + 3
    while len(delays) < 200 and (len(delays) < 20 or time.monotonic() < until):
        time.sleep(0.005)
        began = time.perf_counter()
        identity(7)
        delays.append(time.perf_counter() - began)
    return sorted(delays)[len(delays) * 19 // 20]


def _delay(identity: Callable[[Any], Any], endless: list[Callable[[], object]]) -> float:
    """By how much endless programs delay a call more than as many threads do that only compute, so
    that what is measured is not the system's scheduling.
    """
    stop = threading.Event()

    def compute() -> None:
        while not stop.is_set():
            hashlib.pbkdf2_hmac("sha256", b"", b"", 100_000)

    threads = [threading.Thread(target=compute) for _ in endless]
    for thread in threads:
        thread.start()
    usual = _delays(identity)
    stop.set()
    for thread in threads:
        thread.join()
    for each in endless:
        threading.Thread(target=each, daemon=True).start()
    time.sleep(0.2)
    return max(_delays(identity) - usual, 0.0)


def _call(work: Callable[[], object]) -> object:
    return work()


def _speed_up(peer: Peer) -> float | None:
    """How much faster two threads do the work of two VMs than one thread."""
    works = [work for work in (peer.work(), peer.work()) if work is not None]
    if not works:
        return None
    best = 0.0
    for work in works:
        work()
    with ThreadPoolExecutor(2) as threads:
        for _ in range(3):
            began = time.perf_counter()
            for work in works:
                work()
            alone = time.perf_counter() - began
            began = time.perf_counter()
            list(threads.map(_call, works))
            best = max(best, alone / (time.perf_counter() - began))
    return best


ROWS = {
    "call": "a call with an int, µs",
    "records": "4,000 records there and back, ms",
    "texts": "20,000 texts there and back, ms",
    "bools": "20,000 bools there and back, ms",
    "floats": "100,000 floats there and back, ms",
    "start": "a new VM and its first call, ms",
    "memory": "memory of an idle VM, MB",
    "again": "a VM's second time out of memory, of 64 MB, ms",
    "late": "an endless program ended too late by, ms",
    "parallel": "speed-up of two VMs in two threads",
    "delay": "a call beside eight endless VMs delayed by, ms",
}


def measure(peer: Peer) -> dict[str, float | None]:
    """All rows of one peer."""
    figures: dict[str, float | None] = {"call": _calls(peer.identity()) * 1e6}
    values = peer.values()
    for name, value in (
        ("records", RECORDS),
        ("texts", TEXTS),
        ("bools", BOOLS),
        ("floats", FLOATS),
    ):
        figures[name] = None
        if values is not None:
            assert len(values(value)) == len(value)
            figures[name] = _best(partial(values, value)) * 1e3
    start = peer.start()
    if start is not None:
        first = start()
        before = _memory()
        kept = [start() for _ in range(peer.idle)]
        figures["memory"] = (_memory() - before) / peer.idle / 1024
        del kept
        figures["start"] = _best(start) * 1e3
        del first
    endless = peer.endless()
    figures["late"] = None if endless is None else _late(endless) * 1e3
    figures["parallel"] = _speed_up(peer)
    hog = peer.hog()
    seconds = None if hog is None else _out_of_memory(*hog)
    figures["again"] = None if seconds is None else seconds * 1e3
    endless_ones = [each for _ in range(NEIGHBOURS) if (each := peer.neighbour()) is not None]
    if endless_ones:
        figures["delay"] = _delay(peer.identity(), endless_ones) * 1e3
    return figures


def measured(peer: type[Peer]) -> dict[str, float | None] | None:
    """The same in a process of its own, None if it is not installed."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.embedding_peers", peer.__name__],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        print(f"{peer.name}: {last}", file=sys.stderr)
        return None
    figures: dict[str, float | None] = json.loads(done.stdout)
    return figures


def chapter() -> str:
    """The table of all, as a chapter of docs/performance.md."""
    columns: dict[str, dict[str, float | None]] = {}
    for peer in PEERS:
        print(f"measuring {peer.name}", file=sys.stderr, flush=True)
        figures = measured(peer)
        if figures is not None:
            columns[peer.name] = figures
    rows = [
        [title, *[_figure(figures.get(row)) for figures in columns.values()]]
        for row, title in ROWS.items()
    ]
    return (
        f"{TITLE}\n\nWritten by `python3 -m bench.embedding --peers --keep`, on Python "
        f"{sys.version.split()[0]} and {os.cpu_count()} processors. A dash: there is no such "
        "thing, or the VM does not survive it. wasmtime's functions know numbers only; lupa's "
        "tables are made and read element by element in Python, QuickJS gets and gives JSON, "
        "Monty's programs run in processes.\n\n"
        f"{table(['', *columns], rows)}\n\n{_behind(columns)}\n"
    )


def _behind(columns: dict[str, dict[str, float | None]]) -> str:
    """In which rows mdvm is not among the first two."""
    behind = []
    for row, title in ROWS.items():
        figures = [figures.get(row) for figures in columns.values()]
        sign = -1 if row == "parallel" else 1  # there more is better
        own, *others = [None if each is None else sign * each for each in figures]
        if own is not None and sum(other < own for other in others if other is not None) > 1:
            behind.append(title.partition(",")[0])
    return (
        f"mdvm is not among the first two in: {'; '.join(behind)}."
        if behind
        else "mdvm is among the first two in each row."
    )


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


if __name__ == "__main__":
    chosen = next(peer for peer in PEERS if peer.__name__ == sys.argv[1])
    print(json.dumps(measure(chosen())))
    sys.stdout.flush()
    os._exit(0)  # without waiting for what the peer keeps
