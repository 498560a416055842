"""The command line of the fuzzers: several lanes, each with its own worker, and a folder for what
they find.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import multiprocessing
import os
import queue
import random
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pymdvm.assembler import assemble
from pymdvm.bytecode import write

from . import memory
from .campaign import Campaign, Case, agree, case_of, expected_outcome, shown
from .damage import DamageCampaign
from .families import FAMILIES
from .runner import TOP, Runner, Subject
from .settings import DEFAULT, EAGER, OFF, Setting, Surroundings, random_eager

FOUND = TOP / "build" / "fuzz"
PROGRESS_SECONDS = 30.0


def main(about: str) -> int:
    """Parse the command line and do what it says; 1 if something was found."""
    options = _parser(about).parse_args()
    if options.family == ["help"]:
        for name, family in sorted(FAMILIES.items()):
            print(f"{name:18} {(family.__doc__ or '').strip().splitlines()[0]}")
        return 0
    if options.what == "replay":
        return _replay(options)
    if options.what == "coverage":
        return _coverage(options)
    return _fuzz(options)


def _parser(about: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("programs", "damage", "memory", "coverage", "replay"))
    parser.add_argument("file", nargs="?", type=Path, help="the program to replay")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--count", type=int, help="how many programs; default: no end")
    parser.add_argument("--first", type=int, default=0, help="the number of the first program")
    parser.add_argument("--time", type=float, help="seconds after which no more is begun")
    parser.add_argument(
        "--family",
        action="append",
        help="only programs of this family; may be given again; `help` lists them",
    )
    parser.add_argument("--length", type=int, help="iterations of the loops; default: by chance")
    parser.add_argument(
        "--jit",
        action="append",
        help="parameters to replay with; default: some eager ones, the usual ones and off",
    )
    parser.add_argument(
        "--jobs", type=int, default=1, help="how many lanes; each takes a processor"
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="what takes longer hangs")
    parser.add_argument("--top", type=Path, default=TOP, help="the checkout whose VM is tried")
    parser.add_argument(
        "--library", type=Path, help="its libmdvm.so, if not the one in that checkout"
    )
    parser.add_argument(
        "--python",
        default=shlex.quote(sys.executable),
        metavar="COMMAND",
        help="the Python that runs it, if not this one, such as `qemu-aarch64 .../python3.11`",
    )
    parser.add_argument(
        "--untranslated", action="store_true", help="the VM's modules under this Python instead"
    )
    parser.add_argument("--plant", default="", help="a fault of planted.py; takes --untranslated")
    parser.add_argument("--keep", type=Path, default=FOUND, help="the folder for what is found")
    parser.add_argument("--no-shrinking", action="store_true")
    return parser


def _subject(options: argparse.Namespace) -> Subject:
    return Subject(
        options.top.resolve(),
        options.library and options.library.resolve(),
        options.untranslated,
        options.plant,
        tuple(shlex.split(options.python)),
    )


# ____________________________________________________________ lanes


def _fuzz(options: argparse.Namespace) -> int:
    end = None if options.time is None else time.monotonic() + options.time
    messages: Any = multiprocessing.Queue()
    lanes = [
        multiprocessing.Process(target=_lane, args=(options, lane, end, messages), daemon=False)
        for lane in range(options.jobs)
    ]
    for lane in lanes:
        lane.start()
    found = 0
    tallies: dict[int, str] = {}
    started = shown_at = time.monotonic()
    try:
        while any(lane.is_alive() for lane in lanes) or not messages.empty():
            try:
                lane_number, kind, content = messages.get(timeout=1.0)
            except queue.Empty:
                continue
            if kind == "finding":
                found += 1
                _keep(options.keep, found, *content)
            else:
                tallies[lane_number] = content
            if time.monotonic() - shown_at > PROGRESS_SECONDS:
                shown_at = time.monotonic()
                print(
                    f"{shown_at - started:.0f} s: {' | '.join(tallies.values())}; found {found}",
                    flush=True,
                )
    except KeyboardInterrupt:
        for lane in lanes:
            lane.join()
    print(f"{time.monotonic() - started:.0f} s: {' | '.join(tallies.values())}; found {found}")
    failed = any(lane.exitcode for lane in lanes)
    return 1 if found or failed else 0


def _keep(folder: Path, number: int, name: str, report: str, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{name}-{os.getpid()}-{number}"
    print(f"--- {stem}\n{report}", flush=True)
    (folder / f"{stem}.txt").write_text(report, encoding="utf-8")
    for suffix, content in files.items():
        (folder / f"{stem}{suffix}").write_bytes(content)


def _lane(options: argparse.Namespace, lane: int, end: float | None, messages: Any) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        {"programs": _programs, "damage": _damage, "memory": _memory}[options.what](
            options, lane, end, messages
        )


def _numbers(options: argparse.Namespace, lane: int, end: float | None) -> Iterator[int]:
    """Those of a lane, until there is no more time.  They come in blocks, so that a block has one
    worker.
    """
    block = 300
    for start in itertools.count(lane * block, options.jobs * block):
        for number in range(start, start + block):
            if (end is not None and time.monotonic() > end) or (
                options.count is not None and number >= options.count
            ):
                return
            yield options.first + number


def _programs(options: argparse.Namespace, lane: int, end: float | None, messages: Any) -> None:
    fixed = Surroundings() if options.untranslated else None
    campaign = Campaign(
        _subject(options), options.seconds, fixed, shrinking=not options.no_shrinking
    )
    tally = campaign.tally

    def cases() -> Iterator[Case]:
        for number in _numbers(options, lane, end):
            if tally.programs % 100 == 0:
                messages.put((lane, "tally", said()))
            yield case_of(options.seed, number, options.family or (), options.length)

    def said() -> str:
        return f"{tally.programs} programs, {tally.runs} runs, {tally.unjudged} unjudged"

    for finding in campaign.run(cases()):
        report = finding.report()
        messages.put(
            (
                lane,
                "finding",
                (finding.case.family, report, {".mdasm": finding.listing().encode("utf-8")}),
            )
        )
    messages.put((lane, "tally", said()))


def _damage(options: argparse.Namespace, lane: int, end: float | None, messages: Any) -> None:
    campaign = DamageCampaign(_subject(options), options.seconds)

    def numbers() -> Iterator[int]:
        for number in _numbers(options, lane, end):
            if campaign.files % 500 == 0:
                messages.put((lane, "tally", said()))
            yield number

    def said() -> str:
        return f"{campaign.files} files, {campaign.loaded} of them loaded, {campaign.judged} judged"

    for finding in campaign.run(options.seed, numbers()):
        messages.put((lane, "finding", ("damage", finding.report(), {".mdbc": finding.data})))
    messages.put((lane, "tally", said()))


def _memory(options: argparse.Namespace, lane: int, end: float | None, messages: Any) -> None:
    tried = 0

    def numbers() -> Iterator[int]:
        nonlocal tried
        for number in _numbers(options, lane, end):
            if tried % 20 == 0:
                messages.put((lane, "tally", f"{tried} runs"))
            tried += 1
            yield number

    binary = options.top.resolve() / "mdvm-c"
    for finding in memory.findings(binary, options.seed, numbers(), 2 * options.seconds):
        files = {".mdbc": finding.case.data, ".mdasm": finding.case.text.encode("utf-8")}
        messages.put((lane, "finding", ("memory", finding.report(), files)))
    messages.put((lane, "tally", f"{tried} runs"))


def _coverage(options: argparse.Namespace) -> int:
    sys.path.insert(0, str(TOP / "tools"))
    import bootstrap
    from layout import ToolchainError

    try:
        python = bootstrap.coverage()
    except ToolchainError as trouble:
        print(f"atheris is not to be had here: {trouble}", file=sys.stderr)
        return 2
    options.keep.mkdir(parents=True, exist_ok=True)
    command = [
        str(python),
        str(Path(__file__).with_name("coverage.py")),
        str(options.keep / "corpus"),
        f"-artifact_prefix={options.keep}/",
    ]
    if options.time is not None:
        command.append(f"-max_total_time={options.time:.0f}")
    if options.count is not None:
        command.append(f"-runs={options.count}")
    return subprocess.run(command).returncode


# ____________________________________________________________ one program again


def _replay(options: argparse.Namespace) -> int:
    if options.file is None:
        print("replay takes a file", file=sys.stderr)
        return 2
    data = write(assemble(options.file.read_text(encoding="utf-8")))
    expected = expected_outcome(data)
    if expected is None:
        print(
            "the evaluator gives up on this program: it is too long or makes something too large",
            file=sys.stderr,
        )
        return 2
    rng = random.Random(str(options.seed))
    settings = tuple(Setting(jit) for jit in options.jit or ()) or (
        DEFAULT,
        EAGER,
        OFF,
        *(random_eager(rng) for _ in range(20)),
    )
    runner = Runner(_subject(options), Surroundings(), options.seconds)
    status = 0
    print(f"must be {shown(expected, expected)}")
    try:
        for setting, outcome in zip(settings, runner.run(data, settings)):
            right = agree(expected, outcome)
            print(f"{setting}: {'right' if right else shown(outcome, expected)}")
            status |= not right
    finally:
        runner.close()
    return status
