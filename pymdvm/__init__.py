"""Machine Dialect programs in Python: run them, call their functions, make and look at their files.

    program = pymdvm.load("prog.mdbc")
    program.run()
    program.call("Fibonacci", 30)

Modules: bytecode makes and reads .mdbc files, assembler reads assembler text. What a name needs is
imported when the name is first used, so that importing this package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pymdvm.drop_in import install_as_machine_dialect_vm
    from pymdvm.engines.base import EngineError
    from pymdvm.errors import Error, LimitError, LoadError, RunError, StackEntry
    from pymdvm.instance import Instance
    from pymdvm.journal import Journal, JournalError
    from pymdvm.marshal import Value
    from pymdvm.pool import Pool, PooledProgram
    from pymdvm.program import Path, Program, load, loads
    from pymdvm.run_handle import RunHandle
    from pymdvm.run_options import Functions, Options
    from pymdvm.sessions import engine_name
    from pymdvm.sinks import Destination
    from pymdvm.stats import Stats
    from pymdvm.values import URL, Function
    from pymdvm.vm import VM

__version__: str

_HOMES = {
    "Error": "errors",
    "LimitError": "errors",
    "LoadError": "errors",
    "RunError": "errors",
    "RunHandle": "run_handle",
    "StackEntry": "errors",
    "Destination": "sinks",
    "Function": "values",
    "Functions": "run_options",
    "Instance": "instance",
    "Journal": "journal",
    "JournalError": "journal",
    "Options": "run_options",
    "Path": "program",
    "VM": "vm",
    "Value": "marshal",
    "URL": "values",
    "Pool": "pool",
    "PooledProgram": "pool",
    "Program": "program",
    "Stats": "stats",
    "load": "program",
    "loads": "program",
    "EngineError": "engines.base",
    "engine_name": "sessions",
    "install_as_machine_dialect_vm": "drop_in",
}

__all__ = [
    "Destination",
    "EngineError",
    "Error",
    "Function",
    "Functions",
    "Instance",
    "Journal",
    "JournalError",
    "LimitError",
    "LoadError",
    "Options",
    "Path",
    "Pool",
    "PooledProgram",
    "Program",
    "RunError",
    "RunHandle",
    "StackEntry",
    "Stats",
    "URL",
    "VM",
    "Value",
    "engine_name",
    "install_as_machine_dialect_vm",
    "load",
    "loads",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from mdvm.version import VERSION

        return VERSION
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
