"""The test suites: what each runs, and how."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrap import development, oracle, scale_out, translator
from layout import BUILD, TOP
from outcomes import (
    PYTEST_INTERRUPTED,
    Outcome,
    counted_outcome,
    outcome_with_second_try,
    pytest_outcome,
)

RESULTS = BUILD / "test-results"
CONFORMANCE = TOP.parent / "shared" / "conformance" / "run.py"
STRICTLY_TYPED = ("pymdvm", "tools", "bench", "tests")
# Under Python 2.7 too.
UNTYPED = "^tests/(unit|jit)/"
LINTED = ("mdvm", "translation", "pymdvm", "tools", "bench", "tests", "targetmdvm.py", "setup.py")
# No suite takes nearly as long, not even on a machine that is busy with ten other things; one that
# does hangs.
LIMIT_SECONDS = 90 * 60
# For a suite that is ended to write what it has found out.
LAST_WORDS_SECONDS = 20
# At most so many failed tests of a suite are run once more alone: a machine that was busy with
# something else makes a test that measures time fail, and seldom two.
FEW_FAILURES = 5
# For tests that share nothing: a process for each processor, and each takes the next test.
SIDE_BY_SIDE = ("-n", "auto", "--dist", "worksteal")
# For tests that wait most of the time, for what they have ended, for a limit of seconds or for what
# they fetch: with two processes for each processor none is idle.
TWICE_AS_MANY = ("-n", str(2 * (os.cpu_count() or 1)))
WAITING = (*TWICE_AS_MANY, "--dist", "worksteal")
# Where the tests of a file share what is dear to make, and under Python 2.7, whose xdist knows no
# stealing.
SPREAD_FILES = ("-n", "auto", "--dist", "loadfile")


class Interrupted(Exception):
    """The user ended a suite.  outcome: what it had found out by then."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("interrupted")
        self.outcome = outcome


class Suite:
    """One suite. `reason_to_leave_out` is empty if it can run here; an `optional` one may well not
    be able to.
    """

    optional = False

    def __init__(self, name: str, about: str) -> None:
        self.name = name
        self.about = about

    def reason_to_leave_out(self) -> str:
        return ""

    def run(self) -> Outcome:
        raise NotImplementedError


class PytestSuite(Suite):
    """Runs pytest on a folder or a file under Python 3. A few tests that failed are run once more,
    alone, and both is told.

    options: of pytest
    variables: of the environment, set for the tests
    """

    can_run_failed_ones = True

    def __init__(
        self, name: str, about: str, folder: str, options: Sequence[str] = (), **variables: str
    ) -> None:
        super().__init__(name, about)
        self.folder = TOP / folder
        self.options = tuple(options)
        self.variables = variables

    def reason_to_leave_out(self) -> str:
        has_tests = self.folder.is_file() or any(self.folder.rglob("test_*.py"))
        return "" if has_tests else f"{self.folder.relative_to(TOP)} has no tests yet"

    def command(self) -> list[str]:
        return [str(development()), "-m", "pytest"]

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def arguments(self) -> list[str]:
        """What pytest shall run."""
        return [str(self.folder)]

    def run(self) -> Outcome:
        options = shlex.split(os.environ.get("PYTEST_OPTIONS", ""))
        outcome = self.run_pytest(self.name, [*self.arguments(), *self.options, *options])
        if not self.can_run_failed_ones or not 0 < outcome.failed <= FEW_FAILURES:
            return outcome
        print(f"== {self.name}: once more what failed, alone", flush=True)
        alone = self.run_pytest(
            f"{self.name}-alone", [*self.arguments(), *options, "--last-failed", "-p", "no:xdist"]
        )
        return outcome_with_second_try(outcome, alone)

    def run_pytest(self, name: str, arguments: Sequence[str]) -> Outcome:
        RESULTS.mkdir(parents=True, exist_ok=True)
        report = RESULTS / f"{name}.xml"
        report.unlink(missing_ok=True)
        command = [*self.command(), *arguments, f"--junitxml={report}"]
        try:
            status = run_shown(command, {**self.environment(), **self.variables})
        except KeyboardInterrupt:
            raise Interrupted(pytest_outcome(report, PYTEST_INTERRUPTED)) from None
        selected = bool(os.environ.get("PYTEST_OPTIONS"))
        return pytest_outcome(report, status, selected=selected)


