"""Makes the toolchain under .toolchain/: Python 2.7, RPython, and the environments for tests.

    python3 tools/bootstrap.py [ENVIRONMENT ...]

ENVIRONMENT: translation, development, oracle, scale-out, docs, coverage or all.

Make and the other tools call it as needed; calling it again does nothing. Environment: PYTHON2 (an
interpreter to use), MDVM_FETCH_PYTHON2=1 (fetch one even if one is installed), RPYTHON (the
bin/rpython of another RPython tree).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

if sys.version_info < (3, 9):  # noqa: UP036  older ones get this far and deserve a plain answer
    sys.exit(
        "error: mdvm's tools need Python 3.9 or later, and this is Python " + sys.version.split()[0]
    )

from c_compiler import libffi, require_c_compiler, with_libffi
from layout import TOOLCHAIN, TOP, ToolchainError, only_one, run_tool, say
from packages import environment, python2_packages, rpython_source
from python2 import find_or_fetch_python2

MAKING = "making the toolchain"
# Settings of a Python 3, and of the make that runs us: RPython calls make on a Makefile of its own.
NOT_FOR_RPYTHON = (
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "MAKEFLAGS",
    "MAKEOVERRIDES",
    "MFLAGS",
    "MAKELEVEL",
)


@dataclass(frozen=True)
class Translator:
    """All that running RPython takes: the interpreter, the program or module to start, and the
    import path.
    """

    python2: Path
    start: tuple[str, ...]
    import_path: tuple[Path, ...]
    libffi: Path | None = None

    def for_tests(self) -> Translator:
        """The same with the project's own pytest before that of a PyPy source tree, which is older
        than the tests need. RPython does with either.
        """
        top, *others = self.import_path
        return replace(self, import_path=(top, *reversed(others)))

    def environment(self, scratch: Path, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The environment for Python 2.7: its import path, and nothing written among the sources or
        left in /tmp.
        """
        own = {name: value for name, value in base.items() if name not in NOT_FOR_RPYTHON}
        own["PYTHONPATH"] = os.pathsep.join(str(folder) for folder in self.import_path)
        own["PYTHONDONTWRITEBYTECODE"] = "1"
        own["PYTHONNOUSERSITE"] = "1"
        own["PYPY_USESSION_DIR"] = str(scratch)
        return with_libffi(self.libffi, own) if self.libffi else own


def translator(toolchain: Path = TOOLCHAIN, base: Mapping[str, str] = os.environ) -> Translator:
    """Python 2.7 with RPython and pytest (which RPython imports too), for translating and for
    testing.
    """
    require_c_compiler(base)
    with only_one(toolchain, MAKING):
        ffi = libffi(toolchain, base)
        python2 = find_or_fetch_python2(toolchain, base)
        packages = python2_packages(toolchain)
        other_tree = base.get("RPYTHON", "")
        if other_tree:
            script = other_rpython(other_tree)
            return Translator(python2, (str(script),), (TOP, script.parents[2], packages), ffi)
        source = rpython_source(toolchain, python2)
        return Translator(python2, ("-m", "rpython"), (TOP, source, packages), ffi)


def other_rpython(path: str) -> Path:
    """The user's own RPython: the script bin/rpython in a PyPy source tree."""
    script = Path(path).expanduser().absolute()
    if not (script.is_file() and (script.parents[1] / "translator").is_dir()):
        raise ToolchainError(
            f"RPYTHON={path} is not the script rpython/bin/rpython of a PyPy source tree"
        )
    return script


def development(toolchain: Path = TOOLCHAIN) -> Path:
    """A Python 3 with pytest, hypothesis, ruff and mypy."""
    with only_one(toolchain, MAKING):
        return environment(toolchain, "development")


def oracle(toolchain: Path = TOOLCHAIN) -> Path:
    """A Python 3 with the published VM and compiler, for comparing answers."""
    if sys.version_info < (3, 10):
        raise ToolchainError(
            "the published VM, which differential tests compare with, needs Python 3.10 or later"
        )
    with only_one(toolchain, MAKING):
        return environment(toolchain, "oracle")


def scale_out(toolchain: Path = TOOLCHAIN) -> Path:
    """A Python 3 with dask.distributed and pytest."""
    with only_one(toolchain, MAKING):
        return environment(toolchain, "scale-out")


def coverage(toolchain: Path = TOOLCHAIN) -> Path:
    """A Python 3 with atheris, for coverage-guided fuzzing.  Raises ToolchainError where there is
    none for this platform.
    """
    with only_one(toolchain, MAKING):
        return environment(toolchain, "coverage")


def docs(toolchain: Path = TOOLCHAIN) -> Path:
    """A Python 3 with mkdocs-material and mkdocstrings."""
    with only_one(toolchain, MAKING):
        return environment(toolchain, "docs")


PARTS = {
    "translation": lambda: f"{translator().python2} with RPython",
    "development": lambda: str(development()),
    "oracle": lambda: str(oracle()),
    "scale-out": lambda: str(scale_out()),
    "docs": lambda: str(docs()),
    "coverage": lambda: str(coverage()),
}
# The others are not to be had everywhere.
ALL = [name for name in PARTS if name != "coverage"]


def main() -> int:
    wanted = sys.argv[1:] or ["all"]
    unknown = [name for name in wanted if name not in (*PARTS, "all")]
    if unknown:
        say(__doc__ or "")
        raise ToolchainError(f"there is no part {unknown[0]!r}")
    for name in ALL if "all" in wanted else wanted:
        print(f"{name}: {PARTS[name]()}")
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
