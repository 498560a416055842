"""The options of mdvm-c: parsing them, and the texts about them."""

from mdvm.settings.optimisations import OPTIMISATIONS
from mdvm.settings.jit_parameters import default

NAME = "mdvm-c"

USAGE = "usage: mdvm-c [options] PROGRAM.mdbc\n"

HELP = (
    USAGE
    + """
Runs a Machine Dialect program. When it ends with a value, prints `Result: VALUE`.

options:
  --help, -h        show this help
  --version         show the versions of the VM, RPython, the GC and the JIT
  --jit OPTIONS     parameters of the JIT, as NAME=VALUE,NAME=VALUE; `off`; `help` explains them
  --gc-nursery SIZE how much is allocated between two minor collections, such as 32M (default:
                    2M, growing to 8M when much of it survives)
  --debug           print every instruction before it is executed
  --disassemble     print a listing of the program instead of running it
  --stats           afterwards, tell on standard error what was run, copied, made, compiled; time and memory
  --without NAMES   turn off optimisations, by name, with commas between them; `help` explains them
  --quiet, -q       do not print the `Result:` line
  --max-depth N     fail with `Stack overflow` beyond N nested calls (default: as many as the stack holds)
  --max-memory SIZE fail with `Out of memory` beyond so much, such as 512K or 32M (default: what the machine
                    and the limits of the process allow)
  --max-instructions N
                    fail with `Instruction limit exceeded` rather than execute more than N instructions
  --max-output SIZE fail with `Output limit exceeded` rather than print more than so many bytes, such as 512K
  --timeout SECONDS fail with `Timeout` when the program has been running for so long, such as 0.5
  --argument TEXT   one of what the function `arguments` gives, in this order
  --seed N          have the function `random` give the same numbers each time
  --                what follows is the program

exit status: 0; 1 if the program cannot be loaded or fails; 2 for wrong usage; 130 when interrupted
"""
)

# What each parameter of the JIT means, for --jit help.
_JIT_PARAMETERS = [
    ("threshold", "how often a loop is run before it is compiled"),
    ("function_threshold", "how often a function is called before it is compiled"),
    ("trace_eagerness", "how often a guard fails before a bridge is compiled from it"),
    ("trace_limit", "the operations at which a trace is given up as too long"),
    ("decay", "how fast the counters of loops are forgotten, in tenths of a percent"),
    ("inlining", "1: trace through calls; 0: do not"),
    ("loop_longevity", "how many compilations an unused loop survives"),
    ("retrace_limit", "how often a loop is traced again for other types of its variables"),
    ("max_retrace_guards", "the guards beyond which a retraced loop is not kept"),
    ("max_unroll_loops", "how many iterations of a loop a trace may unroll"),
    ("max_unroll_recursion", "how deep recursive calls are inlined"),
    (
        "disable_unrolling",
        "the operations beyond which the first iteration of a loop is not peeled off",
    ),
    ("enable_opts", "the optimisations: `all`"),
]


def jit_help():
    """-> str, what --jit help prints."""
    lines = ["--jit NAME=VALUE,NAME=VALUE sets parameters of the JIT; --jit off turns it off.\n\n"]
    for name, meaning in _JIT_PARAMETERS:
        lines.append("  %s%s%s\n" % (name, " " * (22 - len(name)), meaning))
        lines.append("  %s(default: %s)\n" % (" " * 22, _DEFAULTS[name]))
    return "".join(lines)


def switches_help():
    """-> str, what --without help prints."""
    lines = ["--without NAME,NAME turns off optimisations, to measure what they are worth.\n\n"]
    for name, meaning in OPTIMISATIONS:
        lines.append("  %s%s%s\n" % (name, " " * (21 - len(name)), meaning))
    return "".join(lines)


_DEFAULTS = dict([(name, default(name)) for name, _ in _JIT_PARAMETERS])


_WITH_VALUES = [
    "--jit",
    "--max-depth",
    "--max-memory",
    "--max-instructions",
    "--max-output",
    "--timeout",
    "--without",
    "--gc-nursery",
    "--argument",
    "--seed",
]

_MOST_CALLS = 1000000000
_MOST_INSTRUCTIONS = 1000000000000000000
_MOST_SECONDS = 1e8
_LARGEST_SEED = 1000000000000000000


class UsageError(Exception):
    """The command line is wrong.  text: str, what is wrong with it."""

    def __init__(self, text):
        self.text = text


