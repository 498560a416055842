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
from typing import Any

from bench.embedded_peers import LIMIT, NEIGHBOURS, PEERS, Peer
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
    """In which rows mdvm is not among the first two, as the table shows the figures."""
    behind = []
    for row, title in ROWS.items():
        figures = [figures.get(row) for figures in columns.values()]
        sign = -1 if row == "parallel" else 1  # there more is better
        own, *others = [None if each is None else sign * float(_figure(each)) for each in figures]
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
