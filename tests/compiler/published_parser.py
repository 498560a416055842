"""The parser of the published `machine-dialect` package, put to use: the one file that imports
anything of that package.

`parse` gives our own tree and the syntax findings. The published parser is taken as it is where it
works: its lexer, its expressions and its simple statements. _Parser overrides what it gets wrong or
keeps quiet about:

* its checks of names and kinds, which are wrong in places, are left out (names.py and kinds.py make
  them);
* statements after a nested block, and an Else after one, go to the block that their `>` marks say;
* a token between the end of a statement and its period was dropped without a word;
* `the first item of l + _1_` took the item of `l + _1_`;
* parameters of several kinds, and those that it could not read, were dropped;
* names of named lists kept or lost quotes; `x is a KIND` was not read at all;
* errors name what was expected, at the place where it was.
"""

from __future__ import annotations

import re

from machine_dialect import ast as published
from machine_dialect.ast.expressions import Arguments
from machine_dialect.ast.statements import CollectionMutationStatement
from machine_dialect.errors import messages
from machine_dialect.lexer import Lexer
from machine_dialect.lexer.tokens import Token, TokenType
from machine_dialect.parser.enums import Precedence
from machine_dialect.parser.parser import TYPING_MAP
from machine_dialect.parser.parser import Parser as PublishedParser
from machine_dialect.parser.token_buffer import TokenBuffer

from pymdvm.compiler.frontend.findings import Finding, Severity, in_order, source_lines
from pymdvm.compiler.frontend.frontmatter import MARK, FrontmatterOpen, without_frontmatter
from pymdvm.compiler.frontend.syntax import Place, Program

from . import published_expectations as expectations
from .published_conversion import Converter

_BY_MESSAGE = {
    getattr(messages, name).template: text for name, text in expectations.BY_MESSAGE.items()
}

_SIMPLE_STATEMENTS = (
    published.DefineStatement,
    published.SetStatement,
    published.ReturnStatement,
    published.SayStatement,
    published.CallStatement,
    CollectionMutationStatement,
)


def parse(source: str, file: str) -> tuple[Program | None, list[Finding]]:
    """Reads a program.

    source: the text; file: how findings name it. Returns the unresolved tree, or None if there is a
    syntax error, and the findings in the order of their places.
    """
    try:
        return _parse(without_frontmatter(source), file)
    except FrontmatterOpen as error:
        return None, [
            Finding(
                Severity.ERROR,
                "syntax",
                file,
                Place(error.line, 1),
                str(error),
                f"expected a second line {MARK}",
            )
        ]
    except RecursionError:
        return None, [
            Finding(Severity.ERROR, "syntax", file, Place(1, 1), "the program is nested too deeply")
        ]


def _parse(source: str, file: str) -> tuple[Program | None, list[Finding]]:
    parser = _Parser(source, file)
    statements = parser.statements()
    if parser.findings:
        return None, in_order(_first_of_each_line(parser.findings))
    # A node that cannot be converted is an error that the parser has kept quiet about.
    converter = Converter(file, parser.place)
    program = converter.program(statements)
    return (None if converter.findings else program), in_order(converter.findings)


def _first_of_each_line(findings: list[Finding]) -> list[Finding]:
    """One defect makes the parser stumble again and again; what it has said first about a line is
    what matters.
    """
    first: dict[int, Finding] = {}
    for finding in findings:
        first.setdefault(finding.place.line, finding)
    return list(first.values())


def _is_about_next(expected_token: TokenType | None, details: dict[str, str]) -> bool:
    """Whether an error of the published parser is about the token after the current one."""
    return expected_token is TokenType.DELIM_RPAREN or (
        expected_token is TokenType.KW_TO and "using" in details.get("token", "")
    )


class _KindCheck(published.Expression):  # type: ignore[misc]
    """`x is a KIND`, for which the published tree has no node."""

    def __init__(self, token: Token, operand: published.Expression, kind: str) -> None:
        super().__init__(token)
        self.operand = operand
        self.kind = kind

    def __str__(self) -> str:
        return f"{self.operand} is a {self.kind}"


class _Lexer(Lexer):  # type: ignore[misc]
    """The lexer, which counts lines right after a stray backtick too, and remembers where each
    token ends.
    """

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.ends: dict[tuple[int, int], Place] = {}

    def next_token(self, in_block: bool = False, in_list_context: bool = False) -> Token:
        token = super().next_token(in_block, in_list_context)
        self.ends[token.line, token.position] = Place(self.line, self.column)
        return token

    def _restore_position(self, pos: int) -> None:
        self.line -= self.source.count("\n", pos, self.position)
        super()._restore_position(pos)


