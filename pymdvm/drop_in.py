"""The module machine_dialect_vm, the published VM's binding, on this package's engine.

Names, checks of arguments, types and texts of exceptions are the published ones. Where the VM
itself differs on purpose, docs/differences.md says so.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from mdvm.embedding import protocol
from pymdvm.errors import LoadError, RunError
from pymdvm.marshal import Value
from pymdvm.run_options import RunOptions
from pymdvm.sessions import session

NAME = "machine_dialect_vm"
PUBLISHED_VERSION = "0.1.0"
_EXPORTS = ("RustVM", "__version__")
_NOT_LOADED = "Module not loaded"

_QUIET = RunOptions(mode=protocol.COUNT)
_TRACING = RunOptions(mode=protocol.COUNT | protocol.DEBUG)


class RustVM:
    """Rust VM exposed to Python"""

    __slots__ = ("_count", "_ended", "_kept", "_options", "_program", "_session")

    def __new__(cls, *arguments: Any, **keywords: Any) -> RustVM:
        if arguments or keywords:
            _check_names("RustVM.__new__()", (), arguments, keywords)
        return object.__new__(cls)

    def __init__(self) -> None:
        self._session = session()
        self._program = -1
        self._count = 0
        self._ended = False
        self._options = _QUIET

    def __init_subclass__(cls) -> None:
        raise TypeError("type 'builtins.RustVM' is not an acceptable base type")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"'builtins.RustVM' object has no attribute '{name}'")

    def load_bytecode(self, *arguments: Any, **keywords: Any) -> None:
        """Load bytecode from file"""
        path = (
            arguments[0]
            if len(arguments) == 1 and not keywords
            else _only_argument("load_bytecode", "path", arguments, keywords)
        )
        if not isinstance(path, str):
            raise TypeError(
                f"argument 'path': '{type(path).__name__}' object cannot be converted to 'PyString'"
            )
        try:
            handle = self._session.load_file(path.encode())
        except LoadError as error:
            raise RuntimeError(f"Failed to load bytecode: {error.text}") from None
        if self._program >= 0:
            self._count += self._session.executed(self._program)
        self._kept, self._program = handle, handle.number
        self._ended = False

    def execute(self, *arguments: Any, **keywords: Any) -> Value:
        """Execute the loaded bytecode"""
        if arguments or keywords:
            _refuse_arguments("execute", arguments)
        if self._program < 0:
            raise RuntimeError(f"Runtime error: {_NOT_LOADED}")
        if self._ended:
            return None
        self._ended = True
        try:
            return self._session.run(self._program, protocol.START, b"", 0, self._options)
        except RunError as error:
            raise RuntimeError(f"Runtime error: {error.text}") from None

    def set_debug(self, *arguments: Any, **keywords: Any) -> None:
        """Set debug mode"""
        debug = (
            arguments[0]
            if len(arguments) == 1 and not keywords
            else _only_argument("set_debug", "debug", arguments, keywords)
        )
        if not isinstance(debug, bool):
            raise TypeError(
                f"argument 'debug': '{type(debug).__name__}' object cannot be converted to 'PyBool'"
            )
        self._options = _TRACING if debug else _QUIET

    def instruction_count(self, *arguments: Any, **keywords: Any) -> int:
        """Get instruction count"""
        if arguments or keywords:
            _refuse_arguments("instruction_count", arguments)
        return self._count + (self._session.executed(self._program) if self._program >= 0 else 0)


RustVM.__module__ = "builtins"


def _refuse_arguments(method: str, arguments: tuple[Any, ...]) -> None:
    """A method without parameters was given some."""
    given = (
        f"takes no arguments ({len(arguments)} given)"
        if arguments
        else "takes no keyword arguments"
    )
    raise TypeError(f"RustVM.{method}() {given}")


def _only_argument(
    method: str, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    """The argument of a method with one parameter."""
    _check_names(f"RustVM.{method}()", (name,), arguments, keywords)
    if not arguments and not keywords:
        raise TypeError(f"RustVM.{method}() missing 1 required positional argument: '{name}'")
    return arguments[0] if arguments else keywords[name]


def _check_names(
    method: str, names: tuple[str, ...], arguments: tuple[Any, ...], keywords: dict[str, Any]
) -> None:
    if len(arguments) > len(names):
        was = "was" if len(arguments) == 1 else "were"
        raise TypeError(
            f"{method} takes {len(names)} positional arguments but {len(arguments)} {was} given"
        )
    for keyword in keywords:
        if keyword not in names:
            raise TypeError(f"{method} got an unexpected keyword argument '{keyword}'")
        if arguments:
            raise TypeError(f"{method} got multiple values for argument '{keyword}'")


def install_as_machine_dialect_vm() -> None:
    """Have `import machine_dialect_vm` give this package's RustVM, in the whole process, in the
    place of the published VM.

    Code that has imported the published module before goes on using that.
    """
    module = ModuleType(NAME, "Python module for the VM")
    binding = ModuleType(f"{NAME}.{NAME}", module.__doc__)
    for each in (module, binding):
        vars(each).update(RustVM=RustVM, __version__=PUBLISHED_VERSION, __all__=list(_EXPORTS))
    vars(module).update({NAME: binding, "__path__": [], "__package__": NAME})
    vars(binding)["__package__"] = NAME
    sys.modules[NAME] = module
    sys.modules[f"{NAME}.{NAME}"] = binding
