"""The options of the command line: what each prints and what it changes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from pymdvm.assembler import assemble
from pymdvm.bytecode import read
from tests.binary.binary import (
    EXAMPLES,
    FAILURE,
    SUCCESS,
    WRONG_USAGE,
    Outcome,
    Surroundings,
    assert_ends,
    example_program,
    program,
    program_file,
    run,
    run_text,
)
from tests.binary.sample_programs import HELLO, recursion

STATISTICS = re.compile(
    r"instructions: (\d+)\ncopied because shared: \d+ containers of \d+ elements\nmade in memory: [^\n]*\nloops compiled: (\d+)\nbridges compiled: (\d+)\ntime: (\d+) ms\npeak memory: (\d+) KiB\n\Z"
)


def statistics(outcome: Outcome) -> tuple[int, int, int, int, int]:
    """Instructions, loops, bridges, milliseconds, KiB."""
    match = STATISTICS.search(outcome.err.decode())
    assert match, outcome.err
    instructions, loops, bridges, milliseconds, kibibytes = map(int, match.groups())
    return instructions, loops, bridges, milliseconds, kibibytes


def turning(turns: int) -> str:
    """A loop of 3 instructions after 3 others, and a RETURN."""
    return f"""
    LOAD_CONST   r0, {turns}
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 0
turn:
    SUB          r0, r0, r1
    NEQ          r3, r0, r2
    JUMP_IF      r3, turn
    RETURN
"""


# ____________________________________________________________ what only prints


def test_help_names_every_option() -> None:
    outcome = run("--help")
    assert (outcome.status, outcome.err) == (SUCCESS, b"")
    assert outcome.out.startswith(b"usage: mdvm-c [options] PROGRAM.mdbc\n")
    for option in (
        "--help",
        "--version",
        "--jit",
        "--debug",
        "--disassemble",
        "--stats",
        "--quiet",
        "--max-depth",
        "exit status",
    ):
        assert option in outcome.out.decode()
    assert run("-h") == outcome


def test_version() -> None:
    outcome = run("--version")
    assert (outcome.status, outcome.err) == (SUCCESS, b"")
    assert re.fullmatch(r"mdvm-c \d+\.\d+\.\d+ \(RPython.*GC.*JIT\)\n", outcome.out.decode())


def test_jit_help_shows_the_defaults_that_were_built_in() -> None:
    outcome = run("--jit", "help")
    assert (outcome.status, outcome.err) == (SUCCESS, b"")
    assert run("--jit=help") == outcome
    assert re.search(r"\n  threshold +how.*\n +\(default: \d+\)\n", outcome.out.decode())
    assert "without RPython" not in outcome.out.decode()


@pytest.mark.parametrize("option", ["--help", "--version", "--jit=help"])
def test_what_only_prints_needs_and_runs_no_program(option: str, tmp_path: Path) -> None:
    alone = run(option)
    assert run(option, program(tmp_path, HELLO)) == alone
    assert run(option, tmp_path / "missing.mdbc") == alone


# ____________________________________________________________ --jit


@pytest.mark.parametrize(
    "value",
    [
        "threshold=1",
        "threshold=0",
        "off",
        "default",
        "threshold=3,inlining=0",
        "trace_limit=500",
        "enable_opts=all",
        "",
    ],
)
def test_jit_values_that_are_taken(value: str, tmp_path: Path) -> None:
    text = turning(3000).replace("RETURN", "RETURN r0")
    assert_ends(run_text(tmp_path, text, "--jit", value), b"Result: Int(0)\n")
    assert_ends(run_text(tmp_path, text, f"--jit={value}"), b"Result: Int(0)\n")


@pytest.mark.parametrize(
    "value",
    [
        "on",
        "OFF",
        "threshold",
        "threshold=",
        "threshold=x",
        "=3",
        "nonsense=3",
        "threshold=3=4",
        "threshold=3,",
        "threshold=3,off",
    ],
)
def test_jit_values_that_are_not(value: str, tmp_path: Path) -> None:
    outcome = run_text(tmp_path, HELLO, "--jit", value)
    complaint = f"mdvm-c: --jit {value}: not a list of NAME=VALUE (see --jit help)\nusage: mdvm-c [options] PROGRAM.mdbc\n"
    assert outcome == Outcome(WRONG_USAGE, b"", complaint.encode())


@pytest.mark.parametrize(
    "value",
    [
        "",
        "none",
        "nonsense",
        "intbounds",
        "heap",
        "unroll",
        "all:all",
        " all",
        "0",
        "intbounds:rewrite:virtualize:string:pure:earlyforce:heap",
        "intbounds:rewrite:virtualize:string:pure:earlyforce:heap:unroll",
    ],
)
def test_optimisations_are_turned_on_together(value: str, tmp_path: Path) -> None:
    """With some of them RPython's JIT crashes."""
    outcome = run_text(tmp_path, HELLO, "--jit", f"threshold=3,enable_opts={value}")
    assert (outcome.status, outcome.out) == (WRONG_USAGE, b"")
    assert outcome.err.startswith(
        f"mdvm-c: --jit threshold=3,enable_opts={value}: enable_opts can only be all\n".encode()
    )