class _Parser(PublishedParser):  # type: ignore[misc]
    """The published parser with the repairs that the module's docstring lists."""

    def __init__(self, source: str, file: str) -> None:
        super().__init__()
        self.findings: list[Finding] = []
        # Whether the current statement has a finding: what follows from it is not worth another.
        self._faulty = False
        self._file = file
        self._lines = source_lines(source)
        self._lexer = _Lexer(source)
        # The last token that has become part of a node, and the one before the current one.
        self._used_token: Token = None
        self._previous_token: Token = None
        # The number of `>` in front of the current token, once a nested block has read past them.
        self._depth_read: int | None = None

    def statements(self) -> list[published.Statement]:
        """All statements of the source."""
        self._token_buffer = TokenBuffer(self._lexer)
        self._advance_tokens()
        self._advance_tokens()
        statements = []
        while self._current_token.type is not TokenType.MISC_EOF:
            if self._current_token.type is TokenType.PUNCT_PERIOD:
                self._advance_tokens()
                continue
            before = self._current_token
            statements.append(self._parse_statement())
            if self._current_token is before:
                self._advance_tokens()
        return statements

    def place(self, token: Token) -> Place:
        """Where a token begins; the lexer gives the place behind an opening backtick, unless that
        is in column 1.
        """
        line = self._lines[token.line - 1] if token.line <= len(self._lines) else ""
        after_backtick = token.position > 1 and line[token.position - 2 : token.position - 1] == "`"
        opens = token.type in (TokenType.MISC_IDENT, TokenType.PUNCT_APOSTROPHE_S)
        return Place(token.line, token.position - 1 if after_backtick and opens else token.position)

    # ____________________________________________________________ findings

    def _error(self, place: Place, message: str, expected: str = "") -> None:
        if self._faulty:
            return
        self._faulty = True
        self.findings.append(
            Finding(Severity.ERROR, "syntax", self._file, place, message, expected)
        )

    def _unexpected(self, token: Token, expected: str) -> None:
        expected = expectations.at_token(token.type.name, token.literal) or expected
        self._error(self.place(token), f"unexpected {self._shown(token)}", expected)

    def _shown(self, token: Token) -> str:
        """The token as it stands in the source."""
        if token.type is TokenType.MISC_EOF:
            return "end of the file"
        start, end = self.place(token), self._end(token)
        line = self._lines[start.line - 1]
        return (
            line[start.column - 1 : end.column - 1 if end.line == start.line else None]
            or token.literal
        )

    def _end(self, token: Token) -> Place:
        return self._lexer.ends.get((token.line, token.position), Place(token.line, token.position))

    def _missing_period(self) -> None:
        place = self._end(self._used_token) if self._used_token else self.place(self._current_token)
        self._error(place, "the statement has no end", expectations.A_PERIOD)

    def _report_error_and_recover(
        self,
        template: messages.ErrorTemplate,
        error_type: str = "syntax",
        expected_token: TokenType | None = None,
        recovery_tokens: list[TokenType] | None = None,
        recovery_to_types: bool = False,
        skip_recovery: bool = False,
        is_expression: bool = False,
        **details: str,
    ) -> published.ErrorStatement | published.ErrorExpression:
        """Called wherever the published parser finds an error."""
        token = self._peek_token if _is_about_next(expected_token, details) else self._current_token
        if expected_token is TokenType.PUNCT_PERIOD:
            self._missing_period()
        else:
            self._unexpected(token, self._expectation(template, expected_token, details))
        if template is messages.EXPECTED_DETAILS_CLOSE:
            self._skip_to_end_of_details()
        skipped = [] if skip_recovery else self._panic_recovery(recovery_tokens, recovery_to_types)
        if is_expression:
            return published.ErrorExpression(token, "")
        return published.ErrorStatement(token, skipped, "")

    def _expectation(
        self,
        template: messages.ErrorTemplate,
        expected_token: TokenType | None,
        details: dict[str, str],
    ) -> str:
        if template is messages.NO_PARSE_FUNCTION and self._is_mark(self._previous_token):
            return "expected a colon at the end of the line before, or a value"
        if template.template in _BY_MESSAGE:
            return _BY_MESSAGE[template.template]
        token = expectations.TOKENS.get(expected_token.name) if expected_token else None
        wanted = (
            token
            or details.get("expected")
            or details.get("token")
            or details.get("what", "something else")
        )
        return (
            f"expected {wanted} after {details['after']}"
            if "after" in details
            else f"expected {wanted}"
        )

    def _is_mark(self, token: Token | None) -> bool:
        """Whether it is a > at the beginning of a line."""
        return (
            token is not None
            and token.type is TokenType.OP_GT
            and not self._lines[token.line - 1][: token.position - 1].strip("> \t")
        )

    # The checks of names and kinds that are not the parser's business.

    def _check_variable_defined(self, name: str, line: int, position: int) -> bool:
        return False

    def _register_variable_definition(
        self, name: str, type_spec: list[str], line: int, position: int
    ) -> None:
        pass

    # ____________________________________________________________ tokens

    def _advance_tokens(self) -> None:
        self._previous_token = self._current_token
        super()._advance_tokens()

    def _expect_token(
        self,
        token_type: TokenType,
        context: str | None = None,
        error_message: str | None = None,
        error_node: published.ErrorExpression | None = None,
    ) -> published.ErrorStatement | published.ErrorExpression | None:
        if self._peek_token.type is token_type:
            self._advance_tokens()
            return None
        if token_type is TokenType.PUNCT_PERIOD:
            self._missing_period()
            return error_node or published.ErrorStatement(self._current_token)
        after = f" after {context}" if context else ""
        self._unexpected(
            self._peek_token,
            f"expected {expectations.TOKENS.get(token_type.name, token_type.name)}{after}",
        )
        return error_node or published.ErrorStatement(self._current_token, self._panic_recovery())

    def _skip_line(self) -> None:
        line = self._current_token.line
        while (
            self._current_token.line == line and self._current_token.type is not TokenType.MISC_EOF
        ):
            self._advance_tokens()

    def _skip_to_end_of_details(self) -> None:
        while self._current_token.type not in (TokenType.TAG_DETAILS_END, TokenType.MISC_EOF):
            self._advance_tokens()
        self._advance_tokens()

    # ____________________________________________________________ statements

    def _parse_statement(self) -> published.Statement:
        faulty, self._faulty = self._faulty, False
        start = self._current_token
        statement = super()._parse_statement()
        if isinstance(statement, published.ErrorStatement):
            self._unexpected(start, expectations.A_STATEMENT)
        elif isinstance(statement, _SIMPLE_STATEMENTS):
            self._check_end(statement)
        self._faulty = faulty
        return statement

    def _check_end(self, statement: published.Statement) -> None:
        """Reports a statement without a period, and what stands between its last part and the
        period.
        """
        current = self._current_token
        last = self._last_token(statement)
        if current.type is TokenType.PUNCT_PERIOD:
            if (
                self._previous_token is not last
                and self._previous_token.type is not TokenType.PUNCT_COLON
            ):
                self._unexpected(self._previous_token, expectations.A_PERIOD)
        elif current.type is not TokenType.MISC_EOF and not self._may_end_without_period(
            statement, last
        ):
            self._unexpected(current, expectations.A_PERIOD)

    def _may_end_without_period(self, statement: published.Statement, last: Token) -> bool:
        return (
            isinstance(statement, published.DefineStatement)
            and self._current_token.line > last.line
        )

    def _last_token(self, statement: published.Statement) -> Token:
        value = getattr(statement, "value", None)
        if isinstance(value, published.BlankLiteral):
            return value.token
        call = value if isinstance(value, published.CallExpression) else statement
        if getattr(call, "function_name", None) and not call.arguments:
            return call.function_name.token
        if isinstance(statement, published.DefineStatement) and statement.initial_value is not None:
            return self._previous_token
        return self._used_token

    def _parse_expression_statement(self) -> published.Statement:
        token = self._current_token
        begins_value = (
            token.type in self._prefix_parse_funcs or token.type is TokenType.MISC_ILLEGAL
        )
        if begins_value and not self._is_unknown_word():
            return super()._parse_expression_statement()
        self._unexpected(token, expectations.A_STATEMENT)
        return published.ErrorStatement(token, self._panic_recovery())

    def _is_unknown_word(self) -> bool:
        """Whether the current token is a name without backticks that no operator follows: prose, or
        a word for no statement.
        """
        place, following = self.place(self._current_token), self._peek_token.type
        is_bare = (
            self._current_token.type is TokenType.MISC_IDENT
            and self._lines[place.line - 1][place.column - 1] != "`"
        )
        return (
            is_bare
            and following not in self._infix_parse_funcs
            and following not in (TokenType.PUNCT_PERIOD, TokenType.MISC_EOF)
        )

    def _parse_identifier_or_keyword_as_identifier(self) -> published.Identifier | None:
        token = self._current_token
        if token.type is not TokenType.MISC_IDENT and not token.type.name.startswith("KW_"):
            self._unexpected(token, "expected the name of a variable in backticks")
            return published.Identifier(token, token.literal)
        self._used_token = token
        return super()._parse_identifier_or_keyword_as_identifier()

    def _parse_argument_value(self) -> published.Expression | None:
        self._used_token = self._current_token
        return super()._parse_argument_value()

    def _parse_positional_arguments(self, with_token: Token) -> Arguments:
        arguments = super()._parse_positional_arguments(with_token)
        if not arguments.positional:
            self._unexpected(self._current_token, "expected an argument after `with`")
        self._check_end_of_arguments()
        return arguments

    def _parse_named_arguments(self, where_token: Token) -> Arguments:
        arguments = super()._parse_named_arguments(where_token)
        self._check_end_of_arguments()
        return arguments

    def _check_end_of_arguments(self) -> None:
        if self._current_token.type not in (TokenType.PUNCT_PERIOD, TokenType.MISC_EOF):
            self._unexpected(self._current_token, expectations.AN_ARGUMENT)

    def _parse_type_name(self) -> str | None:
        self._used_token = self._current_token
        name: str | None = super()._parse_type_name()
        return name

    # ____________________________________________________________ blocks

    def _parse_if_statement(self) -> published.Statement:
        statement = published.IfStatement(self._current_token)
        depth = self._block_depth
        self._advance_tokens()
        statement.condition = self._parse_expression()
        for optional in (TokenType.PUNCT_COMMA, TokenType.KW_THEN):
            if self._peek_token.type is optional:
                self._advance_tokens()
        if error := self._expect_token(TokenType.PUNCT_COLON, "the condition"):
            return error
        statement.consequence = self._parse_body(messages.EMPTY_IF_CONSEQUENCE)
        if self._current_token.type is TokenType.KW_ELSE and (self._depth_read or 0) == depth:
            self._depth_read = None
            if error := self._expect_token(TokenType.PUNCT_COLON, "Else"):
                return error
            statement.alternative = self._parse_body(messages.EMPTY_ELSE_BLOCK)
        return statement

    def _parse_body(self, if_empty: messages.ErrorTemplate) -> published.BlockStatement:
        """The block after a colon; the current token is the colon."""
        found = len(self.findings)
        block = self._parse_block_statement(self._block_depth + 1)
        if not block.statements and len(self.findings) == found:
            self._report_error_and_recover(if_empty, skip_recovery=True)
        return block

    def _parse_block_statement(self, expected_depth: int = 1) -> published.BlockStatement:
        """The statements whose lines begin with as many `>` as are expected.

        Stops in front of the first line with fewer, past its marks, whose number it leaves in
        _depth_read.
        """
        block = published.BlockStatement(self._current_token, expected_depth)
        self._block_depth += 1
        if self._current_token.type is TokenType.PUNCT_COLON:
            self._advance_tokens()
        while self._current_token.type is not TokenType.MISC_EOF:
            depth = self._line_depth()
            if depth < expected_depth:
                self._depth_read = depth or None
                break
            if depth > expected_depth:
                self._new_fault(f"expected {expected_depth} > in front of this line, not {depth}")
                self._panic_recovery()
            elif self._current_token.type is TokenType.KW_ELSE:
                self._new_fault("expected an If in front of it, in a block of the same depth")
                self._skip_line()
                self._parse_block_statement(expected_depth + 1)
            elif self._current_token.type is not TokenType.MISC_EOF:
                block.statements.append(self._parse_statement())
            if self._current_token.type is TokenType.PUNCT_PERIOD:
                self._advance_tokens()
        self._block_depth -= 1
        return block

    def _new_fault(self, expected: str) -> None:
        """A finding about the current token that has nothing to do with others about the statement
        around it.
        """
        faulty, self._faulty = self._faulty, False
        self._unexpected(self._current_token, expected)
        self._faulty = faulty

    def _line_depth(self) -> int:
        """How many `>` the line begins with that the current token is in, past lines with nothing
        but such marks.
        """
        if self._depth_read is not None:
            depth, self._depth_read = self._depth_read, None
            return depth
        while self._current_token.type is TokenType.OP_GT:
            line = self._current_token.line
            depth = 0
            while self._current_token.type is TokenType.OP_GT and self._current_token.line == line:
                depth += 1
                self._advance_tokens()
            if self._current_token.line == line:
                return depth
        return 0

    # ____________________________________________________________ functions

    def _parse_parameter_sections(
        self,
    ) -> tuple[list[published.Parameter], list[published.Parameter]]:
        inputs: list[published.Parameter] = []
        outputs: list[published.Parameter] = []
        while self._current_token.type is TokenType.PUNCT_HASH_QUAD:
            self._advance_tokens()
            section = self._current_token
            if section.type not in (TokenType.KW_INPUTS, TokenType.KW_OUTPUTS):
                self._unexpected(section, "expected `Inputs:` or `Outputs:`")
                self._skip_line()
            elif error := self._expect_token(TokenType.PUNCT_COLON, section.literal):
                assert error
            else:
                self._advance_tokens()
                (inputs if section.type is TokenType.KW_INPUTS else outputs).extend(
                    self._declarations()
                )
        return inputs, outputs

    def _declarations(self) -> list[published.Parameter]:
        """The lines of a section: - `name` **as** KIND (required), (optional, default: VALUE) or
        (default: VALUE).
        """
        declarations = []
        while self._current_token.type is TokenType.OP_MINUS:
            self._advance_tokens()
            line = self._current_token.line
            faulty, self._faulty = self._faulty, False
            declarations.append(self._declaration())
            if self._faulty and self._current_token.line == line:
                self._skip_line()
            self._faulty = faulty
        return declarations

    def _declaration(self) -> published.Parameter | None:
        token = self._current_token
        if token.type is not TokenType.MISC_IDENT:
            self._unexpected(token, "expected a name in backticks")
            return None
        self._advance_tokens()
        # An output may be declared as `- Returns KIND`, without a name.
        if self._current_token.type is TokenType.KW_AS:
            self._advance_tokens()
        elif token.literal.lower() != "returns":
            self._unexpected(self._current_token, "expected `as` and a kind")
            return None
        kinds = self._parse_type_spec()
        if not kinds:
            self._unexpected(self._current_token, expectations.A_KIND)
            return None
        default = self._declared_default()
        return published.Parameter(
            token,
            published.Identifier(token, token.literal),
            " or ".join(kinds),
            default is None,
            default,
        )

    def _declared_default(self) -> published.Expression | None:
        """What stands in parentheses behind a declaration, if anything."""
        default = None
        if self._current_token.type is not TokenType.DELIM_LPAREN:
            return None
        self._advance_tokens()
        if self._current_token.type is TokenType.KW_REQUIRED:
            self._advance_tokens()
        elif self._current_token.type is TokenType.KW_OPTIONAL:
            self._advance_tokens()
            if self._current_token.type is TokenType.PUNCT_COMMA:
                self._advance_tokens()
        if self._current_token.type is TokenType.KW_DEFAULT:
            if self._expect_token(TokenType.PUNCT_COLON, "`default`"):
                return None
            self._advance_tokens()
            default = self._parse_expression()
            self._advance_tokens()
        if self._current_token.type is not TokenType.DELIM_RPAREN:
            self._unexpected(
                self._current_token, "expected (required), (optional) or (default: VALUE)"
            )
            return None
        self._advance_tokens()
        return default

    # ____________________________________________________________ expressions

    def _parse_expression(self, precedence: Precedence = Precedence.LOWEST) -> published.Expression:
        expression = super()._parse_expression(precedence)
        self._used_token = self._current_token
        return expression

    def _register_infix_funcs(self) -> dict[TokenType, object]:
        return {**super()._register_infix_funcs(), TokenType.KW_IS: self._parse_kind_check}

    def _peek_precedence(self) -> Precedence:
        if self._peek_token.type is TokenType.KW_IS:
            return Precedence.REL_ASYM_COMP
        return super()._peek_precedence()

    def _parse_kind_check(self, operand: published.Expression) -> published.Expression:
        """`x is a KIND`; the current token is `is`, or the whole of `is not`."""
        token = self._current_token
        self._advance_tokens()
        if self._current_token.type not in TYPING_MAP:
            self._unexpected(
                self._current_token, f"{expectations.A_KIND}; values are compared with `equals`"
            )
            return published.ErrorExpression(token)
        return _KindCheck(token, operand, TYPING_MAP[self._current_token.type])

    def _parse_infix_expression(self, left: published.Expression) -> published.Expression:
        operator = self._current_token
        # `is not empty` compares with a value, and comes to the same.
        if (
            operator.type is TokenType.OP_NOT_EQ
            and self._peek_token.type in TYPING_MAP
            and self._peek_token.type is not TokenType.KW_EMPTY
        ):
            check = published.PrefixExpression(operator, "not")
            check.right = self._parse_kind_check(left)
            return check
        return super()._parse_infix_expression(left)

    def _parse_conditional_expression(
        self, consequence: published.Expression
    ) -> published.Expression:
        expression = super()._parse_conditional_expression(consequence)
        if expression.alternative is None:
            self._unexpected(self._current_token, "expected `else` and a value")
        return expression

    def _parse_possessive_access(self) -> published.Expression:
        if self._peek_token.type is not TokenType.LIT_TEXT:
            self._advance_tokens()
            return self._not_an_access(
                'expected a name written out as a text, such as `person`\'s _"age"_'
            )
        return super()._parse_possessive_access()

    def _parse_ordinal_list_access(self) -> published.Expression:
        token = self._current_token
        self._advance_tokens()
        if self._current_token.type is not TokenType.KW_ITEM:
            return self._not_an_access(f"expected `item of` after `{token.literal}`")
        return self._item_of(token, token.literal, "ordinal")

    def _parse_numeric_list_access(self) -> published.Expression:
        token = self._current_token
        self._advance_tokens()
        if self._current_token.type is not TokenType.LIT_WHOLE_NUMBER:
            return self._not_an_access(
                "expected a position written as a number, such as item _2_ of `list`"
            )
        return self._item_of(token, int(self._current_token.literal), "numeric")

    def _item_of(
        self, token: Token, position: str | int, position_type: str
    ) -> published.Expression:
        """The rest of an access, from `of` on; it binds more tightly than any operator."""
        self._advance_tokens()
        if self._current_token.type is not TokenType.KW_OF:
            return self._not_an_access("expected `of` and a list")
        self._advance_tokens()
        collection = self._parse_expression(Precedence.UNARY_POST_OPERATOR)
        return published.CollectionAccessExpression(token, collection, position, position_type)

    def _not_an_access(self, expected: str) -> published.Expression:
        token = self._current_token
        self._unexpected(token, expected)
        return published.ErrorExpression(token)

    # ____________________________________________________________ lists

    def _parse_list_literal(self) -> published.Expression:
        if self._current_token.type is not TokenType.OP_GT:
            found = super()._parse_list_literal()
            if isinstance(found, published.ErrorExpression):
                self._unexpected(
                    found.token,
                    "expected the items of a list, each on a line that begins with - or 1.",
                )
            return found
        token = self._current_token
        self._unexpected(token, "expected the items without > in front, or outside a block")
        while self._current_token.type is TokenType.OP_GT and self._is_list_line():
            self._skip_line()
        return published.ErrorExpression(token)

    def _is_list_line(self) -> bool:
        line = self._lines[self._current_token.line - 1].lstrip("> \t")
        return bool(re.match(r"-|\d", line))

    def _parse_named_list_literal(self, list_token: Token) -> published.NamedListLiteral:
        entries = []
        while self._current_token.type is TokenType.PUNCT_DASH:
            self._advance_tokens()
            if self._current_token.type is not TokenType.LIT_TEXT:
                self._unexpected(
                    self._current_token, 'expected a name that is a text, such as _"age"_'
                )
                break
            name = self._parse_string_literal().value
            if self._expect_token(TokenType.PUNCT_COLON, "the name"):
                break
            self._advance_tokens()
            entries.append((name, self._parse_expression()))
            if self._expect_token(TokenType.PUNCT_PERIOD):
                break
            if self._peek_token.type is TokenType.PUNCT_DASH:
                self._advance_tokens()
        return published.NamedListLiteral(list_token, entries)
