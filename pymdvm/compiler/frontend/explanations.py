"""What the codes of findings mean: one entry for each, which `mdvm explain` prints."""

from __future__ import annotations

from typing import NamedTuple


class Explanation(NamedTuple):
    """is_error: whether it ends compilation (some are warnings where they are not certain); text:
    what it is and what to do.
    """

    is_error: bool
    text: str


EXPLANATIONS: dict[str, Explanation] = {
    "syntax": Explanation(
        True,
        "Something else was expected at this place. A statement begins with a word such as Set or "
        'Say and ends with a period; a text is written _"so"_, a number _5_, a name `so`. Prose '
        "that has names or literals in it belongs into a heading, a comment or a <summary>.",
    ),
    "undefined-name": Explanation(
        True, "No variable has this name. Define it, or mend the name: case counts."
    ),
    "use-before-definition": Explanation(
        True,
        "The Define of this variable stands further down. In a loop, where it has been "
        "defined when "
        "the second round begins, this is a warning.",
    ),
    "no-value": Explanation(
        True,
        "The variable is Empty here whatever happens, so that nothing can be calculated with it. "
        "Set it before, or give it a default: Define `n` as Number (default: _0_).",
    ),
    "unknown-function": Explanation(
        True, "Neither this document nor the language has a function of this name."
    ),
    "too-many-arguments": Explanation(True, "The call has more arguments than parameters."),
    "unknown-argument": Explanation(True, "The function has no parameter of this name."),
    "repeated-argument": Explanation(True, "The call gives the same parameter twice."),
    "missing-argument": Explanation(
        False,
        "The call leaves out a parameter that has no default; it is Empty in the function. For a "
        "built-in function this is an error.",
    ),
    "repeated-parameter": Explanation(True, "Two parameters of the function have the same name."),
    "too-many-parameters": Explanation(True, "A function has at most 255 parameters."),
    "kind-mismatch": Explanation(
        True,
        "The value is of another kind than the variable. For what is written out this is an error, "
        "for what only the declarations say a warning.",
    ),
    "number-too-large": Explanation(True, "Whole numbers have 64 bits."),
    "no-such-position": Explanation(
        True, "Items are counted from 1. A position that is no whole number is a warning."
    ),
    "no-loop": Explanation(True, "Stop and Skip stand in the block of a While or a For each."),
    "too-large": Explanation(True, "The program has more than a bytecode file can hold."),
    "unsupported": Explanation(
        True,
        "The language has this, but the VM that the program is compiled for has no "
        "instruction that "
        "could do it.",
    ),
    "ignored-word": Explanation(
        False,
        "Words such as about, any or all are left out where they stand; this one reads as if it "
        "meant something. Write what is meant, or leave the word out.",
    ),
    "empty-list": Explanation(
        False, "No items follow the colon, so that the list is empty. `Set ... to blank.` says so."
    ),
    "redefined": Explanation(
        False, "The variable has been defined before, and loses its value at a second Define."
    ),
    "repeated-function": Explanation(False, "Of two functions of one name the last one counts."),
    "operands": Explanation(
        False,
        "As far as the declarations can be trusted, the operator cannot take these two "
        "kinds. Texts "
        "and numbers are put together with `joined with`.",
    ),
    "not-a-collection": Explanation(
        False, "As far as the declarations can be trusted, this is no list or named list."
    ),
    "kind-check": Explanation(False, "No value is ever of this kind, so that the check gives No."),
    "unused-variable": Explanation(
        False, "The variable is defined, and perhaps set, but nothing reads it. Leave it out."
    ),
    "unused-value": Explanation(
        False,
        "A value alone is a statement that does nothing. Write Say in front of it to print it, or "
        "Set ... to for an assignment: `equals` compares.",
    ),
    "unreachable": Explanation(
        False,
        "The statement in front of it always leaves: Give back, Stop, Skip, or a loop that nothing "
        "ends.",
    ),
    "endless-loop": Explanation(
        False,
        "Nothing in the loop changes what its condition looks at, and nothing leaves it, so that "
        "it goes on for ever without anybody seeing it.",
    ),
    "constant-operand": Explanation(
        False,
        "`and` and `or` take conditions and give Yes or No. `x equals 1 or 2` is always Yes; write "
        "`x is either 1 or 2`. Several values behind Say are separated by commas.",
    ),
    "defined-in-block": Explanation(
        False,
        "The Define stands in a block that may never be run, and the variable is used behind it. "
        "It exists all the same, but has no value then. Define it in front of the block.",
    ),
}
