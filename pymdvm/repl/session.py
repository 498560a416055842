"""What a REPL remembers, and how it runs an input: alone, against the variables and functions of
the inputs before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mdvm import opcodes
from mdvm.embedding import protocol
from pymdvm.bytecode.metadata import stack_lines
from pymdvm.compiler.driver import CompiledProgram, CompilerOptions, compile_source
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.findings import show
from pymdvm.compiler.frontend.scopes import Known
from pymdvm.compiler.interactive import INPUT, global_names, has_function_values
from pymdvm.errors import RunError
from pymdvm.marshal import Value
from pymdvm.output_files import STANDARD
from pymdvm.program import loads
from pymdvm.run_options import run_options

# What findings and errors call the source, whichever input it was.
SOURCE_NAME = "<input>"

# Names that no source can have belong to the compiler.
_HIDDEN = "("


class InputFailed(Exception):
    """An input was compiled and failed when it ran.

    lines: what to tell about it
    """

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Times:
    """What the last input took, in seconds."""

    compiling: float = 0.0
    running: float = 0.0


class ReplSession:
    """The variables, functions and sources of a REPL.

    variables: by name, as Python values
    sources: the inputs that ran without an error, in their order
    last: the last input that was compiled, empty without one
    files_read: the paths that inputs came from, - for standard input: nothing may be written over
        them
    """

    def __init__(
        self,
        warn: Callable[[str], None] = lambda text: None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        """warn: is given the warnings about an input, if there are any, before the input runs.
        functions: the host functions that inputs can call.
        """
        self._warn = warn
        self._functions = dict(functions or {})
        self.variables: dict[str, Value] = {}
        self.known = Known()
        self.sources: list[str] = []
        self.last = ""
        self.files_read = [STANDARD]
        self.times = Times()

    def reset(self) -> None:
        """Forget all variables, functions and inputs; what was read from may still not be written
        over.
        """
        self.variables = {}
        self.known = Known()
        self.sources = []
        self.last = ""
        self.times = Times()

    def compile(self, source: str, name: str = SOURCE_NAME) -> CompiledProgram:
        """An input as a program, which is not run.  Raises SourceError."""
        return compile_source(
            source, name, CompilerOptions(target="mdvm", interactive=True, known=self.known)
        )

    def run(self, source: str, name: str = SOURCE_NAME) -> str | None:
        """Compile an input and run it.  The debug form of its value, None if it has none. name:
        what findings and errors call it.

        Whatever happens while it runs, the variables are afterwards what the input has made of them
        until then. Raises SourceError, then nothing has changed; InputFailed;
        KeyboardInterrupt.
        """
        started = time.perf_counter()
        compiled = self.compile(source, name)
        program = loads(compiled.bytecode)
        self.last = source
        self._remember(compiled)
        if compiled.findings:
            self._warn(show(compiled.findings, source))
        compiling = time.perf_counter() - started
        names = global_names(compiled.module)
        given = {name: self.variables.get(name) for name in names}
        started = time.perf_counter()
        try:
            value = program.call_with(
                run_options(
                    mode=protocol.DEBUG_FORM | protocol.KEEP_GLOBALS,
                    functions=self._functions if program.version == opcodes.LATEST else None,
                ),
                INPUT,
                given,
            )
        except RunError as error:
            lines = stack_lines(compiled.metadata, compiled.bytecode, error)
            raise InputFailed([f"Runtime error: {error.text}", *lines]) from None
        else:
            self.sources.append(source)
        finally:
            self.times = Times(compiling, time.perf_counter() - started)
            self.variables.update(
                (name, value)
                for name, value in program.globals.items()
                if not name.startswith(_HIDDEN)
            )
        assert value is None or isinstance(value, str)
        return None if value == "Empty" and _ends_with_call(compiled) else value

    def _remember(self, compiled: CompiledProgram) -> None:
        analysis = compiled.analysis
        assert analysis.program is not None and analysis.resolution is not None
        functions = {
            function.name: function
            for function in (*self.known.functions, *analysis.program.functions)
        }
        self.known = Known(
            analysis.resolution.variables,
            tuple(functions.values()),
            self.known.has_function_values or has_function_values(analysis.resolution.program),
        )
        for name in analysis.resolution.variables:
            self.variables.setdefault(name, None)


def _ends_with_call(compiled: CompiledProgram) -> bool:
    """Whether the input is a call at its end, whose Empty nobody wants to see."""
    program = compiled.analysis.program
    last = program.body[-1] if program is not None and program.body else None
    return isinstance(last, syntax.ExpressionStatement) and isinstance(last.expression, syntax.Call)
