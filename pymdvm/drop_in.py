"""The module machine_dialect_vm, the published VM's binding, on this package's engine."""

from __future__ import annotations


def install_as_machine_dialect_vm() -> None:
    """Put it into sys.modules."""
    raise NotImplementedError
