"""The packages: what is in them, and that they work in a clean environment with nothing else, under
every Python that is at hand.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

import older_glibc
from layout import TOOLCHAIN, TOP, ToolchainError
from make_wheels import CALLERS, PRODUCTS, make_wheel_for, make_wheels
from packages import environment, unpack
from platforms import MUSL, PLATFORMS, Platform
from tests.packaging.made_once import made_once
from tests.toolchain.installed import installed

VERSIONS = ["3.9", "3.10", "3.11", "3.12", "3.13"]
HAS_VM = (TOP / "libmdvm.so").exists() and (TOP / "mdvm-c").exists()

SMOKE = """
import sys, warnings
warnings.simplefilter("ignore")
import pymdvm
from pymdvm.bytecode import Builder
builder = Builder()
builder.function("add")
builder.emit("ADD", 0, 0, 1)
builder.emit("DEBUG_PRINT", 0)
builder.emit("RETURN", 0)
program = pymdvm.loads(builder.to_bytes())
assert program.call("add", [1, "x"][0], 2, stdout=lambda text: None) == 3
assert program.call("add", "a", "b") == "ab"
try:
    program.call("add", 1, "b")
except pymdvm.RunError as error:
    assert str(error) == "Type mismatch: expected numeric or string, found Int and String"
pymdvm.install_as_machine_dialect_vm()
import machine_dialect_vm
assert machine_dialect_vm.__version__ == "0.1.0"
assert pymdvm.__version__
print(pymdvm.engine_name(), "in", pymdvm.__file__.startswith(sys.prefix))
"""


# What stands at the top level and a build or a contributor needs.
TOP_LEVEL = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
    "SECURITY.md",
    "mkdocs.yml",
    "pyproject.toml",
    "setup.py",
    "targetmdvm.py",
)
FOLDERS = ("bench", "docs", "examples", "mdvm", "pymdvm", "tests", "tools", "translation")
# A link or a picture whose target is a file.
RELATIVE_LINK = re.compile(r"\]\((?![a-z]+:|#)")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the packages, as `make wheel` leaves it."""
    return made_once(tmp_path_factory, "checkout", lambda top: make_wheels(dist=top / "dist")) / (
        "dist"
    )


@pytest.fixture(scope="module")
def wheels(dist: Path) -> dict[str, Path]:
    """By the engine that is in them."""
    made = {"python": next((dist / "pure").glob("*.whl"))}
    if HAS_VM:
        made["native"] = next(dist.glob("*.whl"))
    return made


@pytest.fixture(scope="module")
def archive(dist: Path) -> Path:
    return next(dist.glob("pymdvm-*.tar.gz"))


@pytest.fixture(scope="module")
def source(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source package, unpacked."""
    folder = tmp_path_factory.mktemp("source")
    unpack(archive, folder)
    return folder / archive.name[: -len(".tar.gz")]


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as content:
        name = next(name for name in content.namelist() if name.endswith("dist-info/METADATA"))
        return message_from_string(content.read(name).decode())


def run(*command: str | Path, folder: Path, **variables: str) -> str:
    """What a command prints.  It sees nothing of this checkout."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "PYMDVM_ENGINE")
    }
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def interpreter(version: str) -> str:
    """A Python of this version; the test is skipped where there is none."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    places = [
        *Path.home().glob(f".pyenv/versions/{version}.*/bin/python"),
        shutil.which(f"python{version}"),
    ]
    for place in places:
        if (
            place
            and subprocess.run(
                [str(place), "-c", "import venv, ensurepip"], capture_output=True, check=False
            ).returncode
            == 0
        ):
            return str(place)
    pytest.skip(f"there is no Python {version} here")


def running_version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def clean_environment(folder: Path, version: str, wheel: Path, *options: str) -> Path:
    """The bin folder of a new environment with the wheel in it, and with no pip of its own, which
    takes much longer than all the rest.
    """
    pytest.importorskip("pip")
    run(interpreter(version), "-m", "venv", "--without-pip", folder, folder=folder.parent)
    install(folder, *options, wheel)
    return folder / "bin"


def install(environment: Path, *packages: str | Path) -> None:
    """Have this Python's pip install something in the environment of another one."""
    pip = (sys.executable, "-m", "pip", "--python", environment / "bin" / "python")
    run(*pip, "install", "--quiet", *packages, folder=environment)


def test_what_is_in_the_wheels(wheels: dict[str, Path]) -> None:
    for engine, wheel in wheels.items():
        with zipfile.ZipFile(wheel) as content:
            names = set(content.namelist())
            sizes = {info.filename: info.file_size for info in content.infolist()}
            modes = {info.filename: info.external_attr >> 16 for info in content.infolist()}
        assert {
            "pymdvm/__init__.py",
            "pymdvm/py.typed",
            "pymdvm.pth",
            "mdvm/interp.py",
            "pymdvm/commands/__init__.py",
        } <= names
        assert not any(name.startswith(("tests", "tools", "bench", "build")) for name in names)
        assert ({"pymdvm/libmdvm.so", "pymdvm/mdvm-c"} <= names) == (engine == "native")
        has_callers = engine == "native" and (TOP / CALLERS).exists()
        assert (CALLERS in names) == has_callers
        if engine == "native":
            # built-in functions, sets and host functions took a megabyte
            assert sizes["pymdvm/libmdvm.so"] + sizes["pymdvm/mdvm-c"] < 10 << 20
            assert modes["pymdvm/mdvm-c"] & 0o111
            assert wheel.name.split("-")[2:4] == ["py3", "none"]


