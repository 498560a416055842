"""Has `import machine_dialect_vm` give this package's VM in a process whose environment says
MACHINE_DIALECT_VM=mdvm, so that the published command runs its programs here without any code.

substitute.pth, which an installed package has at the top of site-packages, imports this when
Python starts, and nothing where the variable is not set; the VM is loaded when it is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

PUBLISHED = "machine_dialect_vm"


class _Substitute:
    """Finds the published module before anything else does, and loads this package's."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name == PUBLISHED else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        from pymdvm.drop_in import install_as_machine_dialect_vm

        install_as_machine_dialect_vm()
        return sys.modules[PUBLISHED]

    def exec_module(self, module: ModuleType) -> None:
        """It is complete already."""


sys.meta_path.insert(0, _Substitute())
