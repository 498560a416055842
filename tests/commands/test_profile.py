"""`mdvm profile`: the samples are where the time goes, and the table, the listing and the flame
graph say so.
"""

from __future__ import annotations

import itertools
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import pymdvm
from mdvm.loading.loader import load_module
from mdvm.loading.metadata import read_metadata
from pymdvm.bytecode.metadata import FunctionMetadata, Metadata, Position, write_metadata
from pymdvm.inspection.instruction_locations import InstructionLocations
from pymdvm.profiling.flame_graph import MARGIN, WIDTH, flame_graph
from pymdvm.profiling.report import (
    FunctionShare,
    LineShare,
    function_shares,
    instruction_shares,
    line_shares,
)
from pymdvm.profiling.sampler import Profile, profile
from pymdvm.profiling.source_lines import FunctionLines, SourceLines
from pymdvm.profiling.stack_files import folded, speedscope
from pymdvm.vm_text import bytes_to_vm
from tests.commands.command_line import assembled, invoke, run

# Long spends ten times as long in its loop as Short does, and Both calls them in turn, for ever.
BOTH = """
.func main
    LOAD_CONST  r5, "Both"
again:
    CALL        r6, r5()
    JUMP        again
.func Both
    LOAD_CONST  r0, "Short"
    LOAD_CONST  r1, "Long"
    LOAD_CONST  r2, 100
    LOAD_CONST  r3, 1000
    CALL        r4, r0(r2)
    CALL        r4, r1(r3)
    RETURN
.func Short
    LOAD_CONST  r1, 1
short_loop:
    SUB         r0, r0, r1
    JUMP_IF     r0, short_loop
    RETURN
.func Long
    LOAD_CONST  r1, 1
long_loop:
    SUB         r0, r0, r1
    JUMP_IF     r0, long_loop
    RETURN
"""
LONG_LOOP = range(14, 17)


def profile_of(path: Path, seconds: float = 1.5) -> Profile:
    return profile(pymdvm.load(path), seconds=seconds, interval=0.002)


def places_of(path: Path) -> InstructionLocations:
    return InstructionLocations(load_module(path.read_bytes().decode("latin-1")))


def test_samples_are_where_the_time_goes(tmp_path: Path) -> None:
    path = assembled(tmp_path, BOTH)
    result = profile_of(path)
    assert result.stopped
    assert result.error is None
    assert result.samples > 20
    shares = {share.name: share for share in function_shares(result.stacks, places_of(path))}
    assert shares["main"].total == result.samples
    assert shares["Both"].total > 0.9 * result.samples
    assert shares["Long"].own > 0.5 * result.samples
    assert shares["Long"].own > 2 * shares.get("Short", FunctionShare("Short", 0, 0)).own
    instructions = instruction_shares(result.stacks)
    assert sum(instructions.get(index, 0) for index in LONG_LOOP) > 0.5 * result.samples


def test_a_stack_names_the_calls_and_the_instruction(tmp_path: Path) -> None:
    stacks = profile_of(assembled(tmp_path, BOTH)).stacks
    assert all(stack[0] in range(3) for stack in stacks)
    deep = [stack for stack in stacks if stack[-1] in LONG_LOOP]
    assert deep
    assert all(stack[:2] == (1, 8) and len(stack) == 3 for stack in deep)


def test_a_program_that_ends(tmp_path: Path) -> None:
    result = profile(pymdvm.load(assembled(tmp_path, "    LOAD_CONST r0, 1\n    RETURN r0\n")))
    assert not result.stopped
    assert result.error is None


def test_a_program_that_fails(tmp_path: Path) -> None:
    result = profile(pymdvm.load(assembled(tmp_path, "    LOAD_CONST r0, 0\n    DIV r0, r0, r0\n")))
    assert result.error is not None
    assert result.error.text == "Division by zero"


def test_each_profile_begins_anew(tmp_path: Path) -> None:
    first = profile_of(assembled(tmp_path, BOTH))
    second = profile(
        pymdvm.load(assembled(tmp_path, "    LOAD_CONST r0, 1\n    RETURN r0\n", "short"))
    )
    assert first.samples > 2
    assert second.samples <= 2