@pytest.mark.skipif(not HAS_VM, reason="the VM is not built")
@pytest.mark.skipif(not older_glibc.processor_here(), reason="it is not known how on this platform")
def test_the_platform_is_that_of_the_glibc_which_it_needs(wheels: dict[str, Path]) -> None:
    """The library may be one that was linked with what RPython gives the linker only."""
    with zipfile.ZipFile(wheels["native"]) as content:
        needed = {
            name: older_glibc.needed_version(content.read(f"pymdvm/{name}"))
            for name in ("libmdvm.so", "mdvm-c")
        }
    assert 0 < needed["mdvm-c"] <= 17
    platform = wheels["native"].stem.split("-")[4]
    processor = older_glibc.processor_here()
    many = f"manylinux_2_17_{processor}.manylinux2014_{processor}"
    assert platform == (many if needed["libmdvm.so"] <= 17 else f"linux_{processor}")


def test_a_wheel_for_another_platform_takes_what_was_translated_for_it(tmp_path: Path) -> None:
    other = dataclasses.replace(MUSL, name="nowhere")
    with pytest.raises(ToolchainError, match=r"tools/translate_for.py nowhere` makes it"):
        make_wheel_for(other, dist=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=list(PLATFORMS))
def test_wheels_for_other_platforms(platform: Platform, tmp_path: Path) -> None:
    installed(platform.compiler)
    if not all((platform.folder / name).exists() for name in PRODUCTS):
        pytest.skip(f"nothing has been translated for {platform.name}")
    wheel = make_wheel_for(platform, dist=tmp_path)
    expected = older_glibc.many_platforms(platform.glibc, older_glibc.OLDEST) or platform.wheel
    assert wheel.stem.split("-")[2:] == ["py3", "none", expected]
    with zipfile.ZipFile(wheel) as content:
        names = set(content.namelist())
        processors = {
            content.read(f"pymdvm/{name}")[18] for name in ("libmdvm.so", "mdvm-c")
        }  # as the heads of such files name them
    assert CALLERS in names
    assert processors == {{"aarch64": 183}.get(platform.processor, 62)}


def test_the_folders_hold_one_wheel_each(dist: Path) -> None:
    """So that `pip install dist/*.whl` is told of one."""
    assert len(list(dist.glob("*.whl"))) == (1 if HAS_VM else 0)
    (pure,) = (dist / "pure").glob("*.whl")
    assert pure.name.endswith("-py3-none-any.whl")
    assert len(list(dist.glob("*.tar.gz"))) == 1


def test_the_licences_are_in_the_packages(wheels: dict[str, Path], archive: Path) -> None:
    for wheel in wheels.values():
        with zipfile.ZipFile(wheel) as content:
            texts = {
                name: content.read(f"{content.namelist()[-1].split('/')[0]}/licenses/{name}")
                for name in ("LICENSE", "NOTICE")
            }
        assert texts == {name: (TOP / name).read_bytes() for name in texts}
        assert metadata(wheel)["License-Expression"] == "Apache-2.0"
    notice = (TOP / "NOTICE").read_text("utf-8")
    assert "RPython" in notice and "Permission is hereby granted, free of charge" in notice


def test_the_description_points_at_no_file_of_the_repository(wheels: dict[str, Path]) -> None:
    for wheel in wheels.values():
        text = metadata(wheel).get_payload()
        assert isinstance(text, str) and text.startswith("# mdvm")
        assert not RELATIVE_LINK.search(text)
    assert RELATIVE_LINK.search((TOP / "README.md").read_text("utf-8")), "the test sees no link"


