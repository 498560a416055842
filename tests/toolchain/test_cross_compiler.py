"""The C compilers with which tools/translate_for.py translates: what they make is for another
platform, and what RPython runs while it translates runs here.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from layout import ToolchainError
from platforms import AARCH64, MUSL, PLATFORMS, Platform
from tests.toolchain.installed import installed

PROGRAM = """
#include <ffi.h>
#include <stdio.h>
int main(int argc, char **argv)
{
#ifdef __aarch64__
    printf("aarch64 %d %s\\n", FFI, argv[argc - 1]);
#elif !defined(__GLIBC__)
    printf("musl %d %s\\n", FFI, argv[argc - 1]);
#endif
    return argc;
}
"""


@pytest.fixture(params=PLATFORMS.values(), ids=list(PLATFORMS))
def platform(request: pytest.FixtureRequest) -> Platform:
    made: Platform = request.param
    return made


@pytest.fixture
def libffi(platform: Platform, tmp_path: Path) -> Path:
    """What stands for an unpacked package."""
    unpacked = tmp_path / "lib ffi"
    (unpacked / platform.headers).mkdir(parents=True)
    (unpacked / platform.library).parent.mkdir(parents=True)
    (unpacked / platform.headers / "ffi.h").write_text("#define FFI 7\n")
    (unpacked / platform.library).write_bytes(b"!<arch>\n")
    return unpacked


@pytest.fixture
def compiler(platform: Platform, libffi: Path, tmp_path: Path) -> Path:
    installed(platform.compiler)
    if platform.emulators:
        installed(*platform.emulators)
    return platform.compiler_script(tmp_path / "made", libffi)


def test_what_rpython_asks_the_machine_is_answered_here(
    platform: Platform, compiler: Path, tmp_path: Path
) -> None:
    source = tmp_path / "platcheck_1.c"
    source.write_text(PROGRAM)
    program = tmp_path / "platcheck_1"
    subprocess.run([compiler, "-o", program, source], check=True)
    ran = subprocess.run([program, "a b"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, f"{platform.name} 7 a b\n", "")


def test_other_products_are_left_as_they_are(compiler: Path, tmp_path: Path) -> None:
    source = tmp_path / "program.c"
    source.write_text(PROGRAM)
    for options, product in (
        (["-c"], "platcheck.o"),
        ([], "program"),
        (["-shared"], "platcheck.so"),
    ):
        subprocess.run([compiler, *options, "-o", tmp_path / product, source], check=True)
        assert (tmp_path / product).read_bytes()[:4] == b"\x7fELF"


def test_what_does_not_compile_fails(compiler: Path, tmp_path: Path) -> None:
    source = tmp_path / "platcheck_2.c"
    source.write_text("nothing")
    ran = subprocess.run([compiler, "-o", tmp_path / "platcheck_2", source], capture_output=True)
    assert ran.returncode != 0
    assert b"error" in ran.stderr


@pytest.mark.parametrize("other", [AARCH64, MUSL])
def test_a_folder_without_libffi_is_refused(other: Platform, tmp_path: Path) -> None:
    with pytest.raises(ToolchainError, match=f"names no libffi for {other.name}"):
        other.compiler_script(tmp_path, tmp_path)