class Options(object):
    """What a command line asks for.

    path: str, "" when none was given. jit: str, "" for the defaults. max_depth: int, -1 for no
    limit of its own.
    max_memory, max_output: int, bytes, -1 for no limit of its own. max_instructions: int, -1 for
    any number. timeout: float, seconds, 0.0 for any time. without: str, names of optimisations, "" for
    none. arguments: list of str. seed: int, -1 for another one each time. help, version, debug, disassemble, stats, quiet: bool.
    """

    def __init__(self):
        self.path = ""
        self.has_path = False
        self.jit = ""
        self.without = ""
        self.max_depth = -1
        self.max_memory = -1
        self.max_instructions = -1
        self.max_output = -1
        self.timeout = 0.0
        self.arguments = [""][:0]
        self.seed = -1
        self.help = False
        self.version = False
        self.debug = False
        self.disassemble = False
        self.stats = False
        self.quiet = False


def parse_options(arguments):
    """arguments: list of str, without the program's own name -> Options.  Raises UsageError."""
    options = Options()
    index = 0
    only_paths = False
    while index < len(arguments):
        argument = arguments[index]
        index += 1
        if only_paths or argument == "-" or not argument.startswith("-"):
            _set_path(options, argument)
        elif argument == "--":
            only_paths = True
        elif _set_flag(options, argument):
            pass
        else:
            name, value, has_value = _split(argument)
            if name not in _WITH_VALUES:
                raise UsageError("unknown option %s" % argument)
            if not has_value:
                if index == len(arguments):
                    raise UsageError("option %s needs a value" % name)
                value = arguments[index]
                index += 1
            _set_value(options, name, value)
    return options


def _set_path(options, path):
    if options.has_path:
        raise UsageError("more than one program: %s and %s" % (options.path, path))
    options.path = path
    options.has_path = True


def _set_flag(options, argument):
    """-> bool, whether the argument is an option without a value."""
    if argument == "--help" or argument == "-h":
        options.help = True
    elif argument == "--version":
        options.version = True
    elif argument == "--debug":
        options.debug = True
    elif argument == "--disassemble":
        options.disassemble = True
    elif argument == "--stats":
        options.stats = True
    elif argument == "--quiet" or argument == "-q":
        options.quiet = True
    else:
        return False
    return True


def _split(argument):
    """-> (name, value, whether there is a value): `--name=value` in its parts."""
    equals = argument.find("=")
    if equals < 0:
        return argument, "", False
    return argument[:equals], argument[equals + 1 :], True


def _set_value(options, name, value):
    if name == "--jit":
        options.jit = value
    elif name == "--without":
        options.without = value
    elif name == "--gc-nursery":
        _parse_size(name, value)  # launcher.c has acted on it: the GC starts before the VM does
    elif name == "--max-memory":
        options.max_memory = _parse_size(name, value)
    elif name == "--max-output":
        options.max_output = _parse_size(name, value)
    elif name == "--max-instructions":
        options.max_instructions = _parse_count(name, value, _MOST_INSTRUCTIONS)
    elif name == "--argument":
        options.arguments.append(value)
    elif name == "--seed":
        options.seed = _parse_count(name, value, _LARGEST_SEED)
    elif name == "--timeout":
        options.timeout = _parse_seconds(name, value)
    else:
        options.max_depth = _parse_count(name, value, _MOST_CALLS)


def _parse_size(name, text):
    """text: str, a number of bytes, perhaps with K, M or G behind it -> int > 0.  Raises
    UsageError.
    """
    digits = text
    shift = 0
    for suffix, its_shift in _SUFFIXES:
        if text.endswith(suffix):
            digits = text[:-1]
            shift = its_shift
    if digits == "" or len(digits) > 9:
        raise _wrong_size(name, text)
    size = 0
    for char in digits:
        if not "0" <= char <= "9":
            raise _wrong_size(name, text)
        size = size * 10 + ord(char) - ord("0")
    if size == 0:
        raise _wrong_size(name, text)
    return size << shift


_SUFFIXES = [("K", 10), ("M", 20), ("G", 30)]


def _wrong_size(name, text):
    return UsageError("option %s needs a size such as 512K or 32M, not %s" % (name, text))


def _parse_count(name, text, most):
    """text: str -> int, from 0 to most.  Raises UsageError."""
    count = 0
    for char in text:
        if not "0" <= char <= "9" or count > most // 10:
            raise _wrong_count(name, text, most)
        count = count * 10 + ord(char) - ord("0")
    if text == "" or count > most:
        raise _wrong_count(name, text, most)
    return count


def _wrong_count(name, text, most):
    return UsageError("option %s needs a whole number up to %d, not %s" % (name, most, text))


def _parse_seconds(name, text):
    """text: str, digits with at most one point in them -> float > 0.  Raises UsageError."""
    for char in text:
        if not ("0" <= char <= "9" or char == "."):
            raise _wrong_seconds(name, text)
    seconds = 0.0
    try:
        seconds = float(text)
    except ValueError:
        pass
    if not 0.0 < seconds <= _MOST_SECONDS:
        raise _wrong_seconds(name, text)
    return seconds


def _wrong_seconds(name, text):
    return UsageError(
        "option %s needs a number of seconds such as 0.5 or 60, not %s" % (name, text)
    )