def test_profiling_changes_nothing_about_the_program(tmp_path: Path) -> None:
    lines: list[str] = []
    path = assembled(
        tmp_path,
        """
        LOAD_CONST  r0, "f"
        LOAD_CONST  r1, 50
        CALL        r2, r0(r1)
        DEBUG_PRINT r2
        RETURN      r2
    .func f
        JUMP_IF_NOT r0, out
        LOAD_CONST  r1, 1
        SUB         r2, r0, r1
        LOAD_CONST  r3, "f"
        CALL        r4, r3(r2)
        ADD         r0, r4, r0
    out:
        RETURN      r0""",
    )
    profile(pymdvm.load(path), stdout=lines.append)
    assert lines == ["1275\n"]


def test_deep_recursion_is_sampled(tmp_path: Path) -> None:
    path = assembled(
        tmp_path,
        """
        LOAD_CONST  r0, "f"
        LOAD_CONST  r1, 3000
    again:
        CALL        r2, r0(r1)
        JUMP        again
    .func f
        JUMP_IF_NOT r0, out
        LOAD_CONST  r1, 1
        SUB         r2, r0, r1
        LOAD_CONST  r3, "f"
        CALL        r4, r3(r2)
    out:
        RETURN      r0""",
    )
    result = profile_of(path)
    assert result.samples > 10
    assert max(len(stack) for stack in result.stacks) > 500


def test_compiled_code_is_sampled(tmp_path: Path) -> None:
    if pymdvm.engine_name() != "native":
        pytest.skip("only the native engine compiles")
    program = pymdvm.load(assembled(tmp_path, '.name "not compiled by another test"' + BOTH))
    result = profile(program, seconds=1)
    assert program.stats.loops_compiled > 0
    assert result.samples > 20
    assert (
        sum(instruction_shares(result.stacks).get(index, 0) for index in LONG_LOOP)
        > 0.5 * result.samples
    )


# What is made of samples

STACKS = {(1, 8, 15): 60, (1, 8, 16): 20, (1, 7, 11): 10, (1, 8): 5, (2,): 5}


def test_shares_of_functions(tmp_path: Path) -> None:
    assert function_shares(STACKS, places_of(assembled(tmp_path, BOTH))) == [
        FunctionShare("Long", 80, 80),
        FunctionShare("Short", 10, 10),
        FunctionShare("main", 5, 100),
        FunctionShare("Both", 5, 95),
    ]


def test_a_recursive_function_is_counted_once_a_sample(tmp_path: Path) -> None:
    assert function_shares({(8, 8, 8): 3}, places_of(assembled(tmp_path, BOTH))) == [
        FunctionShare("Both", 3, 3)
    ]


def test_shares_of_instructions() -> None:
    assert instruction_shares(STACKS) == {15: 60, 16: 20, 11: 10, 8: 5, 2: 5}


def boxes(text: str) -> dict[str, tuple[float, float, int]]:
    """Name -> left end, width and top of each box of a flame graph."""
    found = {}
    for group in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}g"):
        rectangle = group.find("{http://www.w3.org/2000/svg}rect")
        assert rectangle is not None
        found[group.attrib["data-name"]] = (
            float(rectangle.attrib["x"]),
            float(rectangle.attrib["width"]),
            int(rectangle.attrib["y"]),
        )
    return found


def test_a_flame_graph(tmp_path: Path) -> None:
    found = boxes(flame_graph(STACKS, places_of(assembled(tmp_path, BOTH)), "a & b"))
    room = WIDTH - 2 * MARGIN
    widths = {name: round(100 * (width + 0.5) / room) for name, (_, width, _) in found.items()}
    assert widths == {"all": 100, "main": 100, "Both": 95, "Long": 80, "Short": 10}
    tops = {name: top for name, (_, _, top) in found.items()}
    assert tops["all"] > tops["main"] > tops["Both"] > tops["Long"] == tops["Short"]
    assert found["Long"][0] + found["Long"][1] <= found["Short"][0] + 0.5


def test_a_flame_graph_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    text = flame_graph(STACKS, places_of(assembled(tmp_path, BOTH)), "a & b")
    assert text.count("http") == 1  # the name of the SVG namespace
    assert "<title>Long: 80 samples, 80.0%</title>" in text
    assert ">a &amp; b</text>" in text


