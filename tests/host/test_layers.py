"""Who may import whom: no module imports one above it, and no modules import each other in a circle.

An import inside a function counts like any other: it makes a circle work, but it is one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]

# From the bottom to the top; a folder stands for all of its modules that have no line of their own.
LAYERS = (
    "mdvm",
    "mdvm.version",
    "mdvm.errors",
    "mdvm.opcodes",
    "mdvm.system",
    "mdvm.settings",
    "mdvm.objects",
    "mdvm.callees",
    "mdvm.run_state",
    "mdvm.values",
    "mdvm.builtin_functions",
    "mdvm.builtins",
    "mdvm.trace_liveness",
    "mdvm.unboxed",
    "mdvm.loading",
    "mdvm.analysis",
    "mdvm.debugging",
    "mdvm.lowering",
    "mdvm.frame",
    "mdvm.allocation_counts",
    "mdvm.applied",
    "mdvm.calls",
    "mdvm.shapes",
    "mdvm.instructions",
    "mdvm.container_instructions",
    "mdvm.interp",
    "mdvm.embedding",
    "mdvm.console_functions",
    "mdvm.main",
    "translation",
    "pymdvm.errors",
    "pymdvm.exit_status",
    "pymdvm.wording",
    "pymdvm.counts",
    "pymdvm.cached",
    "pymdvm.sinks",
    "pymdvm.input_files",
    "pymdvm.output_files",
    "pymdvm.load_size",
    "pymdvm.engines.callers",
    "pymdvm.values",
    "pymdvm.places",
    "pymdvm.buffers",
    "pymdvm.lent_arrays",
    "pymdvm.array_reader",
    "pymdvm.tagged_encoder",
    "pymdvm.tagged_decoder",
    "pymdvm.marshal",
    "pymdvm.journal",
    "pymdvm.vm_text",
    "pymdvm.bytecode",
    "pymdvm.assembler",
    "pymdvm.engines",
    "pymdvm.run_errors",
    "pymdvm.run_handle",
    "pymdvm.run_options",
    "pymdvm.run_results",
    "pymdvm.aio",
    "pymdvm.handles",
    "pymdvm.amid_calls",
    "pymdvm.session",
    "pymdvm.sessions",
    "pymdvm.stats",
    "pymdvm.required_functions",
    "pymdvm.program_function",
    "pymdvm.instance",
    "pymdvm.program",
    "pymdvm.vm",
    "pymdvm.pool",
    "pymdvm.drop_in",
    "pymdvm.substitute",
    "pymdvm.inspection",
    "pymdvm.profiling",
    "pymdvm.tracing",
    "pymdvm.compiler",
    "pymdvm.compiler.frontend",
    "pymdvm.compiler.mir",
    "pymdvm.compiler.lowering",
    "pymdvm.compiler.passes",
    "pymdvm.compiler.registers",
    "pymdvm.compiler.inlined_calls",
    "pymdvm.compiler.output",
    "pymdvm.compiler.watching",
    "pymdvm.compiler.interactive",
    "pymdvm.compiler.driver",
    "pymdvm.repl",
    "pymdvm.commands",
    "pymdvm.__main__",
    "pymdvm",
)

# These stand for themselves only: what else is at the top of such a package needs a place above.
WITHOUT_CONTENT = {"mdvm", "pymdvm", "pymdvm.compiler"}

MAY_IMPORT = {
    "mdvm": {"mdvm"},
    "translation": {"mdvm", "translation"},
    "pymdvm": {"mdvm", "pymdvm"},
}

# Not part of what is installed.
AROUND = {"bench", "tests", "tools", *(path.stem for path in (TOP / "tools").glob("*.py"))}

# Imports of what stands above, each with the reason why it may stay for now.
KNOWN: dict[tuple[str, str], str] = {}


def modules() -> dict[str, Path]:
    found = {}
    for package in MAY_IMPORT:
        for path in (TOP / package).rglob("*.py"):
            name = ".".join(path.relative_to(TOP).with_suffix("").parts)
            found[name[: -len(".__init__")] if path.stem == "__init__" else name] = path
    return found


MODULES = modules()


def imported_by(name: str) -> Iterator[str]:
    """The modules of the repository that a module imports, and roots of what is around it."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{name} has a relative import"
            members = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [member if member in MODULES else node.module for member in members]
        for imported in names:
            if imported in MODULES or imported.partition(".")[0] in AROUND:
                yield imported


def layer_of(name: str) -> int:
    """The layer that names a module or, else, the nearest folder around it."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        entry = ".".join(parts[:length])
        if entry in LAYERS and (length == len(parts) or entry not in WITHOUT_CONTENT):
            return LAYERS.index(entry)
    raise AssertionError(f"{name} has no place in LAYERS")


IMPORTS = {name: sorted(set(imported_by(name))) for name in sorted(MODULES)}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_those_that_it_may(package: str) -> None:
    roots = {
        imported.partition(".")[0]
        for name, names in IMPORTS.items()
        if name.partition(".")[0] == package
        for imported in names
    }
    assert roots - MAY_IMPORT[package] == set()


def test_no_module_imports_one_above_it() -> None:
    upward = {
        (name, imported)
        for name, names in IMPORTS.items()
        for imported in names
        if imported in MODULES and layer_of(imported) > layer_of(name)
    }
    assert upward == set(KNOWN)


def test_no_modules_import_each_other_in_a_circle() -> None:
    left = {name: set(names) & set(MODULES) - {name} for name, names in IMPORTS.items()}
    while free := {name for name, names in left.items() if not names & set(left)}:
        left = {name: names for name, names in left.items() if name not in free}
    assert sorted(left) == []
