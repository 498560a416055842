"""The values of the names in the statement that failed, and the arguments of the calls that led to
it: the program is run once more, without output and not for long, and watched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from mdvm.errors import OUT_OF_MEMORY, STACK_OVERFLOW

_AT = re.compile(r"  at (?P<function>.*) \((?P<file>.+):(?P<line>\d+):(?P<column>\d+)\)\Z")
_MORE = re.compile(r"  \.\.\. (\d+) more\Z")
_INDEX = re.compile(r"Index out of bounds: index (-?\d+) for length (\d+)")
_TOP = "the program"
# So long it may take, in seconds, and so long a value may be.
_LONGEST = 2.0
_WIDEST = 60


class FailingValues(NamedTuple):
    """names: what those in the statement held, as a sentence; arguments: the same for the
    arguments of each call, innermost first. Empty where it is not certain.
    """

    names: str
    arguments: tuple[str, ...]


NOTHING = FailingValues("", ())


def failing_values(path: str, stack: Sequence[str], text: str) -> FailingValues:
    """What is known of the values. stack: the lines that tell where the error happened; text: that
    of the error, with which the second run has to end.
    """
    from mdvm.embedding import protocol
    from pymdvm.compiler.watching import CALLS, watched
    from pymdvm.engines.base import EngineError
    from pymdvm.errors import LoadError, RunError
    from pymdvm.program import loads
    from pymdvm.run_options import run_options

    at = _AT.match(next(iter(stack), ""))
    if at is None or at["file"] != path or text in (STACK_OVERFLOW, OUT_OF_MEMORY):
        return NOTHING
    try:
        source = Path(path).read_text(encoding="utf-8")
        program = watched(source, path, _function(at), int(at["line"]), int(at["column"]))
    except (OSError, UnicodeDecodeError):
        return NOTHING
    if program is None:
        return NOTHING
    try:
        loaded = loads(program.bytecode)
        loaded.run_with(
            run_options(lambda line: None, timeout=_LONGEST, mode=protocol.KEEP_GLOBALS)
        )
    except RunError as error:
        if error.text != text:
            return NOTHING
    except (EngineError, LoadError):
        return NOTHING
    else:
        return NOTHING
    held = loaded.globals
    names = {name: held[kept] for name, kept in program.names.items() if kept in held}
    return FailingValues(
        _told(names.items()), _arguments(stack, held.get(CALLS), program.parameters)
    )


def _function(at: re.Match[str]) -> str:
    return "" if at["function"] == _TOP else at["function"]


def _arguments(
    stack: Sequence[str], calls: object, parameters: dict[str, list[str]]
) -> tuple[str, ...]:
    """The arguments for each line of the stack if the calls of the second run are the same; else
    those of the innermost: a call in the place of a Give back leaves its caller out of the stack.
    """
    if not isinstance(calls, list):
        return ()
    made = [*reversed(calls), [""]]
    told: list[str] = []
    count = 0
    for line in stack:
        at, more = _AT.match(line), _MORE.match(line)
        if more is not None:
            count += int(more[1])
            told.append("")
        elif at is not None and count < len(made) and made[count][0] == _function(at):
            function, *arguments = made[count]
            count += 1
            told.append(_told(zip(parameters.get(function, ()), arguments)))
        else:
            break
    return tuple(told if count == len(made) else told[:1])


def _told(values: Iterable[tuple[str, object]]) -> str:
    return ", ".join(f"`{name}` is {shown(value)}" for name, value in values)


def counted_from_one(text: str) -> str:
    """What the index in an error's text is in the source; empty if there is none."""
    index = _INDEX.fullmatch(text)
    if index is None or int(index[1]) < 0:
        return ""
    return f"position {int(index[1]) + 1} of {index[2]}"


def shown(value: object) -> str:
    """A value as a program writes it, long ones cut."""
    text = _written(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 3] + "..."


def _written(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(_written(each) for each in value[:_WIDEST])}]"
    if isinstance(value, dict):
        entries = [f"{name}: {_written(each)}" for name, each in list(value.items())[:_WIDEST]]
        return "{" + ", ".join(entries) + "}"
    return str(value)
