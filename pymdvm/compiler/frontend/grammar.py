"""The grammar, for people: its productions, each with examples that the tests parse.
tools/make_docs.py writes docs/grammar.md from it, and the words from the tables of tokens.py and
fillers.py.

`[x]` optional, `{x}` repeated, `|` or, "x" a word in any case.
"""

from __future__ import annotations

from typing import NamedTuple


class Production(NamedTuple):
    """name = rule, and programs that use it."""

    name: str
    rule: str
    examples: tuple[str, ...]


_X = "Define `x` as Number (default: 1).\n"
_L = "Define `l` as List (default: [3, 1, 2]).\n"
_D = "Define `d` as Named List.\nSet `d`'s a to 1.\n"
_F = "Utility `f` with `a`, `b` = 2:\n> Give back `a`.\n\n"

STATEMENTS = (
    Production(
        "define",
        '"Define" name ["as" [article] kinds] [ "(" "default" ":" value ")" ] ["."] [description]',
        (
            "Define `n` as Whole Number.",
            "Define `n` as a Number or Text (default: _1_).",
            "Define `n` as Number. _How many there are_ (default: _1_).",
        ),
    ),
    Production("kinds", 'kind { "or" kind }', ("Define `n` as Text or Number or Empty.",)),
    Production("description", '"_" words "_" [ "(" "default" ":" value ")" ] "."', ()),
    Production(
        "set",
        '"Set" target ( "to" value | "to" ":" items | "using" call ) "." | "Set" name "as" kinds '
        '"to" value "."',
        (
            _X + "Set `x` to `x` + 1.",
            _F + _X + "Set `x` using `f` with 1.",
            'Set `y` as Text to _"a"_.',
            _L + "Set `l` to:\n- 1\n- 2",
        ),
    ),
    Production(
        "target",
        'name | position "of" target | target "\'s" key',
        (_L + "Set item 2 of `l` to 5.", _D + "Set `d`'s a to 2.", _D + "Set `d`'s b's c to 2."),
    ),
    Production("say", '( "Say" | "Tell" ) value { "," value } "."', (_X + 'Say "x is ", `x`.',)),
    Production("give back", '( "Give back" | "Gives back" ) value "."', ("Give back 5.",)),
    Production(
        "use",
        '( "Use" | "Call" | "Trigger" | "Apply" ) call [ "and store" ["it"] "in" target ] "."',
        (_F + "Use `f` with 1.", _F + _X + "Call `f` with 1 and store it in `x`."),
    ),
    Production(
        "call",
        'name [ ( "with" | "where" ) argument { ( "," | "and" ) argument } ]',
        (_F + "Say (`f` with 1, 2).", _F + "Say (`f` where `b` is 1, `a` is 2)."),
    ),
    Production(
        "argument",
        'value | name ( "is" | ":" | "=" ) value',
        (_F + "Say (`f` with 1, `b`: 2).",),
    ),
    Production(
        "if",
        '( "If" | "When" | "Whenever" ) value [","] ["then"] [","] ( ":" block | statement ) [ '
        "else ]",
        (
            _X + "If `x` is 1, then:\n> Say 1.",
            _X + "If `x` is 1, say 1. Otherwise say 2.",
        ),
    ),
    Production(
        "else",
        '( "Else" | "Otherwise" ) ( [","] if | [":"] block | statement )',
        (_X + "If `x` is 1:\n> Say 1.\nElse if `x` is 2:\n> Say 2.\nElse:\n> Say 3.",),
    ),
    Production("while", '"While" value ":" block', (_X + "While `x` < 3:\n> Set `x` to `x` + 1.",)),
    Production(
        "for each",
        '"For each" name ( "in" value | "from" value ["down"] "to" value ["by" value] ) ":" block',
        (
            _L + "For each `i` in `l`:\n> Say `i`.",
            "For each `i` from 1 to 9 by 2:\n> Say `i`.",
            "For each `i` from 3 down to 1:\n> Say `i`.",
        ),
    ),
    Production(
        "leave",
        '"Stop" ["the" "loop"] "." | "Skip" ["to" "the" "next"] "."',
        (
            _L
            + "For each `i` in `l`:\n> If `i` is 1, skip.\n> If `i` is 2, stop the loop.\n"
            + "> Say `i`.",
        ),
    ),
    Production(
        "add",
        '"Add" value "to" target [ "with" ["value"] value ] "."',
        (_L + "Add 4 to `l`.", _D + 'Add "b" to `d` with value 2.'),
    ),
    Production(
        "insert",
        '"Insert" value ( "at" | "before" | "after" ) ["position"] value "in" target "."',
        (_L + "Insert 4 at position 1 in `l`.", _L + "Insert 4 after the last item of `l`."),
    ),
    Production(
        "remove",
        '"Remove" ( ["all"] value | position ) "from" target "."',
        (_L + "Remove all 3 from `l`.", _L + "Remove item 1 from `l`."),
    ),
    Production(
        "update", '"Update" value "in" target "to" value "."', (_D + 'Update "a" in `d` to 2.',)
    ),
    Production(
        "clear",
        '( "Clear" [ ["all"] ( "entries" | "items" ) "from" ] | "Empty" ) target "."',
        (_L + "Clear all items from `l`.", _L + "Empty `l`."),
    ),
    Production(
        "ask",
        '"Ask" value [ "and store" ["it"] "in" target ] "."',
        ('Set `t` as Text to "".\nAsk "?" and store it in `t`.\nSay `t`.',),
    ),
)