class SampleSuite(PytestSuite):
    """A file or two of every suite, which together take a minute."""

    FILES = (
        "tests/api/test_engine.py",
        "tests/api/test_program.py",
        "tests/api/test_values.py",
        "tests/binary/test_exit_status.py",
        "tests/binary/test_regressions.py",
        "tests/commands/test_run.py",
        "tests/commands/test_disassemble.py",
        "tests/compiler/test_constructs.py",
        "tests/compiler/test_golden_listings.py",
        "tests/differential/test_every_opcode.py",
        "tests/fuzz/test_reference.py",
        "tests/host/test_bytecode.py",
        "tests/opcodes",
    )

    def arguments(self) -> list[str]:
        return [str(TOP / name) for name in self.FILES]


class Python2Suite(PytestSuite):
    """The same under Python 2.7, with the real RPython on the import path. That pytest reads no
    pyproject.toml.
    """

    can_run_failed_ones = False  # it keeps no cache, and nothing there measures time

    def command(self) -> list[str]:
        start = [str(translator().python2), "-m", "pytest"]
        return [*start, f"--rootdir={TOP}", "-p", "no:cacheprovider"]

    def environment(self) -> dict[str, str]:
        scratch = BUILD / "usession"
        scratch.mkdir(parents=True, exist_ok=True)
        own = translator().for_tests().environment(scratch)
        # the newer hypothesis has another format
        own["HYPOTHESIS_STORAGE_DIRECTORY"] = str(scratch / "hypothesis")
        return own


class DifferentialSuite(PytestSuite):
    """Tests that compare with the published VM, which they find through MDVM_ORACLE_PYTHON."""

    def environment(self) -> dict[str, str]:
        return {**os.environ, "MDVM_ORACLE_PYTHON": str(oracle())}


class ScaleOutSuite(PytestSuite):
    """Tests that take dask.distributed, which nothing else does."""

    def command(self) -> list[str]:
        return [str(scale_out()), "-m", "pytest"]


class ConformanceSuite(Suite):
    """The cases that come from outside this repository, where they are at hand."""

    optional = True

    def reason_to_leave_out(self) -> str:
        return "" if CONFORMANCE.exists() else "there is no ../shared/conformance here"

    def run(self) -> Outcome:
        return run_counted([sys.executable, str(CONFORMANCE), str(TOP / "mdvm-c")])


class LintSuite(Suite):
    """ruff and mypy. Each command counts as one test."""

    def run(self) -> Outcome:
        outcome = Outcome()
        for command in lint_commands(str(development())):
            print("$ python -m " + shlex.join(command[2:]), flush=True)
            status = run_shown(command, os.environ)
            outcome += Outcome(passed=1) if status == 0 else Outcome(failed=1)
        return outcome


def lint_commands(python: str, top: Path = TOP) -> list[list[str]]:
    there = [name for name in LINTED if (top / name).exists()]
    typed = [name for name in STRICTLY_TYPED if any((top / name).rglob("*.py"))]
    return [
        [python, "-m", "ruff", "check", *there],
        [python, "-m", "ruff", "format", "--check", *there],
        [python, "-m", "mypy", "--strict", *typed, "--exclude", UNTYPED],
    ]


