"""Builds the documentation site in build/site, with a search and every link checked.

    python3 tools/docs_site.py

The pages are the Markdown files of the repository, in the same folders, so that their links lead to
the same places there as here, and one more: the reference of what pymdvm exports, from its
docstrings. Settings are in mkdocs.yml.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from bootstrap import docs
from layout import BUILD, TOP, ToolchainError, only_one, run_tool, say

PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
REFERENCE = Path("docs") / "reference.md"
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)")

# The modules that are for others. Of a module without __all__, the names.
MODULES = {
    "pymdvm": (),
    "pymdvm.bytecode": (),
    "pymdvm.assembler": (),
    "pymdvm.compiler.driver": ("compile_source", "CompilerOptions", "CompiledProgram"),
}


def build(site: Path | None = None) -> Path:
    """Build the site; its folder. Raises ToolchainError where a link leads nowhere."""
    python = docs()
    target = site or BUILD / "site"
    folder = BUILD / "docs-site"
    with only_one(folder, "building the documentation"):
        gather(TOP, folder / "source")
        command = [str(python), "-m", "mkdocs", "build", "--strict", "--clean"]
        result = subprocess.run(
            [*command, "--site-dir", str(target)],
            cwd=TOP,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        )
    if result.returncode:
        raise ToolchainError(f"the site could not be built:\n{result.stdout}{result.stderr}")
    return target


def gather(top: Path, folder: Path) -> None:
    """Copy the pages, their pictures and what else they link to into `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(top / "docs", folder / "docs")
    for name in PAGES:
        shutil.copy(top / name, folder / name)
    (folder / REFERENCE).write_text(reference(), encoding="utf-8")
    for path in list(folder.rglob("*.md")):
        for target in linked_files(path):
            wanted = Path(os.path.normpath(target)).relative_to(folder)
            if (top / wanted).is_file() and not (folder / wanted).exists():
                (folder / wanted).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(top / wanted, folder / wanted)


def linked_files(page: Path) -> Iterator[Path]:
    """The files that a page links to, code aside."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for found in LINK.finditer(text):
        yield page.parent / found[1]


def reference() -> str:
    """The page of the API reference."""
    sys.path.insert(0, str(TOP))

    parts = [
        "# API reference\n",
        "What `pymdvm` and its public modules export, from their docstrings."
        " [Programs in Python](python.md) has it by example.\n",
    ]
    for name, names in MODULES.items():
        module = import_module(name)
        parts.append(f"## {name}\n")
        parts += [f"::: {home}\n" for home in homes(module, names or module.__all__)]
    return "\n".join(parts)


def homes(module: ModuleType, names: Sequence[str]) -> list[str]:
    """Where the classes and functions of these names are defined, each once: a name may be another
    one for the same.
    """
    values = [getattr(module, name) for name in names]
    defined = [value for value in values if getattr(value, "__module__", "").startswith("pymdvm.")]
    return list(dict.fromkeys(f"{value.__module__}.{value.__qualname__}" for value in defined))


def main() -> int:
    say(f"the site is in {os.path.relpath(build())}; index.html is its first page")
    return 0


if __name__ == "__main__":
    sys.exit(run_tool(main))