LISTS = (
    Production(
        "items",
        "item { item }, each on a line of its own; all with dashes, with numbers, or with keys",
        (_L + "Set `l` to:\n1. 1\n2. 2",),
    ),
    Production(
        "item",
        '( "-" | number "." ) [ key ":" ] ( value ["."] | items two blanks deeper )',
        (_L + "Set `l` to:\n- - 1\n  - 2\n- 3", _D + "Set `d` to:\n- a: 1\n- list:\n  - 1\n  - 2"),
    ),
    Production(
        "key",
        "a text | words | a name in backticks | a number",
        (_D + 'Set `d` to:\n- two words: 1\n- "x": 2',),
    ),
)

FUNCTIONS = (
    Production(
        "function",
        "heading { prose | section } details { prose | section } | short",
        (
            "### **Utility**: `f`\n\n<details>\n<summary>x</summary>\n\n> Give back `n`.\n\n"
            "</details>\n\n"
            "#### Inputs:\n- `n` as Number\n\nSay (`f` with 1).",
        ),
    ),
    Production("heading", 'one to six # kindword ":" name', ()),
    Production("kindword", '"Action" | "Actions" | "Interaction" | "Interactions" | "Utility"', ()),
    Production(
        "section",
        'one to six # ( "Inputs" | "Input" | "Outputs" | "Output" ) [":"] { "-" declaration }',
        (),
    ),
    Production(
        "input",
        'name ( "as" kinds | "(" kinds ")" ) [ "(" [ "required" | "optional" ] [","] [ "default" '
        '":" value ] ")" ] [ ":" prose ]',
        (),
    ),
    Production(
        "output", 'name [ "as" kinds ] | ( "Returns" | "Gives back" ) kinds | kinds ":" prose', ()
    ),
    Production(
        "short",
        'kindword name [ "with" parameter { "," parameter } ] ":" block',
        ('Action `f` with `a` as Text, `b` = 1:\n> Say `a`, `b`.\n\nUse `f` with "x".',),
    ),
    Production("parameter", 'name [ "as" kinds ] [ "=" value ]', ()),
)

VALUES = (
    Production(
        "position",
        '["the"] ordinal "item" | "item" value',
        (_L + "Say item 1 + 1 of `l`, the second to last item of `l`.",),
    ),
    Production(
        "ordinal",
        '"first" | "second" | "third" | "fourth" | ... | "tenth" | "last" | "second to last"',
        (_L + "Say the last item of `l`.",),
    ),
    Production(
        "entry",
        'value "\'s" ( text | word | name in backticks, which stands for its value )',
        (_D + "Say `d`'s a.",),
    ),
    Production(
        "extraction",
        '["the"] ( "names" | "keys" | "contents" | "values" ) "of" value',
        (_D + "Say the names of `d`.",),
    ),
    Production("list", '"[" [ value { "," value } ] "]"', ("Say [1, [2, 3]].",)),
    Production(
        "function value", '"the function" name', (_F + 'Say (`len` with "a"), the function `f`.',)
    ),
    Production("math", '"$$" names, numbers, + - * / ^ ( ) "$$"', (_X + "Say $$`x` + 2 * 3$$.",)),
)

SECTIONS = {
    "Statements": STATEMENTS,
    "Lists below each other": LISTS,
    "Functions": FUNCTIONS,
    "Values": VALUES,
}