def test_the_source_package_has_every_source(source: Path) -> None:
    expected = {
        str(path.relative_to(TOP))
        for folder in FOLDERS
        for path in (TOP / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    expected |= set(TOP_LEVEL)
    expected.discard(CALLERS)  # is built
    there = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()}
    assert sorted(expected - there) == []
    assert not {"libmdvm.so", "mdvm-c", CALLERS} & there


def test_the_source_package_translates_itself(source: Path) -> None:
    """As far as that can be told without the minutes that it takes: make finds all its sources, and
    the VM runs from them.
    """
    plan = run("make", "-n", folder=source, TRANSLATE_OPTIONS="", RPYTHON="")
    assert "tools/translate.py" in plan
    run(sys.executable, "-m", "pymdvm.assembler", "examples/fibonacci.mdasm", folder=source)
    ran = run(sys.executable, "-m", "mdvm.main", "examples/fibonacci.mdbc", folder=source)
    assert ran.splitlines()[-1] == "Result: Int(75025)"


def test_a_later_commit_makes_a_newer_package(source: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(source, clone)
    (clone / "PKG-INFO").unlink()
    setuptools = environment(TOOLCHAIN, "fetcher")
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org"]

    def version() -> str:
        return run(setuptools, "setup.py", "--version", folder=clone).splitlines()[-1]

    def commit() -> None:
        (clone / "README.md").open("a").write("more\n")
        run("git", "add", "--all", folder=clone)
        run("git", *who, "commit", "--quiet", "--no-verify", "-m", "change", folder=clone)

    written = version()
    assert re.fullmatch(r"\d+\.\d+\.\d+", written)
    run("git", "init", "--quiet", folder=clone)
    commit()
    assert version() == written
    commit()
    assert version() == f"{written}.post1"
    commit()
    assert version() == f"{written}.post2"


def test_the_changelog_begins_with_the_version() -> None:
    written = re.findall(r'VERSION = "(.+)"', (TOP / "mdvm/version.py").read_text())
    headings = re.findall(r"^## (\S+)", (TOP / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == written[0]


@pytest.mark.network
def test_the_source_package_in_a_clean_environment(archive: Path, tmp_path: Path) -> None:
    """Where the VM is not built, pip makes the package that runs it untranslated, and that says
    so.
    """
    commands = clean_environment(tmp_path / "environment", running_version(), archive)
    program = TOP / "examples" / "fibonacci.mdasm"
    done = subprocess.run(
        [str(commands / "mdvm"), "run", str(program)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "Result: Int(75025)"
    assert "programs run on the VM untranslated, which is very slow" in done.stderr


@pytest.mark.network
def test_the_documented_line_installs_the_wheel(dist: Path, tmp_path: Path) -> None:
    if not HAS_VM:
        pytest.skip("there is no libmdvm")
    lines = (TOP / "README.md").read_text("utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith("pip install") and "*.whl" in line]
    line = line.partition("#")[0].strip()
    run(interpreter(running_version()), "-m", "venv", "environment", folder=tmp_path)
    path = f"{tmp_path / 'environment' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run("sh", "-c", line, folder=dist.parent, PATH=path)
    told = run("mdvm", "run", TOP / "examples" / "fibonacci.mdasm", folder=tmp_path, PATH=path)
    assert told.splitlines()[-1] == "Result: Int(75025)"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("engine", ["native", "python"])
def test_the_api_needs_nothing_else(
    wheels: dict[str, Path], tmp_path: Path, engine: str, version: str
) -> None:
    if engine not in wheels:
        pytest.skip("there is no libmdvm")
    commands = clean_environment(
        tmp_path / "environment", version, wheels[engine], "--no-deps", "--no-index"
    )
    assert run(commands / "python", "-c", SMOKE, folder=tmp_path) == f"ab\n{engine} in True\n"
    if engine == "native":
        assert (
            run(commands / "python", "-c", SMOKE, folder=tmp_path, PYMDVM_ENGINE="python")
            == "ab\npython in True\n"
        )


@pytest.mark.network
def test_the_command_and_the_published_package(wheels: dict[str, Path], tmp_path: Path) -> None:
    engine = "native" if HAS_VM else "python"
    version = "3.11" if sys.version_info < (3, 10) else running_version()
    commands = clean_environment(tmp_path / "environment", version, wheels[engine])
    assert run(
        commands / "mdvm", "run", TOP / "examples" / "hello.mdasm", folder=tmp_path
    ).splitlines()[0]
    source = tmp_path / "fib.md"
    source.write_text(
        "Define `x` as Whole Number.\nSet `x` to _6_ * _7_.\nSay `x`.\nGive back `x`.\n"
    )
    install(tmp_path / "environment", "machine-dialect==0.1.0a2")
    run(commands / "mdvm", "machine-dialect", "compile", source, folder=tmp_path)
    for options in ([], ["--debug"]):
        ours = run(
            commands / "mdvm", "machine-dialect", "run", "fib.mdbc", *options, folder=tmp_path
        )
        theirs = run(commands / "machine-dialect", "run", "fib.mdbc", *options, folder=tmp_path)
        assert ours == theirs
    assert "42" in ours
    whose = "import machine_dialect_vm, sys; print('pymdvm.drop_in' in sys.modules)"
    chosen = {"MACHINE_DIALECT_VM": "mdvm"}
    assert run(commands / "python", "-c", whose, folder=tmp_path, **chosen) == "True\n"
    for other in ("", "other"):
        answer = run(commands / "python", "-c", whose, folder=tmp_path, MACHINE_DIALECT_VM=other)
        assert answer == "False\n"
    published = (commands / "machine-dialect", "run", "fib.mdbc")
    assert run(*published, folder=tmp_path, **chosen) == run(*published, folder=tmp_path)
