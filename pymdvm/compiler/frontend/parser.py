"""The parser: from the text of a document to the unresolved tree, and what is wrong with it.

Lines become words (blocks.py, words.py), words become statements (statements.py, control.py,
functions.py) and values (expressions.py, accesses.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pymdvm.compiler.frontend import syntax
from pymdvm.compiler.frontend import tokens as t
from pymdvm.compiler.frontend.bare_kinds import with_bare_names
from pymdvm.compiler.frontend.blocks import Document
from pymdvm.compiler.frontend.cursor import as_name
from pymdvm.compiler.frontend.faults import Fault, Stop
from pymdvm.compiler.frontend.fillers import MEANINGFUL
from pymdvm.compiler.frontend.findings import Finding, Severity, has_errors, in_order
from pymdvm.compiler.frontend.fixes import Fix
from pymdvm.compiler.frontend.frontmatter import MARK, FrontmatterOpen, without_frontmatter
from pymdvm.compiler.frontend.functions import Functions, misplaced
from pymdvm.compiler.frontend.syntax import Place, Program
from pymdvm.compiler.frontend.tokens import Token

BYTE_ORDER_MARK = "\ufeff"
_BEGINS_STATEMENT = (
    "a sentence that begins with such a word is no prose, but in a heading or a comment"
)


def parse(
    source: str, file: str, names: Iterable[str] = (), is_input: bool = False
) -> tuple[Program | None, list[Finding]]:
    """Reads a program.

    source: the text; file: how findings name it; names: variables that are defined before it;
    is_input: whether it is an input of a REPL, in which any value is code.
    Returns the unresolved tree, or None if there is a syntax error, and the findings in the order
    of their places.
    """
    try:
        program, faults = _parse(_without_beginning(source), names, is_input)
    except FrontmatterOpen as error:
        expected = f"expected a second line {MARK}"
        program, faults = None, [Fault(Place(error.line, 1), str(error), expected)]
    except RecursionError:
        program, faults = None, [Fault(Place(1, 1), "the program is nested too deeply")]
    findings = in_order(_finding(fault, file) for fault in faults)
    return (None if has_errors(findings) else program), findings


def _without_beginning(source: str) -> str:
    """The source without its byte order mark, and with blank lines for its frontmatter."""
    if source.startswith(BYTE_ORDER_MARK):
        source = source[1:]
    return without_frontmatter(source)


def words_of(source: str) -> list[Token]:
    """The words of a document's code, headings and tags, in their order; without its end."""
    document = Document(_without_beginning(source), _makes_statements)
    document.read()
    return [token for token in document.tokens if token.kind not in (t.BREAK, t.END)]


def _finding(fault: Fault, file: str) -> Finding:
    severity = Severity.ERROR if fault.is_error else Severity.WARNING
    return Finding(
        severity, fault.code, file, fault.place, fault.message, fault.expected, fault.fix
    )


def _parse(source: str, names: Iterable[str], is_input: bool) -> tuple[Program, list[Fault]]:
    document = Document(source, _makes_statements, names, is_input)
    document.read()
    tokens = document.tokens
    with_bare_names(tokens)
    parser = _Parser(tokens, frozenset(names) | _defined_in(tokens))
    parser.is_input = is_input
    parser.margins, parser.source = document.margins, source
    program = parser.program()
    faults = [*document.faults, *_with_advice(parser.faults, tokens)]
    if not any(fault.is_error for fault in faults):
        faults.extend(parser.ignored_words())
    return program, faults


def _with_advice(faults: list[Fault], tokens: list[Token]) -> list[Fault]:
    """The faults, with a word about prose where a whole sentence has nothing but words."""
    if not any(fault.is_error for fault in faults):
        return faults
    sentences: dict[int, list[Token]] = {}
    sentence: list[Token] = []
    for token in tokens:
        if token.kind in t.STRUCTURE:
            continue
        begins = token.first and token.kind in t.STATEMENTS
        if begins or not sentence or token.paragraph != sentence[-1].paragraph:
            sentence = []
        sentence.append(token)
        sentences.setdefault(token.line, sentence)
    made = []
    for fault in faults:
        words = sentences.get(fault.place.line, [])
        if fault.is_error and fault.code == "syntax" and _reads_as_prose(words):
            expected = f"{fault.expected}; {_BEGINS_STATEMENT}".removeprefix("; ")
            fault = fault._replace(expected=expected)
        made.append(fault)
    return made


