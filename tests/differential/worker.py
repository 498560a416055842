"""The far end of a runner: a process that answers one JSON line for each JSON line it is sent.

    PYTHON worker.py wheel         runs files on the published VM
    PYTHON worker.py untranslated  runs files on mdvm's own sources, each in a fork of this process
    PYTHON worker.py drop-in       runs files on pymdvm's drop-in for the published VM, all in this
                                   process

A request is {"path": ..., "options": [...]}, the options being those of mdvm-c. While a file runs,
file descriptors 1 and 2 are temporary files, because the published VM writes past Python's
sys.stdout. Nothing of the project is imported but `outcome` beside this file and what is to be run:
the wheel's environment has nothing else.
"""

from __future__ import annotations

import json
import os
import resource
import runpy
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).resolve().parent
MEMORY_LIMIT = 4 << 30
OUTPUT_LIMIT = 64 << 20
DEEPEST_RECURSION = 1_000_000

Runner = Callable[[str, list[str]], dict[str, Any]]


def limit_resources() -> None:
    """A program gone wild must cost this process its life, not the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_LIMIT, OUTPUT_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Captured:
    """File descriptors 1 and 2, led into files for good.  What a file printed is read and
    forgotten.
    """

    def __init__(self) -> None:
        self.files: list[IO[bytes]] = []
        for descriptor in (1, 2):
            file = tempfile.TemporaryFile()  # noqa: SIM115  open as long as this process lives
            os.dup2(file.fileno(), descriptor)
            self.files.append(file)

    def take(self) -> tuple[str, str]:
        """What arrived since the last call, as text whose bytes can be restored."""
        texts = []
        for file in self.files:
            file.seek(0)
            texts.append(file.read().decode("utf-8", "surrogateescape"))
            file.seek(0)
            file.truncate()
        return texts[0], texts[1]


def run_on_wheel(path: str, options: list[str]) -> dict[str, Any]:
    """Load and execute in a new VM."""
    import machine_dialect_vm  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from outcome import describe  # type: ignore[import-not-found,import-untyped,unused-ignore]

    vm = machine_dialect_vm.RustVM()
    vm.set_debug("--debug" in options)
    try:
        vm.load_bytecode(path)
        return {"value": describe(vm.execute()), "count": vm.instruction_count()}
    except RuntimeError as error:
        return {"error": str(error), "count": vm.instruction_count()}
    except BaseException as error:  # a Rust panic arrives as an exception that is no Exception
        return {"crash": repr(error), "count": -1}


def run_untranslated(path: str, options: list[str]) -> dict[str, Any]:
    """Run `mdvm.main` as a command in a fork, so that nothing of one program reaches the next."""
    child = os.fork()
    if child == 0:
        sys.argv = ["mdvm-c", *options, path]
        os._exit(_status_of_main())
    _, status = os.waitpid(child, 0)
    return {"status": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)}


def _status_of_main() -> int:
    try:
        runpy.run_module("mdvm.main", run_name="__main__", alter_sys=True)
    except SystemExit as exit_request:
        sys.stdout.flush()
        return (
            exit_request.code
            if isinstance(exit_request.code, int)
            else int(exit_request.code is not None)
        )
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 70
    return 0


def prepare_untranslated() -> Runner:
    """Import mdvm once, so that a fork need not."""
    sys.path.insert(0, str(HERE.parent.parent))
    import mdvm.main  # noqa: F401

    # A fork runs this one anew, as the command does.
    del sys.modules["mdvm.main"]
    return run_untranslated


def prepare_drop_in() -> Runner:
    """Put pymdvm's module in the place of the published VM."""
    sys.path.insert(0, str(HERE.parent.parent))
    import pymdvm

    pymdvm.install_as_machine_dialect_vm()
    return run_on_wheel


def run_wheel_only() -> Runner:
    """The published VM needs no preparation."""
    return run_on_wheel


PREPARATIONS = {
    "wheel": run_wheel_only,
    "untranslated": prepare_untranslated,
    "drop-in": prepare_drop_in,
}


def serve(run: Runner, requests: IO[str], answers: IO[str]) -> None:
    captured = Captured()
    for line in requests:
        request = json.loads(line)
        answer = run(request["path"], request["options"])
        answer["stdout"], answer["stderr"] = captured.take()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    run = PREPARATIONS[sys.argv[1]]()
    limit_resources()
    serve(run, sys.stdin, answers)


if __name__ == "__main__":
    main()
