"""Files that commands write: never over what they read, whole or not at all, and one line of error
where they cannot.
"""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pymdvm import output_files
from pymdvm.bytecode.metadata import read_metadata
from tests.commands.command_line import (
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

SOURCE = "Say _1_.\n"
TEXT = '    LOAD_CONST r0, "hello"\n    DEBUG_PRINT r0\n    RETURN r0\n'
TROUBLE = 2


def inputs(folder: Path) -> dict[str, Path]:
    """A program of each kind that there is."""
    (folder / "source.md").write_text(SOURCE)
    (folder / "text.mdasm").write_text(TEXT)
    return {
        "md": folder / "source.md",
        "mdasm": folder / "text.mdasm",
        "mdbc": assembled(folder, TEXT, "binary"),
    }


# The commands that write a file where they are told: the arguments before it, with the kind of
# program in the place of its path.
WRITERS = [
    ("build", "md", "-o"),
    ("asm", "mdasm", "-o"),
    ("dis", "md", "--cfg"),
    ("dis", "mdasm", "--cfg"),
    ("dis", "mdbc", "--cfg"),
    ("profile", "md", "-o"),
    ("profile", "mdasm", "-o"),
    ("profile", "mdbc", "-o"),
    ("bench", "mdasm", "-o"),
    ("bench", "mdbc", "-o"),
]
writers = pytest.mark.parametrize("writer", WRITERS, ids=" ".join)


def write_to(writer: tuple[str, ...], folder: Path, output: str | Path) -> tuple[Outcome, Path]:
    """What came of it, and the path of the program."""
    if writer[0] == "bench":
        pytest.importorskip("pyperf")
    name, kind, option = writer
    program = inputs(folder)[kind]
    return invoke(name, program, option, output), program


def same(path: Path) -> str:
    return str(path)


def other_spelling(path: Path) -> str:
    (path.parent / "within").mkdir()
    return f"{path.parent}/within/..//./{path.name}"


def symbolic_link(path: Path) -> str:
    link = path.parent / "symbolic"
    link.symlink_to(path.name)
    return str(link)


def hard_link(path: Path) -> str:
    link = path.parent / "hard"
    os.link(path, link)
    return str(link)


@pytest.mark.parametrize("name_of", [same, other_spelling, symbolic_link, hard_link])
@writers
def test_no_command_writes_over_its_program(
    tmp_path: Path, writer: tuple[str, ...], name_of: Callable[[Path], str]
) -> None:
    output = name_of(inputs(tmp_path)[writer[1]])
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    outcome, program = write_to(writer, tmp_path, output)
    assert outcome.status == TROUBLE
    assert outcome.err.endswith(f"the output would replace {program}; choose another name for it\n")
    assert (outcome.out, outcome.err.count("\n")) == ("", 1)
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_the_assembler_as_a_module(tmp_path: Path) -> None:
    program = inputs(tmp_path)["mdasm"]
    outcome = run_process(
        [sys.executable, "-m", "pymdvm.assembler", str(program), "-o", symbolic_link(program)]
    )
    assert outcome == Outcome(
        2, "", f"assembler: the output would replace {program}; choose another name for it\n"
    )
    assert program.read_text() == TEXT


def test_neither_over_standard_input(tmp_path: Path) -> None:
    program = inputs(tmp_path)["mdasm"]
    with program.open() as stream:
        done = subprocess.run(
            command("asm", "-", "-o", program),
            stdin=stream,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "assembler: the output would replace standard input; choose another name for it\n",
    )
    assert program.read_text() == TEXT


@pytest.mark.parametrize("name", ["program.md", "program.mdbc", "program.mdbm"])
def test_neither_where_the_name_of_the_output_follows_from_that_of_the_input(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text(SOURCE)
    if name != "program.mdbm":
        os.link(path, tmp_path / "program.mdbm")
    outcome = run("build", path)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (TROUBLE, "", 1)
    assert path.read_text() == SOURCE


@pytest.mark.parametrize("command_name", ["dis", "profile"])
def test_neither_over_the_files_that_belong_to_the_program(
    tmp_path: Path, command_name: str
) -> None:
    """A program may be named by another extension, and its metadata are read too."""
    option = {"dis": "--cfg", "profile": "-o"}[command_name]
    assert run("build", inputs(tmp_path)["md"]).status == 0
    for output in (tmp_path / "source.mdbc", tmp_path / "source.mdbm"):
        before = output.read_bytes()
        outcome = run(command_name, tmp_path / "source.any", option, output)
        assert (outcome.status, outcome.err) == (
            TROUBLE,
            f"Error: the output would replace {output}; choose another name for it\n",
        )
        assert output.read_bytes() == before


def test_the_repl_saves_over_nothing_that_it_has_read(tmp_path: Path) -> None:
    loaded, piped, saved = tmp_path / "loaded.md", tmp_path / "piped.md", tmp_path / "saved.md"
    loaded.write_text("Say _1_.\n")
    piped.write_text(
        f":load {loaded}\nSay _2_.\n:save {loaded}\n:save {piped}\n:save {saved}\nSay _3_.\n:save {saved}\n"
    )
    text = piped.read_text()
    with piped.open() as stream:
        done = subprocess.run(
            command("repl"),
            stdin=stream,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    assert done.stderr.splitlines() == [
        f"the output would replace {loaded}; choose another name for it",
        "the output would replace standard input; choose another name for it",
    ]
    assert (done.returncode, loaded.read_text(), piped.read_text()) == (1, "Say _1_.\n", text)
    assert saved.read_text() == "Say _1_.\n\nSay _2_.\n\nSay _3_.\n"


# ____________________________________________________________ where nothing can be written


def folder_itself(folder: Path) -> str:
    return "."


def another_folder(folder: Path) -> str:
    (folder / "another").mkdir()
    return str(folder / "another")


def missing_folder(folder: Path) -> str:
    return str(folder / "missing" / "out.mdbc")


def file_as_a_folder(folder: Path) -> str:
    (folder / "file").write_text("kept")
    return str(folder / "file" / "out.mdbc")


def folder_to_be(folder: Path) -> str:
    return f"{folder}/to_be/"


def no_name(folder: Path) -> str:
    return ""


def long_name(folder: Path) -> str:
    return str(folder / ("n" * 300))


def full_device(folder: Path) -> str:
    return "/dev/full"


def read_only_folder(folder: Path) -> str:
    """Not even the superuser makes files here."""
    return "/proc/out.mdbc"


PLACES = [
    folder_itself,
    another_folder,
    missing_folder,
    file_as_a_folder,
    folder_to_be,
    no_name,
    long_name,
    full_device,
    read_only_folder,
]


@pytest.mark.parametrize("place", PLACES)
@writers
def test_where_nothing_can_be_written(
    tmp_path: Path, writer: tuple[str, ...], place: Callable[[Path], str]
) -> None:
    if writer[0] == "bench" and place not in (folder_itself, missing_folder, no_name):
        pytest.skip("it would take the time of a benchmark")
    (tmp_path / "out").mkdir()
    output = place(tmp_path / "out")
    outcome, _ = write_to(writer, tmp_path, output)
    assert outcome.status == (TROUBLE if writer[0] in ("build", "asm") else 1)
    assert "cannot write " in outcome.err
    assert (outcome.out, outcome.err.count("\n")) == ("", 1)
    assert not [
        path for path in (tmp_path / "out").rglob("*") if path.name not in ("another", "file")
    ]


def test_a_pipe_whose_reader_goes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: os.close(os.open(pipe, os.O_RDONLY)))
    reader.start()
    with pytest.raises(output_files.OutputError, match=f"cannot write {pipe}: Broken pipe"):
        output_files.write_output(str(pipe), bytes(1 << 20), [])
    reader.join()
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_standard_output_by_another_name(tmp_path: Path) -> None:
    program = inputs(tmp_path)["mdasm"]
    done = subprocess.run(
        command("asm", program, "-o", "/dev/stdout"),
        env=environment(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, (tmp_path / "binary.mdbc").read_bytes())
    outcome = run_process(
        [
            "sh",
            "-c",
            '{ sleep 1; exec "$@"; } | true',
            "sh",
            *command("asm", program, "-o", "/dev/stdout"),
        ]
    )
    assert outcome.err == "assembler: cannot write /dev/stdout: Broken pipe\n"


# ____________________________________________________________ nothing is lost


def limited(limit: int, arguments: list[str]) -> Outcome:
    """Run a process that may not write larger files."""
    script = (
        "import os, resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)\n"
        "os.execv(sys.argv[2], sys.argv[2:])"
    )
    return run_process(
        [sys.executable, "-B", "-c", script, str(limit), *arguments],
        {"PYTHONDONTWRITEBYTECODE": "1"},
    )


@writers
def test_what_was_there_stays_when_writing_fails(tmp_path: Path, writer: tuple[str, ...]) -> None:
    name, kind, option = writer
    if name == "bench":
        pytest.skip("pyperf writes files of its own")
    program = inputs(tmp_path)[kind]
    output = tmp_path / "output.mdbc"
    output.write_text("precious")
    before = sorted(tmp_path.iterdir())
    outcome = limited(10, command(name, program, option, output))
    assert outcome.status != 0
    assert outcome.err.endswith(f"cannot write {output}: File too large\n")
    assert output.read_text() == "precious"
    assert sorted(tmp_path.iterdir()) == before


def test_a_program_and_its_metadata_are_written_together(tmp_path: Path) -> None:
    # The metadata name the source, so a long path makes them the larger file.
    folder = tmp_path / ("f" * 200) / ("f" * 200)
    folder.mkdir(parents=True)
    source, bytecode, metadata = (
        folder / f"program.{extension}" for extension in ("md", "mdbc", "mdbm")
    )
    source.write_text(SOURCE)
    assert run("build", source).status == 0
    old = bytecode.read_bytes(), metadata.read_bytes()
    source.write_text("Say _2_.\n")
    size = bytecode.stat().st_size
    assert metadata.stat().st_size > size
    outcome = limited(size, command("build", source))
    assert (outcome.status, outcome.err) == (
        TROUBLE,
        f"Error: cannot write {metadata}: File too large\n",
    )
    assert (bytecode.read_bytes(), metadata.read_bytes()) == old
    assert run("build", source).status == 0
    assert bytecode.read_bytes() != old[0]
    assert read_metadata(metadata.read_bytes(), bytecode.read_bytes())


def test_metadata_replace_only_metadata(tmp_path: Path) -> None:
    source = inputs(tmp_path)["md"]
    notes = tmp_path / "source.mdbm"
    notes.write_text("Moving Dates, Boxes and Measures")
    outcome = run("build", source)
    assert (outcome.status, outcome.err.count("\n")) == (TROUBLE, 1)
    assert str(notes) in outcome.err
    assert (notes.read_text(), (tmp_path / "source.mdbc").exists()) == (
        "Moving Dates, Boxes and Measures",
        False,
    )
    assert run("build", source, "-o", tmp_path / "out.mdbm").status == TROUBLE
    notes.write_bytes(b"")
    assert run("build", source).status == 0
    assert run("build", source).status == 0


def test_devices_and_standard_output_have_no_metadata_beside_them(tmp_path: Path) -> None:
    source = inputs(tmp_path)["md"]
    assert run("build", source).status == 0
    made = subprocess.run(
        command("build", source, "-o", "-"),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert (made.returncode, made.stdout) == (0, (tmp_path / "source.mdbc").read_bytes())
    assert run("build", source, "-o", os.devnull).status == 0
    assert not Path(os.devnull).with_suffix(".mdbm").exists()
    assert run("build", source, "--show", "mir", "-o", "-").status == TROUBLE


def test_links_and_rights_of_the_output_are_kept(tmp_path: Path) -> None:
    program = inputs(tmp_path)["mdasm"]
    target, link = tmp_path / "target.mdbc", tmp_path / "link.mdbc"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to("target.mdbc")
    assert run("asm", program, "-o", link).status == 0
    assert link.is_symlink()
    assert target.read_bytes() == (tmp_path / "binary.mdbc").read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    mask = os.umask(0o027)
    try:
        assert run("asm", program, "-o", tmp_path / "new.mdbc").status == 0
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new.mdbc").stat().st_mode) == 0o640


def no_new_files(path: str, flags: int, mode: int = 0o777) -> int:
    if flags & os.O_EXCL:
        raise PermissionError(13, "Permission denied", path)
    return real_open(path, flags, mode)


real_open = os.open


def test_a_file_that_can_be_written_in_a_folder_that_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("something longer than before")
    monkeypatch.setattr(os, "open", no_new_files)
    output_files.write_output(str(path), b"something", [])
    assert path.read_text() == "something"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(output_files.OutputError, match="File too large"):
            output_files.write_output(str(path), b"x" * 101, [])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_text() == "something"
    with pytest.raises(output_files.OutputError, match="Permission denied"):
        output_files.write_output(str(tmp_path / "another"), b"something", [])


# ____________________________________________________________ standard output

PRINTERS = [
    ("run", "mdasm"),
    ("build", "md", "--show", "asm"),
    ("build", "md", "-o", "-"),
    ("check", "md"),
    ("asm", "mdasm", "-o", "-"),
    ("dis", "mdasm"),
    ("dis", "mdasm", "--cfg", "-"),
    ("info", "mdasm"),
    ("info", "--json", "mdasm"),
    ("verify", "mdasm"),
    ("verify", "--rules"),
    ("profile", "mdasm"),
    ("completion", "bash"),
    ("--help",),
    ("--version",),
]


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"])
@pytest.mark.parametrize("printer", PRINTERS, ids=" ".join)
def test_standard_output_that_takes_nothing(
    tmp_path: Path, printer: tuple[str, ...], redirection: str
) -> None:
    programs = inputs(tmp_path)
    arguments = [str(programs.get(word, word)) for word in printer]
    outcome = run_process(["sh", "-c", f'exec "$@" {redirection}', "sh", *command(*arguments)])
    assert outcome.status == (TROUBLE if "-o" in printer else 1)
    problem = "No space left on device" if redirection == ">/dev/full" else "Bad file descriptor"
    assert outcome.err.endswith(f": {problem}\n")
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    "printer",
    [printer for printer in PRINTERS if "-o" not in printer and "--cfg" not in printer],
    ids=" ".join,
)
def test_a_reader_that_has_gone_is_told_nothing(tmp_path: Path, printer: tuple[str, ...]) -> None:
    programs = inputs(tmp_path)
    arguments = [str(programs.get(word, word)) for word in printer]
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "wb") as pipe:
        done = subprocess.run(
            command(*arguments),
            stdout=pipe,
            stderr=subprocess.PIPE,
            env=environment(),
            cwd=TOP,
            timeout=SECONDS,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"")


def test_no_file_becomes_standard_output_by_chance(tmp_path: Path) -> None:
    """With fd 1 closed, the next file that is opened would be it, and get what is printed."""
    programs = inputs(tmp_path)
    before = {path: path.read_bytes() for path in programs.values()}
    for name in ("run", "info", "dis"):
        run_process(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command(name, programs["mdbc"])])
    assert {path: path.read_bytes() for path in programs.values()} == before


def test_standard_input_that_gives_nothing() -> None:
    for name in (["repl"], ["asm", "-"]):
        outcome = run_process(["sh", "-c", 'exec "$@" <&-', "sh", *command(*name)])
        assert outcome.status == (1 if name == ["repl"] else TROUBLE)
        assert outcome.err.endswith(": Bad file descriptor\n")
        assert outcome.err.count("\n") == 1


def test_paths_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(output_files.OutputError, match="cannot write a\0b: embedded null byte"):
        output_files.write_output("a\0b", b"", [str(tmp_path)])
    done = subprocess.run(
        command("repl"),
        input=":save a\0b\n:load a\0b\n",
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "cannot write a\0b: embedded null byte\na\0b: embedded null byte\n",
    )
