"""What the C compiler is told: only what it knows, and what the user says last."""

from __future__ import annotations

from pathlib import Path

from compiler_flags import WANTED, compiler_flags


def compiler(folder: Path, refused: str) -> str:
    """A compiler that knows every option but one."""
    script = folder / "cc"
    script.write_text(f'#!/bin/sh\nfor word; do [ "$word" != "{refused}" ] || exit 1; done\n')
    script.chmod(0o755)
    return str(script)


def test_only_what_the_compiler_knows(tmp_path: Path) -> None:
    for refused, others in ((WANTED[0], WANTED[1:]), (WANTED[1], WANTED[:1]), ("", WANTED)):
        assert compiler_flags({"CC": compiler(tmp_path, refused)}) == " ".join(others)


def test_what_the_user_says_comes_last(tmp_path: Path) -> None:
    flags = compiler_flags({"CC": compiler(tmp_path, ""), "CFLAGS": " -g  -O1 "})
    assert flags == " ".join([*WANTED, "-g", "-O1"])
