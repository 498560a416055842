"""The wheels: what is in them, and that they work in a clean environment with nothing else, under
every Python that is at hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from layout import TOP
from make_wheels import make_wheels

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
print(pymdvm.engine_name(), "in", pymdvm.__file__.startswith(sys.prefix))
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By the engine that is in them."""
    made = make_wheels(dist=tmp_path_factory.mktemp("dist"))
    return {"python" if wheel.name.endswith("-none-any.whl") else "native": wheel for wheel in made}


def run(*command: str | Path, folder: Path, **variables: str) -> str:
    """What a command prints.  It sees nothing of this checkout."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "PYMDVM_ENGINE")
    }
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**environment, **variables},
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


def clean_environment(folder: Path, version: str, wheel: Path, *options: str) -> Path:
    """The bin folder of a new environment with the wheel in it."""
    run(interpreter(version), "-m", "venv", folder, folder=folder.parent)
    run(
        folder / "bin" / "python", "-m", "pip", "install", "--quiet", *options, wheel, folder=folder
    )
    return folder / "bin"


def test_what_is_in_the_wheels(wheels: dict[str, Path]) -> None:
    for engine, wheel in wheels.items():
        with zipfile.ZipFile(wheel) as content:
            names = set(content.namelist())
            sizes = {info.filename: info.file_size for info in content.infolist()}
            modes = {info.filename: info.external_attr >> 16 for info in content.infolist()}
        assert {
            "pymdvm/__init__.py",
            "pymdvm/py.typed",
            "mdvm/interp.py",
            "pymdvm/commands/__init__.py",
        } <= names
        assert not any(name.startswith(("tests", "tools", "bench", "build")) for name in names)
        assert ({"pymdvm/libmdvm.so", "pymdvm/mdvm-c"} <= names) == (engine == "native")
        if engine == "native":
            assert sizes["pymdvm/libmdvm.so"] + sizes["pymdvm/mdvm-c"] < 8 << 20
            assert modes["pymdvm/mdvm-c"] & 0o111
            assert wheel.name.split("-")[2:4] == ["py3", "none"]


def test_both_wheels_are_made(wheels: dict[str, Path]) -> None:
    assert set(wheels) == ({"native", "python"} if HAS_VM else {"python"})


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
    version = (
        "3.11" if sys.version_info < (3, 10) else f"{sys.version_info[0]}.{sys.version_info[1]}"
    )
    commands = clean_environment(tmp_path / "environment", version, wheels[engine])
    assert run(
        commands / "mdvm", "run", TOP / "examples" / "hello.mdasm", folder=tmp_path
    ).splitlines()[0]
    source = tmp_path / "fib.md"
    source.write_text(
        "Define `x` as Whole Number.\nSet `x` to _6_ * _7_.\nSay `x`.\nGive back `x`.\n"
    )
    run(
        commands / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "machine-dialect==0.1.0a2",
        folder=tmp_path,
    )
    run(commands / "mdvm", "machine-dialect", "compile", source, folder=tmp_path)
    for options in ([], ["--debug"]):
        ours = run(
            commands / "mdvm", "machine-dialect", "run", "fib.mdbc", *options, folder=tmp_path
        )
        theirs = run(commands / "machine-dialect", "run", "fib.mdbc", *options, folder=tmp_path)
        assert ours == theirs
    assert "42" in ours
