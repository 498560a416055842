"""The driver: levels, targets, watching, large programs, and what does not fit."""

from __future__ import annotations

import time
from random import Random

import pytest

from pymdvm.bytecode.codec import read
from pymdvm.bytecode.metadata import read_metadata
from pymdvm.compiler.driver import (
    LEVELS,
    TARGETS,
    CompilerOptions,
    Watcher,
    compile_source,
    stage_names,
)
from pymdvm.compiler.frontend.findings import SourceError
from pymdvm.compiler.mir.checker import check_module
from pymdvm.compiler.mir.model import MirModule

from .vm import run_bytecode

LARGE = 10_000
LONGEST_SECONDS = 5.0


def large_source(statements: int) -> str:
    """A program of so many statements that work on fifty variables."""
    random = Random(1)
    parts = [f"Define `v{number}` as Whole Number (default: _{number}_).\n" for number in range(50)]
    count = len(parts)
    while count < statements:
        a, b, c = (random.randrange(50) for _ in range(3))
        if random.random() < 0.8:
            parts.append(f"Set `v{a}` to `v{b}` - `v{c}` + _{random.randrange(1000)}_.\n")
            count += 1
        else:
            parts.append(
                f"If `v{a}` > _{random.randrange(1000)}_ then:\n> Set `v{b}` to `v{c}`.\n> Say `v{a}`.\n\n"
                f"Else:\n> Set `v{a}` to _{random.randrange(9)}_.\n\n"
            )
            count += 4
    return "".join(parts)


def test_a_large_program_compiles_in_time() -> None:
    source = large_source(LARGE)
    started = time.process_time()
    compile_source(source, "large.md")
    assert time.process_time() - started < LONGEST_SECONDS


def test_a_program_with_many_variables_at_every_level() -> None:
    source = large_source(600)
    outcomes = [
        run_bytecode(compile_source(source, "large.md", CompilerOptions(level)).bytecode)
        for level in LEVELS
    ]
    assert outcomes[0].stdout
    assert outcomes[1:] == outcomes[:1] * (len(LEVELS) - 1)


def test_the_watcher_is_told_of_every_stage() -> None:
    class Listening(Watcher):
        def __init__(self) -> None:
            self.announced: list[str] = []
            self.stages: list[str] = []

        def begin(self, stages: list[str]) -> None:
            self.announced = stages

        def done(self, stage: str, seconds: float, module: MirModule | None) -> None:
            assert seconds >= 0
            if module is not None:
                check_module(module)
            self.stages.append(stage)

    for level in LEVELS:
        watcher = Listening()
        compile_source("Say _1_.", "a.md", CompilerOptions(level), watcher)
        assert watcher.stages == watcher.announced == stage_names(level)


def test_the_same_bytes_every_time() -> None:
    for target in TARGETS:
        for level in LEVELS:
            options = CompilerOptions(level, target)
            first, second = (compile_source(large_source(300), "a.md", options) for _ in range(2))
            assert first.bytecode == second.bytecode
            assert first.metadata == second.metadata
            assert read_metadata(first.metadata, first.bytecode) == first.described


def test_only_opcodes_that_the_published_vm_loads() -> None:
    source = "Define `i` as Whole Number (default: _0_).\nWhile `i` < _3_:\n> Set `i` to `i` + _1_.\n> If `i` > _1_:\n> > Say `i`.\n"
    names = {
        target: {
            instruction.name
            for instruction in read(
                compile_source(source, "a.md", CompilerOptions(0, target)).bytecode
            ).instructions
        }
        for target in TARGETS
    }
    only_mdvm = {"PHI", "ASSERT", "SCOPE_ENTER", "SCOPE_EXIT"}
    assert not names["published"] & only_mdvm
    assert names["mdvm"] & only_mdvm == {"PHI", "SCOPE_ENTER", "SCOPE_EXIT"}


def test_too_many_constants_are_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pymdvm.bytecode.builder.MAX_CONSTANTS", 100)
    source = "".join(f"Say _{number}_.\n" for number in range(110))
    with pytest.raises(SourceError) as raised:
        compile_source(source, "a.md", CompilerOptions(level=0))
    [finding] = raised.value.findings
    assert (finding.file, finding.place) == ("a.md", (101, 1))
    assert finding.message == "a program cannot use more than 100 constants"


def test_more_than_255_parameters_are_a_finding() -> None:
    inputs = "".join(f"- `p{number}` **as** Whole Number (required)\n" for number in range(256))
    source = f"### **Action**: `f`\n\n<details>\n<summary>No.</summary>\n\n> Say _1_.\n\n</details>\n\n#### Inputs:\n{inputs}"
    with pytest.raises(SourceError) as raised:
        compile_source(source, "a.md")
    [finding] = raised.value.findings
    assert finding.message == "`f` has 256 parameters"
    assert finding.expected == "expected no more than 255"
    assert finding.place == (1, 5)
