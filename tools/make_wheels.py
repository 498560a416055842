"""Makes the packages in dist/: the wheel with the built VM, for this platform; in dist/pure the one
without, for every platform; and the source package.

    python3 tools/make_wheels.py            all of them
    python3 tools/make_wheels.py --sdist    only the source package, which takes no built VM

dist/ holds one wheel and not two, so that `pip install dist/*.whl` names one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from layout import BUILD, TOOLCHAIN, TOP, ToolchainError, only_one, run_tool, say
from packages import environment, run_pip, unpack

DIST = TOP / "dist"
PURE = "pure"
PRODUCTS = ("libmdvm.so", "mdvm-c")
CALLERS = "pymdvm/engines/_callers.abi3.so"
LARGEST = 8 << 20


def make_sdist(toolchain: Path = TOOLCHAIN, dist: Path = DIST) -> Path:
    """The source package of this checkout, from which the VM and the wheels can be built."""
    with only_one(BUILD / "wheels", "making packages"):
        return _make_sdist(environment(toolchain, "fetcher"), dist)


def make_wheels(toolchain: Path = TOOLCHAIN, dist: Path = DIST) -> list[Path]:
    """The wheels, each built from the source package, so that neither has what the other lacks.
    Without a built VM there is only the pure one.
    """
    python = environment(toolchain, "fetcher")  # it has setuptools
    built = all((TOP / product).exists() for product in PRODUCTS)
    with only_one(BUILD / "wheels", "making packages"):
        archive = _make_sdist(python, dist)
        _remove_old(dist)
        _remove_old(dist / PURE)
        if built:
            # Here, where a fetched Python.h is, and for the checkout too: it and the wheel agree.
            subprocess.run([str(python), str(TOP / "tools" / "callers.py"), "--fetch"], check=True)
            _make_wheel(python, archive, dist, pure=False)
        _make_wheel(python, archive, dist / PURE, pure=True)
    wheels = [*dist.glob("*.whl"), *(dist / PURE).glob("*.whl")]
    for wheel in wheels:
        if wheel.stat().st_size > LARGEST:
            raise ToolchainError(
                f"{wheel.name} is {wheel.stat().st_size >> 20} MB, more than the "
                f"{LARGEST >> 20} MB it may be"
            )
    return wheels


def _remove_old(folder: Path) -> None:
    for old in folder.glob("pymdvm-*.whl"):
        old.unlink()


def _make_sdist(python: Path, dist: Path) -> Path:
    dist.mkdir(parents=True, exist_ok=True)
    for old in dist.glob("pymdvm-*.tar.gz"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="egg-info-", dir=BUILD / "wheels") as scratch:
        commands = ["egg_info", "--egg-base", scratch, "sdist", "--dist-dir", str(dist)]
        made = subprocess.run(
            [str(python), "setup.py", "--quiet", *commands],
            cwd=TOP,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    archives = list(dist.glob("pymdvm-*.tar.gz"))
    if made.returncode or len(archives) != 1:
        tail = "\n".join((made.stdout + made.stderr).strip().splitlines()[-12:])
        raise ToolchainError(f"setuptools made no source package. Its last words:\n{tail}")
    return archives[0]


def _make_wheel(python: Path, archive: Path, folder: Path, pure: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="source-", dir=BUILD / "wheels") as scratch:
        unpack(archive, Path(scratch))
        source = Path(scratch) / archive.name.removesuffix(".tar.gz")
        for product in PRODUCTS if not pure else ():
            shutil.copy(TOP / product, source)
        if not pure and (TOP / CALLERS).exists():
            shutil.copy(TOP / CALLERS, source / CALLERS)
        options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
        run_pip(python, ["wheel", *options, str(source)], getting="a wheel of this checkout")


def main() -> int:
    made = [] if sys.argv[1:] == ["--sdist"] else make_wheels()
    archives = list(DIST.glob("*.tar.gz")) if made else [make_sdist()]
    for package in [*made, *archives]:
        say(f"{os.path.relpath(package, TOP)}: {package.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
