"""The command line program, called in this process and as one of its own: statuses, messages,
options.
"""

import os
import subprocess
import sys

import pytest

from mdvm import main
from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.interruption import untranslated_interruption
from mdvm.settings.options import HELP, USAGE, jit_help, switches_help
from mdvm.settings.optimisations import OPTIMISATIONS, optimisations
from mdvm.version import VERSION
from tests.unit.programs import File, from_bytes, make_module, to_bytes

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

COUNT_TO_THREE = [
    ("LOAD_CONST", 0, 0),
    ("LOAD_CONST", 1, 1),
    ("LOAD_CONST", 2, 3),
    "loop",
    ("ADD", 0, 0, 1),
    ("DEBUG_PRINT", 0),
    ("LT", 3, 0, 2),
    ("JUMP_IF", 3, "loop"),
    ("RETURN", 0),
]
ENDLESS = ["again", ("NOP",), ("JUMP", "again")]


class Program(object):
    """Writes programs and calls main with them."""

    def __init__(self, folder, capture):
        self.folder = folder
        self.capture = capture

    def write(self, items, functions=()):
        return self.write_data(File(make_module(items, functions)).data())

    def write_data(self, data):
        path = os.path.join(self.folder, "program.mdbc")
        with open(path, "wb") as out:
            out.write(to_bytes(data))
        return path

    def call(self, *arguments):
        """-> (exit status, standard output, standard error)."""
        self.capture.readouterr()
        status = main.main(["mdvm-c"] + list(arguments))
        out, err = self.capture.readouterr()
        return status, out, err

    def run(self, items, *options):
        return self.call(*(list(options) + [self.write(items)]))


@pytest.fixture
def program(tmpdir, capfd):
    before = dict(vars(optimisations))
    yield Program(str(tmpdir), capfd)
    vars(optimisations).update(before)


def test_a_program_with_a_result(program):
    assert program.run(COUNT_TO_THREE) == (0, "1\n2\n3\nResult: Int(3)\n", "")
    assert program.run(COUNT_TO_THREE, "--quiet") == (0, "1\n2\n3\n", "")


def test_a_program_without_a_result(program):
    assert program.run([("NOP",)]) == (0, "", "")
    assert program.run([("HALT",)]) == (0, "", "")
    assert program.run([("RETURN",)]) == (0, "", "")
    assert program.run([("RETURN", 0)]) == (0, "Result: Empty\n", "")


def test_a_run_time_error(program):
    items = [("LOAD_CONST", 0, "before"), ("DEBUG_PRINT", 0), ("NEG", 0, 0)]
    assert program.run(items) == (
        1,
        "before\n",
        "Runtime error: Invalid operation: negation on type String\n",
    )


def test_load_errors(program):
    path = program.write_data("XXXX" + "\0" * 40)
    assert program.call(path) == (1, "", "Failed to load bytecode: Invalid magic number\n")
    assert program.call(path + "/none.mdbc") == (
        1,
        "",
        "Failed to load bytecode: IO error: Not a directory (os error 20)\n",
    )
    os.unlink(path)
    assert program.call(path) == (
        1,
        "",
        "Failed to load bytecode: IO error: No such file or directory (os error 2)\n",
    )


@pytest.mark.parametrize(
    "arguments, text",
    [
        ([], "no program"),
        (["--quiet"], "no program"),
        (["--nonsense"], "unknown option --nonsense"),
        (["a", "b"], "more than one program: a and b"),
        (
            ["--max-depth", "x", "p"],
            "option --max-depth needs a whole number up to 1000000000, not x",
        ),
        (
            ["--without", "nonsense", "p"],
            "--without nonsense: there is no such optimisation (see --without help)",
        ),
    ],
)
def test_wrong_usage(program, arguments, text):
    assert program.call(*arguments) == (2, "", "mdvm-c: %s\n%s" % (text, USAGE))


def test_wrong_usage_of_the_jit(program):
    status, out, err = program.call("--jit", "nonsense", "none.mdbc")
    # Without RPython there is no JIT to refuse anything.
    assert (status, out) == (2 if HAVE_RPYTHON else 1, "")
    assert err.startswith(
        "mdvm-c: --jit nonsense: " if HAVE_RPYTHON else "Failed to load bytecode: "
    )


