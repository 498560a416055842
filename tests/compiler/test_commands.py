"""`mdvm build`, `mdvm check`, `mdvm run FILE.md` and `mdvm repl`: files, messages, exit
statuses. What runs a program, and one of each command, is a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pymdvm.bytecode.metadata import read_metadata
from pymdvm.compiler.driver import LEVELS, TARGETS
from tests.commands.command_line import invoke

TOP = Path(__file__).resolve().parents[2]
FAILING = """\
### **Utility**: `half`

<details>
<summary>Half of a number.</summary>

> Say _"half"_.
> Give back _10_ / `n`.

</details>

#### Inputs:
- `n` **as** Whole Number (required)

#### Outputs:
- `result` **as** Whole Number

Define `x` as Whole Number.
Set `x` using `half` with _5_.
Say `x`.
Set `x` using `half` with _0_.
"""
WRONG = "Define `x` as Whole Number.\nSay `y`.\nSet `x` to.\n"


def mdvm(
    folder: Path, *arguments: str, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, as its own process."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(TOP),
        "PYTHONWARNINGS": "ignore",
        "PYMDVM_ENGINE": "python",
    }
    return subprocess.run(
        [sys.executable, "-m", "pymdvm", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        input=text,
        check=False,
    )


def vm(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run mdvm-c, untranslated."""
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    return subprocess.run(
        [sys.executable, "-m", "mdvm.main", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With programs in it; the tests' own folder, too."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.md").write_text("Say _1_ + _2_.\nGive back _5_.\n")
    (tmp_path / "failing.md").write_text(FAILING)
    (tmp_path / "wrong.md").write_text(WRONG)
    return tmp_path


def test_build_writes_the_program_and_its_metadata(folder: Path) -> None:
    built = mdvm(folder, "build", "good.md")
    assert (built.returncode, built.stdout, built.stderr) == (0, "", "")
    bytecode = (folder / "good.mdbc").read_bytes()
    assert read_metadata((folder / "good.mdbm").read_bytes(), bytecode).source == "good.md"
    ran = vm(folder, "good.mdbc")
    assert (ran.returncode, ran.stdout) == (0, "3\nResult: Int(5)\n")


def test_build_writes_where_it_is_told(folder: Path) -> None:
    assert mdvm(folder, "build", "good.md", "-o", "other.mdbc").returncode == 0
    assert sorted(path.name for path in folder.glob("*.mdb*")) == ["other.mdbc", "other.mdbm"]
    failed = mdvm(folder, "build", "good.md", "-o", "nowhere/other.mdbc")
    assert (failed.returncode, failed.stderr) == (
        2,
        "Error: cannot write nowhere/other.mdbc: No such file or directory\n",
    )


def test_errors_of_the_program_are_shown_with_their_lines(folder: Path) -> None:
    for command in ("build", "run", "check"):
        failed = mdvm(folder, command, "wrong.md")
        assert failed.returncode == 1
        assert "wrong.md:3:" in failed.stderr
        assert "Set `x` to." in failed.stderr
        assert "Traceback" not in failed.stderr
    assert not (folder / "wrong.mdbc").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "missing.md"),
        ("check", "missing.md"),
        ("build",),
        ("build", "good.md", "-O4"),
        ("build", "good.md", "--target", "java"),
        ("build", "good.md", "--dump-mir=nothing"),
        ("build", "good.md", "--without", "nothing"),
        ("build", "good.md", "--show", "nothing"),
    ],
)
def test_wrong_usage(folder: Path, arguments: tuple[str, ...]) -> None:
    failed = invoke(*arguments)
    assert failed.status == 2
    assert "Error: " in failed.err
    assert "Traceback" not in failed.err


def test_a_source_that_is_not_utf_8(folder: Path) -> None:
    (folder / "latin.md").write_bytes(b'Say _"\xe4"_.\n')
    failed = invoke("build", "latin.md")
    assert (failed.status, failed.err) == (2, "Error: latin.md: byte 6 is not UTF-8\n")


def test_check(folder: Path) -> None:
    checked = mdvm(folder, "check", "good.md")
    assert (checked.returncode, checked.stdout) == (0, "good.md: 0 errors, 0 warnings\n")
    found = json.loads(mdvm(folder, "check", "--json", "wrong.md").stdout)
    assert found["file"] == "wrong.md"
    assert found["errors"] == len(found["findings"]) > 0
    assert {
        "severity",
        "code",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "message",
        "expected",
    } == set(found["findings"][0])


STACK = "Runtime error: Division by zero\n  at half (failing.md:7:18)\n  at the program (failing.md:20:15)\n"


def test_errors_at_run_time_name_the_lines_of_the_source(folder: Path) -> None:
    assert invoke("build", "-O0", "failing.md").status == 0
    for ran in (vm(folder, "failing.mdbc"), mdvm(folder, "run", "failing.mdbc")):
        assert (ran.returncode, ran.stdout, ran.stderr) == (1, "half\n2\nhalf\n", STACK)
    in_memory = mdvm(folder, "run", "failing.md")
    lines = in_memory.stderr.splitlines()
    assert lines[0] == "Runtime error: Division by zero"
    source = (folder / "failing.md").read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if "(failing.md:7:18)" in line)
    assert lines[at + 1 : at + 3] == ["      " + source[6], "      " + " " * 17 + "^"]