@pytest.mark.parametrize("name", ["vec", "vec_all", "vec_cost"])
def test_nothing_is_vectorised(name: str, tmp_path: Path) -> None:
    """RPython has parameters that --jit help does not name: with vec_all=1 a loop over two arrays
    failed.
    """
    outcome = run_text(tmp_path, HELLO, "--jit", f"{name}=1")
    assert (outcome.status, outcome.out) == (WRONG_USAGE, b"")
    assert outcome.err.startswith(
        f"mdvm-c: --jit {name}=1: vectorising gives wrong results\n".encode()
    )


def parameter_names() -> list[str]:
    """Those that --jit help names."""
    lines = run("--jit", "help").out.decode().splitlines()
    return [
        line.split()[0]
        for line in lines[1:]
        if line.startswith("  ") and not line.startswith("   ")
    ]


def test_every_parameter_of_the_help_is_safe(tmp_path: Path) -> None:
    """With every kind of value, a program ends as it does without, or the value is refused."""
    names = parameter_names()
    assert len(names) == 13
    assert "enable_opts" in names
    programs = {
        "loop": turning(3000).replace("RETURN", "RETURN r0"),
        "calls": recursion(300),
        "hello": HELLO,
    }
    paths = [program(tmp_path, text, f"{name}.mdbc") for name, text in programs.items()]
    expected = [run(path) for path in paths]
    values = [
        "0",
        "1",
        "2",
        "-1",
        "2147483648",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "9" * 40,
        "",
        "x",
        "1.5",
        "+1",
        "0x1",
        "all",
    ]
    for name in names:
        for value in [*values, f"1,{name}=0", f"0,{name}=1"]:
            for path, plain in zip(paths, expected):
                outcome = run(
                    "--jit",
                    f"threshold=3,function_threshold=3,trace_eagerness=2,{name}={value}",
                    path,
                )
                if outcome.status == WRONG_USAGE:
                    assert outcome.err.startswith(b"mdvm-c: --jit threshold=3,"), (name, value)
                    break
                assert outcome == plain, (name, value, path)
            else:
                continue
            assert value not in ("1", "2") or name == "enable_opts"


def test_a_trace_limit_that_the_jit_cannot_keep(tmp_path: Path) -> None:
    outcome = run_text(tmp_path, HELLO, "--jit", "trace_limit=99999999")
    assert (outcome.status, outcome.out) == (WRONG_USAGE, b"")
    assert outcome.err.startswith(b"mdvm-c: --jit trace_limit=99999999: trace_limit is too high\n")


def test_the_jit_can_be_turned_off(tmp_path: Path) -> None:
    hot = turning(100_000)
    assert statistics(run_text(tmp_path, hot, "--stats"))[1] > 0
    assert statistics(run_text(tmp_path, hot, "--stats", "--jit", "off"))[1:3] == (0, 0)
    assert statistics(run_text(tmp_path, hot, "--stats", "--jit", "threshold=1000000"))[1] == 0
    assert statistics(run_text(tmp_path, turning(50), "--stats", "--jit", "threshold=10"))[1] > 0


# ____________________________________________________________ --stats


@pytest.mark.parametrize(
    ("text", "instructions"),
    [
        ("", 0),
        ("HALT", 1),
        ("NOP\nNOP\nRETURN\nNOP", 3),
        ("JUMP +1\nNOP\nNOP", 2),
        ("JUMP +100\nNOP", 1),
        ("SCOPE_ENTER 1\nNOP\nBREAKPOINT\nSCOPE_EXIT 1\nHALT\nNOP", 5),
        (turning(1), 3 + 3 + 1),
        (turning(10), 3 + 10 * 3 + 1),
        (turning(100_000), 3 + 100_000 * 3 + 1),
        (recursion(1), 3 + 4 + 1),
        (recursion(1000), 3 + 999 * 8 + 4 + 1),
        (recursion(50_000), 3 + 49_999 * 8 + 4 + 1),
    ],
)
@pytest.mark.parametrize(
    "options",
    [(), ("--jit", "off"), ("--jit", "threshold=3,function_threshold=3")],
    ids=["default", "off", "eager"],
)
def test_instructions_are_counted_exactly(
    text: str, instructions: int, options: tuple[str, ...], tmp_path: Path
) -> None:
    outcome = run_text(tmp_path, text, "--stats", *options)
    assert outcome.status == SUCCESS
    assert statistics(outcome)[0] == instructions


