"""Makes the wheels in dist/: one with the built VM, for this platform, and one without, for every
platform.

    python3 tools/make_wheels.py
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from layout import BUILD, TOOLCHAIN, TOP, ToolchainError, only_one, run_tool, say
from packages import environment, run_pip

DIST = TOP / "dist"
SOURCES = ("pyproject.toml", "setup.py", "README.md")
PRODUCTS = ("libmdvm.so", "mdvm-c")
PACKAGES = ("mdvm", "pymdvm")
LARGEST = 8 << 20


def make_wheels(toolchain: Path = TOOLCHAIN, dist: Path = DIST) -> list[Path]:
    """Build both from a copy of the sources, so that nothing is left among them."""
    python = environment(toolchain, "fetcher")  # it has setuptools
    with only_one(BUILD / "wheels", "making wheels"):
        dist.mkdir(exist_ok=True)
        for old in dist.glob("pymdvm-*.whl"):
            old.unlink()
        # Without a built VM there is only the one.
        for pure in ("", "1") if all((TOP / product).exists() for product in PRODUCTS) else ("1",):
            folder = BUILD / "wheels" / "source"
            shutil.rmtree(folder, ignore_errors=True)
            _copy_sources(folder)
            os.environ["MDVM_PURE"] = pure
            options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(dist)]
            run_pip(python, ["wheel", *options, str(folder)], getting="a wheel of this checkout")
    wheels = sorted(dist.glob("pymdvm-*.whl"))
    for wheel in wheels:
        if wheel.stat().st_size > LARGEST:
            raise ToolchainError(
                f"{wheel.name} is {wheel.stat().st_size >> 20} MB, more than the {LARGEST >> 20} MB it may be"
            )
    return wheels


def _copy_sources(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in SOURCES:
        shutil.copy(TOP / name, folder)
    for name in PRODUCTS:
        if (TOP / name).exists():
            shutil.copy(TOP / name, folder)
    for name in PACKAGES:
        shutil.copytree(
            TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
        )


def main() -> int:
    for wheel in make_wheels():
        say(f"dist/{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
