"""Running one pass on MIR text."""

from __future__ import annotations

import textwrap

from pymdvm.compiler.mir.checker import check_module
from pymdvm.compiler.mir.model import MirModule
from pymdvm.compiler.mir.parsing import parse_module
from pymdvm.compiler.mir.printing import print_module
from pymdvm.compiler.passes.manager import PASSES

from ..mir_machine import run_module

HEADER = 'function "" "" ()\n'


def module_after(names: str, text: str) -> MirModule:
    """The module of the text after the passes with these names; it is well formed and does what it
    did before.
    """
    module = parse_module(text)
    check_module(module)
    before = run_module(parse_module(text))
    for name in names.split():
        PASSES[name].run(module, {function.name for function in module.functions})
        check_module(module)
    assert run_module(module) == before
    return module


def after(names: str, body: str) -> str:
    """The body of the entry function after the passes, its lines without indentation; body: its
    blocks, or a whole module.
    """
    text = textwrap.dedent(body)
    printed = print_module(
        module_after(names, text if text.lstrip().startswith("function") else HEADER + text)
    )
    entry = printed.split("\nfunction ")[0]
    return "\n".join(
        line.strip() for line in entry.splitlines()[1:] if not line.startswith("variables")
    )


def lines(text: str) -> str:
    """The text as `after` gives it."""
    return "\n".join(line.strip() for line in text.strip().splitlines())