def test_metadata_of_another_program_are_reported_and_ignored(folder: Path) -> None:
    assert invoke("build", "-O0", "failing.md").status == 0
    path = folder / "failing.mdbc"
    path.write_bytes(path.read_bytes() + b"\0")
    for ran in (vm(folder, "failing.mdbc"), mdvm(folder, "run", "failing.mdbc")):
        assert (ran.returncode, ran.stdout) == (1, "half\n2\nhalf\n")
        assert ran.stderr.splitlines() == [
            "Runtime error: Division by zero",
            "  (the .mdbm file beside the program is of no use: it belongs to another program)",
        ]


def test_listings_name_the_lines_of_the_source(folder: Path) -> None:
    assert "failing.md:7:18" in invoke("build", "--show", "asm", "failing.md").out
    assert not (folder / "failing.mdbc").exists()
    assert invoke("build", "failing.md").status == 0
    for listing in (
        vm(folder, "--disassemble", "failing.mdbc").stdout,
        invoke("dis", "failing.mdbc").out,
        invoke("dis", "failing.md").out,
    ):
        assert "failing.md:7:18" in listing


def test_show_and_dump(folder: Path) -> None:
    assert invoke("build", "--show", "mir", "good.md").out.startswith('function "" ""')
    assert invoke("build", "--show", "cfg", "good.md").out.startswith("digraph")
    dumped = invoke("build", "--dump-mir=lowering", "good.md").err
    assert dumped.startswith("; MIR after lowering\n")
    assert "ADD 1, 2" in dumped
    assert "ADD 1, 2" not in invoke("build", "--dump-mir=folding", "good.md").err
    assert "ADD 1, 2" in invoke("build", "--without", "folding", "--dump-mir=copies", "good.md").err


def test_times(folder: Path) -> None:
    lines = invoke("build", "--time-passes", "good.md").err.splitlines()
    names = [line.split()[-1] for line in lines]
    assert names[:2] == ["analysis", "lowering"]
    assert names[-3:] == ["registers", "writing", "all"]
    assert all(line.split()[1] == "ms" for line in lines)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("target", TARGETS)
def test_levels_and_targets(folder: Path, level: int, target: str) -> None:
    assert invoke("build", f"-O{level}", "--target", target, "good.md").status == 0
    assert vm(folder, "good.mdbc").stdout == "3\nResult: Int(5)\n"


def test_a_level_that_others_have(folder: Path) -> None:
    """`-O3` means `-O2`."""
    for level, output in (("-O2", "two.mdbc"), ("-O3", "three.mdbc")):
        assert invoke("build", level, "-o", output, "good.md").status == 0
    assert (folder / "three.mdbc").read_bytes() == (folder / "two.mdbc").read_bytes()


# Builds each source that is named behind a folder into that folder.
BUILD_ALL = """
import pathlib, sys
from pymdvm.commands import mdvm

folder, *sources = sys.argv[1:]
for source in sources:
    output = pathlib.Path(folder, pathlib.Path(source).stem + ".mdbc")
    mdvm(["build", source, "-o", str(output)], standalone_mode=False)
"""


def test_the_same_bytes_in_every_process(folder: Path) -> None:
    made = []
    sources = [str(path) for path in sorted((TOP / "examples").glob("*.md"))]
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-c", BUILD_ALL, str(folder), *sources], env=environment, check=True
        )
        made.append({path.name: path.read_bytes() for path in folder.glob("*.mdb*")})
        for path in folder.glob("*.mdb*"):
            path.unlink()
    assert made[0] == made[1] == made[2]
    assert len(made[0]) == 2 * len(sources) > 10


def test_a_program_from_standard_input(folder: Path) -> None:
    ran = mdvm(folder, "run", "-", text="Say _1_ + _2_.\nGive back _5_.\n")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "3\nResult: Int(5)\n", "")
    wrong = mdvm(folder, "run", "-", text="Say `y`.\n")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("-:1:5: error: `y` is not defined")
    checked = mdvm(folder, "check", "-", text="Say _1_.\n")
    assert checked.returncode == 0


def test_another_extension(folder: Path) -> None:
    (folder / "good.markdown").write_text("Say _1_.\n")
    assert mdvm(folder, "run", "good.markdown").stdout == "1\n"


def test_the_repl_through_a_pipe(folder: Path) -> None:
    text = "Define `x` as Whole Number (default: _4_).\nWhile `x` < _6_:\n> Say `x`.\n> Set `x` to `x` + _1_.\n\n`x` * _2_\n"
    ran = mdvm(folder, "repl", text=text)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "4\n5\nInt(12)\n", "")
    failed = mdvm(folder, "repl", text="Say _1_ / _0_.\nSay _2_.\n")
    assert (failed.returncode, failed.stdout) == (1, "2\n")
    assert failed.stderr == "Runtime error: Division by zero\n  at the input (<input>:1:9)\n"
