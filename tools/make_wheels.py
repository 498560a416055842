"""Makes the packages in dist/: the wheel with the built VM, for this platform; in dist/pure the one
without, for every platform; and the source package.

    python3 tools/make_wheels.py                    all of them
    python3 tools/make_wheels.py --sdist            only the source package, which takes no built VM
    python3 tools/make_wheels.py --for PLATFORM     the wheel with what tools/translate_for.py has
                                                    built for another platform, in dist/PLATFORM

dist/ holds one wheel and not two, so that `pip install dist/*.whl` names one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from layout import BUILD, TOOLCHAIN, TOP, ToolchainError, only_one, run_tool, say
from packages import environment, run_pip, unpack
from platforms import PLATFORMS, Platform

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
            _make_callers(python)
            _make_wheel(python, archive, dist, TOP)
        _make_wheel(python, archive, dist / PURE, None)
    wheels = [*dist.glob("*.whl"), *(dist / PURE).glob("*.whl")]
    return [_small_enough(wheel) for wheel in wheels]


def _make_callers(python: Path, *options: str) -> None:
    tool = [str(python), str(TOP / "tools" / "callers.py"), "--fetch"]
    subprocess.run([*tool, *options], check=True)


def _small_enough(wheel: Path) -> Path:
    if wheel.stat().st_size > LARGEST:
        raise ToolchainError(
            f"{wheel.name} is {wheel.stat().st_size >> 20} MB, more than the "
            f"{LARGEST >> 20} MB it may be"
        )
    return wheel


def make_wheel_for(platform: Platform, toolchain: Path = TOOLCHAIN, dist: Path = DIST) -> Path:
    """The wheel with the VM that has been translated for another platform."""
    missing = [name for name in PRODUCTS if not (platform.folder / name).exists()]
    if missing:
        raise ToolchainError(
            f"there is no {platform.folder / missing[0]}: "
            f"`python3 tools/translate_for.py {platform.name}` makes it"
        )
    python = environment(toolchain, "fetcher")
    folder = dist / platform.name
    with only_one(BUILD / "wheels", "making packages"):
        archive = _make_sdist(python, dist)
        _remove_old(folder)
        _make_callers(python, "--for", platform.name)
        _make_wheel(python, archive, folder, platform.folder, platform)
    (wheel,) = folder.glob("*.whl")
    return _small_enough(wheel)


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


def _make_wheel(
    python: Path, archive: Path, folder: Path, built: Path | None, platform: Platform | None = None
) -> None:
    """built: the folder of the VM that goes into it, None for the wheel without one; platform: what
    that is for, None for this one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="source-", dir=BUILD / "wheels") as scratch:
        unpack(archive, Path(scratch))
        source = Path(scratch) / archive.name.removesuffix(".tar.gz")
        if built:
            for product in PRODUCTS:
                shutil.copy(built / product, source)
        callers = platform.folder / Path(CALLERS).name if platform else TOP / CALLERS
        if built and callers.exists():
            shutil.copy(callers, source / CALLERS)
        options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
        chosen = {"MDVM_PLATFORM": platform.name if platform else ""}
        run_pip(python, ["wheel", *options, str(source)], "a wheel of this checkout", chosen)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--sdist", action="store_true", help="only the source package")
    choice.add_argument("--for", dest="platform", choices=sorted(PLATFORMS), metavar="PLATFORM")
    arguments = parser.parse_args()
    if arguments.sdist:
        made = [make_sdist()]
    elif arguments.platform:
        made = [make_wheel_for(PLATFORMS[arguments.platform])]
    else:
        made = [*make_wheels(), *DIST.glob("*.tar.gz")]
    for package in made:
        say(f"{os.path.relpath(package, TOP)}: {package.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
