"""The values of the names in the statement that failed: the program is run once more, without
output and not for long, with that statement watched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mdvm.errors import OUT_OF_MEMORY, STACK_OVERFLOW

_AT = re.compile(r"  at (?P<function>.*) \((?P<file>.+):(?P<line>\d+):(?P<column>\d+)\)\Z")
_INDEX = re.compile(r"Index out of bounds: index (-?\d+) for length (\d+)")
_TOP = "the program"
# So long it may take, in seconds, and so long a value may be.
_LONGEST = 2.0
_WIDEST = 60


def failing_values(path: str, stack: Iterable[str], text: str) -> str:
    """What the names held, as a sentence; empty where that is not certain. stack: the lines that
    tell where the error happened; text: that of the error, with which the second run has to end.
    """
    from mdvm.embedding import protocol
    from pymdvm.compiler.watching import watched
    from pymdvm.engines.base import EngineError
    from pymdvm.errors import LoadError, RunError
    from pymdvm.program import loads
    from pymdvm.run_options import run_options

    at = _AT.match(next(iter(stack), ""))
    if at is None or at["file"] != path or text in (STACK_OVERFLOW, OUT_OF_MEMORY):
        return ""
    function = "" if at["function"] == _TOP else at["function"]
    try:
        source = Path(path).read_text(encoding="utf-8")
        program = watched(source, path, function, int(at["line"]), int(at["column"]))
    except (OSError, UnicodeDecodeError):
        return ""
    if program is None:
        return ""
    try:
        loaded = loads(program.bytecode)
        loaded.run_with(
            run_options(lambda line: None, timeout=_LONGEST, mode=protocol.KEEP_GLOBALS)
        )
    except RunError as error:
        if error.text != text:
            return ""
    except (EngineError, LoadError):
        return ""
    else:
        return ""
    held = loaded.globals
    known = {name: held[kept] for name, kept in program.names.items() if kept in held}
    return ", ".join(f"`{name}` is {shown(value)}" for name, value in known.items())


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
