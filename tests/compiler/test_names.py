"""Resolved trees: scopes, calls, blank, how collections are gone by, and what earlier programs have
left.
"""

from __future__ import annotations

from typing import TypeVar

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.front import analyse
from pymdvm.compiler.frontend.names import Resolution
from pymdvm.compiler.frontend.scopes import Known
from pymdvm.compiler.frontend.syntax import Dispatch, Kind, Node, Place, Scope
from pymdvm.compiler.frontend.tree import walk

FILE = "names.md"
_P = Place(1, 1)

_FUNCTION = """### **Utility**: `f`

<details>

> Define `own` as Text.
> For each `item` in `p`:
> > Set `own` to `item`.
> > Set `shared` to `own`.

</details>

#### Inputs:
- `p` **as** Named List
- `q` **as** Number (default: `shared` + _1_)
- `r` **as** Text

"""
_PROGRAM = (
    _FUNCTION
    + 'Define `shared` as Number.\nDefine `own` as Number.\nUse `f` where `r` is _"x"_.\nSay `own`.\n'
)

Found = TypeVar("Found", bound=Node)


def _resolve(source: str, known: Known | None = None) -> Resolution:
    return analyse(source, FILE, known).resolved()


def _all(node_type: type[Found], resolution: Resolution) -> list[Found]:
    program = resolution.program
    bodies = [statement for function in program.functions for statement in function.body]
    return [node for node in walk([*bodies, *program.body]) if isinstance(node, node_type)]


def test_scopes() -> None:
    resolution = _resolve(_PROGRAM)
    scopes = {(name.name, name.place.line): name.scope for name in _all(syntax.Name, resolution)}
    assert scopes == {
        ("own", 5): Scope.LOCAL,
        ("item", 6): Scope.LOCAL,
        ("p", 6): Scope.LOCAL,
        ("own", 7): Scope.LOCAL,
        ("item", 7): Scope.LOCAL,
        ("shared", 8): Scope.GLOBAL,
        ("own", 8): Scope.LOCAL,
        ("shared", 14): Scope.GLOBAL,
        ("shared", 17): Scope.GLOBAL,
        ("own", 18): Scope.GLOBAL,
        ("own", 20): Scope.GLOBAL,
    }


def test_variables() -> None:
    resolution = _resolve(_PROGRAM)
    assert list(resolution.variables) == ["shared", "own"]
    assert list(resolution.locals_of["f"]) == ["p", "q", "r", "own", "item"]
    assert resolution.locals_of["f"]["own"].kinds == (Kind.TEXT,)
    assert resolution.locals_of["f"]["item"].kinds == ()
    assert resolution.own == {"f"}


def test_calls_have_all_arguments() -> None:
    (call,) = _all(syntax.Call, _resolve(_PROGRAM))
    shared = syntax.Name(_P, "shared", Scope.GLOBAL)
    default = syntax.Binary(_P, syntax.BinaryOperator.ADD, shared, syntax.Literal(_P, 1))
    assert call == syntax.Call(
        _P, "f", (syntax.Literal(_P, None), default, syntax.Literal(_P, "x"))
    )


def test_blank_and_dispatch_go_by_the_declared_kind() -> None:
    source = (
        "Define `l` as List or Empty. Define `d` as Named List. Define `e` as List or Named List. Define `t` as Text.\n"
        "Set `l` to blank. Set `d` to blank. Set `e` to blank.\nClear `l`. Clear `d`. Clear `e`. Clear `t`.\n"
        "For each `i` in `l`:\n> Say `i`.\nFor each `i` in `d`:\n> Say `i`.\n"
        "For each `i` in the names of `d`:\n> Remove `i` from `d`.\n"
        "For each `i` in the first item of `l`:\n> Clear `i`.\n"
    )
    resolution = _resolve(source)
    blanks = [type(node.value) for node in _all(syntax.Set, resolution)]
    assert blanks == [syntax.ListLiteral, syntax.NamedListLiteral, syntax.ListLiteral]
    assert [node.dispatch for node in _all(syntax.Clear, resolution)] == [
        Dispatch.LIST,
        Dispatch.NAMED,
        Dispatch.BY_VALUE,
        Dispatch.BY_VALUE,
        Dispatch.BY_VALUE,
    ]
    assert [node.dispatch for node in _all(syntax.ForEach, resolution)] == [
        Dispatch.LIST,
        Dispatch.NAMED,
        Dispatch.LIST,
        Dispatch.BY_VALUE,
    ]
    assert [node.dispatch for node in _all(syntax.Remove, resolution)] == [Dispatch.NAMED]


def test_the_last_of_two_functions_counts() -> None:
    body = "### **Utility**: `f`\n\n<details>\n\n> Say _1_.\n\n</details>\n\n"
    (function,) = _resolve(body + body.replace("_1_", "_2_")).program.functions
    assert function.body == (syntax.Say(_P, syntax.Literal(_P, 2)),)


def test_what_earlier_programs_have_left() -> None:
    first = analyse(
        "Define `x` as Text.\nDefine `y` as Named List.\n" + _FUNCTION.replace("`shared`", "`x`"),
        FILE,
    )
    assert first.program is not None
    known = Known(first.resolved().variables, first.program.functions)
    second = analyse('Say `x`. Set `y` to blank. Use `f` with `y`, _1_, _"a"_.\n', FILE, known)
    assert second.findings == ()
    assert [function.name for function in second.resolved().program.functions] == ["f"]
    assert second.resolved().own == frozenset()
    assert list(second.resolved().variables) == ["x", "y"]
    assert _all(syntax.Set, second.resolved())[-1].value == syntax.NamedListLiteral(_P, ())


def test_earlier_functions_are_replaced_and_not_reported_on_again() -> None:
    faulty = '### **Utility**: `f`\n\n<details>\n\n> Define `t` as Text (default: _"a"_).\n> Say `t` - _1_.\n\n</details>\n\n'
    first = analyse(faulty, FILE)
    assert first.program is not None and [finding.code for finding in first.findings] == [
        "operands"
    ]
    known = Known({}, first.program.functions)
    assert analyse("Use `f`.\n", FILE, known).findings == ()
    replaced = analyse(faulty.replace("- _1_", '+ _"b"_') + "Use `f`.\n", FILE, known)
    assert replaced.findings == ()
    assert len(replaced.resolved().program.functions) == 1


def test_walk_gives_nodes_in_the_order_of_the_source() -> None:
    program = analyse(
        "Define `x` as Number. If `x` > _1_:\n> Set `x` to -`x` + _2_.\n", FILE
    ).program
    assert program is not None
    assert [type(node).__name__ for node in walk(program.body)] == [
        "Define",
        "Name",
        "If",
        "Binary",
        "Name",
        "Literal",
        "Set",
        "Name",
        "Binary",
        "Unary",
        "Name",
        "Literal",
    ]


def test_literals_differ_by_type_and_sign() -> None:
    values = (1, 1.0, True, 0, 0.0, -0.0, False, None, "", "1")
    assert len({syntax.Literal(_P, value) for value in values}) == len(values)
    assert syntax.Literal(_P, 1) == syntax.Literal(Place(2, 2), 1)