def test_names_in_a_flame_graph_are_escaped(tmp_path: Path) -> None:
    places = places_of(assembled(tmp_path, '.func "<b> & \\"c\\""\n    RETURN\n'))
    assert list(boxes(flame_graph({(0,): 1}, places, ""))) == ["all", '<b> & "c"']


def test_a_flame_graph_of_deep_recursion_is_cut_off(tmp_path: Path) -> None:
    text = flame_graph({(8,) * 1000: 1}, places_of(assembled(tmp_path, BOTH)), "")
    assert text.count('class="box"') == 201


def test_folded_stacks(tmp_path: Path) -> None:
    assert folded(STACKS, places_of(assembled(tmp_path, BOTH))).splitlines() == [
        "main 5",
        "main;Both 5",
        "main;Both;Long 80",
        "main;Both;Short 10",
    ]


def test_a_name_in_folded_stacks_has_no_semicolon(tmp_path: Path) -> None:
    places = places_of(assembled(tmp_path, '.func "a;b"\n    RETURN\n'))
    assert folded({(0,): 3, (0, 0): 1}, places) == "a,b 3\na,b;a,b 1\n"


def test_speedscope(tmp_path: Path) -> None:
    text = speedscope(STACKS, places_of(assembled(tmp_path, BOTH)), "a & b", 0.002)
    found = json.loads(text)
    names = [frame["name"] for frame in found["shared"]["frames"]]
    (made,) = found["profiles"]
    stacks = [";".join(names[frame] for frame in sample) for sample in made["samples"]]
    assert dict(zip(stacks, made["weights"])) == {
        "main": 10,
        "main;Both": 10,
        "main;Both;Long": 160,
        "main;Both;Short": 20,
    }
    assert (made["type"], made["unit"], made["startValue"], made["endValue"]) == (
        "sampled",
        "milliseconds",
        0,
        200,
    )


# Source lines

# Main calls Busy in every turn, whose second instruction takes the time.
SOURCE_LINES = Metadata(
    "/a folder/busy.md",
    (FunctionMetadata("Busy", 3, 6, (), ()),),
    (Position(0, 7, 1), Position(1, 9, 3), Position(3, 2, 1), Position(4, 4, 3), Position(6, 0, 0)),
)
LINE_STACKS = {(1, 4): 60, (1, 3): 20, (1, 5): 10, (0,): 6, (1, 6): 4}
BUSY = """
.func main
    LOAD_CONST  r0, "Busy"
again:
    CALL        r1, r0()
    JUMP        again
.func Busy
    LOAD_CONST  r0, 1000
loop:
    SUB         r0, r0, r1
    JUMP_IF     r0, loop
    RETURN
"""


def source_of(path: Path, text: tuple[str, ...] = ()) -> SourceLines:
    data = path.read_bytes()
    metadata = read_metadata(bytes_to_vm(write_metadata(SOURCE_LINES, data)), bytes_to_vm(data))
    return SourceLines(metadata, text)


def test_shares_of_lines(tmp_path: Path) -> None:
    assert line_shares(LINE_STACKS, source_of(assembled(tmp_path, BUSY))) == [
        LineShare(4, 70, 70),
        LineShare(2, 20, 20),
        LineShare(7, 6, 6),
        LineShare(0, 4, 4),
        LineShare(9, 0, 94),
    ]


def test_places_in_the_source(tmp_path: Path) -> None:
    source = source_of(assembled(tmp_path, BUSY), ("first", "\t  a line  ", "\x1b[1mthird"))
    assert [source.place_of(instruction) for instruction in (0, 5, 6)] == ["7:1", "4:3", ""]
    assert [source.text_of(line) for line in (0, 2, 3, 4)] == ["", "a line", "[1mthird", ""]


def test_stacks_by_line(tmp_path: Path) -> None:
    path = assembled(tmp_path, BUSY)
    names = FunctionLines(places_of(path), source_of(path))
    main = "main (/a folder/busy.md:9)"
    assert folded(LINE_STACKS, names).splitlines() == [
        "main (/a folder/busy.md:7) 6",
        f"{main};Busy 4",
        f"{main};Busy (/a folder/busy.md:2) 20",
        f"{main};Busy (/a folder/busy.md:4) 70",
    ]
    found = boxes(flame_graph(LINE_STACKS, names, ""))
    assert main in found and "Busy (/a folder/busy.md:4)" in found


