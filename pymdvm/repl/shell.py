"""The conversation: reading inputs, from a person at a terminal or from a pipe, and answering
them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from pymdvm.compiler.frontend.findings import SourceError, show
from pymdvm.repl.commands import COMMANDS, CommandFailed, Leave, run_command
from pymdvm.repl.completeness import COMMAND, is_complete, with_period
from pymdvm.repl.session import InputFailed, ReplSession

PROMPT = "mdvm> "
CONTINUATION = "  ... "


def run_shell(session: ReplSession) -> bool:
    """Answer inputs until there are no more.  Whether all of them succeeded."""
    succeeded = True
    try:
        for text in _typed_inputs(session) if sys.stdin.isatty() else _piped_inputs():
            succeeded = _answer(session, text) and succeeded
    except Leave:
        pass
    return succeeded


def _answer(session: ReplSession, text: str) -> bool:
    """Run one input and print what comes of it.  Whether it succeeded."""
    if not text.strip():
        return True
    try:
        if text.lstrip().startswith(COMMAND):
            answer: str | None = run_command(session, text)
        else:
            source = with_period(text)
            answer = session.run(source)
        if answer:
            click.echo(answer.rstrip("\n"))
        return True
    except SourceError as error:
        click.echo(show(error.findings, error.source), err=True)
    except InputFailed as error:
        click.echo("\n".join(error.lines), err=True)
    except CommandFailed as error:
        click.echo(str(error), err=True)
    except KeyboardInterrupt:
        click.echo("Interrupted", err=True)
    return False


def _piped_inputs() -> Iterator[str]:
    lines: list[str] = []
    for line in _standard_input_lines():
        lines.append(line.rstrip("\n"))
        text = "\n".join(lines)
        if is_complete(text):
            yield text
            lines.clear()
    yield "\n".join(lines)


def _standard_input_lines() -> Iterator[str]:
    try:
        yield from sys.stdin
    except OSError as error:
        raise click.ClickException(f"cannot read standard input: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.ClickException("standard input is not UTF-8") from None


def _typed_inputs(session: ReplSession) -> Iterator[str]:
    """Inputs from a terminal, with history, several lines, colours and completion."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    from pymdvm.repl.words import STYLE, WordCompleter, WordLexer

    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        is_one_line = "\n" not in buffer.text  # it runs wherever the cursor is
        if (is_one_line or buffer.document.is_cursor_at_the_end) and is_complete(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    def names() -> list[str]:
        return [*session.variables, *[function.name for function in session.known.functions]]

    prompt: PromptSession[str] = PromptSession(
        [("class:prompt", PROMPT)],
        multiline=True,
        key_bindings=keys,
        lexer=WordLexer(),
        style=STYLE,
        completer=WordCompleter(names, COMMANDS),
        complete_while_typing=False,
        history=FileHistory(str(_history_file())),
        prompt_continuation=lambda width, number, is_soft_wrap: CONTINUATION,
    )
    click.echo("Machine Dialect on mdvm; :help tells more")
    while True:
        try:
            yield prompt.prompt()
        except KeyboardInterrupt:
            continue  # what was typed is dropped
        except EOFError:
            return


def _history_file() -> Path:
    """The file with the inputs of earlier conversations; MDVM_HISTORY names another."""
    path = Path(os.environ.get("MDVM_HISTORY") or Path(click.get_app_dir("mdvm")) / "history")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError:
        return Path(os.devnull)
    return path