@pytest.mark.parametrize(("before", "after"), [(0, 0), (3, 0), (0, 5), (3, 5)])
def test_the_failing_instruction_counts_and_those_after_it_do_not(
    before: int, after: int, tmp_path: Path
) -> None:
    outcome = run_text(
        tmp_path, "NOP\n" * before + "NEG r0, r0\n" + "MOVE r1, r2\n" * after, "--stats"
    )
    assert outcome.status == FAILURE
    assert outcome.err.startswith(b"Runtime error: Invalid operation: negation on type Empty\n")
    assert statistics(outcome)[0] == before + 1


def test_callers_of_what_fails_count_up_to_their_calls(tmp_path: Path) -> None:
    text = '.func main\nNOP\nLOAD_CONST r0, "f"\nCALL r1, r0()\nNOP\nNOP\nRETURN\n.func f\nNOP\n{}\nNOP\nNOP\nRETURN'
    assert statistics(run_text(tmp_path, text.format("NEG r9, r9"), "--stats"))[0] == 5
    assert statistics(run_text(tmp_path, text.format("HALT"), "--stats"))[0] == 5


def test_statistics_do_not_change_the_rest(tmp_path: Path) -> None:
    path = program(tmp_path, HELLO.replace("RETURN", "RETURN r0"))
    plain = run(path)
    outcome = run("--stats", path)
    assert (outcome.status, outcome.out) == (plain.status, plain.out)


def test_time_and_memory_are_plausible(tmp_path: Path) -> None:
    text = "LOAD_CONST r0, 5000000\nNEW_ARRAY r1, r0\n" + turning(30_000_000)
    _, _, _, milliseconds, kibibytes = statistics(run_text(tmp_path, text, "--stats"))
    assert 1 <= milliseconds < 60_000
    small = statistics(run_text(tmp_path, HELLO, "--stats"))
    assert small[3] < 100
    assert 1000 < small[4] < 20_000
    assert kibibytes >= small[4]


# ____________________________________________________________ --debug


def test_debug_shows_every_instruction_before_it_is_executed(tmp_path: Path) -> None:
    plain = run_text(tmp_path, recursion(3))
    outcome = run_text(tmp_path, recursion(3), "--debug")
    assert (outcome.status, outcome.err) == (SUCCESS, b"")
    steps = [line for line in outcome.lines if line.startswith("PC: ")]
    assert len(steps) == 3 + 2 * 8 + 4 + 1
    assert steps[0] == "PC: 0, Instruction: LoadConstR { dst: 0, const_idx: 0 }"
    assert outcome.out.endswith(plain.out)


def test_debug_shows_the_instruction_that_fails_last(tmp_path: Path) -> None:
    outcome = run("--debug", program(tmp_path, "NOP\nNEG r0, r0\nNOP"), stderr=subprocess.STDOUT)
    lines = outcome.lines
    assert outcome.status == FAILURE
    assert lines[-1] == "Runtime error: Invalid operation: negation on type Empty"
    assert [line.split(",")[0] for line in lines if line.startswith("PC: ")] == ["PC: 0", "PC: 1"]


# ____________________________________________________________ --disassemble


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_listing_of_an_example_assembles_to_it(example: Path, tmp_path: Path) -> None:
    path = program_file(tmp_path, example_program(example))
    outcome = run("--disassemble", path)
    assert (outcome.status, outcome.err) == (SUCCESS, b"")
    assert assemble(outcome.out.decode()) == read(path.read_bytes())


def test_the_listing_runs_nothing(tmp_path: Path) -> None:
    outcome = run_text(tmp_path, HELLO, "--disassemble")
    assert outcome.status == SUCCESS
    assert "DEBUG_PRINT" in outcome.out.decode()
    assert "Hello, world!" not in outcome.lines


def test_a_file_that_does_not_load_has_no_listing(tmp_path: Path) -> None:
    path = tmp_path / "program.mdbc"
    path.write_bytes(b"MDBC")
    assert run("--disassemble", path) == Outcome(
        FAILURE, b"", b"Failed to load bytecode: Invalid bytecode format\n"
    )


# ____________________________________________________________ the others


@pytest.mark.parametrize("option", ["--quiet", "-q"])
def test_quiet_leaves_out_only_the_result(option: str, tmp_path: Path) -> None:
    assert_ends(
        run_text(tmp_path, 'LOAD_CONST r0, "said"\nDEBUG_PRINT r0\nRETURN r0', option), b"said\n"
    )
    failed = run_text(tmp_path, "NEG r0, r0", option)
    assert failed == Outcome(
        FAILURE, b"", b"Runtime error: Invalid operation: negation on type Empty\n"
    )


