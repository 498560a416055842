"""Which engine runs, and what importing the package costs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pymdvm
from tests.api.samples import IS_NATIVE, TOP, python

SHOW = "import pymdvm; print(pymdvm.engine_name())"


def test_the_python_engine_can_be_chosen() -> None:
    done = python(SHOW, PYMDVM_ENGINE="python", PYTHONWARNINGS="error")
    assert (done.stdout, done.stderr) == ("python\n", "")


@pytest.mark.skipif(not (TOP / "libmdvm.so").exists(), reason="there is no libmdvm")
def test_the_native_engine_is_the_default_where_it_is_built() -> None:
    for choice in ("", "native"):
        done = python(SHOW, PYMDVM_ENGINE=choice, PYTHONWARNINGS="error")
        assert (done.stdout, done.stderr) == ("native\n", "")


def test_another_choice_is_an_error() -> None:
    done = python(SHOW, PYMDVM_ENGINE="nonsense")
    assert done.stderr.endswith(
        "pymdvm.engines.base.EngineError: PYMDVM_ENGINE must be `native` or `python`, not 'nonsense'\n"
    )


COPIED = """
import shutil, sys, warnings
from pathlib import Path
folder = Path(sys.argv[1])
for package in ("pymdvm", "mdvm"):
    shutil.copytree(Path(sys.argv[2]) / package, folder / package, ignore=shutil.ignore_patterns("*.so"))
sys.path[0:0] = [str(folder)]
import pymdvm
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    names = [pymdvm.engine_name() for _ in range(3)]
print(Path(pymdvm.__file__).parent.parent == folder, names, [str(warning.message) for warning in caught], caught[0].category.__name__)
"""


def test_without_a_library_there_is_one_warning(tmp_path: Path) -> None:
    done = python(COPIED, str(tmp_path), str(TOP), PYMDVM_ENGINE="")
    warning = "there is no libmdvm here: programs run on the VM untranslated, which is very slow"
    assert done.stdout == f"True ['python', 'python', 'python'] ['{warning}'] RuntimeWarning\n"


def test_without_a_library_the_native_engine_is_an_error(tmp_path: Path) -> None:
    done = python(COPIED, str(tmp_path), str(TOP), PYMDVM_ENGINE="native")
    assert done.stderr.endswith(
        "pymdvm.engines.base.EngineError: PYMDVM_ENGINE is `native`, but there is no libmdvm here\n"
    )


def test_a_library_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "pymdvm").mkdir()
    script = COPIED.replace(
        "import pymdvm\n", "(folder / 'libmdvm.so').write_bytes(b'no library')\nimport pymdvm\n", 1
    )
    (tmp_path / "pymdvm").rmdir()
    done = python(script, str(tmp_path), str(TOP), PYMDVM_ENGINE="")
    assert "libmdvm.so cannot be used: " in done.stderr.splitlines()[-1]


def test_a_library_of_another_version(tmp_path: Path) -> None:
    """Such as one that was built before it could be embedded."""
    script = COPIED.replace(
        "import pymdvm\n",
        "import _ctypes\nshutil.copy(_ctypes.__file__, folder / 'libmdvm.so')\nimport pymdvm\n",
        1,
    )
    done = python(script, str(tmp_path), str(TOP), PYMDVM_ENGINE="")
    last = done.stderr.splitlines()[-1]
    assert re.fullmatch(
        r"pymdvm.engines.base.EngineError: .*/libmdvm.so cannot be used: .*: undefined symbol: mdvm_run",
        last,
    )


def test_importing_loads_nothing_that_is_not_needed() -> None:
    script = "import sys, pymdvm; print(sorted(name for name in sys.modules if name.startswith(('pymdvm.', 'mdvm', 'ctypes', 'click'))))"
    assert python(script).stdout == "[]\n"


def test_every_public_name_is_there() -> None:
    for name in pymdvm.__all__:
        assert getattr(pymdvm, name) is not None
        assert name in dir(pymdvm)
    with pytest.raises(AttributeError, match="module 'pymdvm' has no attribute 'nonsense'"):
        pymdvm.nonsense  # noqa: B018
    done = subprocess.run(
        [sys.executable, "-c", "from pymdvm import *; print(Program, load)"],
        cwd=TOP,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0


def test_the_engine_of_this_run() -> None:
    assert pymdvm.engine_name() == ("native" if IS_NATIVE else "python")
