"""From a syntax tree back to source text: parsing the text gives the tree again, up to places.

Only what the grammar has can be printed: calls as statements or what a variable is set to, literal
lists only as that, and so on. Every operand that is not a single word gets parentheses.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.syntax import Kind

_LITERAL_LISTS = (syntax.ListLiteral, syntax.NamedListLiteral)


def print_program(program: syntax.Program) -> str:
    """program: unresolved."""
    functions = [_function(function) for function in program.functions]
    return "\n\n".join([*functions, *_block(program.body, "")]) + "\n"


def _function(function: syntax.Function) -> str:
    lines = [
        f"### **Utility**: `{function.name}`",
        "",
        "<details>",
        "<summary>Printed.</summary>",
        "",
    ]
    lines += [*_block(function.body, "> "), "", "</details>"]
    if function.parameters:
        lines += ["", "#### Inputs:", *(_parameter(parameter) for parameter in function.parameters)]
    if function.gives:
        lines += [
            "",
            "#### Outputs:",
            *(f"- `r{number}` **as** {kind.value}" for number, kind in enumerate(function.gives)),
        ]
    return "\n".join(lines)


def _parameter(parameter: syntax.Parameter) -> str:
    status = (
        "required"
        if parameter.default is None
        else f"optional, default: {_expression(parameter.default)}"
    )
    return f"- `{parameter.name}` **as** {_kinds(parameter.kinds)} ({status})"


def _kinds(kinds: Iterable[Kind]) -> str:
    return " or ".join(kind.value for kind in kinds)


# ____________________________________________________________ statements


def _block(statements: Iterable[syntax.Statement], marks: str) -> list[str]:
    return [_statement(statement, marks) for statement in statements]


def _inner(statements: Iterable[syntax.Statement], marks: str) -> str:
    return "\n".join(_block(statements, marks + "> "))


def _statement(node: syntax.Statement, marks: str) -> str:
    if isinstance(node, syntax.If):
        text = f"{marks}If {_expression(node.condition)}:\n{_inner(node.then, marks)}"
        return f"{text}\n{marks}Else:\n{_inner(node.otherwise, marks)}" if node.otherwise else text
    if isinstance(node, syntax.While):
        return f"{marks}While {_expression(node.condition)}:\n{_inner(node.body, marks)}"
    if isinstance(node, syntax.ForEach):
        return f"{marks}For each {_expression(node.item)} in {_expression(node.collection)}:\n{_inner(node.body, marks)}"
    if isinstance(node, syntax.Set) and isinstance(node.value, _LITERAL_LISTS):
        return f"{marks}Set {_expression(node.target)} to:\n{_items(node.value)}"
    return f"{marks}{_simple(node)}."


def _items(value: syntax.ListLiteral | syntax.NamedListLiteral) -> str:
    """The lines of a literal list, which stand at the margin whatever block they are in."""
    if isinstance(value, syntax.ListLiteral):
        return "\n".join(
            f"{number}. {_expression(element)}." for number, element in enumerate(value.elements, 1)
        )
    return "\n".join(
        f"- {_quoted(name) if isinstance(name, str) else name}: {_expression(content)}."
        for name, content in value.entries
    )


def _simple(node: syntax.Statement) -> str:
    if isinstance(node, syntax.Define):
        default = "" if node.default is None else f" (default: {_expression(node.default)})"
        return f"Define {_expression(node.target)} as {_kinds(node.kinds)}{default}"
    if isinstance(node, syntax.Set):
        how = (
            f"using {_call(node.value)}"
            if isinstance(node.value, syntax.Call)
            else f"to {_expression(node.value)}"
        )
        return f"Set {_expression(node.target)} {how}"
    if isinstance(node, syntax.Say):
        return f"Say {_expression(node.value)}"
    if isinstance(node, syntax.GiveBack):
        return f"Give back {_expression(node.value)}"
    if isinstance(node, syntax.ExpressionStatement):
        return (
            f"Use {_call(node.expression)}"
            if isinstance(node.expression, syntax.Call)
            else f"({_expression(node.expression)})"
        )
    return _mutation(node)


def _mutation(node: syntax.Statement) -> str:
    if isinstance(node, syntax.AddItem):
        return f"Add {_expression(node.value)} to {_expression(node.target)}"
    if isinstance(node, syntax.InsertItem):
        return f"Insert {_expression(node.value)} at position {_expression(node.position)} in {_expression(node.target)}"
    if isinstance(node, syntax.SetItem):
        return f"Set {_position(node.position)} of {_expression(node.target)} to {_expression(node.value)}"
    if isinstance(node, syntax.SetEntry):
        return f"Update {_expression(node.key)} in {_expression(node.target)} to {_expression(node.value)}"
    if isinstance(node, syntax.Remove):
        return f"Remove {_expression(node.value)} from {_expression(node.target)}"
    assert isinstance(node, syntax.Clear)
    return f"Clear {_expression(node.target)}"


# ____________________________________________________________ expressions


def _expression(node: syntax.Expression) -> str:
    if isinstance(node, syntax.Literal):
        return _literal(node.value)
    if isinstance(node, syntax.Blank):
        return "blank"
    if isinstance(node, syntax.Name):
        return f"`{node.name}`"
    if isinstance(node, syntax.Unary):
        return f"{node.operator.value} {_operand(node.operand)}"
    if isinstance(node, syntax.Binary):
        return f"{_operand(node.left)} {node.operator.value} {_operand(node.right)}"
    if isinstance(node, syntax.Conditional):
        return f"{_operand(node.consequence)} if {_operand(node.condition)} else {_operand(node.alternative)}"
    if isinstance(node, syntax.KindCheck):
        return f"{_operand(node.operand)} is a {node.kind.value}"
    if isinstance(node, syntax.ItemOf):
        return f"{_position(node.position)} of {_operand(node.collection)}"
    if isinstance(node, syntax.EntryOf):
        assert isinstance(node.collection, syntax.Name)
        return f"{_expression(node.collection)}'s {_expression(node.key)}"
    if isinstance(node, syntax.NamesOf):
        return f"the names of {_operand(node.collection)}"
    assert isinstance(node, syntax.ContentsOf), (
        f"{type(node).__name__} has no place in an expression"
    )
    return f"the contents of {_operand(node.collection)}"


def _operand(node: syntax.Expression) -> str:
    text = _expression(node)
    return text if isinstance(node, (syntax.Literal, syntax.Name)) else f"({text})"


def _position(position: syntax.Position) -> str:
    return "the last item" if isinstance(position, syntax.Last) else f"item {_operand(position)}"


def _call(call: syntax.Call) -> str:
    if call.arguments:
        return f"`{call.function}` with {', '.join(_expression(argument) for argument in call.arguments)}"
    if call.named:
        return f"`{call.function}` where {', '.join(f'`{argument.name}` is {_expression(argument.value)}' for argument in call.named)}"
    return f"`{call.function}`"


def _literal(value: None | bool | int | float | str) -> str:
    if value is None:
        return "_empty_"
    if isinstance(value, bool):
        return "_Yes_" if value else "_No_"
    if isinstance(value, float):
        digits = format(Decimal(repr(value)), "f")
        return f"_{digits}_" if "." in digits else f"_{digits}.0_"
    return _quoted(value) if isinstance(value, str) else f"_{value}_"


def _quoted(text: str) -> str:
    """A text literal.  The grammar has no way to write a text with both quotes in it."""
    quote = "'" if '"' in text else '"'
    return f"_{quote}{text}{quote}_"
