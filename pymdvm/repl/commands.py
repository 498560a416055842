"""The commands of the REPL, such as `:vars`: each a line of its own that begins with a colon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mdvm.debugging.disassembler import disassemble
from mdvm.loading.loader import load_module
from pymdvm.compiler.mir.printing import print_module
from pymdvm.output_files import OutputError, write_output
from pymdvm.repl.completeness import with_period
from pymdvm.repl.session import ReplSession
from pymdvm.repl.values import debug_form
from pymdvm.vm_text import bytes_to_vm, from_vm


class CommandFailed(Exception):
    """A command cannot be done.  Its text says why."""


class Leave(Exception):
    """The person wants to leave."""


@dataclass(frozen=True)
class Command:
    """A command of the REPL.

    about: a line of help, beginning with how it is written
    run: with the session and what follows the command's name -> what to print. An input that the
        command is to run is the rest of its answer.
    """

    usage: str
    about: str
    run: Callable[[ReplSession, str], str]


def _mir(session: ReplSession, rest: str) -> str:
    return print_module(session.compile(_source(session, rest)).module)


def _assembly(session: ReplSession, rest: str) -> str:
    bytecode = session.compile(_source(session, rest)).bytecode
    return from_vm(disassemble(load_module(bytes_to_vm(bytecode))))


def _source(session: ReplSession, rest: str) -> str:
    """The input that a command is about: what follows it, or the last one."""
    if rest:
        return with_period(rest)
    if not session.sources:
        raise CommandFailed("there has been no input yet")
    return session.sources[-1]


def _times(session: ReplSession, rest: str) -> str:
    times = session.times
    return f"compiled in {times.compiling * 1000:.1f} ms, run in {times.running * 1000:.1f} ms"


def _variables(session: ReplSession, rest: str) -> str:
    lines = [f"`{name}`  {debug_form(value)}" for name, value in session.variables.items()]
    lines += [
        f"`{function.name}`  a function of {len(function.parameters)}"
        for function in session.known.functions
    ]
    return "\n".join(lines) if lines else "nothing is defined yet"


def _save(session: ReplSession, rest: str) -> str:
    if not rest:
        raise CommandFailed("say where: :save FILE")
    text = "\n\n".join(source.rstrip() for source in session.sources) + "\n"
    try:
        write_output(rest, text.encode("utf-8"), session.files_read)
    except OutputError as error:
        raise CommandFailed(str(error)) from None
    return f"{len(session.sources)} inputs written to {rest}"


def _load(session: ReplSession, rest: str) -> str:
    if not rest:
        raise CommandFailed("say what: :load FILE")
    try:
        source = Path(rest).read_text(encoding="utf-8")
        session.files_read.append(rest)
    except OSError as error:
        raise CommandFailed(f"{rest}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandFailed(f"{rest}: it is not UTF-8") from None
    except ValueError as error:  # no path
        raise CommandFailed(f"{rest}: {error}") from None
    return session.run(source) or ""


def _help(session: ReplSession, rest: str) -> str:
    lines = [f"{command.usage:<15} {command.about}" for command in COMMANDS.values()]
    return _INTRODUCTION + "\n".join(lines)


def _quit(session: ReplSession, rest: str) -> str:
    raise Leave


_INTRODUCTION = """\
A statement or an expression runs at the end of its line, a block or a list after an empty line, a \
function after two.
Alt-Enter runs what stands there. Ctrl-C stops what runs; the variables stay. Ctrl-D leaves.

"""

COMMANDS = {
    ":mir": Command(
        ":mir [INPUT]", "the MIR of the input, of the last one without one; it is not run", _mir
    ),
    ":asm": Command(":asm [INPUT]", "the same for the listing", _assembly),
    ":time": Command(":time", "what the last input took", _times),
    ":vars": Command(":vars", "all variables with their values, and all functions", _variables),
    ":load": Command(":load FILE", "run a file as an input", _load),
    ":save": Command(":save FILE", "write all inputs so far to a file, which is a program", _save),
    ":help": Command(":help", "this text", _help),
    ":quit": Command(":quit", "leave", _quit),
}


def run_command(session: ReplSession, line: str) -> str:
    """What the command in a line answers.  Raises CommandFailed, Leave, and what Session.run
    raises.
    """
    name, _, rest = line.strip().partition(" ")
    command = COMMANDS.get(name)
    if command is None:
        raise CommandFailed(f"there is no command {name}; :help lists them")
    return command.run(session, rest.strip())
