"""The table of built-in functions: what a program of version 2 can call without defining it.

The VM, the compiler, `mdvm verify` and docs/builtins.md take it from here. All are pure: they know
no clock, no files and no chance, and change none of their arguments; map, filter and fold do what
the function does that they call. A result is a new value or one
that they were given.

A row is a name, its parameters and the kind of its result, what it does, and the function. The
parameters are written "NAME:KIND", with "?" behind those that may be left out and "..." behind the
one that may be there more than once. The function gets W_Values, None for what has been left out,
and all of them as a list if there may be any number.
"""

from mdvm.callees import MOST_ARGUMENTS, Callee, check_count
from mdvm.builtin_functions import (
    applying,
    case,
    conversions,
    lists,
    numbers,
    sorting,
    splitting,
    text,
)
from mdvm.system.jit import elidable

# The kinds of parameters and results, and what they mean.
KINDS = {
    "value": "any value",
    "text": "a string or a URL",
    "int": "an int",
    "float": "a float",
    "number": "an int or a float",
    "bool": "a bool",
    "list": "an array",
    "text|list": "a string or an array",
    "text|container": "a string, an array, a dict or a set",
    "function": "a Function, or the name of one",
}

_ROWS = [
    # ________________________________________________________ texts
    (
        "len",
        "value:text|container -> int",
        "the characters of a text, the elements of a container",
        text.length,
    ),
    ("bytes", "text:text -> int", "how many bytes a text has in UTF-8", text.byte_length),
    ("str", "value:value -> text", "the text of a value, as CAST to string makes it", conversions.to_text),
    (
        "int",
        "value:value -> int",
        "a number without what stands behind its point, the number that a text writes, 1 or 0 of a bool",
        conversions.to_int,
    ),
    (
        "float",
        "value:value -> float",
        "the same as a float; a text may have a point, an exponent, or be inf or NaN",
        conversions.to_float,
    ),
    ("bool", "value:value -> bool", "whether a value is truthy", conversions.to_bool),
    ("type", "value:value -> text", "the name of a value's type: Int, String, ...", conversions.type_of),
    ("upper", "text:text -> text", "a text in capital letters", case.upper),
    ("lower", "text:text -> text", "a text in small letters", case.lower),
    ("trim", "text:text -> text", "a text without the white space around it", splitting.trim),
    ("repeat", "text:text count:int -> text", "a text so many times", text.repeat),
    (
        "find",
        "where:text|list part:value first:int? -> int",
        "where a part stands first in a text, or an element in a list, from `first` on; -1 if nowhere",
        text.find,
    ),
    (
        "at",
        "where:text|list index:int -> value",
        "the character of a text, or the element of a list, at an index",
        text.item_at,
    ),
    (
        "slice",
        "where:text|list first:int end:int? -> text|list",
        "the characters or elements from `first` to before `end`, or to the end",
        lists.slice_value,
    ),
    (
        "replace",
        "text:text old:text new:text -> text",
        "a text with `new` wherever it has `old`",
        text.replace,
    ),
    (
        "split",
        "text:text separator:text? -> list",
        "the parts of a text between separators; without one its words",
        splitting.split,
    ),
    (
        "join",
        "parts:list separator:text? -> text",
        "the texts of all elements, with the separator between them",
        text.join,
    ),
    ("starts with", "text:text part:text -> bool", "whether a text begins with a part", text.starts_with),
    ("ends with", "text:text part:text -> bool", "whether a text ends with a part", text.ends_with),
    (
        "contains",
        "where:text|container part:value -> bool",
        "whether a text has a part, a list an element, a dict a key, a set a member",
        text.contains,
    ),
    ("code", "character:text -> int", "the code point of a text of one character", text.code),
    ("character", "code:int -> text", "the character of a code point", text.character),
    (
        "format",
        "number:number decimals:int -> text",
        "a number with so many digits behind its point, rounded",
        conversions.format_number,
    ),
    # ________________________________________________________ numbers
    ("abs", "number:number -> number", "a number without its sign", numbers.absolute),
    (
        "min",
        "value:value... -> value",
        "the least of several numbers or texts, or of a list of them",
        numbers.minimum,
    ),
    ("max", "value:value... -> value", "the greatest", numbers.maximum),
    (
        "round",
        "number:number decimals:int? -> number",
        "the nearest whole number, of two the even one; with `decimals`, the nearest float of so many",
        numbers.round_number,
    ),
    ("floor", "number:number -> int", "the largest whole number that is not above", numbers.floor),
    ("ceil", "number:number -> int", "the smallest whole number that is not below", numbers.ceil),
    ("sqrt", "number:number -> float", "the square root", numbers.sqrt),
    (
        "power",
        "base:number exponent:number -> number",
        "a power; an int if both are ints and the exponent is not negative",
        numbers.power,
    ),
    ("exp", "number:number -> float", "e to the power of a number", numbers.exponential),
    (
        "log",
        "number:number base:number? -> float",
        "the logarithm, the natural one without a base",
        numbers.logarithm,
    ),
    ("sin", "angle:number -> float", "the sine of an angle in radians", numbers.sine),
    ("cos", "angle:number -> float", "the cosine", numbers.cosine),
    ("tan", "angle:number -> float", "the tangent", numbers.tangent),
    ("atan2", "y:number x:number -> float", "the angle of the point x, y in radians", numbers.angle_of_point),
    (
        "modulo",
        "number:number divisor:number -> number",
        "what is left of a division rounded down, with the divisor's sign; MOD has the number's sign",
        numbers.floored_modulo,
    ),
    ("sum", "numbers:list -> number", "the sum of all elements, 0 of none", numbers.total),
    # ________________________________________________________ lists
    ("sort", "list:list -> list", "the elements, numbers or texts, in ascending order, equal ones as they stood", sorting.sort),
    ("reverse", "where:text|list -> text|list", "the elements or characters, the last first", lists.reverse),
    (
        "range",
        "first:int end:int? step:int? -> list",
        "the ints from `first` to before `end`; of one argument, from 0 to before it",
        lists.int_range,
    ),
    (
        "map",
        "list:list function:function -> list",
        "what the function gives for each element",
        applying.mapped,
    ),
    (
        "filter",
        "list:list function:function -> list",
        "the elements for which the function gives something truthy",
        applying.filtered,
    ),
    (
        "fold",
        "list:list function:function start:value -> value",
        "what the function gives for what it has given before, at first `start`, and the next element",
        applying.folded,
    ),
]  # fmt: skip


