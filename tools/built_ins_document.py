"""The text of docs/builtins.md: the built-in functions, from the table of mdvm/builtins.py."""

from __future__ import annotations

from mdvm.builtins import BUILTINS, KINDS, Builtin

HEAD = """\
<!-- Written by tools/make_docs.py from mdvm/builtins.py. Change that, then run: make docs -->
# Built-in functions

In a file of version 2 a `CALL` looks for its function first among those of the file, then here, then among those that
[the host gives](python.md#functions-for-the-program). All of these are pure: they know no clock, no files and no chance, and change none of
their arguments; `map`, `filter` and `fold` do what the functions do that they call. A call takes no frame.

Positions and lengths in texts are in characters, which are Unicode code points, and count from 0. A list is an array. A URL goes
wherever a text is only read. A parameter with `?` may be left out, one with `...` may be there several times.

| function | gives | what |
|---|---|---|
"""

TAIL = """
## Kinds

| kind | |
|---|---|
{kinds}

## Errors

| text | when |
|---|---|
| `Wrong number of arguments: len takes 1, not 2` | too few or too many |
| `Type mismatch: expected string, found int` | an argument of another kind |
| `Invalid operation: int on type "12x"` | an argument of the right kind with a value that the function has no result for; texts in quotes, long ones cut |
| `Index out of bounds: index 3 for length 3` | a position that the text or list does not have |
| `Integer overflow`, `Division by zero` | as those of ADD and DIV |
| `Invalid comparison: Int and String` | `sort`, `min` and `max` of what has no order |
| `Out of memory` | a result larger than the memory allowed |

## In detail

* `int` of a float leaves out what stands behind the point; of a text it takes digits with a sign and white space around them, nothing else.
* `round`, `floor` and `ceil` give an int; with `decimals`, `round` gives a float for a float. Of two that are as near, `round` takes the even one.
* Floats do as IEEE 754 has it: `exp` of 1000 is infinite, and NaN gives NaN.
* `sort` keeps equal elements in their order. Floats that are NaN come last, texts are in the order of their code points.
* `upper` and `lower` know all letters of Unicode 14; a letter may become several. A capital sigma becomes the small one of a word's end
  if a letter with a case stands before it and none behind it.
* White space is what Python takes for it. `split` without a separator gives the words, none of them empty.
* `map`, `filter` and `fold` call a function of the file, a built-in one or one of the host, for one element after the other. A function
  of the file gets them as arguments, of `fold` what came before and then the element; in its other registers it finds Empty. One that
  returns nothing gives Empty. The list is as it was when the call began. They do not call each other: `Invalid operation: map on type
  function<fold>`.
"""


def signature(builtin: Builtin) -> str:
    parameters = []
    for parameter in builtin.parameters:
        mark = "?" if parameter.is_optional else "..." if parameter.is_repeated else ""
        parameters.append(f"{parameter.name}: {parameter.kind}{mark}")
    return f"{builtin.name}({', '.join(parameters)})"


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def document() -> str:
    """The whole page."""
    rows = [
        f"| `{cell(signature(builtin))}` | {cell(builtin.result)} | {cell(builtin.meaning)} |"
        for builtin in BUILTINS
    ]
    kinds = [f"| {cell(name)} | {meaning} |" for name, meaning in KINDS.items()]
    return HEAD + "\n".join(rows) + "\n" + TAIL.format(kinds="\n".join(kinds))