def test_help(program):
    assert program.call("--help") == (0, HELP, "")
    assert program.call("-h", "--version", "none.mdbc") == (0, HELP, "")
    assert program.call("--jit", "help") == (0, jit_help(), "")
    assert program.call("--without=help") == (0, switches_help(), "")


def test_version(program):
    assert program.call("--version") == (0, "mdvm-c %s (untranslated)\n" % VERSION, "")


def stats_of(err):
    return dict(line.split(": ", 1) for line in err.splitlines())


def test_stats(program):
    status, out, err = program.run(COUNT_TO_THREE, "--stats")
    assert (status, out) == (0, "1\n2\n3\nResult: Int(3)\n")
    stats = stats_of(err)
    assert sorted(stats) == [
        "bridges compiled",
        "copied because shared",
        "instructions",
        "loops compiled",
        "peak memory",
        "time",
    ]
    assert stats["time"].endswith(" ms")
    assert stats["peak memory"].endswith(" KiB") and int(stats["peak memory"][:-4]) > 1000


def test_stats_tell_what_was_copied(program):
    items = [("LOAD_CONST", 0, 3), ("NEW_ARRAY", 1, 0), ("LOAD_CONST", 2, 1)]
    items += [("ARRAY_SET", 1, 2, 2), ("MOVE", 3, 1), ("ARRAY_SET", 1, 2, 0)]
    items += [("LOAD_CONST", 4, "k"), ("DICT_NEW", 5), ("DICT_SET", 5, 4, 4), ("MOVE", 6, 5)]
    items += [("DICT_SET", 5, 4, 1), ("DICT_SET", 5, 4, 0), ("DEBUG_PRINT", 3)]
    for _ in range(2):
        _, _, err = program.run(items + [("RETURN", 6)], "--stats")
        assert stats_of(err)["copied because shared"] == "2 containers of 4 elements"


def test_stats_count_the_instructions_of_this_run(program):
    for _ in range(2):
        assert (
            int(stats_of(program.run(COUNT_TO_THREE, "--stats")[2])["instructions"])
            == 3 + 3 * 4 + 1
        )


def test_stats_after_an_error(program):
    status, out, err = program.run([("NOP",), ("NEG", 0, 0), ("NOP",)], "--stats")
    assert status == 1
    assert err.startswith(
        "Runtime error: Invalid operation: negation on type Empty\ninstructions: "
    )


def test_debug(program):
    assert program.run([("LOAD_CONST", 0, 1), ("DEBUG_PRINT", 0), ("RETURN", 0)], "--debug") == (
        0,
        (
            "PC: 0, Instruction: LoadConstR { dst: 0, const_idx: 0 }\n"
            "  LoadConstR: r0 = constants[0] = Int(1)\n"
            "PC: 1, Instruction: DebugPrint { src: 0 }\n"
            "DEBUG: Int(1)\n"
            "PC: 2, Instruction: ReturnR { src: Some(0) }\n"
            "Result: Int(1)\n"
        ),
        "",
    )


def test_disassemble_does_not_run(program):
    status, out, err = program.run(COUNT_TO_THREE, "--disassemble")
    assert (status, err) == (0, "")
    assert '.name "test"' in out and "JUMP_IF" in out
    assert "1\n2\n3\n" not in out and "Result" not in out


def test_max_depth(program):
    path = program.write([("LOAD_CONST", 9, "f"), ("CALL", 9, 0, ()), ("RETURN", 0)], [("f", 0)])
    assert program.call("--max-depth", "5", path) == (1, "", "Runtime error: Stack overflow\n")
    assert program.call(path) == (1, "", "Runtime error: Stack overflow\n")
    one = program.write(
        [
            ("LOAD_CONST", 9, "f"),
            ("CALL", 9, 0, ()),
            ("RETURN", 0),
            ("LOAD_CONST", 0, 1),
            ("RETURN", 0),
        ],
        [("f", 3)],
    )
    assert program.call("--max-depth=1", one) == (0, "Result: Int(1)\n", "")
    assert program.call("--max-depth=0", one) == (1, "", "Runtime error: Stack overflow\n")


