"""How a tree is lowered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LoweringOptions:
    """How the tree is lowered.

    keep_globals: every variable of the top level stays a global variable of the VM, so that what
        runs next finds it
    latest: instructions and functions of version 2 of the file format may be used
    scopes: blocks of statements open and close scopes, which only the target mdvm has
    """

    keep_globals: bool = False
    scopes: bool = False
    latest: bool = False
