"""The commands of the REPL, such as `:vars`: each a line of its own that begins with a colon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mdvm.debugging.disassembler import disassemble
from mdvm.loading.loader import load_module
from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend.kind_inference import KindInference
from pymdvm.compiler.frontend.parser import words_of
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
    if not session.last:
        raise CommandFailed("there has been no input yet")
    return session.last


def _tokens(session: ReplSession, rest: str) -> str:
    words = words_of(_source(session, rest))
    shown = [(f"{word.line}:{word.column}", word.kind, word.text) for word in words]
    width = max((len(kind) for _, kind, _ in shown), default=0)
    return "\n".join(f"{place:<7}{kind:<{width}}  {text}" for place, kind, text in shown)


def _type(session: ReplSession, rest: str) -> str:
    """The kind of a value as the compiler knows it, and of a variable's value as it is."""
    if not rest:
        raise CommandFailed("say of what: :type VALUE")
    analysis = session.compile(with_period(rest)).analysis
    resolution = analysis.resolved()
    body = resolution.program.body
    last = body[-1] if body else None
    if not isinstance(last, syntax.ExpressionStatement):
        raise CommandFailed("only a value has a kind")
    value = last.expression
    functions = {function.name: function for function in session.known.functions}
    kinds = KindInference(functions, resolution.variables, {})
    kind = kinds.kind_of(value)
    known = kind.value if kind is not None else "not known before it runs"
    if not isinstance(value, syntax.Name):
        return known
    declared = " or ".join(each.value for each in kinds.declared(value)) or "any"
    now = debug_form(session.variables.get(value.name)).partition("(")[0]
    return f"declared as {declared}, now {now}"


def _reset(session: ReplSession, rest: str) -> str:
    session.reset()
    return "nothing is defined any more"


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
    return session.run(source, rest) or ""


def _help(session: ReplSession, rest: str) -> str:
    lines = [f"{command.usage:<16} {command.about}" for command in COMMANDS.values()]
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
    ":tokens": Command(":tokens [INPUT]", "its words, as the compiler reads them", _tokens),
    ":type": Command(":type VALUE", "of which kind the value is; it is not run", _type),
    ":time": Command(":time", "what the last input took", _times),
    ":vars": Command(":vars", "all variables with their values, and all functions", _variables),
    ":reset": Command(":reset", "forget all variables, functions and inputs", _reset),
    ":load": Command(":load FILE", "run a file as an input", _load),
    ":save": Command(
        ":save FILE", "write all inputs that succeeded to a file, which is a program", _save
    ),
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
