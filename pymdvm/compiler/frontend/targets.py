"""What a program needs that the published VM does not have: an error for each use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.built_ins import (
    AS_NUMBER,
    CAST_TO_FLOAT,
    CAST_TO_INT,
    CHARACTERS,
    FIND_IN_LIST,
    JOINED,
    LENGTH_OF_LIST,
    LENGTH_OF_NAMED_LIST,
    LENGTH_OF_SET,
    MEMBERS,
    SET_OF_LIST,
)
from pymdvm.compiler.frontend.findings import Finding, Severity
from pymdvm.compiler.frontend.kind_inference import TEXTS, KindInference
from pymdvm.compiler.frontend.names import Resolution
from pymdvm.compiler.frontend.syntax import Dispatch, Kind, Place
from pymdvm.compiler.frontend.tree import walk

PUBLISHED = "published"

# The calls, with their numbers of arguments, for which version 1 has instructions, or the compiler
# a function of its own.
_PUBLISHED_CALLS = frozenset(
    (name, count)
    for count, names in (
        (1, ("print", "str", "bool", "int", "float", "bytes", "len", "abs")),
        (1, (CAST_TO_INT, CAST_TO_FLOAT, LENGTH_OF_LIST, LENGTH_OF_NAMED_LIST)),
        (2, ("min", "max", "join", JOINED, FIND_IN_LIST)),
    )
    for name in names
)
# What is a name in named lists of version 2 only, as texts are in all.
_OTHER_KEYS = frozenset({Kind.WHOLE_NUMBER, Kind.FLOAT, Kind.NUMBER, Kind.YES_NO})
# What there is no name for in a source.
_PHRASES = {
    AS_NUMBER: "read a number out of a text",
    CHARACTERS: "take a text apart",
    LENGTH_OF_SET: "have a set",
    MEMBERS: "have a set",
    SET_OF_LIST: "have a set",
}
# What version 1 cannot do with a text.
_NOT_OF_TEXTS = {
    "len": "count the characters of a text",
    "int": "read a number out of a text",
    "float": "read a number out of a text",
}


def not_published(resolution: Resolution, file: str) -> list[Finding]:
    """The findings, in no particular order."""
    functions = {function.name: function for function in resolution.program.functions}
    findings = list(
        _in_scope(resolution.program.body, KindInference(functions, resolution.variables, {}), file)
    )
    for function in resolution.program.functions:
        own = resolution.locals_of[function.name]
        kinds = KindInference(functions, resolution.variables, own)
        findings.extend(_in_scope(function.body, kinds, file))
    return findings


def _in_scope(nodes: Iterable[syntax.Node], kinds: KindInference, file: str) -> Iterator[Finding]:
    for node in walk(nodes):
        if isinstance(node, syntax.Define) and _has_set(node.kinds):
            yield _finding(file, node.place, "have a set")
        elif isinstance(node, (syntax.FunctionName, syntax.CallValue)):
            yield _finding(file, node.place, "have a function in a variable")
        elif isinstance(node, syntax.Contains) and kinds.kind_of(node.collection) in TEXTS:
            yield _finding(file, node.place, "look for a text in a text")
        for key in _keys(node):
            kind = kinds.kind_of(key)
            if kind in _OTHER_KEYS:
                yield _finding(file, key.place, f"have a {kind.value} as a name in a named list")
        if not isinstance(node, syntax.Call) or not node.built_in:
            continue
        name = node.function
        if (name, len(node.arguments)) not in _PUBLISHED_CALLS:
            what = _PHRASES.get(name, f"call `{name}`")
        elif name in _NOT_OF_TEXTS and kinds.kind_of(node.arguments[0]) in TEXTS:
            what = _NOT_OF_TEXTS[name]
        elif name == "int" and kinds.kind_of(node.arguments[0]) in (Kind.FLOAT, Kind.NUMBER):
            what = "take a number's fraction away"
        else:
            continue
        yield _finding(file, node.place, what)


def _has_set(kinds: tuple[Kind, ...]) -> bool:
    """Whether a Set is meant, and not just Any."""
    return Kind.SET in kinds and set(kinds) != set(Kind)


def _keys(node: syntax.Node) -> list[syntax.Expression]:
    """What the node uses as names in a named list."""
    if isinstance(node, (syntax.EntryOf, syntax.SetEntry, syntax.EntryStep)):
        return [node.key]
    if isinstance(node, syntax.NamedListLiteral):
        return [syntax.Literal(node.place, name) for name, _ in node.entries]
    if isinstance(node, (syntax.Contains, syntax.Remove)) and node.dispatch is Dispatch.NAMED:
        return [node.value]
    return []


def _finding(file: str, place: Place, what: str) -> Finding:
    return Finding(
        Severity.ERROR,
        "unsupported",
        file,
        place,
        f"the published VM cannot {what}",
        "version 1 of the file format has no instruction for it; expected --target mdvm",
    )
