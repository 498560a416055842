"""Properties that are computed once, without a lock.

functools.cached_property holds one lock for all instances before Python 3.12: while one thread
computes a property that takes the VM, others would wait for it beyond any deadline, and the child
of a fork for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value", covariant=True)


class cached_property(Generic[Value]):  # noqa: N801, as it is used
    """Computed when it is first asked for; by two threads at once it may be computed twice.
    Instances need a __dict__.
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type | None = None) -> Value:
        if instance is None:
            return self  # type: ignore[return-value]
        value = self._compute(instance)
        instance.__dict__[self._name] = value
        return value
