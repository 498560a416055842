"""`mdvm profile`: the samples are where the time goes, and the table, the listing and the flame
graph say so.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import pymdvm
from mdvm.loading.loader import load_module
from pymdvm.inspection.instruction_locations import InstructionLocations
from pymdvm.profiling.flame_graph import MARGIN, WIDTH, flame_graph
from pymdvm.profiling.report import FunctionShare, function_shares, instruction_shares
from pymdvm.profiling.sampler import Profile, profile
from pymdvm.profiling.stack_files import folded, speedscope
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