@pytest.mark.parametrize("name", ["--help", "-q", "--", "-"])
def test_two_hyphens_make_anything_a_program(name: str, tmp_path: Path) -> None:
    program(tmp_path, HELLO, f"{name}.mdbc")
    assert_ends(run("--", name, folder=tmp_path), b"Hello, world!\n")


def test_options_may_follow_the_program(tmp_path: Path) -> None:
    path = program(tmp_path, "LOAD_CONST r0, 1\nRETURN r0")
    assert_ends(run(path, "--quiet", "--jit", "off"), b"")


def test_the_last_of_several_values_counts(tmp_path: Path) -> None:
    path = program(tmp_path, recursion(5))
    assert run("--max-depth", "1", "--max-depth", "5", path).status == SUCCESS
    assert run("--max-depth", "5", "--max-depth", "1", path).status == FAILURE


# ____________________________________________________________ the nursery

# Garbage that a nursery of any size can take: an array and its storage each turn, 50 MB in all.
GARBAGE = """
    LOAD_CONST   r0, 100000
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 50
turn:
    NEW_ARRAY    r3, r2
    ARRAY_SET    r3, r1, r0
    STORE_GLOBAL r3, "last"
    SUB          r0, r0, r1
    JUMP_IF      r0, turn
"""


@pytest.mark.parametrize(
    "form", [["--gc-nursery", "{}"], ["--gc-nursery={}"]], ids=["two words", "one word"]
)
def test_the_size_of_the_nursery_is_what_the_collector_uses(
    form: list[str], tmp_path: Path
) -> None:
    def peak(size: str) -> int:
        return statistics(
            run_text(tmp_path, GARBAGE, "--stats", *[word.format(size) for word in form])
        )[4]

    assert peak("1M") < peak("8M") < peak("32M")


# The same, but all of it is kept, in an array.
KEPT = """
    LOAD_CONST   r0, 100000
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 50
    NEW_ARRAY    r4, r0
turn:
    NEW_ARRAY    r3, r2
    ARRAY_SET    r3, r1, r0
    SUB          r0, r0, r1
    ARRAY_SET    r4, r0, r3
    JUMP_IF      r0, turn
"""


def minor_collections(folder: Path, text: str, *options: str) -> int:
    """How often the program's nursery is collected."""
    log = folder / "gc.log"
    surroundings = Surroundings(environment={"PYPYLOG": f"gc-minor:{log}"})
    assert_ends(run_text(folder, text, *options, surroundings=surroundings), b"")
    return log.read_text().count("{gc-minor\n")


def test_the_nursery_stays_small_where_all_dies(tmp_path: Path) -> None:
    small, large = (
        minor_collections(tmp_path, GARBAGE, "--gc-nursery", size) for size in ("2M", "8M")
    )
    assert large < small // 2
    assert abs(minor_collections(tmp_path, GARBAGE) - small) <= small // 4


def test_the_nursery_grows_where_much_survives(tmp_path: Path) -> None:
    small, large = (
        minor_collections(tmp_path, KEPT, "--gc-nursery", size) for size in ("2M", "8M")
    )
    assert large < small // 2
    assert minor_collections(tmp_path, KEPT) <= large + 3


@pytest.mark.parametrize("size", ["", "0", "M", "4X", "-1", "4 M", "1234567890"])
def test_sizes_of_the_nursery_that_are_none(size: str, tmp_path: Path) -> None:
    outcome = run_text(tmp_path, HELLO, "--gc-nursery", size)
    complaint = f"mdvm-c: option --gc-nursery needs a size such as 512K or 32M, not {size}\nusage: mdvm-c [options] PROGRAM.mdbc\n"
    assert outcome == Outcome(WRONG_USAGE, b"", complaint.encode())


# ____________________________________________________________ optimisations


def test_every_optimisation_can_be_turned_off(tmp_path: Path) -> None:
    listed = re.findall(r"^  (\S+)  ", run("--without", "help").out.decode(), re.MULTILINE)
    assert "storages" in listed and "copies" in listed
    for names in [*listed, ",".join(listed)]:
        assert_ends(run_text(tmp_path, turning(5000), "--without", names), b"")


def test_an_optimisation_that_does_not_exist(tmp_path: Path) -> None:
    outcome = run_text(tmp_path, HELLO, "--without", "copies,speed")
    assert (outcome.status, outcome.out) == (WRONG_USAGE, b"")
    assert outcome.err.startswith(
        b"mdvm-c: --without speed: there is no such optimisation (see --without help)\n"
    )
