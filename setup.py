"""What pyproject.toml cannot say: the version, the description, and the built VM.

Where libmdvm.so and mdvm-c are built, they go into the package, which is then for one platform
only. MDVM_PURE=1 leaves them out, and makes the package that runs everywhere and slowly;
MDVM_TRANSLATE=1 builds them first where they are missing, which takes some minutes and a C
compiler. MDVM_PLATFORM names another platform that they have been built for, one of
tools/platforms.py.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

TOP = Path(__file__).resolve().parent
sys.path.insert(0, str(TOP / "tools"))

import older_glibc  # noqa: E402
from platforms import PLATFORMS  # noqa: E402

LIBRARY = "libmdvm.so"
SUBSTITUTE = "pymdvm/substitute.pth"
CALLERS = "pymdvm/engines/_callers.abi3.so"
PRODUCTS = (LIBRARY, "mdvm-c")
VERSION_FILE = "mdvm/version.py"

ELSEWHERE = PLATFORMS.get(os.environ.get("MDVM_PLATFORM", ""))
GLIBC_FOR = ELSEWHERE.glibc if ELSEWHERE else older_glibc.processor_here()

LINK = re.compile(r"(!?)\[([^\]]*)\]\((?![a-z]+:)[^)]*\)")


def version() -> str:
    """The version of mdvm/version.py, in a clone with the number of commits since that was written.

    So a package of a later commit is newer, and pip takes it in the place of the earlier one. A
    source package has its version in PKG-INFO.
    """
    information = TOP / "PKG-INFO"
    if information.exists():
        return str(re.findall(r"^Version: (.+)$", information.read_text("utf-8"), re.MULTILINE)[0])
    written = re.findall(r'^VERSION = "(.+)"$', (TOP / VERSION_FILE).read_text(), re.MULTILINE)[0]
    commits = _commits_since_written() if (TOP / ".git").exists() else 0
    return f"{written}.post{commits}" if commits else written


def _commits_since_written() -> int:
    """0 too where git or the history is missing."""
    try:
        last = _git("log", "-1", "--format=%H", "--", VERSION_FILE)
        return int(_git("rev-list", "--count", f"{last}..HEAD")) if last else 0
    except (OSError, subprocess.CalledProcessError):
        return 0


def _git(*words: str) -> str:
    command = ["git", "-C", str(TOP), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def description() -> str:
    """README.md for a reader who has no repository beside it: without the pictures and links to its
    files.
    """
    text = (TOP / "README.md").read_text("utf-8")
    return LINK.sub(lambda found: "" if found[1] else found[2], text)


def has_vm() -> bool:
    """Whether the package is to have the built VM in it."""
    return not os.environ.get("MDVM_PURE") and all((TOP / product).exists() for product in PRODUCTS)


def translate() -> None:
    """Build the VM where that is asked for."""
    if os.environ.get("MDVM_TRANSLATE") and not os.environ.get("MDVM_PURE") and not has_vm():
        subprocess.run(["make", "-C", str(TOP), f"PYTHON={sys.executable}"], check=True)


def link_with_library(program: Path) -> None:
    """Make mdvm-c from its launcher. It finds the library in whatever folder both are in (rpath
    $ORIGIN).
    """
    here = shlex.split(os.environ.get("CC", "")) or ["gcc"]
    compiler = [ELSEWHERE.command()] if ELSEWHERE else here
    launcher = str(TOP / "mdvm" / "system" / "launcher.c")
    library = [f"-L{TOP}", "-lmdvm", "-Wl,-rpath,$ORIGIN", "-pthread"]
    command = [*compiler, "-O2", "-Wall", launcher, "-o", str(program)]
    with tempfile.TemporaryDirectory() as scratch:
        older = older_glibc.link_options(Path(scratch), GLIBC_FOR)
        if subprocess.run([*command, *older, *library], check=not older).returncode:
            subprocess.run([*command, *library], check=True)


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
                strip = ELSEWHERE.strip if ELSEWHERE else "strip"
                subprocess.run([strip, str(target)], check=False)
        self.add_callers()
        shutil.copy(TOP / SUBSTITUTE, Path(self.build_lib) / "pymdvm.pth")

    def add_callers(self) -> None:
        """Add the module that calls go through. Where it cannot be built the package works without,
        and that is said.
        """
        target = Path(self.build_lib) / CALLERS
        target.unlink(missing_ok=True)
        if has_vm():
            if ELSEWHERE is None:
                subprocess.run([sys.executable, str(TOP / "tools" / "callers.py")], check=True)
            if (TOP / CALLERS).exists():
                shutil.copy(TOP / CALLERS, target)


class MaybeForOnePlatform(Distribution):
    """What setuptools asks to learn whether a package is for one platform only."""

    def has_ext_modules(self) -> bool:
        return has_vm()


class AnyPython(bdist_wheel):
    """The VM does not depend on the Python beside it."""

    def finalize_options(self) -> None:
        translate()  # before anything asks for which platforms the wheel is
        super().finalize_options()

    def get_tag(self) -> tuple[str, str, str]:
        _, _, platform = super().get_tag()
        if ELSEWHERE and has_vm():
            platform = ELSEWHERE.wheel
        return "py3", "none", self.many_platforms() or platform

    def many_platforms(self) -> str:
        """What pip calls the platforms whose glibc is as old as the package can do with, under the
        old name too. Empty for what needs a newer one, and is for the platform of this machine.
        """
        programs = Path(self.bdist_dir or "").rglob("pymdvm/mdvm-c")
        if not has_vm():
            return ""
        products = [TOP / LIBRARY, *programs]
        newest = max(older_glibc.needed_version(product.read_bytes()) for product in products)
        return older_glibc.many_platforms(GLIBC_FOR, newest)


setup(
    version=version(),
    long_description=description(),
    long_description_content_type="text/markdown",
    distclass=MaybeForOnePlatform,
    cmdclass={"build_py": BuildWithVm, "bdist_wheel": AnyPython},
)