def test_max_instructions(program):
    status, out, err = program.run(COUNT_TO_THREE, "--stats")
    assert (status, out) == (0, "1\n2\n3\nResult: Int(3)\n")
    needed = int(err.split()[1])
    assert program.run(COUNT_TO_THREE, "--max-instructions=%d" % needed) == (
        0,
        "1\n2\n3\nResult: Int(3)\n",
        "",
    )
    text = "Runtime error: Instruction limit exceeded: %d\n" % (needed - 1)
    assert program.run(COUNT_TO_THREE, "--max-instructions", str(needed - 1)) == (
        1,
        "1\n2\n3\n",
        text,
    )
    assert program.run(ENDLESS, "--max-instructions=1000") == (
        1,
        "",
        "Runtime error: Instruction limit exceeded: 1000\n",
    )


def test_max_output_counts_what_the_program_prints(program):
    assert program.run(COUNT_TO_THREE, "--max-output=6") == (0, "1\n2\n3\nResult: Int(3)\n", "")
    assert program.run(COUNT_TO_THREE, "--max-output=5") == (
        1,
        "1\n2\n",
        "Runtime error: Output limit exceeded: 5\n",
    )
    assert program.run(COUNT_TO_THREE, "--max-output=1") == (
        1,
        "",
        "Runtime error: Output limit exceeded: 1\n",
    )


@pytest.mark.parametrize("seconds, text", [("0.1", "0.1"), (".25", "0.25")])
def test_timeout(program, seconds, text):
    untranslated_interruption.reason = None
    try:
        assert program.run(ENDLESS, "--timeout", seconds) == (
            1,
            "",
            "Runtime error: Timeout: %s s\n" % text,
        )
        assert program.run(COUNT_TO_THREE, "--timeout=60") == (0, "1\n2\n3\nResult: Int(3)\n", "")
    finally:
        untranslated_interruption.reason = None


def test_without_optimisations(program):
    names = ",".join([name for name, _ in OPTIMISATIONS])
    assert program.run(COUNT_TO_THREE, "--without", names) == (0, "1\n2\n3\nResult: Int(3)\n", "")
    assert not any(vars(optimisations).values())


def test_the_extension_is_replaced(program):
    path = program.write([("RETURN", 0)])
    assert program.call(path[: -len(".mdbc")]) == (0, "Result: Empty\n", "")


# ____________________________________________________________ as a process


def start(arguments, stdout):
    return subprocess.Popen(
        [sys.executable, "-m", "mdvm.main"] + list(arguments),
        cwd=TOP,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


def without_rpythons_own(err):
    """RPython, outside its repository, says so when it is imported."""
    return "".join(
        [
            line
            for line in from_bytes(err).splitlines(True)
            if not line.startswith("[version:WARNING]")
        ]
    )


def process(*arguments):
    """-> (exit status, standard output, standard error) of `python -m mdvm.main`."""
    child = start(arguments, subprocess.PIPE)
    out, err = child.communicate()
    return child.returncode, from_bytes(out), without_rpythons_own(err)


def test_as_a_process(program):
    path = program.write(COUNT_TO_THREE)
    assert process(path) == (0, "1\n2\n3\nResult: Int(3)\n", "")
    assert process("--nonsense")[0] == 2
    assert process(path + "x") == (0, "1\n2\n3\nResult: Int(3)\n", "")


def test_output_is_bytes(program):
    path = program.write(
        [("LOAD_CONST", 0, "caf\xc3\xa9 \xf0\x9f\x98\x80"), ("DEBUG_PRINT", 0), ("NEG", 0, 9)]
    )
    assert process(path) == (
        1,
        "caf\xc3\xa9 \xf0\x9f\x98\x80\n",
        "Runtime error: Invalid operation: negation on type Empty\n",
    )


def test_recursion_beyond_pythons_own_limit(program):
    items = [
        ("LOAD_CONST", 0, 3000),
        "f",
        ("JUMP_IF", 0, 1),
        ("RETURN", 0),
        ("LOAD_CONST", 1, 1),
        ("SUB", 0, 0, 1),
        ("LOAD_CONST", 9, "f"),
        ("CALL", 9, 0, (0,)),
        ("RETURN", 0),
    ]
    assert process(program.write(items, [("f", 1)])) == (0, "Result: Int(0)\n", "")


def test_a_full_device(program):
    path = program.write(COUNT_TO_THREE)
    with open("/dev/full", "wb") as full:
        child = start([path], full)
        err = child.communicate()[1]
    assert child.returncode == 1
    assert (
        without_rpythons_own(err)
        == "mdvm-c: cannot write to standard output: No space left on device\n"
    )
