"""Where mdvm answers otherwise than the published VM, on purpose: the whole list, each with a name
and an example.

An example is a small program with both answers, and test_differences.py holds both VMs to them.
Three differences can show in programs that are otherwise fine, and comparison.py asks about them;
the others are kept out of the random programs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .debug_form import with_sorted_entries
from .outcome import CRASH, HANG, RUNTIME_ERROR, VALUE, Outcome, describe
from .source import Item, Line, function, line, load

STACK_OVERFLOW = "Stack overflow"


@dataclass(frozen=True)
class Difference:
    """One deliberate difference.

    on_wheel: what makes an outcome of the example the published VM's own; on_mdvm: the exact
    outcome there.
    """

    name: str
    example: tuple[Item, ...]
    on_wheel: Callable[[Outcome], bool]
    on_mdvm: Outcome


def returns(value: object, stdout: str = "") -> Outcome:
    """The outcome of a program that ends with a value."""
    return Outcome(stdout, VALUE, describe(value))


def _exactly(expected: Outcome) -> Callable[[Outcome], bool]:
    return lambda outcome: outcome == expected


def _collapses(outcome: Outcome) -> bool:
    return outcome.ending in (CRASH, HANG)


def _nested_calls(depth: int) -> tuple[Item, ...]:
    """Recursion that deep, counting its calls."""
    return (
        load(0, depth),
        load(9, "down"),
        line("CALL", 9, 1, (0,)),
        line("RETURN", 1),
        function("down"),
        load(2, 1),
        line("SUB", 0, 0, 2),
        line("JUMP_IF", 0, 2),
        load(3, 1),
        line("RETURN", 3),
        line("CALL", 9, 3, (0,)),
        line("ADD", 3, 3, 2),
        line("RETURN", 3),
    )


def _call(
    callee: tuple[Item, ...],
    before: tuple[Item, ...],
    after: tuple[Item, ...],
    arguments: tuple[int, ...] = (),
) -> tuple[Item, ...]:
    """The start code calls a function through r200, with r201 for its value."""
    return (
        *before,
        load(200, "f"),
        line("CALL", 200, 201, arguments),
        *after,
        function("f"),
        *callee,
    )


def _keys_in_order() -> tuple[Item, ...]:
    """A dict with so many keys that no random order is the order of insertion."""
    items: list[Item] = [line("DICT_NEW", 0)]
    for name in _MANY_KEYS:
        items += [load(1, name), line("DICT_SET", 0, 1, 1)]
    return (*items, line("DICT_KEYS", 2, 0), line("RETURN", 2))


def _nested_arrays(depth: int) -> tuple[Item, ...]:
    """An array in an array, `depth` deep, made to text: the length of that text is the value."""
    return (
        load(0, 1),
        load(1, 0),
        load(2, depth),
        line("NEW_ARRAY", 3, 0),
        line("NEW_ARRAY", 4, 0),
        line("ARRAY_SET", 4, 1, 3),
        line("MOVE", 3, 4),
        load(4, None),
        line("SUB", 2, 2, 0),
        line("JUMP_IF", 2, -6),
        line("CAST", 5, 3, "string"),
        line("STR_LEN", 6, 5),
        line("RETURN", 6),
    )


_MANY_KEYS = [f"key {(number * 7) % 20}" for number in range(20)]
_DEPTH = 1_500

ARGUMENT_ORDER = Difference(
    "arguments are read first, then written",
    _call(
        (line("RETURN", 1),), (load(0, "first"), load(1, "second")), (line("RETURN", 201),), (1, 0)
    ),
    _exactly(returns("second")),
    returns("first"),
)
MANY_ARGUMENTS = Difference(
    "all arguments arrive, not only 16",
    _call((line("RETURN", 16),), (load(100, "argument"),), (line("RETURN", 201),), (100,) * 17),
    _exactly(returns(None)),
    returns("argument"),
)
HIGH_REGISTERS = Difference(
    "a function does not change its caller's registers above r63",
    _call((load(70, "callee"), line("RETURN")), (load(70, "caller"),), (line("RETURN", 70),)),
    _exactly(returns("callee")),
    returns("caller"),
)
HIGH_TAGS = Difference(
    "a function does not change the type tags of its caller's registers above r63",
    _call(
        (line("DEFINE", 70, "url"), line("RETURN")),
        (load(70, 1),),
        (line("CHECK_TYPE", 0, 70, "url"), line("RETURN", 0)),
    ),
    _exactly(returns(True)),
    returns(False),
)
DEEP_CALLS = Difference(
    "calls nest deeper than 1,000",
    _nested_calls(_DEPTH),
    _exactly(Outcome("", RUNTIME_ERROR, STACK_OVERFLOW)),
    returns(_DEPTH),
)
DICT_ORDER = Difference(
    "dicts keep the order of insertion",
    _keys_in_order(),
    lambda outcome: outcome.ending == VALUE and outcome != returns(_MANY_KEYS),
    returns(_MANY_KEYS),
)
HUGE_ARRAY = Difference(
    "an array too large for memory is a run-time error",
    (load(0, 2**62), line("NEW_ARRAY", 1, 0), line("RETURN", 0)),
    _collapses,
    Outcome("", RUNTIME_ERROR, "Out of memory"),
)
DEEP_NESTING = Difference(
    "deeply nested values can be made to text",
    _nested_arrays(200_000),
    _collapses,
    returns(2 * 200_001 + len("empty")),
)

EXAMPLES = [
    ARGUMENT_ORDER,
    MANY_ARGUMENTS,
    HIGH_REGISTERS,
    HIGH_TAGS,
    DEEP_CALLS,
    DICT_ORDER,
    HUGE_ARRAY,
    DEEP_NESTING,
    Difference(
        "PHI loads",
        (line("PHI", 0, ((1, 0),)), line("RETURN", 0)),
        _exactly(Outcome("", "load error", "Invalid opcode: 27")),
        returns(None),
    ),
    Difference(
        "ASSERT loads",
        (load(0, False), line("ASSERT", 0, 0, "no"), line("RETURN", 0)),
        _exactly(Outcome("", "load error", "Invalid opcode: 28")),
        Outcome("", RUNTIME_ERROR, "Assertion failed: no"),
    ),
    Difference(
        "SCOPE_ENTER loads",
        (line("SCOPE_ENTER", 1), load(0, 1), line("RETURN", 0)),
        _exactly(Outcome("", "load error", "Invalid opcode: 29")),
        returns(1),
    ),
    Difference(
        "SCOPE_EXIT loads",
        (line("SCOPE_EXIT", 1), load(0, 1), line("RETURN", 0)),
        _exactly(Outcome("", "load error", "Invalid opcode: 30")),
        returns(1),
    ),
]

# The instructions that only mdvm loads.
ONLY_HERE = frozenset(["PHI", "ASSERT", "SCOPE_ENTER", "SCOPE_EXIT"])


def not_comparable(wheel: Outcome) -> str:
    """The name of the difference that makes an answer of the published VM no answer; "" if it is
    one.
    """
    if wheel.ending == RUNTIME_ERROR and wheel.detail == STACK_OVERFLOW:
        return DEEP_CALLS.name
    if wheel.ending in (CRASH, HANG):
        return "the published VM gives no answer"
    return ""


def may_order_dicts(items: tuple[Item, ...] | list[Item]) -> bool:
    """Whether the order of a dict's entries can show in what a program prints or returns."""
    return any(isinstance(item, Line) and item.name == "DICT_SET" for item in items)


def without_dict_order(outcome: Outcome) -> Outcome:
    """The outcome with every dict that was printed whole in one fixed order; a returned dict is
    described in one already.
    """
    lines = outcome.stdout.split("\n")
    return replace(outcome, stdout="\n".join([with_sorted_entries(text) for text in lines]))
