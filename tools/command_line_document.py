"""The text of docs/command-line.md, from the commands themselves."""

from __future__ import annotations

import inspect
import textwrap

import click

from pymdvm.commands import mdvm
from pymdvm.inspection.rules import RULES

WIDTH = 100

INTRODUCTION = """\
<!-- Written by tools/make_docs.py from pymdvm/commands. Change those, then run: make docs -->

# The command `mdvm`

`make wheel` and `pip install dist/*.whl` install it; `python3 -m pymdvm` is the same. `mdvm COMMAND --help` shows what is written here.

Where a person looks, on a terminal, there are colours and rules; what goes into a file or a pipe is plain text.
`NO_COLOR=1` turns colours off. Errors go to standard error and name the file; the exit status is 0 for success, 1 when
something is wrong with the program or the file, 2 for a wrong command line, 130 after Ctrl-C.

No command writes over a file that it reads, by whatever name: that is a wrong command line. A file is written whole or not at
all; what was there before stays until then. Where the output cannot be written, standard output too, the status is 1 (2 from
`build` and `asm`) and one line says why; none does where the reader of a pipe has gone.
"""

# What some commands have to say beside their help.
AFTER = {
    "run": """
`--stats` writes to standard error, as `mdvm-c --stats` does:

```
instructions: 5000008
copied because shared: 0 containers of 0 elements
made in memory: 1045 ints, 1000001 floats, 1 frames; 16095 KiB in all
loops compiled: 1
bridges compiled: 0
time: 5 ms
peak memory: 11488 KiB
```

* A container that is `copied because shared` was changed while another name, element or call held it too. Where that
  happens, [`mdvm profile`](#mdvm-profile) tells.
* `made in memory` are the ints and floats that got a box of their own, 16 bytes each, the frames of calls, and all objects
  together, with the VM's own, such as those of the JIT while it compiles. Machine code keeps numbers in registers and frames
  of inlined calls nowhere, so a loop that is compiled well adds nothing here. What adds one in each turn is a number that
  is stored in an array or dict that holds values of several types, or goes through a call that was not inlined. What is left
  of such a loop, and so where it makes them, [`mdvm trace --operations`](#mdvm-trace) shows: a `new_with_vtable` is a box or
  a frame. With `--jit off` each call makes a frame. The GC counts them, so compiled code is the same; the counting
  takes the time of going through what was made: none to be seen for `nbody`, which makes little, and as long again as the
  run itself for `fib`, which makes frames and nothing else (64 and 124 ms). With a `--gc-nursery` below 132K the KiB are too
  many, since the room that such a nursery leaves unused is among them. The Python engine leaves memory to Python and does
  not say.
""",
    "trace": """
![A loop beside its machine code](trace.svg)

`runs` counts how often the machine code of an instruction was reached, all traces together. Iterations that the interpreter
ran before the JIT compiled the loop are not in it. [architecture.md](architecture.md#machine-code) tells what the
operations are.
""",
    "profile": """
![Samples by function and by instruction](profile.svg)

Of a program in source, and of one with the `.mdbm` file beside it that `mdvm build` writes, the lines of the source have a
table of their own, and stand beside the instructions as LINE:COLUMN. Of a line in a function that the compiler has inlined it
is the function's. `--lines` has the flame graph and the files tell lines apart too; the frames of speedscope name file and
line in any case.

At the end stands what was copied because it was shared, by instruction, if anything was:

```
copied because shared: 500 containers of 125250 elements
elements  containers  place  instruction                     copying.md
  125250         500   14:3  ARRAY_PUSH r5, r3  ; (start) 11  > Add `turn` to `numbers`.
```

These are no samples but counts of all copies.

How it works: the program gets a look at a flag after every instruction; a thread sets the flag once every interval, and
the program then notes the calls that are going on and the instruction. So the native engine is measured as it runs, with
its machine code. On the Python engine the same shows where that one spends its time, which is not where the native one
does. The looks take time themselves: a tight loop runs about twice as long, calls a third longer. In a tight loop the
processor works on several instructions at once, and a sample may name a neighbour of the one that it waits for.

The flame graph is one SVG file:

![A flame graph](flame-graph.svg)
""",
}

RULES_HEAD = """
What it looks for:

| code | severity | |
|---|---|---|
"""


def document() -> str:
    """The whole text."""
    context = click.Context(mdvm, info_name="mdvm")
    names = mdvm.list_commands(context)
    parts = [INTRODUCTION, _contents(context, names)]
    for name in names:
        command = mdvm.get_command(context, name)
        assert command is not None
        parts.append(
            _section(name, command, click.Context(command, info_name=name, parent=context))
        )
    return "\n".join(parts)


def _contents(context: click.Context, names: list[str]) -> str:
    rows = []
    for name in names:
        command = mdvm.get_command(context, name)
        assert command is not None
        rows.append(f"| [`mdvm {name}`](#mdvm-{name}) | {_paragraphs(command)[0]} |")
    return "| command | |\n|---|---|\n" + "\n".join(rows) + "\n"


def _section(name: str, command: click.Command, context: click.Context) -> str:
    text, examples = _help(command)
    usage = " ".join(["mdvm", name, *command.collect_usage_pieces(context)])
    parts = [f"## mdvm {name}", "", f"    {usage}", "", text, "", "```sh", examples, "```", ""]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    if options:
        parts += ["| option | |", "|---|---|", *[_option_row(option) for option in options], ""]
    if name == "verify":
        parts.append(
            RULES_HEAD.lstrip("\n")
            + "".join(
                f"| `{rule.code}` | {rule.severity.value if rule.severity else 'error or warning'} | {rule.meaning} |\n"
                for rule in RULES.values()
            )
        )
    if name in AFTER:
        parts.append(AFTER[name].lstrip("\n"))
    return "\n".join(parts)


def _help(command: click.Command) -> tuple[str, str]:
    """The prose and the examples of a command's help."""
    examples = inspect.cleandoc(command.help or "").partition("\b\n")[2]
    lines = examples.splitlines()[1:]
    prose = (
        textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)
        for paragraph in _paragraphs(command)
    )
    return "\n\n".join(prose), inspect.cleandoc("\n".join(["", *lines]))


def _paragraphs(command: click.Command) -> list[str]:
    """The paragraphs of a command's prose, each in one line."""
    text = inspect.cleandoc(command.help or "").partition("\b\n")[0]
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip()]


def _option_row(option: click.Option) -> str:
    names = ", ".join(option.opts) + (f" {option.metavar}" if option.metavar else "")
    default = (
        f" Default: {option.default:g}."
        if option.show_default and isinstance(option.default, (int, float))
        else ""
    )
    return f"| `{names}` | {(option.help or '').replace('|', chr(92) + '|')}{default} |"