class Parameter(object):
    """name, kind: str. is_optional, is_repeated: bool, whether it may be left out, or be there more
    than once.
    """

    def __init__(self, name, kind, is_optional, is_repeated):
        self.name = name
        self.kind = kind
        self.is_optional = is_optional
        self.is_repeated = is_repeated


class Builtin(Callee):
    """A built-in function.

    number: int, in BUILTINS. name: str. parameters: list of Parameter. result: str, a kind.
    meaning: str.
    least, most: int, how many arguments it takes.
    applies: bool, whether it calls the function that is its second argument.
    """

    _immutable_fields_ = ["number", "least", "most", "applies"]

    def __init__(self, number, name, parameters, result, meaning):
        self.number = number
        self.name = name
        self.parameters = parameters
        self.result = result
        self.meaning = meaning
        self.least = len([one for one in parameters if not one.is_optional])
        self.most = MOST_ARGUMENTS if parameters[-1].is_repeated else len(parameters)
        self.applies = len(parameters) > 1 and parameters[1].kind == "function"

    def call(self, arguments):
        """arguments: list of W_Value, as many as it takes -> W_Value.  Not for one that applies."""
        raise NotImplementedError

    def apply(self, applied, arguments):
        """applied: Applied, the function to call -> the same of one that applies."""
        raise NotImplementedError


def _parse_parameter(written):
    name, kind = written.split(":")
    is_optional = kind.endswith("?")
    is_repeated = kind.endswith("...")
    kind = kind.rstrip("?.")
    assert kind in KINDS
    return Parameter(name, kind, is_optional, is_repeated)


def _make_builtin(number, name, signature, meaning, function):
    """-> an instance of a class of its own, so that the translation sees which function it calls."""
    written, result = signature.split(" -> ")
    assert result in KINDS
    parameters = [_parse_parameter(one) for one in written.split(" ")]
    methods = {}

    if len(parameters) > 1 and parameters[1].kind == "function":

        def apply(self, applied, arguments):
            return function(applied, arguments)

        def call(self, arguments):
            raise AssertionError("it takes the function that it applies")

        methods["apply"] = apply

    elif parameters[-1].is_repeated:

        def call(self, arguments):
            return function(arguments)

    elif len(parameters) == 1:

        def call(self, arguments):
            return function(arguments[0])

    elif len(parameters) == 2 and parameters[1].is_optional:

        def call(self, arguments):
            return function(arguments[0], arguments[1] if len(arguments) > 1 else None)

    elif len(parameters) == 2:

        def call(self, arguments):
            return function(arguments[0], arguments[1])

    elif parameters[2].is_optional:
        assert name != "slice" or parameters[1].name == "first"

        def call(self, arguments):
            return function(
                arguments[0],
                arguments[1] if len(arguments) > 1 else None,
                arguments[2] if len(arguments) > 2 else None,
            )

    else:

        def call(self, arguments):
            return function(arguments[0], arguments[1], arguments[2])

    methods["call"] = call
    W_Builtin = type("Builtin_" + name.replace(" ", "_"), (Builtin,), methods)
    return W_Builtin(number, name, parameters, result, meaning)


BUILTINS = [_make_builtin(number, *row) for number, row in enumerate(_ROWS)]
_numbers = dict([(builtin.name, builtin.number) for builtin in BUILTINS])

NOT_BUILT_IN = -1


def applies_functions(name):
    """name: str -> bool, whether it is that of a built-in function which calls others."""
    number = builtin_number(name)
    return number != NOT_BUILT_IN and BUILTINS[number].applies


def builtin_number(name):
    """name: str -> int, in BUILTINS, or NOT_BUILT_IN."""
    return _numbers.get(name, NOT_BUILT_IN)


@elidable
def builtin_of(number):
    """-> Builtin."""
    return BUILTINS[number]


def call_builtin(builtin, arguments):
    """builtin: Builtin, not one that applies; arguments: list of W_Value that the caller keeps -> W_Value, held once more
    than before if it is one of them.  Raises RunError.
    """
    check_count(builtin.name, builtin.least, builtin.most, len(arguments))
    return builtin.call(arguments)