def test_speedscope_finds_the_source(tmp_path: Path) -> None:
    path = assembled(tmp_path, BUSY)
    source = source_of(path)
    found = json.loads(speedscope(LINE_STACKS, places_of(path), "", 1, source))
    assert found["shared"]["frames"] == [
        {"name": "main", "file": "/a folder/busy.md", "line": 7},
        {"name": "Busy", "file": "/a folder/busy.md", "line": 2},
    ]
    names = FunctionLines(places_of(path), source)
    found = json.loads(speedscope(LINE_STACKS, names, "", 1, source))
    assert {frame["name"]: frame.get("line") for frame in found["shared"]["frames"]} == {
        "main (/a folder/busy.md:7)": 7,
        "main (/a folder/busy.md:9)": 9,
        "Busy": None,
        "Busy (/a folder/busy.md:2)": 2,
        "Busy (/a folder/busy.md:4)": 4,
    }


# Each turn adds to a list that `kept` is a name of too, so that it is copied.
COPYING = """\
---
title: Copying
---

Define `numbers` as Ordered List.
Set `numbers` to blank.
Add _0_ to `numbers`.
Define `kept` as Ordered List.
Set `kept` to `numbers`.
Define `turn` as Whole Number (default: _0_).
Define `total` as Whole Number (default: _0_).
While `turn` < _6000_:
> Set `turn` to `turn` + _1_.
> Add `turn` to `numbers`.
> Set `total` to `total` + the last item of `kept`.
> Set `kept` to `numbers`.

Give back `total`.
"""
COPIES = ["copied because shared: 6000 containers of 18003000 elements"]


def table_below(head: list[str], out: str) -> list[str]:
    """The lines of the table that begins so, up to an empty one."""
    lines = out.splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.split()[: len(head)] == head]
    return list(itertools.takewhile(bool, lines[at + 1 :]))


@pytest.mark.parametrize("built", [False, True], ids=["source", "built"])
def test_the_command_shows_source_lines_and_copies(built: bool, tmp_path: Path) -> None:
    source = tmp_path / "copying.md"
    source.write_text(COPYING, encoding="utf-8")
    program = source
    if built:
        assert invoke("build", source).status == 0
        program = tmp_path / "copying.mdbc"
    stacks, scope = tmp_path / "stacks.txt", tmp_path / "scope.json"
    outcome = invoke(
        *("profile", "--interval", "0.2", "--lines", "--folded", stacks, program),
        *("--speedscope", scope),
    )
    assert (outcome.status, outcome.err) == (0, "")
    lines = table_below(["own", "%", "total", "%", "line"], outcome.out)
    assert {int(line.split()[4]) for line in lines} <= set(range(6, 19))
    assert max(lines, key=lambda line: int(line.split()[0])).split()[4] == "14"
    assert ("> Add `turn` to `numbers`." in outcome.out) == (not built)
    listing = table_below(["own", "%", "place", "instruction"], outcome.out)
    adding = [line for line in listing if "ARRAY_PUSH" in line][-1]
    assert "14:3" in "".join(listing)
    number = adding.split("; ")[1]
    (heading,) = [line for line in outcome.out.splitlines() if line.startswith("copied")]
    assert [heading] == COPIES
    (copies,) = table_below(["elements", "containers", "place", "instruction"], outcome.out)
    assert copies.split()[:4] == ["18003000", "6000", "14:3", "ARRAY_PUSH"]
    assert f"; (start) {number}" in copies
    assert f"(start) ({source}:14) " in stacks.read_text(encoding="utf-8")
    frames = json.loads(scope.read_text(encoding="utf-8"))["shared"]["frames"]
    assert {"name": f"(start) ({source}:14)", "file": str(source), "line": 14} in frames


def test_lines_that_are_not_known(tmp_path: Path) -> None:
    path = assembled(tmp_path, "    RETURN\n")
    outcome = invoke("profile", "--lines", path)
    assert (outcome.status, outcome.err) == (0, f"{path}: its source lines are not known.\n")


