"""VMs beside the one of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pymdvm.counts import positive
from pymdvm.engines.base import EngineError
from pymdvm.program import Path, Program, load_into, loads_into
from pymdvm.sessions import new_session

if TYPE_CHECKING:
    from pymdvm.session import Session


class VM:
    """A VM of its own, beside the one that the functions of the module use: with its own memory,
    compiled code and lock. Programs of several VMs run at the same time, each in a thread of the
    caller, on as many processors as there are.

        with pymdvm.VM(max_memory=100_000_000) as vm:
            program = vm.load("prog.mdbc")
            program.run()

    A VM takes some three megabytes. It goes when it is closed, or when nothing refers to it and its
    programs any more.
    """

    def __init__(self, *, max_memory: int | None = None) -> None:
        """max_memory: bytes that all values of its programs together may take. Beyond that a run is
        a LimitError of the kind "memory".

        Raises EngineError where the native engine is not used, and when there can be no VM.
        """
        most = 0 if max_memory is None else positive("max_memory", max_memory)
        self._session: Session | None = new_session(most)

    def _open(self) -> Session:
        if self._session is None:
            raise EngineError("this VM is closed")
        return self._session

    def load(self, path: Path, *, max_size: int | None = None) -> Program:
        """As pymdvm.load, for a program that runs in this VM."""
        return load_into(self._open(), path, max_size)

    def loads(
        self,
        data: bytes | bytearray | memoryview,
        metadata: bytes = b"",
        *,
        max_size: int | None = None,
    ) -> Program:
        """As pymdvm.loads, for a program that runs in this VM."""
        return loads_into(self._open(), data, metadata, max_size)

    def close(self) -> None:
        """End what runs in this VM, as a RunHandle would, and give all its memory back. Whatever is
        done with its programs from now on is an EngineError. A run that waits for a function of
        Python ends when that comes back, and is waited for; a coroutine that it waits for is
        cancelled.

        Raises EngineError within a run of this VM.
        """
        if self._session is not None:
            self._session.close()
            self._session = None

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._session is None

    def __enter__(self) -> VM:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<pymdvm.VM: {'closed' if self.closed else 'open'}>"
