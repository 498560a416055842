"""The whole way from source text to bytecode.

compiled = compile_source(source, "program.md")
compiled.bytecode     # the bytes of program.mdbc
compiled.metadata     # the bytes of program.mdbm
compiled.findings     # warnings
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from mdvm import opcodes
from pymdvm.bytecode.codec import write
from pymdvm.bytecode.metadata import Metadata, write_metadata
from pymdvm.compiler.frontend.findings import Finding, Severity, SourceError
from pymdvm.compiler.frontend.front import Analysis, analyse
from pymdvm.compiler.frontend.scopes import Known
from pymdvm.compiler.frontend.syntax import Place, Program
from pymdvm.compiler.frontend.targets import PUBLISHED
from pymdvm.compiler.interactive import make_input_function, only_needed, with_value
from pymdvm.compiler.lowering.function import lower
from pymdvm.compiler.lowering.options import LoweringOptions
from pymdvm.compiler.mir.model import MirModule
from pymdvm.compiler.output import Generated, TooLarge, generate
from pymdvm.compiler.passes.manager import LEVELS as PASSES_OF_LEVEL
from pymdvm.compiler.passes.manager import MAX_LEVEL, optimise
from pymdvm.compiler.registers.convention import CONVENTIONS, LATEST

LEVELS = tuple(range(MAX_LEVEL + 1))
TARGETS = tuple(CONVENTIONS)
DEFAULT_LEVEL = MAX_LEVEL
DEFAULT_TARGET = LATEST

# The stages that are no passes.
ANALYSIS = "analysis"
LOWERING = "lowering"
REGISTERS = "registers"
WRITING = "writing"

Result = TypeVar("Result")


def stage_names(level: int, without: Collection[str] = ()) -> list[str]:
    """The stages of a compilation in their order, the passes among them; a pass may come more than
    once.
    """
    passes = [name for name in PASSES_OF_LEVEL[level] if name not in without]
    return [ANALYSIS, LOWERING, *passes, REGISTERS, WRITING]


class Watcher:
    """Is told what the compiler does; this one ignores it."""

    def begin(self, stages: list[str]) -> None:
        """stages: all that will come, if there are no errors."""

    def done(self, stage: str, seconds: float, module: MirModule | None) -> None:
        """A stage has ended.  module: the MIR, after the stages that make or change it."""


@dataclass(frozen=True)
class CompilerOptions:
    """How to compile.

    level: one of LEVELS, how much is optimised
    target: one of TARGETS, which VM's instructions may be used
    without: passes that are left out
    interactive: whether the program is an input of a REPL, see interactive.py
    known: what the inputs before it have defined
    """

    level: int = DEFAULT_LEVEL
    target: str = DEFAULT_TARGET
    without: tuple[str, ...] = ()
    interactive: bool = False
    known: Known | None = None


@dataclass(frozen=True)
class CompiledProgram:
    """What a source file was compiled to.

    bytecode, metadata: the contents of the .mdbc and the .mdbm file
    described: the metadata as data
    analysis: of the source, with the warnings
    module: the MIR that it was made from, after all passes
    """

    bytecode: bytes
    metadata: bytes
    described: Metadata
    analysis: Analysis
    module: MirModule

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The warnings."""
        return self.analysis.findings


def compile_source(
    source: str, file: str, options: CompilerOptions | None = None, watcher: Watcher | None = None
) -> CompiledProgram:
    """source: the program's text; file: its path, as findings and metadata name it.

    The same source, file and options give the same bytes. Raises SourceError if there are errors in
    the source.
    """
    with _collection_paused():
        return _compile(source, file, options or CompilerOptions(), _Stages(watcher or Watcher()))


def _compile(source: str, file: str, options: CompilerOptions, stages: _Stages) -> CompiledProgram:
    stages.begin(options)
    analysis = stages.run(ANALYSIS, lambda: analyse(source, file, options.known, options.target))
    resolution = analysis.resolved()
    program = resolution.program
    if options.interactive:
        program = only_needed(with_value(program), resolution.own, options.known or Known())
    module = stages.make(program, options)
    if options.interactive:
        make_input_function(module)
    generated = stages.run(REGISTERS, lambda: _generated(module, source, file, options))
    bytecode = stages.run(WRITING, lambda: write(generated.program))
    return CompiledProgram(
        bytecode, write_metadata(generated.metadata, bytecode), generated.metadata, analysis, module
    )


@contextmanager
def _collection_paused() -> Iterator[None]:
    """No search for cyclic garbage: there is hardly any, but ever more that has to be searched,
    which takes a third of the time.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _generated(module: MirModule, source: str, file: str, options: CompilerOptions) -> Generated:
    try:
        # What earlier inputs have put into the globals may be any values of the latest version.
        version = opcodes.LATEST if options.interactive else opcodes.PUBLISHED
        return generate(module, options.target, options.level > 0, file, version)
    except TooLarge as error:
        finding = Finding(Severity.ERROR, "too-large", file, error.place or Place(1, 1), error.text)
        raise SourceError([finding], source) from None


class _Stages:
    """Runs the stages and tells the watcher."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def begin(self, options: CompilerOptions) -> None:
        self._watcher.begin(stage_names(options.level, options.without))

    def run(self, stage: str, work: Callable[[], Result]) -> Result:
        """What the work of a stage gives."""
        started = time.perf_counter()
        result = work()
        self._watcher.done(stage, time.perf_counter() - started, None)
        return result

    def make(self, program: Program, options: CompilerOptions) -> MirModule:
        """The MIR of a resolved program after all passes."""
        started = time.perf_counter()

        def done(stage: str, module: MirModule) -> None:
            nonlocal started
            self._watcher.done(stage, time.perf_counter() - started, module)
            started = time.perf_counter()

        latest = options.target != PUBLISHED
        module = lower(program, LoweringOptions(options.interactive, _has_scopes(options), latest))
        done(LOWERING, module)
        optimise(module, options.level, options.without, done)
        return module


def _has_scopes(options: CompilerOptions) -> bool:
    """Scopes tell a reader of a listing or a trace which block it is in; they cost an
    instruction each.
    """
    return options.target == LATEST and options.level == 0
