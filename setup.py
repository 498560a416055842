"""What pyproject.toml cannot say: where libmdvm is built, it goes into the package, which is then
for one platform only.

MDVM_PURE=1 leaves it out, and makes the package that runs everywhere and slowly.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

TOP = Path(__file__).resolve().parent
LIBRARY = "libmdvm.so"
PRODUCTS = (LIBRARY, "mdvm-c")


def has_vm() -> bool:
    """Whether the package is to have the built VM in it."""
    return not os.environ.get("MDVM_PURE") and all((TOP / product).exists() for product in PRODUCTS)


def link_with_library(program: Path) -> None:
    """Make mdvm-c from its launcher. It finds the library in whatever folder both are in (rpath
    $ORIGIN).
    """
    compiler = shlex.split(os.environ.get("CC", "")) or ["gcc"]
    launcher = str(TOP / "mdvm" / "system" / "launcher.c")
    library = [f"-L{TOP}", "-lmdvm", "-Wl,-rpath,$ORIGIN", "-pthread"]
    subprocess.run([*compiler, "-O2", "-Wall", launcher, "-o", str(program), *library], check=True)


class BuildWithVm(build_py):
    """Puts the built VM, without its symbols for debuggers, beside the package's modules.

    In a package the program loads the library that lies beside it, so that the VM is there once and
    not twice.
    """

    def run(self) -> None:
        super().run()
        for product in PRODUCTS:
            target = Path(self.build_lib) / "pymdvm" / product
            target.unlink(missing_ok=True)
            if has_vm():
                if product == LIBRARY:
                    shutil.copy(TOP / product, target)
                else:
                    link_with_library(target)
                subprocess.run(["strip", str(target)], check=False)


class MaybeForOnePlatform(Distribution):
    """What setuptools asks to learn whether a package is for one platform only."""

    def has_ext_modules(self) -> bool:
        return has_vm()


class AnyPython(bdist_wheel):
    """The VM does not depend on the Python beside it."""

    def get_tag(self) -> tuple[str, str, str]:
        _, _, platform = super().get_tag()
        return "py3", "none", platform


setup(distclass=MaybeForOnePlatform, cmdclass={"build_py": BuildWithVm, "bdist_wheel": AnyPython})