def run_shown(
    command: Sequence[str], environment: Mapping[str, str], seconds: float = LIMIT_SECONDS
) -> int:
    """Run with the output shown as it comes and no stdin; the exit status, or -1 if it hung.

    Nothing that it has started outlives it, however it ends.
    """
    process = subprocess.Popen(
        command, cwd=TOP, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        print(f"still running after {seconds} s: ended", flush=True)
        return -1
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a session, and all that is in it; it may first write its report."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=LAST_WORDS_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run_counted(command: Sequence[str]) -> Outcome:
    """Run a program whose last line reads `N passed, N failed`."""
    result = subprocess.run(
        command,
        cwd=TOP,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    print(result.stdout, end="", flush=True)
    return counted_outcome(result.stdout, result.returncode)


SUITES = (
    PytestSuite(
        "unit", "the VM's modules, untranslated, under Python 3", "tests/unit", SIDE_BY_SIDE
    ),
    Python2Suite(
        "unit2",
        "the same under Python 2.7 with RPython, as with the JIT off",
        "tests/unit",
        SPREAD_FILES,
        MDVM_TESTS_JIT="off",
    ),
    Python2Suite("jit", "annotation, rtyping and traces", "tests/jit", SPREAD_FILES),
    DifferentialSuite(
        "opcodes",
        "what each instruction does, on every engine and the published VM",
        "tests/opcodes",
        SIDE_BY_SIDE,
    ),
    PytestSuite("binary", "the built mdvm-c", "tests/binary", WAITING),
    DifferentialSuite(
        "differential", "mdvm-c against the published VM", "tests/differential", SIDE_BY_SIDE
    ),
    PytestSuite(
        "host",
        "the Python 3 side and the tools",
        "tests/host",
        (*TWICE_AS_MANY, "--dist", "loadfile"),
    ),
    DifferentialSuite(
        "compiler",
        "the compiler and the REPL, each program on each VM",
        "tests/compiler",
        SIDE_BY_SIDE,
    ),
    PytestSuite(
        "commands",
        "the command mdvm on the native engine",
        "tests/commands",
        SIDE_BY_SIDE,
        PYMDVM_ENGINE="native",
    ),
    PytestSuite(
        "commands-python",
        "the same on the Python engine",
        "tests/commands",
        SIDE_BY_SIDE,
        PYMDVM_ENGINE="python",
    ),
    PytestSuite("api", "pymdvm on the native engine", "tests/api", WAITING, PYMDVM_ENGINE="native"),
    PytestSuite(
        "api-ctypes",
        "the same without the module in C that calls go through",
        "tests/api",
        WAITING,
        PYMDVM_ENGINE="native",
        PYMDVM_CALLS="ctypes",
    ),
    PytestSuite(
        "api-python",
        "the same on the Python engine",
        "tests/api",
        WAITING,
        PYMDVM_ENGINE="python",
    ),
    DifferentialSuite(
        "drop-in",
        "RustVM against the published VM",
        "tests/differential",
        SIDE_BY_SIDE,
        PYMDVM_ENGINE="native",
        MDVM_BINARY="drop-in",
    ),
    PytestSuite(
        "fuzz",
        "random programs and damaged files, judged by an evaluator of the contract",
        "tests/fuzz",
        SIDE_BY_SIDE,
    ),
    PytestSuite(
        "limits",
        "programs that try to escape the limits of a run",
        "tests/limits",
        SIDE_BY_SIDE,
        PYMDVM_ENGINE="native",
    ),
    ScaleOutSuite("scale-out", "programs on Dask workers", "tests/host/test_scale_out.py"),
    PytestSuite("packaging", "the wheels, in clean environments", "tests/packaging", WAITING),
    PytestSuite(
        "toolchain",
        "the VM from another RPython, which MDVM_RPYTHON_TREE names",
        "tests/toolchain",
    ),
    ConformanceSuite("conformance", "the conformance cases"),
    LintSuite("lint", "ruff and mypy"),
)
# Run only when they are named.
ASKED_FOR = (SampleSuite("sample", "something of every suite", "tests", SIDE_BY_SIDE),)
