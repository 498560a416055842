"""An HTTP service that runs uploaded programs, each with every limit set and in a process of its
own kind.

    python3 examples/service/service.py --port 8080
    curl --data-binary @program.mdbc http://127.0.0.1:8080/run

The answer is JSON. `outcome` is `value`, `error` (the program failed), `limit` (it was ended;
`kind` says by which limit), `refused` (no program, or too large) or `crashed` (the process that ran
it is gone; the service is not).

It needs nothing but Python and pymdvm. Programs run in worker processes, for two reasons: one
process runs one program at a time, and what is not a limit of the VM, such as a fault in it, then
ends a worker and not the service.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Lock
from typing import Any

import pymdvm

MIB = 1 << 20
_MOST_DROPPED = 64 * MIB


@dataclass(frozen=True)
class Limits:
    """What one program may take.  timeout: seconds; the sizes are bytes."""

    max_size: int = 1 * MIB
    timeout: float = 2.0
    max_instructions: int = 200_000_000
    max_depth: int = 10_000
    max_memory: int = 64 * MIB
    max_output: int = 1 * MIB


def run_program(data: bytes, limits: Limits) -> dict[str, Any]:
    """Run one program in this process.  What the service answers."""
    output = io.StringIO()
    try:
        program = pymdvm.loads(data, max_size=limits.max_size)
        value = program.run(
            stdout=output,
            timeout=limits.timeout,
            max_instructions=limits.max_instructions,
            max_depth=limits.max_depth,
            max_memory=limits.max_memory,
            max_output=limits.max_output,
        )
    except pymdvm.LoadError as error:
        return {"outcome": "refused", "error": str(error)}
    except pymdvm.LimitError as error:
        return {
            "outcome": "limit",
            "kind": error.kind,
            "error": str(error),
            "output": output.getvalue(),
        }
    except pymdvm.RunError as error:
        return {"outcome": "error", "error": str(error), "output": output.getvalue()}
    return {"outcome": "value", "value": as_json(value), "output": output.getvalue()}


def as_json(value: Any) -> Any:
    """The value with what JSON does not know, NaN and the infinities, as strings."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return value


class Runner:
    """The worker processes.  A worker that ends takes the others' programs with it, and all workers
    are made anew.
    """

    def __init__(self, workers: int, limits: Limits) -> None:
        self.limits = limits
        self._workers = workers
        self._lock = Lock()
        # So many uploads wait or run; one more is told to come back, and is not kept in memory.
        self._places = BoundedSemaphore(4 * workers)
        self._pool = self._make_pool()

    def _make_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._workers, mp_context=multiprocessing.get_context("spawn"))

    def run(self, data: bytes) -> dict[str, Any] | None:
        """What the service answers, or None if it is too busy."""
        if not self._places.acquire(blocking=False):
            return None
        try:
            pool = self._pool
            try:
                return pool.submit(run_program, data, self.limits).result()
            except BrokenProcessPool:
                with self._lock:
                    if self._pool is pool:
                        self._pool = self._make_pool()
                return {"outcome": "crashed", "error": "the process that ran the program has ended"}
        finally:
            self._places.release()

    def close(self) -> None:
        """End the workers."""
        self._pool.shutdown(cancel_futures=True)


class Handler(BaseHTTPRequestHandler):
    """POST /run takes the bytes of a .mdbc file."""

    timeout = 10  # seconds for a client that sends nothing
    runner: Runner

    def do_POST(self) -> None:  # noqa: N802 - the name that http.server asks for
        """Run the program in the body."""
        if self.path != "/run":
            self._answer(
                HTTPStatus.NOT_FOUND, {"outcome": "refused", "error": "programs are sent to /run"}
            )
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._answer(
                HTTPStatus.LENGTH_REQUIRED,
                {"outcome": "refused", "error": "the length must be known"},
            )
            return
        if int(length) > self.runner.limits.max_size:
            self._drop(int(length))
            self._answer(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"outcome": "refused", "error": "too large"}
            )
            return
        answer = self.runner.run(self.rfile.read(int(length)))
        if answer is None:
            self._answer(
                HTTPStatus.SERVICE_UNAVAILABLE,
                {"outcome": "refused", "error": "too many programs at once"},
            )
        else:
            self._answer(HTTPStatus.OK, answer)

    def _drop(self, length: int) -> None:
        """Read some megabytes of what is too large: a client that is still sending would not see
        the answer.
        """
        left = min(length, _MOST_DROPPED)
        while left > 0:
            size = len(self.rfile.read(min(left, 1 << 16)))
            left = left - size if size else 0

    def _answer(self, status: HTTPStatus, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Keep standard error quiet."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        description="An HTTP service that runs uploaded Machine Dialect programs."
    )
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    Handler.runner = Runner(options.workers, Limits())
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/run", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        Handler.runner.close()


if __name__ == "__main__":
    main()
