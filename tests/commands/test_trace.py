"""`mdvm trace`: the JIT's log is read right, and what is shown is what the JIT did."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pymdvm.tracing.jit_log import Segment, Step, Trace, instruction_runs, read_log
from pymdvm.tracing.recorder import record
from tests.commands.command_line import assembled, invoke, native_vm

# What a log looks like, cut down: a loop with its preamble, a bridge out of it, a function's trace
# with an inlined call.
LOG = """\
[1a2b3c] {jit-log-opt-loop
# Loop 1 ( 2: ADD r0, r0, r1) : loop with 9 ops
[p0]
+10: p2 = getfield_gc_r(p0, descr=<FieldP mdvm.frame.Frame.inst_registers 24>)
+14: label(p0, i1, descr=TargetToken(1001))
debug_merge_point(0, 0, ' 2: ADD r0. r0. r1')
+20: i3 = int_add_ovf(i1, 1)
+24: guard_no_overflow(descr=<Guard0x7f01>) [p0, i1]
debug_merge_point(0, 0, ' 3: LT r2. r0. r3')
debug_merge_point(0, 0, ' 3: LT r2. r0. r3')
+30: i5 = int_lt(i3, 100)
guard_true(i5, descr=<Guard0x7f02>) [p0, i3]
debug_merge_point(0, 0, ' 2: ADD r0. r0. r1')
+40: label(p0, i3, descr=TargetToken(1002))
debug_merge_point(0, 0, ' 2: ADD r0. r0. r1')
+50: i7 = int_add(i3, 1)
debug_merge_point(0, 0, ' 3: LT r2. r0. r3')
+60: i9 = int_lt(i7, 100)
guard_true(i9, descr=<Guard0x7f03>) [p0, i7]
debug_merge_point(0, 0, ' 2: ADD r0. r0. r1')
+70: jump(p0, i7, descr=TargetToken(1002))
+80: --end of the loop--
[1a2b3d] jit-log-opt-loop}
[1a2b3e] {jit-log-noopt-loop
# Loop 9 ( 2: ADD r0, r0, r1) : noopt with 99 ops
[1a2b3f] jit-log-noopt-loop}
[1a2b40] {jit-log-opt-bridge
# bridge out of Guard 0x7f03 with 2 ops
[p0, i1]
debug_merge_point(0, 0, 'a 1: odd name 5: DEBUG_PRINT r0')
+5: i2 = int_neg(i1)
+9: jump(p0, i2, descr=TargetToken(1001))
[1a2b41] jit-log-opt-bridge}
[1a2b42] {jit-log-opt-loop
# Loop 3 (f 7: CALL r2, r1(r0)) : entry bridge with 3 ops
[p0]
debug_merge_point(0, 0, 'f 7: CALL r2. r1(r0)')
debug_merge_point(1, 1, 'g 9: NEG r0. r0')
+7: i2 = int_neg(i1)
+9: finish(p4, descr=<DoneWithThisFrameDescrRef object at 0x7fb643a10400>)
[1a2b43] jit-log-opt-loop}
[1a2b44] {jit-backend-counts
entry 1:7
TargetToken(1001):7
TargetToken(1002):500
bridge 32515:4
entry 3:12
entry 77:1
[1a2b45] jit-backend-counts}
"""


def traces() -> list[Trace]:
    return read_log(LOG.splitlines(keepends=True))


def shape(segment: Segment) -> list[tuple[str, int, int, int, bool]]:
    return [
        (step.function, step.instruction, step.depth, len(step.operations), step.is_jump)
        for step in segment.steps
    ]


def test_a_loop() -> None:
    loop = traces()[0]
    assert (loop.number, loop.kind, loop.guard, loop.size, loop.parent) == (
        1,
        "loop",
        None,
        9,
        None,
    )
    assert [segment.runs for segment in loop.segments] == [7, 7, 500]
    assert [shape(segment) for segment in loop.segments] == [
        [],
        [("", 2, 0, 2, False), ("", 3, 0, 2, False)],
        [("", 2, 0, 1, False), ("", 3, 0, 2, False), ("", 2, 0, 1, True)],
    ]
    assert loop.runs == 500
    assert loop.first == Step("", 2, 0, loop.segments[1].steps[0].operations)
    assert loop.segments[2].steps[0].operations == ["i7 = int_add(i3, 1)"]


def test_a_bridge_knows_where_it_comes_from() -> None:
    loop, bridge, _ = traces()
    assert (bridge.number, bridge.kind, bridge.guard, bridge.runs) == (2, "bridge", "0x7f03", 4)
    assert bridge.parent is loop


def test_an_inlined_call() -> None:
    call = traces()[2]
    assert (call.kind, call.runs) == ("entry bridge", 12)
    assert shape(call.segments[0]) == [("f", 7, 0, 0, False), ("g", 9, 1, 2, False)]


def test_runs_of_instructions() -> None:
    assert instruction_runs(traces()) == {2: 507, 3: 507, 7: 12, 9: 12}


def test_a_log_with_nothing_in_it() -> None:
    assert read_log([]) == []
    assert read_log(["[1] {jit-backend-counts\n", "[2] jit-backend-counts}\n"]) == []


TURNS = 1_000_000
LOOP = f"""
.func main
    LOAD_CONST  r0, 0
    LOAD_CONST  r1, 1
    LOAD_CONST  r2, {TURNS}
    LOAD_CONST  r5, "Next"
