"""The process that runs programs through the embedded VM, one after the other.

    python3 -m tests.fuzz.worker [--top CHECKOUT] [--library LIBRARY] [--plant FAULT]

Before it runs a job in one setting it has answered for all the settings before, so whoever asks
knows what a crash belongs to.
"""

from __future__ import annotations

import argparse
import inspect
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from .description import TooLong, describe
from .messages import (
    BROKEN,
    INDISTINGUISHABLE,
    LIMIT,
    LOAD_ERROR,
    RUN_ERROR,
    VALUE,
    Job,
    Outcome,
    receive,
    send,
)
from .settings import Setting


class _Vm:
    """pymdvm, once its place is known."""

    def __init__(self) -> None:
        import pymdvm
        from mdvm.embedding import protocol
        from pymdvm import run_options as options

        self.pymdvm = pymdvm
        self.options = options
        self.count_bit = protocol.COUNT
        self.known = set(inspect.signature(options.run_options).parameters)
        self.known_at_load = set(inspect.signature(pymdvm.loads).parameters)

    def run(self, job: Job, setting: Setting, padding: int) -> Outcome:
        """padding: makes the file another one in its trailing bytes, since a program that is known
        keeps its machine code.
        """
        limits = {name: value for name, value in job.limits.items() if name in self.known}
        try:
            at_load = {
                name: value for name, value in job.limits.items() if name in self.known_at_load
            }
            program = self.pymdvm.loads(job.data + bytes(padding), **at_load)
        except self.pymdvm.LoadError as error:
            return Outcome(LOAD_ERROR, error=error.text)
        parts: list[str] = []
        options = self.options.run_options(
            stdout=parts.append,
            jit=False if setting.jit == "off" else setting.jit,
            max_depth=setting.max_depth,
            mode=self.count_bit if setting.counting else 0,
            **limits,
        )
        outcome = self._outcome(program, options)
        counting = setting.counting and "max_instructions" not in limits
        count = program._session.executed(program._handle) if counting else -1
        return replace(outcome, output="".join(parts), count=count)

    def _outcome(self, program: Any, options: Any) -> Outcome:
        try:
            return Outcome(VALUE, describe(program.run_with(options)))
        except TooLong:
            return Outcome(VALUE, "too long")
        except self.pymdvm.LimitError as error:
            return Outcome(LIMIT, error=error.text)
        except self.pymdvm.RunError as error:
            return Outcome(
                RUN_ERROR,
                error=error.text,
                stack=tuple([(entry.function, entry.instruction) for entry in error.stack]),
            )
        except ValueError as error:
            is_known = "Python cannot tell the" in str(error)
            return Outcome(BROKEN, error=INDISTINGUISHABLE if is_known else repr(error))
        except Exception as error:
            return Outcome(BROKEN, error=repr(error))


def main() -> int:
    """Answer requests until there are no more."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--top", type=Path, help="the checkout whose pymdvm is used; default: this one"
    )
    parser.add_argument("--library", type=Path, help="the libmdvm.so to load")
    parser.add_argument(
        "--plant",
        help="a fault to put into the VM's own modules, see planted.py; takes PYMDVM_ENGINE=python",
    )
    options = parser.parse_args()
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nobody else may write among the answers
    if options.top:
        sys.path.insert(0, str(options.top))
    if options.library:
        from pymdvm.engines import native as native_engine

        native_engine.find_library = lambda: options.library
    if options.plant:
        from .planted import plant

        plant(options.plant)
    vm = _Vm()
    send(answers, "ready")
    padding = 0
    while True:
        job = receive(requests)
        if job is None:
            return 0
        for setting in job.settings:
            padding = padding % 1000 + 1
            send(answers, vm.run(job, setting, padding if job.padding else 0))


if __name__ == "__main__":
    sys.exit(main())
