"""The assembler: text to .mdbc.  docs/assembler.md describes the language; `python3 -m
pymdvm.assembler` is the command.
"""

from __future__ import annotations

from pymdvm.assembler.parser import assemble, assemble_with_lines
from pymdvm.assembler.problems import AssemblyError, Problem, decode

__all__ = ["AssemblyError", "Problem", "assemble", "assemble_with_lines", "decode"]