def _reads_as_prose(words: list[Token]) -> bool:
    """Whether a statement's word begins the words, and none is a name or a value that is marked
    as one.
    """
    if not words or words[0].depth or words[0].kind not in t.STATEMENTS:
        return False
    if len(words) + sum(len(word.before) for word in words) < 4:
        return False
    signs = frozenset({".", ",", ";", ":", "!", "?"})
    return all(
        word.text in signs or (word.text[:1].isalpha() and word.kind != t.NUMBER) for word in words
    )


def _defined_in(tokens: list[Token]) -> frozenset[str]:
    """The names that something is defined as somewhere."""
    names = set()
    for index in range(1, len(tokens) - 1):
        token = tokens[index]
        before, behind = tokens[index - 1].kind, tokens[index + 1].kind
        if before == "each":
            names.add(str(token.value) if token.kind == t.NAME else token.text)
        if token.kind != t.NAME:
            continue
        if before in t.FUNCTION_KINDS:
            names.update(_parameters(tokens, index + 1))
        if before in ("define", "each") or (
            before in ("-", "with", ",", "set") and behind in ("as", "=", "(")
        ):
            names.add(str(token.value))
    return frozenset(names)


def _parameters(tokens: list[Token], index: int) -> Iterator[str]:
    """The parameters of a short function, from the word behind its name on."""
    while tokens[index].kind in ("with", ",", "and"):
        if tokens[index + 1].kind == t.NAME:
            yield str(tokens[index + 1].value)
        index += 1
        while tokens[index].kind not in (",", "and", ":", t.END) and tokens[index].line == (
            tokens[index - 1].line
        ):
            index += 1


def _makes_statements(words: list[Token]) -> bool:
    """Whether the words of a paragraph are statements without a fault."""
    end = Token(t.END, None, "", 1, 1, 1, 1)
    end.paragraph = words[-1].paragraph + 1
    parser = _Parser([*words, end], frozenset(str(word.value) for word in words if word.bare))
    try:
        program = parser.program()
    except (Stop, RecursionError):
        return False
    return bool(program.body) and not any(fault.is_error for fault in parser.faults)


class _Parser(Functions):
    """Parses a whole program."""

    def program(self) -> Program:
        """Functions may stand between the statements of the top level."""
        functions: list[syntax.Function] = []
        body: list[syntax.Statement] = []
        while self.token.kind != t.END:
            token = self.token
            if token.kind == t.FUNCTION:
                function = self.function()
                if function is not None:
                    functions.append(function)
            elif token.kind == t.SECTION:
                self._late_section(functions)
            elif token.kind in (t.HEADING, t.DETAILS, t.DETAILS_END, "."):
                self.advance()
            elif token.kind == t.BREAK:
                self.advance()
                if token.depth:
                    # Code in quotes where no block is open.
                    body.extend(self.statements(token.depth))
            elif token.kind in t.FUNCTION_KINDS:
                function = self.short_function()
                if function is not None:
                    functions.append(function)
            else:
                body.extend(self._line_statements())
        return Program(tuple(functions), tuple(body))

    def _line_statements(self) -> list[syntax.Statement]:
        statement = self.statement()
        return [] if statement is None else [statement]

    def _late_section(self, functions: list[syntax.Function]) -> None:
        """A section that stands behind other code than its function's."""
        inputs: list[syntax.Parameter] = []
        outputs: list[syntax.Kind] = []
        self._section(inputs, outputs)
        if functions:
            last = functions[-1]
            functions[-1] = syntax.Function(
                last.place,
                last.name,
                (*last.parameters, *inputs),
                last.body,
                tuple(dict.fromkeys((*last.gives, *outputs))),
            )

    def statement(self) -> syntax.Statement | None:
        if self.token.kind in t.FUNCTION_KINDS and self.depth and self.ahead().kind == t.NAME:
            self.faults.append(misplaced(self.token))
            index = self._index
            self.advance()
            self._recover(index)
            return None
        return super().statement()

    def ignored_words(self) -> Iterable[Fault]:
        """Warnings about filler words that would mean something to a reader."""
        for token in self._tokens:
            for filler, following in zip(token.before, (*token.before[1:], token)):
                word = filler.text.lower().strip("*")
                is_variable = filler.text in self.defined and following.kind == "-"
                if (word not in MEANINGFUL and not is_variable) or id(filler) in self._meant:
                    continue
                if filler.text in self.defined:
                    message, expected, _, fix = as_name(filler)
                    yield Fault(filler.span, message, expected, "ignored-word", False, fix)
                    continue
                end = following if following.line == filler.line else None
                yield Fault(
                    filler.span,
                    f"`{filler.text}` means nothing here",
                    "expected it to be left out, or another word",
                    "ignored-word",
                    False,
                    Fix(
                        Place(filler.line, filler.column),
                        Place(end.line, end.column) if end else Place(*filler.span.end),
                        "",
                    ),
                )
