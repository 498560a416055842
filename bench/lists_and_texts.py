"""What version 2 of the file format has for lists, sets, texts and host functions, beside CPython,
LuaJIT, qsort of C, and for host functions lupa, as far as they are installed.

    python3 -m bench.lists_and_texts [--rounds N] [--keep]

The programs and their peers are in bench/lists_and_texts/. Each command's figure is user + system
seconds, the median of its rounds, which are interleaved; that of a host function is the processor
time of its thread, the best of its rounds. A bar is what the time may be at most in multiples of
the peer's.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pymdvm
from bench import contestants as who
from bench.kept_chapter import keep
from bench.report import seconds, table, times
from bench.timing import Contestant, measure
from bench.workshop import BENCH, FOLDER, compiled_c
from pymdvm.assembler import assemble
from pymdvm.bytecode import write

TITLE = "## Lists, sets, texts and host functions"
PROGRAMS = BENCH / "lists_and_texts"
LUPA = "lupa"
PEERS = (who.LUAJIT, who.CPYTHON, who.C)
LANGUAGES = {who.LUAJIT: "lua", who.CPYTHON: "py", who.C: "c"}
HOST_CALLS = 1_000_000


@dataclass(frozen=True)
class Case:
    """A program with the peers that have the operation.

    bars: by peer, what the time may be in multiples of its time
    """

    name: str
    title: str
    size: int
    answer: int
    bars: dict[str, float]


CASES = (
    Case(
        "word_count",
        "counting 600,000 words of a text of 3 MB",
        600_000,
        360_000_000,
        {who.LUAJIT: 1.0, who.CPYTHON: 0.3},
    ),
    Case(
        "members",
        "10,000,000 looks into a set of ints",
        10_000_000,
        4_993_076_259,
        {who.LUAJIT: 1.0, who.CPYTHON: 0.3},
    ),
    Case(
        "stack",
        "10,000,000 numbers pushed, then popped",
        10_000_000,
        49_999_995_000_000,
        {who.LUAJIT: 1.0, who.CPYTHON: 0.3},
    ),
    Case(
        "sort",
        "1,000,000 ints sorted",
        1_000_000,
        1_060_735_648,
        {who.LUAJIT: 1.0, who.CPYTHON: 0.3, who.C: 1.5},
    ),
    Case("split_join", "10 MB split and joined 5 times", 5, 11_111_111, {who.CPYTHON: 0.3}),
)

_HOST = """
.version 2
.func main
    RETURN       r0
.func sum
    LOAD_CONST   r1, 0
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 1
again:
    LT           r4, r2, r0
    JUMP_IF_NOT  r4, done
    LOAD_CONST   r4, "add"
    CALL         r1, r4(r1, r2)
    ADD          r2, r2, r3
    JUMP         again
done:
    RETURN       r1
"""
_HOST_LUA = """
function(add, n)
    local total = 0
    for i = 0, n - 1 do total = add(total, i) end
    return total
end
"""


def _contestants(case: Case) -> list[Contestant]:
    path = FOLDER / f"{case.name}.mdbc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write(assemble((PROGRAMS / f"{case.name}.mdasm").read_text())))
    found = [Contestant(who.MDVM, [str(who.BINARY), str(path)], f"Result: Int({case.answer})")]
    for peer in case.bars:
        source = PROGRAMS / f"{case.name}.{LANGUAGES[peer]}"
        if who.is_there(peer):
            found.append(Contestant(peer, _command(peer, source, case), str(case.answer)))
    return found


def _command(peer: str, source: Path, case: Case) -> list[str]:
    if peer == who.C:
        return [str(compiled_c(case.name, source.read_text())), str(case.size)]
    return [who.executable(peer) or peer, str(source), str(case.size)]


def _add(left: int, right: int) -> int:
    return left + right


def _host_calls(rounds: int) -> dict[str, float]:
    """Seconds of calls of a Python function that adds two ints, from a compiled loop."""
    program = pymdvm.loads(write(assemble(_HOST)))
    works: dict[str, Callable[[], Any]] = {
        who.MDVM: lambda: program.call("sum", HOST_CALLS, functions={"add": _add})
    }
    try:
        package: Any = import_module("lupa.luajit21")
    except ImportError:
        print("lupa is not installed for this Python", file=sys.stderr)
    else:
        function = package.LuaRuntime().eval(_HOST_LUA)
        works[LUPA] = lambda: function(_add, HOST_CALLS)
    best = dict.fromkeys(works, 1e9)
    for _ in range(rounds):
        for name, work in works.items():
            began = time.thread_time()
            if work() != HOST_CALLS * (HOST_CALLS - 1) // 2:
                raise AssertionError(f"{name} adds wrongly")
            best[name] = min(best[name], time.thread_time() - began)
    return best


def _row(title: str, figures: dict[str, float], bars: dict[str, float]) -> list[str]:
    own = figures[who.MDVM]
    cells = []
    for peer in (*PEERS, LUPA):
        if peer not in figures:
            cells.append("–")
            continue
        ratio, bar = own / figures[peer], bars[peer]
        cells.append(f"{times(ratio)} (bar {bar}{'' if ratio <= bar else ', missed'})")
    return [title, seconds(own), *cells]


def chapter(rounds: int) -> str:
    """The table, as a chapter of docs/performance.md."""
    rows = []
    for case in CASES:
        print(case.title, file=sys.stderr, flush=True)
        found = _contestants(case)
        measure(found, rounds)
        figures = {each.name: each.median() for each in found}
        rows.append(_row(case.title, figures, case.bars))
    print("host functions", file=sys.stderr, flush=True)
    rows.append(
        _row(f"{HOST_CALLS:,} calls of a Python function", _host_calls(rounds), {LUPA: 1.5})
    )
    return (
        f"{TITLE}\n\nWritten by `python3 -m bench.lists_and_texts --keep`. The seconds of mdvm-c, "
        "of the last row pymdvm, and that in multiples of what each peer takes for the same, with "
        "the bar; a dash where it has no such operation or is not installed.\n\n"
        f"{table(['', 'seconds', *PEERS, LUPA], rows)}\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.lists_and_texts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is run (5)")
    parser.add_argument(
        "--keep", action="store_true", help="put the table into docs/performance.md"
    )
    arguments = parser.parse_args()
    text = chapter(arguments.rounds)
    print(text)
    if arguments.keep:
        keep(TITLE, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
