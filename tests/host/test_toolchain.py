"""The tools that fetch the toolchain, translate, and run the tests: what they do when all is well,
and when it is not.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import bootstrap
import c_compiler
import debian
import older_glibc
import outcomes
import packages
import python2
import run_tests
import suites
import translate
from layout import REQUIREMENTS, TOOLCHAIN, TOP, ToolchainError, run_tool
from outcomes import Outcome
from translation_log import PhaseReader, phase_of, tail

# ---------------------------------------------------------------------------------------------------------------------
# Python 2.7: found or fetched


@pytest.fixture(autouse=True)
def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests themselves were started with is not for what they build."""
    for name in ("MAKEFLAGS", "RPYTHON", "TRANSLATE_OPTIONS", "STOCK"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def working_python2() -> Path:
    return python2.find_or_fetch_python2(TOOLCHAIN)


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def never_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(destination: Path) -> None:
        raise AssertionError("fetched although one is installed")

    monkeypatch.setattr(python2, "fetch_python2", fetch)


def test_python2_on_the_path_is_used(
    working_python2: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_fetch(monkeypatch)
    good = program(tmp_path / "bin" / "python2.7", f'#!/bin/sh\nexec "{working_python2}" "$@"\n')
    found = python2.find_or_fetch_python2(
        tmp_path, {"PATH": str(good.parent), "HOME": str(tmp_path)}
    )
    assert found == good


def test_a_version_manager_without_python2_behind_it_is_passed_over(
    working_python2: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_fetch(monkeypatch)
    shim = program(
        tmp_path / "shims" / "python2.7",
        "#!/bin/sh\necho 'python2.7: command not found' >&2\nexit 127\n",
    )
    good = program(tmp_path / "bin" / "python2.7", f'#!/bin/sh\nexec "{working_python2}" "$@"\n')
    path = os.pathsep.join((str(shim.parent), str(good.parent)))
    assert python2.find_or_fetch_python2(tmp_path, {"PATH": path, "HOME": str(tmp_path)}) == good


def test_a_python2_of_pyenv_is_found_though_it_is_not_on_the_path(
    working_python2: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_fetch(monkeypatch)
    inside = Path("versions") / "2.7.18" / "bin" / "python2.7"
    script = f'#!/bin/sh\nexec "{working_python2}" "$@"\n'
    by_home = program(tmp_path / "home" / ".pyenv" / inside, script)
    by_root = program(tmp_path / "elsewhere" / inside, script)
    home = str(tmp_path / "home")
    assert python2.find_or_fetch_python2(tmp_path, {"HOME": home}) == by_home
    elsewhere = str(tmp_path / "elsewhere")
    assert (
        python2.find_or_fetch_python2(tmp_path, {"HOME": home, "PYENV_ROOT": elsewhere}) == by_root
    )


def test_a_python3_does_not_pass_for_a_python2() -> None:
    assert python2.why_unusable(sys.executable)


@pytest.mark.parametrize("asked", [sys.executable, "no-such-python"])
def test_an_explicit_python2_that_does_not_work_is_refused(asked: str, tmp_path: Path) -> None:
    with pytest.raises(ToolchainError, match="PYTHON2=.* is not a Python 2.7 that works"):
        python2.find_or_fetch_python2(tmp_path, {"PYTHON2": asked, "PATH": os.environ["PATH"]})


def test_without_apt_the_message_says_how_to_name_an_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolchainError) as caught:
        python2.find_or_fetch_python2(tmp_path, {"PATH": str(tmp_path), "HOME": str(tmp_path)})
    assert "no apt-get" in str(caught.value)
    assert "make PYTHON2=/path/to/python2.7" in str(caught.value)


def test_an_interrupted_fetch_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(wanted: Sequence[str], scratch: Path) -> Path:
        (scratch / "root" / "usr").mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(debian, "fetch_packages", interrupted)
    monkeypatch.setattr(debian, "is_possible", lambda: True)
    with pytest.raises(KeyboardInterrupt):
        python2.fetch_python2(tmp_path / "python2.7")
    assert list(tmp_path.iterdir()) == []


def test_archives_are_asked_of_apt_and_the_security_ones_come_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listing = "a://x/debian-security/|main\na://x/debian/|main\na://x/debian/|main\na://y/other/|contrib\n"
    monkeypatch.setattr(debian, "run", lambda command: listing)
    assert debian.known_archives() == ["a://x/debian/", "a://x/debian-security/"]


@pytest.mark.network
@pytest.mark.skipif(
    not shutil.which("apt-get"), reason="there is no apt-get here to fetch Python 2.7 with"
)
def test_python2_can_be_fetched_and_moved(tmp_path: Path) -> None:
    toolchain = tmp_path / "tool chain"
    environment = {**os.environ, "PYTHON2": "", "MDVM_FETCH_PYTHON2": "1"}
    wrapper = python2.find_or_fetch_python2(toolchain, environment)
    assert wrapper == toolchain / "python2.7" / "python2.7"
    assert [path.name for path in toolchain.iterdir()] == ["python2.7"]

    moved = (toolchain / "python2.7").rename(tmp_path / "moved") / "python2.7"
    assert python2.why_unusable(str(moved)) == ""
    ask = "import os, sys; print(os.environ.get('LD_LIBRARY_PATH')); print(sys.executable); print(sys.version)"
    for before in (None, "/some/where"):
        kept = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
        own = kept if before is None else {**kept, "LD_LIBRARY_PATH": before}
        answer = subprocess.run(
            [str(moved), "-c", ask], env=own, capture_output=True, text=True, check=True
        ).stdout
        assert answer.splitlines()[:2] == [str(before), str(moved)]
        assert answer.splitlines()[2].startswith("2.7.18")


# ---------------------------------------------------------------------------------------------------------------------
# What pip fetches


def test_a_folder_counts_as_made_only_with_the_right_mark(tmp_path: Path) -> None:
    key = packages.key_of("rpython")
    assert not packages.is_complete(tmp_path / "missing", key)
    assert not packages.is_complete(tmp_path, key)
    packages.mark_complete(tmp_path, key)
    assert packages.is_complete(tmp_path, key)
    assert not packages.is_complete(tmp_path, packages.key_of("python2"))


def test_every_requirement_is_pinned_with_its_hash() -> None:
    for file in REQUIREMENTS.glob("*.txt"):
        text = file.read_text().replace("\\\n", " ")
        requirements = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert requirements
        for line in requirements:
            assert "==" in line.split()[0], line
            assert "--hash=sha256:" in line, line


def an_archive(path: Path) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        archive.add(__file__, arcname="rpython-0.2.1/rpython/__init__.py")
    return path


def test_a_file_with_another_hash_is_refused_and_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pip(python: Path, arguments: Sequence[str], getting: str) -> None:
        an_archive(Path(arguments[arguments.index("-d") + 1]) / "rpython-0.2.1.tar.gz")

    monkeypatch.setattr(packages, "run_pip", pip)
    monkeypatch.setattr(packages, "environment", lambda toolchain, name: Path(sys.executable))
    with pytest.raises(ToolchainError, match="is not the file that this project trusts"):
        packages.rpython_source(tmp_path, Path(sys.executable))
    assert list(tmp_path.iterdir()) == []


def test_an_unpacked_source_without_a_mark_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rpython-0.2.1" / "left over").mkdir(parents=True)
    monkeypatch.setattr(
        packages,
        "source_package",
        lambda toolchain, name, scratch: an_archive(scratch / "rpython-0.2.1.tar.gz"),
    )
    folder = packages.rpython_source(tmp_path, Path(sys.executable))
    assert packages.is_complete(folder, packages.key_of("rpython"))
    assert not (folder / "left over").exists()
    assert (folder / "rpython" / "__init__.py").exists()


def test_an_environment_whose_packages_fail_is_not_taken_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(
        ToolchainError, match="pip could not get the packages of fetcher(.|\n)*Is there a network"
    ):
        packages.environment(tmp_path, "fetcher")
    assert not packages.is_complete(tmp_path / "fetcher", packages.key_of("fetcher"))


def test_a_python_without_ensurepip_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(ToolchainError, match="apt-get install python3-venv"):
        packages.environment(tmp_path, "fetcher")


def test_another_rpython_must_be_its_script(tmp_path: Path) -> None:
    with pytest.raises(ToolchainError, match="is not the script rpython/bin/rpython"):
        bootstrap.other_rpython(str(tmp_path))
    script = program(tmp_path / "pypy" / "rpython" / "bin" / "rpython", "")
    (tmp_path / "pypy" / "rpython" / "translator").mkdir()
    assert bootstrap.other_rpython(str(script)) == script


# ---------------------------------------------------------------------------------------------------------------------
# Reading RPython's log

SAMPLE_LOG = """[translation:info] 2.7.18 (default)
[translation:info] Translating target as defined by /some/where/targetmdvm
[translation] translate.py configuration:
[translation:info] Annotating&simplifying...
[1] {translation-task
starting annotate
[translation:info] with policy: rpython.annotator.policy.AnnotatorPolicy
[1] translation-task}
\x1b[35m[translation:info] RTyping...\x1b[0m
[rtyper] specializing: 200 / 429 blocks   (46%)
[translation:info] JIT compiler generation...
[translation:info] inserting stack checks...
[translation:info] inserted 21 stack checks.
[translation:info] Compiling c source...
[platform:execute] make in /some/where...
"""
SAMPLE_PHASES = ["annotate", "rtype", "make the JIT compiler", "insert stack checks", "compile C"]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_phases_are_read_however_the_log_arrives(size: int) -> None:
    reader = PhaseReader()
    pieces = [SAMPLE_LOG[start : start + size] for start in range(0, len(SAMPLE_LOG), size)]
    assert [phase for piece in pieces for phase in reader.feed(piece)] == SAMPLE_PHASES


def test_a_line_that_is_no_phase() -> None:
    assert phase_of("[translation:info] something new...") is None
    assert phase_of("RTyping...") is None


def test_the_tail_has_the_last_lines_without_colours() -> None:
    log = "".join(f"line {number}\n" for number in range(100)) + "\x1b[31mlast\x1b[0m\n\n"
    assert tail(log, 3) == "line 98\nline 99\nlast"


def test_progress_on_a_terminal_rewrites_its_line_and_else_writes_one_a_phase() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = {}
    for stream in (Terminal(), io.StringIO()):
        progress = translate.Progress(stream, time.monotonic() - 45)
        progress.begin("annotate")
        progress.tick()
        progress.begin("rtype")
        progress.end()
        shown[stream.isatty()] = stream.getvalue()
    assert shown[False] == "[  45 s] annotate\n[  45 s] rtype\n"
    assert shown[True] == "\r[  45 s] annotate\r[  45 s] annotate\n\r[  45 s] rtype\n"


# ---------------------------------------------------------------------------------------------------------------------
# Translating, with a stand-in for RPython


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A scratch checkout: the tools, the Makefile and something to translate."""
    top = tmp_path / "checkout"
    shutil.copytree(TOP / "tools", top / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOP / "Makefile", top)
    (top / "mdvm" / "system").mkdir(parents=True)
    for name in ("targetmdvm.py", "mdvm/interp.py", "mdvm/system/os_support.c"):
        (top / name).touch()
    for name in ("launcher.c", "linkage.h", "standby.h", "memory.h"):
        shutil.copy(TOP / "mdvm" / "system" / name, top / "mdvm" / "system")
    return top


def stand_in(checkout: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    script = checkout / "rpython_stand_in.py"
    script.write_text(text)
    tools = bootstrap.Translator(Path(sys.executable), (str(script),), (checkout,))
    monkeypatch.setattr(translate, "translator", lambda: tools)


# Reports its arguments, its status, and that it has far more stack than the 8 MB that a main thread
# usually has.
STAND_IN_LIBRARY = """
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
void mdvm_block_signals(sigset_t *waited)
{
    sigemptyset(waited);
}
void mdvm_stand_by(pthread_t thread, const sigset_t *waited)
{
    (void)waited;
    pthread_join(thread, NULL);
}
long mdvm_memory_limit(long held)
{
    return (1L << 40) - held;
}
long mdvm_most_stack(void)
{
    return 1L << 40;
}
int pypy_main_startup(int argc, char *argv[])
{
    char large[64 << 20];
    memset(large, 1, sizeof large);
    printf("%s with a stack of its own\\n", argv[large[argc] + 1]);
    return argc;
}
"""

# What RPython's Makefile has that the program is linked with.
STAND_IN_MAKEFILE = """
CC_LINK = gcc
OBJECTS = library.o
LIBS = -lm
LIBDIRS =
LDFLAGS = -shared
$(TARGET): $(OBJECTS)
\t$(CC_LINK) -shared -o $@ $(OBJECTS)
%.o: %.c
\tgcc -fPIC -c -o $@ $<
"""


def test_a_translation_puts_its_products_in_place(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"""if True:
        import os, pathlib, time
        print({SAMPLE_LOG!r})
        time.sleep(0.1)
        pathlib.Path({str(checkout / "mdvm" / "interp.py")!r}).touch()  # edited meanwhile
        folder = pathlib.Path("usession-main-0", "testing_1")
        folder.mkdir(parents=True)
        (folder / "library.c").write_text({STAND_IN_LIBRARY!r})
        (folder / "Makefile").write_text({STAND_IN_MAKEFILE!r})
        os.symlink("usession-main-0", "usession-main-current")
        os.execlp("make", "make", "-C", str(folder), "TARGET=../../libmdvm.so")
        """
    stand_in(checkout, monkeypatch, text)
    monkeypatch.setenv("TRANSLATE_OPTIONS", "--lldebug")
    translate.translate(checkout, checkout / "build")
    (checkout / "libmdvm.so").rename(checkout / "put aside")  # the program has the VM in it
    moved = checkout.rename(checkout.with_name("moved")) / "mdvm-c"
    ran = subprocess.run([moved, "one", "two"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (3, "two with a stack of its own\n")
    (checkout.with_name("moved")).rename(checkout)
    (checkout / "put aside").rename(checkout / "libmdvm.so")
    if older_glibc.processor_here():
        assert older_glibc.needed_version((checkout / "libmdvm.so").read_bytes()) <= 17
    assert not list(checkout.glob("*.new"))
    assert (checkout / "build" / "settings").read_text() == " --lldebug "
    assert SAMPLE_LOG in (checkout / "build" / "translate.log").read_text()
    assert make_would_build(checkout), (
        "a source edited while the translation ran must ask for another one"
    )


def test_a_failed_translation_shows_the_end_of_its_log(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(
        checkout, monkeypatch, "import sys\nfor n in range(100): print('line', n)\nsys.exit(3)\n"
    )
    (checkout / "mdvm-c").write_text("the last good one")
    with pytest.raises(ToolchainError) as caught:
        translate.translate(checkout, checkout / "build")
    message = str(caught.value)
    assert "the translation failed (exit status 3)" in message
    assert "line 60\n" in message and "line 99\n" in message and "line 59\n" not in message
    assert str(checkout / "build" / "translate.log") in message
    assert (checkout / "mdvm-c").read_text() == "the last good one"


def test_a_translation_without_products_is_a_failure(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(checkout, monkeypatch, "print('well done')\n")
    with pytest.raises(ToolchainError, match="left no libmdvm.so"):
        translate.translate(checkout, checkout / "build")
    assert not (checkout / "mdvm-c").exists()


def test_an_interrupt_ends_rpython_and_what_it_started(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """if True:
        import os, signal, subprocess
        child = subprocess.Popen(["sleep", "600"])
        open("child", "w").write(str(child.pid))
        os.kill(os.getppid(), signal.SIGTERM)
        child.wait()
        """
    stand_in(checkout, monkeypatch, text)
    before = signal.getsignal(signal.SIGTERM)

    def main() -> int:
        translate.translate(checkout, checkout / "build")
        return 0

    try:
        assert run_tool(main) == 130
    finally:
        signal.signal(signal.SIGTERM, before)
    child = int((checkout / "build" / "translation" / "child").read_text())
    assert ended(child)


def ended(process: int) -> bool:
    """Whether a process that is not ours is gone, or will be as soon as somebody has asked for its
    status.
    """
    for _ in range(50):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def test_options_of_the_user_come_after_ours() -> None:
    options = translate.rpython_options({"TRANSLATE_OPTIONS": "--lldebug --cc='ccache gcc'"})
    assert options[-2:] == ["--lldebug", "--cc=ccache gcc"]
    assert "--opt=jit" in options and "--shared" in options and "--batch" in options


@pytest.mark.parametrize("stock, expected", [("", []), ("1", ["--stock"])])
def test_the_target_is_told_to_go_without_corrections_for_speed(
    stock: str, expected: list[str]
) -> None:
    assert translate.target_options({"STOCK": stock}) == expected


def test_the_target_is_told_another_processor() -> None:
    assert translate.target_options({"PROCESSOR": "aarch64"}) == ["--processor=aarch64"]


def test_nothing_of_make_or_python3_reaches_rpython(tmp_path: Path) -> None:
    tools = bootstrap.Translator(Path("python2"), (), (Path("a"), Path("b")))
    own = tools.environment(
        tmp_path, {"PYTHONPATH": "x", "PYTHONHOME": "y", "MAKEFLAGS": "-j8", "CC": "gcc"}
    )
    assert own["PYTHONPATH"] == "a:b"
    assert own["PYPY_USESSION_DIR"] == str(tmp_path)
    assert own["CC"] == "gcc"
    assert not {"PYTHONHOME", "MAKEFLAGS"} & set(own)


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        (["tools/translate.py"], "gcc and make not found"),
        (["tools/bootstrap.py", "translation"], "apt-get install gcc libc6-dev make"),
        (["tools/bootstrap.py", "nonsense"], "there is no part 'nonsense'"),
        (["tools/run_tests.py", "nonsense"], "there is no suite 'nonsense'"),
    ],
)
def test_with_no_tools_at_all_the_message_is_plain(
    tool: list[str], expected: str, checkout: Path
) -> None:
    (checkout / "empty").mkdir()
    bare = {"PATH": str(checkout / "empty"), "HOME": str(checkout / "empty")}
    result = subprocess.run(
        [sys.executable, *tool], cwd=checkout, env=bare, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert expected in result.stderr
    assert "Traceback" not in result.stderr


def test_a_compiler_that_cannot_compile_is_found_out_before_the_translation(tmp_path: Path) -> None:
    program(tmp_path / "gcc", "#!/bin/sh\necho 'stdio.h: No such file' >&2\nexit 1\n")
    program(tmp_path / "make", "#!/bin/sh\n")
    with pytest.raises(ToolchainError, match="cannot compile(.|\n)*stdio.h(.|\n)*libc6-dev"):
        c_compiler.require_c_compiler({"PATH": str(tmp_path)})


def without_libffi(tmp_path: Path) -> dict[str, str]:
    """An environment whose C compiler does not find libffi, and which has no pkg-config, until both
    are added.
    """
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "ffi.h").write_text("#error libffi is not installed for development\n")
    real = shutil.which("gcc")
    script = f'#!/bin/sh\ncase "$CPATH" in "") CPATH={tmp_path}/hidden; export CPATH;; esac\nexec {real} "$@"\n'
    compiler = program(tmp_path / "gcc", script)
    return {"PATH": str(tmp_path), "CC": str(compiler)}


def test_a_missing_libffi_is_explained_where_it_cannot_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(debian, "is_possible", lambda: False)
    with pytest.raises(ToolchainError, match="apt-get install libffi-dev pkg-config"):
        c_compiler.libffi(tmp_path / "toolchain", without_libffi(tmp_path))


@pytest.mark.network
@pytest.mark.skipif(
    not shutil.which("apt-get"), reason="there is no apt-get here to fetch libffi with"
)
def test_a_missing_libffi_is_fetched(tmp_path: Path) -> None:
    bare = without_libffi(tmp_path)
    folder = c_compiler.libffi(tmp_path / "toolchain", bare)
    assert folder is not None
    own = c_compiler.with_libffi(folder, {**os.environ, "CC": bare["CC"]})
    assert shutil.which("pkg-config", path=own["PATH"]) == str(folder / "bin" / "pkg-config")
    compiled = subprocess.run(
        [bare["CC"], "-x", "c", "-", "-lffi", "-o", str(tmp_path / "program")],
        input="#include <ffi.h>\nint main(void) { return (int)ffi_type_double.size; }\n",
        text=True,
        env=own,
    )
    assert compiled.returncode == 0
    assert subprocess.run([str(tmp_path / "program")]).returncode == 8


# ---------------------------------------------------------------------------------------------------------------------
# The Makefile


def make_would_build(checkout: Path, *settings: str) -> bool:
    command = ["make", "-q", "all", *settings]
    status = subprocess.run(command, cwd=checkout, capture_output=True).returncode
    assert status in (0, 1)
    return status == 1


@pytest.fixture
def built(checkout: Path) -> Path:
    """A scratch checkout that looks built: its sources are older than its products."""
    an_hour_ago = time.time() - 3600
    for source in ("targetmdvm.py", "mdvm/interp.py", "mdvm/system/os_support.c"):
        os.utime(checkout / source, (an_hour_ago, an_hour_ago))
    for product in ("mdvm-c", "libmdvm.so"):
        (checkout / product).touch()
    return checkout


def test_make_does_nothing_when_nothing_changed(built: Path) -> None:
    assert not make_would_build(built)


@pytest.mark.parametrize(
    "source", ["targetmdvm.py", "mdvm/interp.py", "mdvm/system/os_support.c", "mdvm/new.h"]
)
def test_make_builds_when_a_source_changed(source: str, built: Path) -> None:
    later = time.time() + 10
    (built / source).touch()
    os.utime(built / source, (later, later))
    assert make_would_build(built)


@pytest.mark.parametrize("product", ["mdvm-c", "libmdvm.so"])
def test_make_builds_when_a_product_is_missing(product: str, built: Path) -> None:
    (built / product).unlink()
    assert make_would_build(built)


def test_make_builds_when_other_options_are_asked_for(built: Path) -> None:
    assert make_would_build(built, "TRANSLATE_OPTIONS=--lldebug")
    (built / "build").mkdir()
    settings = translate.recorded_settings({"RPYTHON": "/x", "TRANSLATE_OPTIONS": "--lldebug"})
    (built / "build" / "settings").write_text(settings)
    assert not make_would_build(built, "RPYTHON=/x", "TRANSLATE_OPTIONS=--lldebug")
    assert make_would_build(built, "RPYTHON=/y", "TRANSLATE_OPTIONS=--lldebug")
    assert make_would_build(built, "RPYTHON=/x", "TRANSLATE_OPTIONS=--lldebug", "STOCK=1")
    assert not make_would_build(built), "no options given: keep what is there"


def test_make_run_without_a_program_says_so(built: Path) -> None:
    result = subprocess.run(["make", "run", "PROG="], cwd=built, capture_output=True, text=True)
    assert result.returncode != 0
    assert "say which program" in result.stderr


def test_make_run_assembles_first(built: Path) -> None:
    program(built / "mdvm-c", '#!/bin/sh\ncat "$1"\n')
    assembler = (
        'import sys; open(sys.argv[3], "w").write("assembled " + open(sys.argv[1]).read())\n'
    )
    program(built / "pymdvm" / "assembler.py", assembler)
    (built / "a program.mdasm").write_text("text")
    (built / "b.mdbc").write_text("bytes")
    for name, expected in (("a program.mdasm", "assembled text"), ("b.mdbc", "bytes")):
        result = subprocess.run(
            ["make", "-s", "run", f"PROG={name}"], cwd=built, capture_output=True, text=True
        )
        assert (result.stdout, result.returncode) == (expected, 0), result.stderr


# ---------------------------------------------------------------------------------------------------------------------
# Adding up the tests


def pytest_report(tmp_path: Path, attributes: str) -> Path:
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite {attributes}></testsuite></testsuites>")
    return report


def test_pytest_reports_are_counted(tmp_path: Path) -> None:
    report = pytest_report(tmp_path, 'tests="10" errors="1" failures="2" skipped="3"')
    assert outcomes.pytest_outcome(report, 1) == Outcome(passed=4, failed=3, skipped=3)


def test_a_report_in_the_form_of_the_old_pytest_is_counted(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuite tests="2" errors="0" failures="0" skipped="0"></testsuite>')
    assert outcomes.pytest_outcome(report, 0) == Outcome(passed=2)


def test_crashed_and_empty_suites_count_as_failed(tmp_path: Path) -> None:
    clean = pytest_report(tmp_path, 'tests="5" errors="0" failures="0" skipped="0"')
    assert outcomes.pytest_outcome(tmp_path / "missing.xml", 0).failed == 1
    assert (
        outcomes.pytest_outcome(tmp_path / "missing.xml", -11).problem
        == "crashed (exit status -11)"
    )
    assert outcomes.pytest_outcome(clean, 5) == Outcome(failed=1, problem="collected no tests")
    assert outcomes.pytest_outcome(clean, 5, selected=True) == Outcome()
    assert outcomes.pytest_outcome(clean, 2).failed == 1
    assert outcomes.pytest_outcome(clean, 1).failed == 1
    assert outcomes.pytest_outcome(pytest_report(tmp_path, 'tests="0"'), 0).failed == 1


def test_a_counted_program_is_believed_only_if_its_status_agrees() -> None:
    assert outcomes.counted_outcome("x: y\n7 passed, 2 failed\n", 1) == Outcome(passed=7, failed=2)
    assert outcomes.counted_outcome("7 passed, 0 failed\n", 0) == Outcome(passed=7)
    assert outcomes.counted_outcome("7 passed, 0 failed\n", 1).failed == 1
    assert outcomes.counted_outcome("", 0).problem == "crashed (exit status 0)"


class FakeSuite(suites.Suite):
    def __init__(self, name: str, outcome: Outcome | Exception, reason: str = "") -> None:
        super().__init__(name, "")
        self.outcome = outcome
        self.reason = reason

    def reason_to_leave_out(self) -> str:
        return self.reason

    def run(self) -> Outcome:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def last_line_and_status(capsys: pytest.CaptureFixture[str], *fakes: FakeSuite) -> tuple[str, int]:
    status = run_tests.report(run_tests.run_all(fakes))
    return capsys.readouterr().out.splitlines()[-1], status


def test_the_last_line_is_the_sum(capsys: pytest.CaptureFixture[str]) -> None:
    good = FakeSuite("good", Outcome(passed=3))
    skipping = FakeSuite("skipping", Outcome(passed=1, skipped=2))
    bad = FakeSuite("bad", Outcome(passed=4, failed=1))
    absent = FakeSuite("absent", Outcome(failed=9), reason="has no tests yet")
    assert last_line_and_status(capsys, good, absent) == ("3 passed, 0 failed", 0)
    assert last_line_and_status(capsys, good, skipping) == ("4 passed, 0 failed, 2 skipped", 0)
    assert last_line_and_status(capsys, good, bad, skipping) == ("8 passed, 1 failed, 2 skipped", 1)


def test_a_suite_that_cannot_run_is_a_failure_and_the_others_still_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = FakeSuite("broken", ValueError("no such thing"))
    toolless = FakeSuite("toolless", ToolchainError("no network"))
    good = FakeSuite("good", Outcome(passed=3))
    assert last_line_and_status(capsys, broken, toolless, good) == ("3 passed, 2 failed", 1)


def test_an_interruption_keeps_what_was_found_out_and_runs_no_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = FakeSuite("good", Outcome(passed=3))
    broken_off = FakeSuite("broken off", suites.Interrupted(Outcome(passed=2, failed=1)))
    assert last_line_and_status(capsys, good, broken_off, good) == ("5 passed, 1 failed", 1)


TALKING_CHILD = """if True:
    import os, subprocess, sys, time
    child = subprocess.Popen(["sleep", "600"])
    print(child.pid, file=open(sys.argv[1], "w"), flush=True)
    {then}
"""


@pytest.mark.parametrize(
    "then, expected", [("time.sleep(600)", -1), ("pass", 0)], ids=["hangs", "ends"]
)
def test_nothing_that_a_suite_has_started_outlives_it(
    then: str, expected: int, tmp_path: Path
) -> None:
    note = tmp_path / "child"
    script = TALKING_CHILD.format(then=then)
    command = [sys.executable, "-c", script, str(note)]
    assert suites.run_shown(command, os.environ, seconds=5) == expected
    assert ended(int(note.read_text()))


TWO_TESTS = """
import time
def test_first(): pass
def test_second():
    open({note!r}, "w").write("begun")
    time.sleep(600)
"""


def test_an_interrupted_suite_writes_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "note"
    tests = tmp_path / "test_two.py"
    tests.write_text(TWO_TESTS.format(note=str(note)))
    monkeypatch.setattr(suites, "RESULTS", tmp_path)
    monkeypatch.setattr(suites, "development", lambda: sys.executable)
    monkeypatch.setenv("PYTEST_OPTIONS", "")
    suite = suites.PytestSuite("two", "", "tests", ["-p", "no:cacheprovider"])
    suite.folder = tests

    def interrupt() -> None:
        while not note.exists():
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(suites.Interrupted) as caught:
        suite.run()
    assert caught.value.outcome.passed == 1
    assert caught.value.outcome.failed


# The first passes when it is run again, the second never does.
THREE_TESTS = """
import os
def test_that_a_busy_machine_fails():
    again = os.path.exists({note!r})
    open({note!r}, "w").close()
    assert again
def test_wrong(): assert {right}
def test_right(): pass
"""


@pytest.mark.parametrize("right, expected", [(True, (3, 0, 1)), (False, (2, 1, 1))])
def test_what_failed_is_run_once_more_alone(
    right: bool,
    expected: tuple[int, int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    tests = tmp_path / "test_three.py"
    tests.write_text(THREE_TESTS.format(note=str(tmp_path / "note"), right=right))
    monkeypatch.setattr(suites, "RESULTS", tmp_path)
    monkeypatch.setattr(suites, "development", lambda: sys.executable)
    monkeypatch.setenv("PYTEST_OPTIONS", "")
    suite = suites.PytestSuite("three", "", "tests")
    suite.folder = tests
    monkeypatch.setenv("PYTEST_ADDOPTS", f"-o cache_dir={tmp_path}/cache")
    outcome = suite.run()
    assert (outcome.passed, outcome.failed, outcome.passed_alone) == expected
    assert "once more what failed, alone" in capfd.readouterr().out


def test_a_second_try_that_ran_other_tests_counts_for_nothing() -> None:
    first = outcomes.Outcome(passed=5, failed=2)
    assert outcomes.outcome_with_second_try(first, outcomes.Outcome(passed=7)) == first


def test_nothing_run_is_not_a_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert last_line_and_status(capsys)[1] == 1
