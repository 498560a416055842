"""Parsing the command line."""

import pytest

from mdvm.settings.options import HELP, USAGE, UsageError, jit_help, parse_options, switches_help
from mdvm.settings.optimisations import OPTIMISATIONS, Optimisations


def parsed(*arguments):
    """-> the fields that differ from those of an empty command line."""
    options = vars(parse_options(list(arguments)))
    nothing = vars(parse_options([]))
    return dict((name, value) for name, value in options.items() if value != nothing[name])


def with_path(path, **fields):
    return dict(fields, path=path, has_path=True)


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ([], {}),
        (["p"], with_path("p")),
        (["--", "-p"], with_path("-p")),
        (["-"], with_path("-")),
        (["--", "--"], with_path("--")),
        (["--help"], {"help": True}),
        (["-h"], {"help": True}),
        (["--version"], {"version": True}),
        (["--debug", "p"], with_path("p", debug=True)),
        (["p", "--disassemble"], with_path("p", disassemble=True)),
        (["--stats"], {"stats": True}),
        (["--quiet"], {"quiet": True}),
        (["-q", "p"], with_path("p", quiet=True)),
        (["--jit", "off"], {"jit": "off"}),
        (["--jit=a=1,b=2"], {"jit": "a=1,b=2"}),
        (["--jit", "a=1", "--jit", "b=2"], {"jit": "b=2"}),
        (["--max-depth", "7"], {"max_depth": 7}),
        (["--max-depth=0"], {"max_depth": 0}),
        (["--max-memory", "7"], {"max_memory": 7}),
        (["--max-memory=512K"], {"max_memory": 512 << 10}),
        (["--max-memory", "32M"], {"max_memory": 32 << 20}),
        (["--max-memory", "999999999G"], {"max_memory": 999999999 << 30}),
        (["--max-depth", "1000000000"], {"max_depth": 1000000000}),
        (["--without", "ropes"], {"without": "ropes"}),
        (["--max-output", "7"], {"max_output": 7}),
        (["--max-output=1K"], {"max_output": 1024}),
        (["--max-instructions=0"], {"max_instructions": 0}),
        (["--max-instructions", "1000000000000000000"], {"max_instructions": 10**18}),
        (["--timeout", "60"], {"timeout": 60.0}),
        (["--timeout=.5"], {"timeout": 0.5}),
        (["--timeout=1."], {"timeout": 1.0}),
        (["--jit", "--help"], {"jit": "--help"}),
        ([""], {"has_path": True}),
        (["--debug", "--stats", "-q"], {"debug": True, "stats": True, "quiet": True}),
        (["a b"], with_path("a b")),
    ],
)
def test_what_is_understood(arguments, expected):
    assert parsed(*arguments) == expected


@pytest.mark.parametrize(
    "arguments, text",
    [
        (["--nonsense"], "unknown option --nonsense"),
        (["-x"], "unknown option -x"),
        (["--help=1"], "unknown option --help=1"),
        (["---"], "unknown option ---"),
        (["a", "b"], "more than one program: a and b"),
        (["a", "--", "b"], "more than one program: a and b"),
        (["", ""], "more than one program:  and "),
        (["--jit"], "option --jit needs a value"),
        (["p", "--max-depth"], "option --max-depth needs a value"),
        (["--without"], "option --without needs a value"),
    ],
)
def test_what_is_refused(arguments, text):
    with pytest.raises(UsageError) as caught:
        parse_options(arguments)
    assert caught.value.text == text


@pytest.mark.parametrize(
    "value", ["", "-1", "+1", "1.5", "x", "1x", " 1", "1000000001", "10000000000", "9" * 40]
)
def test_depths_that_are_refused(value):
    with pytest.raises(UsageError) as caught:
        parse_options(["--max-depth=" + value])
    assert (
        caught.value.text
        == "option --max-depth needs a whole number up to 1000000000, not " + value
    )


@pytest.mark.parametrize("value", ["", "-1", "x", "1e18", "1000000000000000001", "1" * 40])
def test_numbers_of_instructions_that_are_refused(value):
    with pytest.raises(UsageError) as caught:
        parse_options(["--max-instructions=" + value])
    assert (
        caught.value.text
        == "option --max-instructions needs a whole number up to 1000000000000000000, not " + value
    )


@pytest.mark.parametrize(
    "value",
    ["", "0", "0.0", "-1", ".", "1.2.3", "1e3", "nan", "inf", "x", " 1", "100000001", "9" * 400],
)
def test_times_that_are_refused(value):
    with pytest.raises(UsageError) as caught:
        parse_options(["--timeout=" + value])
    assert (
        caught.value.text
        == "option --timeout needs a number of seconds such as 0.5 or 60, not " + value
    )


def test_help_names_every_option():
    assert HELP.startswith(USAGE)
    for option in (
        "--help",
        "-h",
        "--version",
        "--jit",
        "--debug",
        "--disassemble",
        "--stats",
        "--without",
        "--quiet",
        "-q",
        "--max-depth",
        "--max-memory",
        "--max-instructions",
        "--max-output",
        "--timeout",
    ):
        assert "  " + option in HELP or ", " + option in HELP
    assert max(len(line) for line in HELP.splitlines()) < 110


def test_the_help_on_the_jit_names_its_parameters():
    text = jit_help()
    for name in (
        "threshold",
        "function_threshold",
        "trace_eagerness",
        "enable_opts",
        "max_unroll_recursion",
    ):
        assert "\n  %s " % name in text
    assert text.count("(default: ") == text.count("\n  ") - text.count("\n" + " " * 24)


# ____________________________________________________________ optimisations


@pytest.mark.parametrize("name", [name for name, _ in OPTIMISATIONS])
def test_every_optimisation_can_be_turned_off(name):
    before = Optimisations()
    after = Optimisations()
    assert all(vars(before).values())
    assert after.turn_off(name)
    field = name.replace("-", "_")
    assert [other for other in vars(after) if not vars(after)[other]] == [field]
    assert "  %s " % name in switches_help()


def test_there_is_a_switch_for_every_field():
    assert sorted(vars(Optimisations())) == sorted(
        name.replace("-", "_") for name, _ in OPTIMISATIONS
    )


def test_an_unknown_optimisation():
    optimisations = Optimisations()
    assert not optimisations.turn_off("nonsense")
    assert not optimisations.turn_off("")
    assert all(vars(optimisations).values())


@pytest.mark.parametrize(
    "value",
    ["", "0", "0K", "K", "-1", "1.5M", "1T", "M1", "1MB", "1 M", "1m", "10000000000", "0x10"],
)
@pytest.mark.parametrize("name", ["--max-memory", "--gc-nursery"])
def test_a_wrong_size(name, value):
    with pytest.raises(UsageError) as caught:
        parse_options(["%s=%s" % (name, value)])
    assert caught.value.text == "option %s needs a size such as 512K or 32M, not %s" % (name, value)
