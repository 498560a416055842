"""`mdvm run` does what mdvm-c does: the same output, the same messages, the same exit status."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pymdvm import engine_name
from pymdvm.engines.executable import NoBinaryError, find_mdvm_c
from tests.commands.command_line import (
    EXAMPLES,
    SECONDS,
    TOP,
    Outcome,
    assembled,
    command,
    environment,
    invoke,
    run,
    run_process,
)

# Untranslated this one takes long, and it shows nothing of the command that the others do not.
SLOW = {"mandelbrot", "fibonacci", "sieve"}

ENDLESS = """
    LOAD_CONST  r0, "begun"
    DEBUG_PRINT r0
again:
    JUMP        again
"""

PROGRAMS = {
    "a value of every kind": """
        NEW_ARRAY   r0, r1
        HALT""",
    "the value Empty": """
        LOAD_CONST  r0, empty
        RETURN      r0""",
    "no value": """
        LOAD_CONST  r0, "text"
        DEBUG_PRINT r0
        RETURN""",
    "an array": """
        LOAD_CONST  r1, 3
        LOAD_CONST  r2, 1
        LOAD_CONST  r3, "a\\"b\\u{e9}"
        NEW_ARRAY   r0, r1
        ARRAY_SET   r0, r2, r3
        RETURN      r0""",
    "a float": """
        LOAD_CONST  r0, 1e300
        RETURN      r0""",
    "an error after output": """
        LOAD_CONST  r0, "before"
        DEBUG_PRINT r0
        LOAD_CONST  r1, 0
        DIV         r0, r1, r1""",
    "an undefined function": """
        LOAD_CONST  r0, "nosuch\\u{e9}"
        CALL        r1, r0()""",
    "endless recursion": """
    .func f
        LOAD_CONST  r0, "f"
        CALL        r1, r0()""",
}


def vm(*arguments: str | Path) -> Outcome:
    """What mdvm-c does; where it is not built, the same VM untranslated."""
    try:
        start = [str(find_mdvm_c())]
    except NoBinaryError:
        start = [sys.executable, "-m", "mdvm.main"]
    return run_process([*start, *[str(argument) for argument in arguments]])


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_as_mdvm_c(name: str, tmp_path: Path) -> None:
    path = assembled(tmp_path, PROGRAMS[name])
    limit = ["--max-depth", "100"] if "recursion" in name else []
    assert run("run", *limit, path) == vm(*limit, path)


@pytest.mark.parametrize(
    "example", [path for path in EXAMPLES if path.stem not in SLOW], ids=lambda path: path.stem
)
def test_an_example_from_its_text(example: Path, tmp_path: Path) -> None:
    path = assembled(tmp_path, example.read_text(encoding="utf-8"))
    assert run("run", example) == vm(path)


@pytest.mark.parametrize(
    "data",
    [b"", b"MDBX" + bytes(30), b"MDBC" + bytes(20), bytes(40)],
    ids=["empty", "magic", "short", "zeros"],
)
def test_a_file_that_does_not_load(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.mdbc"
    path.write_bytes(data)
    outcome = run("run", path)
    assert outcome == vm(path)
    assert outcome.status == 1
    assert outcome.err.startswith("Failed to load bytecode: ")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    outcome = run("run", tmp_path / "nosuch")
    assert outcome == Outcome(
        1, "", "Failed to load bytecode: IO error: No such file or directory (os error 2)\n"
    )


@pytest.mark.parametrize("name", ["nosuch.md", "nosuch.markdown", "nosuch.mdasm", "nosuch.mdbc"])
@pytest.mark.parametrize("command", ["run", "dis", "info", "verify", "profile"])
def test_a_source_that_is_not_there_is_a_file_that_cannot_be_run(
    command: str, name: str, tmp_path: Path
) -> None:
    outcome = invoke(command, tmp_path / name)
    assert (outcome.status, outcome.out) == (1, "")
    assert "No such file or directory" in outcome.err


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("build", 2),
        ("check", 2),
        ("format", 2),
        ("asm", 2),
        ("dis", 1),
        ("info", 1),
        ("verify", 1),
        ("profile", 1),
    ],
)
def test_no_name_is_a_file_that_is_not_there(command: str, status: int) -> None:
    outcome = invoke(command, "")
    assert (outcome.status, outcome.out) == (status, "")
    assert "a file without a name: " in outcome.err
    assert "No such file or directory" in outcome.err


@pytest.mark.parametrize("command", ["build", "check", "format"])
@pytest.mark.parametrize("extension", ["mdasm", "mdbc"])
def test_programs_are_no_documents(command: str, extension: str, tmp_path: Path) -> None:
    """Any text is a document: assembler text would be an empty program, in place of the one that
    `mdvm asm` has made.
    """
    path = tmp_path / f"program.{extension}"
    path.write_bytes(b"; nothing\n")
    outcome = invoke(command, path)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"Error: {path}: this is ")
    assert path.read_bytes() == b"; nothing\n"
    assert list(tmp_path.iterdir()) == [path]


def test_the_extension_is_as_the_vm_has_it(tmp_path: Path) -> None:
    assembled(tmp_path, PROGRAMS["a float"])
    assert run("run", tmp_path / "program").out == run("run", tmp_path / "program.other").out != ""


def test_text_that_does_not_assemble(tmp_path: Path) -> None:
    path = tmp_path / "wrong.mdasm"
    path.write_text("    FLY r0\n", encoding="utf-8")
    outcome = run("run", path)
    assert outcome.status == 1
    assert f'{path}:1:5: unknown instruction "FLY"' in outcome.err
    assert "Traceback" not in outcome.err


def test_quiet(tmp_path: Path) -> None:
    assert run("run", "--quiet", assembled(tmp_path, PROGRAMS["a float"])) == Outcome(0, "", "")


def test_debug_prints_what_mdvm_c_prints(tmp_path: Path) -> None:
    path = assembled(tmp_path, PROGRAMS["an array"])
    outcome = run("run", "--debug", path)
    assert outcome == vm("--debug", path)
    assert "PC: 0, Instruction: LoadConstR" in outcome.out


def test_statistics(tmp_path: Path) -> None:
    outcome = run("run", "--stats", assembled(tmp_path, PROGRAMS["an array"]))
    lines = dict(line.split(": ") for line in outcome.err.splitlines())
    made = lines.pop("made in memory", None)
    assert (made is None) == (engine_name() == "python")
    if made is not None:
        assert re.fullmatch(r"\d+ ints, \d+ floats, \d+ frames; \d+ KiB in all", made)
    assert list(lines) == [
        "instructions",
        "copied because shared",
        "loops compiled",
        "bridges compiled",
        "time",
        "peak memory",
    ]
    assert lines["instructions"] == "6"
    assert lines["copied because shared"] == "0 containers of 0 elements"


@pytest.mark.parametrize(
    ("option", "text"),
    [
        (("--max-instructions", "1000"), "Instruction limit exceeded: 1000"),
        (("--timeout", "0.3"), "Timeout: 0.3 s"),
    ],
)
def test_limits(option: tuple[str, str], text: str, tmp_path: Path) -> None:
    assert run("run", *option, assembled(tmp_path, ENDLESS)) == Outcome(
        1, "begun\n", f"Runtime error: {text}\n"
    )


def test_wrong_parameters_of_the_jit(tmp_path: Path) -> None:
    outcome = run("run", "--jit", "schneller=é", assembled(tmp_path, ENDLESS))
    assert outcome.status == 1
    assert "is not a list of NAME=VALUE" in outcome.err
    assert "Traceback" not in outcome.err


def test_ctrl_c(tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("run", assembled(tmp_path, ENDLESS)),
        cwd=TOP,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    time.sleep(0.2)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert time.monotonic() - begun < 3


def test_a_closed_pipe(tmp_path: Path) -> None:
    path = assembled(
        tmp_path,
        """
        LOAD_CONST  r0, "line"
    again:
        DEBUG_PRINT r0
        JUMP        again""",
    )
    process = subprocess.Popen(
        command("run", path),
        cwd=TOP,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == b"line\n"
    process.stdout.close()
    assert process.wait(timeout=SECONDS) == 1
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk(tmp_path: Path) -> None:
    path = assembled(tmp_path, PROGRAMS["a float"])
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            command("run", path),
            cwd=TOP,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
    assert (result.returncode, result.stderr) == (
        1,
        b"mdvm: cannot write to standard output: No space left on device\n",
    )


def test_the_slow_engine_says_so_in_one_line(tmp_path: Path) -> None:
    """Where no engine is chosen and there is no library."""
    package = tmp_path / "elsewhere"
    package.mkdir()
    for name in ("pymdvm", "mdvm"):
        (package / name).symlink_to(TOP / name)
    path = assembled(tmp_path, PROGRAMS["no value"])
    changes = {"PYMDVM_ENGINE": "", "PYTHONPATH": str(package)}
    if any((TOP / folder / "libmdvm.so").exists() for folder in ("", "pymdvm")):
        pytest.skip("the library is built here")
    outcome = run("run", path, changes=changes)
    assert outcome.out == "text\n"
    assert outcome.err.startswith("Warning: ")
    assert outcome.err.count("\n") == 1