again:
    CALL        r0, r5(r0, r1)
    LT          r3, r0, r2
    JUMP_IF     r3, again
    RETURN      r0
.func Next
    ADD         r2, r0, r1
    RETURN      r2
"""


def test_the_turns_of_a_loop_are_counted(tmp_path: Path) -> None:
    recording = record(native_vm(), assembled(tmp_path, LOOP).read_bytes())
    assert recording.status == 0
    loop = max(recording.traces, key=lambda trace: trace.runs)
    assert 0.95 * TURNS < loop.runs <= TURNS
    hot = {(step.function, step.instruction, step.depth) for step in loop.segments[-1].steps}
    assert {("main", 4, 0), ("Next", 8, 1), ("main", 5, 0)} <= hot


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDVM_BINARY", str(native_vm()))
    path = assembled(tmp_path, LOOP)
    outcome = invoke("trace", "--loops", "1", path)
    assert (outcome.status, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert re.fullmatch(rf"{path}: \d+ loops? and \d+ bridges? compiled", lines[0])
    assert "Result" not in outcome.out
    in_listing = next(line for line in lines if line.endswith("; 8"))
    count = int(in_listing.split()[0].replace(",", ""))
    assert 0.95 * TURNS < count <= TURNS
    cold = next(line for line in lines if line.endswith("; 0"))
    assert cold.split()[0] == "LOAD_CONST"
    assert re.search(r"^ *[\d,]+ +\d+ +    ADD r2, r0, r1  ; Next 8$", outcome.out, re.MULTILINE), (
        "inlined calls are indented"
    )


def test_operations_and_output_are_shown_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDVM_BINARY", str(native_vm()))
    path = assembled(tmp_path, LOOP)
    assert "; i" not in invoke("trace", path).out
    assert re.search(r"; i\d+ = int_add", invoke("trace", "--operations", path).out)


def test_a_program_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDVM_BINARY", str(native_vm()))
    outcome = invoke("trace", assembled(tmp_path, "    LOAD_CONST r0, 0\n    DIV r0, r0, r0\n"))
    assert outcome.status == 1
    assert outcome.err == "Runtime error: Division by zero\n"
    assert "Nothing ran often enough to be compiled." in outcome.out


def test_a_program_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDVM_BINARY", str(native_vm()))
    path = assembled(
        tmp_path,
        "    LOAD_CONST r0, 0\n    LOAD_CONST r1, 1\nagain:\n    SUB r0, r0, r1\n    JUMP again\n",
    )
    outcome = invoke("trace", "--seconds", "0.5", path)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith(
        f"{path}: 1 loop and 0 bridges compiled, ended because its time was over\n"
    )
    assert re.search(r"^ +\d+  SUB r0, r0, r1  ; \(start\) 2$", outcome.out, re.MULTILINE)


def test_wrong_parameters_of_the_jit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDVM_BINARY", str(native_vm()))
    outcome = invoke("trace", "--jit", "faster", assembled(tmp_path, LOOP))
    assert (outcome.status, outcome.out) == (1, "")
    assert "--jit faster: not a list of NAME=VALUE" in outcome.err


def test_a_native_vm_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vm"
    path.write_text("no program", encoding="utf-8")
    monkeypatch.setenv("MDVM_BINARY", str(path))
    outcome = invoke("trace", assembled(tmp_path, LOOP))
    assert (outcome.status, outcome.err) == (1, f"Error: cannot run {path}: Permission denied\n")


def test_without_the_native_vm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MDVM_BINARY", str(tmp_path / "nosuch"))
    outcome = invoke("trace", assembled(tmp_path, LOOP))
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == f"Error: MDVM_BINARY={tmp_path}/nosuch is no file\n"