def test_copies_without_a_source(tmp_path: Path) -> None:
    path = assembled(
        tmp_path,
        """
        LOAD_CONST  r0, 3
        NEW_ARRAY   r1, r0
        LOAD_CONST  r2, 100
        LOAD_CONST  r3, 0
        LOAD_CONST  r4, 1
    again:
        MOVE        r5, r1
        ARRAY_SET   r1, r3, r2
        SUB         r2, r2, r4
        JUMP_IF     r2, again
        ARRAY_SET   r5, r3, r4
        ARRAY_LEN   r0, r5
        RETURN      r1""",
    )
    out = invoke("profile", path).out
    assert "copied because shared: 101 containers of 303 elements" in out
    first, second = table_below(["elements", "containers", "instruction"], out)
    assert first.split() == ["300", "100", "ARRAY_SET", "r1,", "r3,", "r2", ";", "(start)", "6"]
    assert second.split()[:3] == ["3", "1", "ARRAY_SET"]


def test_nothing_is_said_of_copies_where_there_are_none(tmp_path: Path) -> None:
    assert "copied" not in invoke("profile", assembled(tmp_path, "    RETURN\n")).out


def test_copies_of_compiled_code(tmp_path: Path) -> None:
    source = tmp_path / "copying.md"
    source.write_text(COPYING, encoding="utf-8")
    assert invoke("build", source).status == 0
    profiled = profile(pymdvm.load(tmp_path / "copying.mdbc"))
    assert list(profiled.copies.values()) == [(6000, 6000 * 6001 // 2)]
    assert profile(pymdvm.load(assembled(tmp_path, "    RETURN\n"))).copies == {}


# The command


def test_the_command(tmp_path: Path) -> None:
    path = assembled(tmp_path, BOTH)
    graph = tmp_path / "flames.svg"
    lines_of_stacks, scope = tmp_path / "stacks.txt", tmp_path / "scope.json"
    outcome = invoke(
        *("profile", "--seconds", "1", "--interval", "2", "-o", graph, path),
        *("--folded", lines_of_stacks, "--speedscope", scope),
    )
    assert (outcome.status, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert re.fullmatch(
        rf"{path}: \d+ samples, one every 2 ms, (python|native) engine, ended because its time was over",
        lines[0],
    )
    assert lines[2].split() == ["own", "%", "total", "%", "function"]
    assert lines[3].split()[4] == "Long"
    hottest = max(
        (line for line in lines if "; " in line and line.split()[0].isdigit()),
        key=lambda line: int(line.split()[0]),
    )
    assert hottest.endswith(("; 15", "; 16"))
    assert "Long" in boxes(graph.read_text(encoding="utf-8"))
    assert "main;Both;Long " in lines_of_stacks.read_text(encoding="utf-8")
    assert {"name": "Long"} in json.loads(scope.read_text(encoding="utf-8"))["shared"]["frames"]


def test_a_short_program(tmp_path: Path) -> None:
    outcome = invoke("profile", assembled(tmp_path, "    RETURN\n"))
    assert outcome.status == 0
    assert "samples" in outcome.out


def test_the_output_of_the_program_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    path = assembled(tmp_path, '    LOAD_CONST r0, "printed"\n    DEBUG_PRINT r0\n')
    assert "printed" not in run("profile", path).out.splitlines()
    assert run("profile", "--show-output", path).out.splitlines()[0] == "printed"


def test_an_error_of_the_program(tmp_path: Path) -> None:
    outcome = invoke("profile", assembled(tmp_path, "    LOAD_CONST r0, 0\n    DIV r0, r0, r0\n"))
    assert (outcome.status, outcome.err) == (1, "Runtime error: Division by zero\n")


def test_a_flame_graph_that_cannot_be_written(tmp_path: Path) -> None:
    outcome = invoke(
        "profile", "-o", tmp_path / "nosuch" / "out.svg", assembled(tmp_path, "    RETURN\n")
    )
    assert (outcome.status, outcome.err) == (
        1,
        f"Error: cannot write {tmp_path}/nosuch/out.svg: No such file or directory\n",
    )


@pytest.mark.parametrize("option", [("--interval", "0"), ("--seconds", "0"), ("--seconds", "x")])
def test_wrong_options(option: tuple[str, str], tmp_path: Path) -> None:
    assert invoke("profile", *option, assembled(tmp_path, "    RETURN\n")).status == 2
