"""What syntax errors say was expected, in the words of somebody who writes programs.

The tables are keyed by the names that the published parser has for its tokens and for its own
messages.
"""

from __future__ import annotations

from pymdvm.compiler.frontend.syntax import Kind

A_VALUE = 'expected a value: a literal such as _5_, _"text"_ or _Yes_, a name in backticks, or a parenthesis'
A_STATEMENT = (
    "expected a statement: Define, Set, If, While, For each, Say, Give back, Use, Add, Remove, Insert, Update, Clear, "
    "or ### **Utility**: `name`; prose belongs into a <summary> or the frontmatter"
)
A_NAME = "expected a name in backticks, of letters, digits, spaces, _, - and '"
AN_ARGUMENT = "expected a literal or a variable: put anything longer into a variable first"
A_LITERAL = 'expected a whole literal: _5_, _-1.5_, _"text"_, _Yes_, _No_ or _empty_'
A_KIND = "expected a kind: " + ", ".join(kind.value for kind in Kind)
A_BLOCK = "expected a block: lines that begin with one more > than this one"
A_PERIOD = "expected a period"

BY_MESSAGE = {
    "NO_PARSE_FUNCTION": A_VALUE,
    "UNEXPECTED_TOKEN_AT_START": A_VALUE,
    "EXPECTED_EXPRESSION": A_VALUE,
    "ILLEGAL_TOKEN": A_VALUE,
    "INVALID_TYPE_NAME": A_KIND,
    "EXPECTED_FUNCTION_NAME": "expected the name of a function in backticks",
    "INVALID_ARGUMENT_VALUE": AN_ARGUMENT,
    "MISSING_COMMA_BETWEEN_ARGS": "expected a comma between arguments",
    "EMPTY_IF_CONSEQUENCE": A_BLOCK,
    "EMPTY_ELSE_BLOCK": A_BLOCK,
    "EMPTY_WHILE_BODY": A_BLOCK,
    "EMPTY_FOR_EACH_BODY": A_BLOCK,
    "EXPECTED_DETAILS_CLOSE": "expected </details> after the body, whose lines begin with >",
}

TOKENS = {
    "PUNCT_PERIOD": "a period",
    "PUNCT_COLON": "a colon",
    "DELIM_RPAREN": "a closing parenthesis",
    "MISC_IDENT": "a name in backticks",
    "KW_TO": "`to` or `using`",
    "KW_AS": "`as` and a kind",
    "KW_IN": "`in`",
    "KW_IS": "`is`",
    "KW_EACH": "`each`",
    "KW_TEXT": "a kind",
    "KW_DEFAULT": "`default:` and a value",
    "TAG_DETAILS_START": "<details>",
}


def at_token(name: str, text: str) -> str:
    """What to say at a token that stands for a certain mistake, whatever was expected; empty for
    others.

    name: the token's type; text: what it holds.
    """
    if name == "PUNCT_APOSTROPHE_S":
        return f'expected a variable; an entry is changed by Update _"name"_ in `{text}` to ...'
    if name == "MISC_ILLEGAL":
        return {"`": A_NAME, "_": A_LITERAL}.get(text[:1], "")
    return ""
