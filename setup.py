"""What pyproject.toml cannot say: where libmdvm is built, it goes into the package, which is then for one platform only.

MDVM_PURE=1 leaves it out, and makes the package that runs everywhere and slowly.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

TOP = Path(__file__).resolve().parent
PRODUCTS = ("libmdvm.so", "mdvm-c")


def has_vm() -> bool:
    """Whether the package is to have the built VM in it."""
    return not os.environ.get("MDVM_PURE") and all((TOP / product).exists() for product in PRODUCTS)


class BuildWithVm(build_py):
    """Copies the built VM, without its symbols for debuggers, beside the package's modules."""

    def run(self) -> None:
        super().run()
        for product in PRODUCTS:
            target = Path(self.build_lib) / "pymdvm" / product
            target.unlink(missing_ok=True)
            if has_vm():
                shutil.copy(TOP / product, target)
                subprocess.run(["strip", str(target)], check=False)


class PlatformWheel(bdist_wheel):
    """A wheel for any Python 3 on this platform, or on all of them."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.root_is_pure = not has_vm()

    def get_tag(self) -> tuple[str, str, str]:
        _, _, platform = super().get_tag()
        return "py3", "none", platform


setup(cmdclass={"build_py": BuildWithVm, "bdist_wheel": PlatformWheel})
