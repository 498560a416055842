"""`mdvm dis`: listings that assemble to the same program, cross references, colours, control-flow
graphs.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from pymdvm.commands.console import RichOutput, highlighted
from tests.commands.command_line import EXAMPLES, TOP, assembled, invoke, run

LOOP = """
.func main
    LOAD_CONST  r0, 3
    LOAD_CONST  r1, "Show"
again:
    CALL        r2, r1(r0)
    JUMP_IF     r2, again
    RETURN      r2
    NOP                     ; nothing leads here
.func Show
    DEBUG_PRINT r0
    JUMP        out
out:
    RETURN
"""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_listing_with_references_assembles_to_the_same_bytes(example: Path) -> None:
    outcome = invoke("dis", example)
    assert outcome.status == 0
    assert write(assemble(outcome.out)) == write(assemble(example.read_text(encoding="utf-8")))


def test_references(tmp_path: Path) -> None:
    lines = invoke("dis", assembled(tmp_path, LOOP)).out.splitlines()
    assert [re.sub(" +", " ", line) for line in lines if line and line[0] != " "][1:] == [
        ".func main",
        "L0: ; from 3",
        ".func Show ; called from main 2",
        "L1: ; from 7",
    ]


def test_a_listing_without_references(tmp_path: Path) -> None:
    assert "from" not in invoke("dis", "--plain", assembled(tmp_path, LOOP)).out


def test_many_references_are_cut_short(tmp_path: Path) -> None:
    jumps = "    JUMP_IF r0, out\n" * 20
    assert (
        "; from 0, 1, 2, 3, 4, 5, 6, 7, 12 more"
        in invoke("dis", assembled(tmp_path, f"{jumps}out:\n    RETURN\n")).out
    )


def test_a_name_that_would_break_the_line(tmp_path: Path) -> None:
    text = '.func "two\\nlines"\n    LOAD_CONST r0, "two\\nlines"\n    CALL r1, r0()\n    RETURN\n'
    listing = invoke("dis", assembled(tmp_path, text)).out
    assert "; called from 'two\\nlines' 1" in listing
    assert assemble(listing) == assemble(text.replace(".func", '.name "__main__"\n.func', 1))


def test_the_parts_of_a_line_are_coloured() -> None:
    text = highlighted('    LOAD_CONST    r4, "a; b"                ; 3, the name')
    styled = {text.plain[span.start : span.end].strip(): str(span.style) for span in text.spans}
    assert styled == {"LOAD_CONST": "bold blue", '"a; b"': "green", "; 3, the name": "bright_black"}


def test_colours_reach_a_terminal() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=80)
    RichOutput(console).assembly("again:")
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "\x1b[33magain\x1b[0m:\n"


def graph(path: Path) -> str:
    outcome = invoke("dis", "--cfg", "-", path)
    assert outcome.status == 0
    return outcome.out


def test_a_control_flow_graph(tmp_path: Path) -> None:
    text = graph(assembled(tmp_path, LOOP))
    assert text.startswith('digraph "__main__" {\n')
    assert re.findall(r"label=(\"\w+\");", text) == ['"main"', '"Show"']
    nodes = dict(re.findall(r'(block\d+) \[label="(\d+)  ', text))
    assert nodes == {
        "block0": "0",
        "block1": "2",
        "block2": "4",
        "block3": "5",
        "block4": "6",
        "block5": "8",
    }
    assert sorted(re.findall(r"^    (\w+ -> \w+.*);$", text, re.MULTILINE)) == [
        "block0 -> block1",
        'block1 -> block1 [label="jump"]',
        "block1 -> block2",
        "block1 -> block4 [style=dashed, constraint=false]",
        "block3 -> block4",
        "block4 -> block5",
    ]
    assert re.search(r"block3 .*color=grey", text)
    assert len(re.findall("color=grey,", text)) == 1


def test_the_end_of_the_program_is_a_node_only_where_something_leads_there(tmp_path: Path) -> None:
    assert "end [shape" not in graph(assembled(tmp_path, LOOP))
    text = graph(assembled(tmp_path, "    JUMP_IF r0, out\n    NOP\nout:\n"))
    assert "end [shape=plaintext];" in text
    assert text.count("-> end") == 2


def test_text_in_a_graph_is_escaped(tmp_path: Path) -> None:
    text = graph(
        assembled(tmp_path, '.name "a\\"b"\n    LOAD_CONST r0, "x\\\\\\"y"\n    RETURN r0\n')
    )
    assert 'digraph "a\\"b" {' in text
    assert '[label="0  LOAD_CONST r0, \\"x\\\\\\\\\\\\\\"y\\"\\l1  RETURN r0\\l"' in text


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_graphviz_understands_it(example: Path) -> None:
    result = subprocess.run(
        ["dot", "-Tsvg"], input=graph(example).encode(), capture_output=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, b"")


def test_a_graph_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "graph.dot"
    assert invoke("dis", "--cfg", path, TOP / "examples" / "loops.mdasm").out == ""
    assert path.read_text(encoding="utf-8") == graph(TOP / "examples" / "loops.mdasm")


def test_a_graph_that_cannot_be_written(tmp_path: Path) -> None:
    outcome = invoke(
        "dis", "--cfg", tmp_path / "nosuch" / "graph.dot", TOP / "examples" / "loops.mdasm"
    )
    assert (outcome.status, outcome.err) == (
        1,
        f"Error: cannot write {tmp_path}/nosuch/graph.dot: No such file or directory\n",
    )


def test_text_is_utf8_whatever_the_locale_says(tmp_path: Path) -> None:
    path = assembled(tmp_path, '    LOAD_CONST r0, "Wörld"\n    RETURN r0\n')
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert '"Wörld"' in run("dis", path, changes=ascii_only).out
    assert "Wörld" in run("dis", "--cfg", "-", path, changes=ascii_only).out
    assert run("run", path, changes=ascii_only).out == 'Result: String("Wörld")\n'


def test_a_name_of_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "\udcff.mdbc"
    path.write_bytes(assembled(tmp_path, "    RETURN\n").read_bytes())
    assert run("dis", path).status == 0
    assert run("info", path).status == 0
    assert "Traceback" not in run("dis", tmp_path / "\udcfe.mdbc").err


def test_a_file_that_does_not_load(tmp_path: Path) -> None:
    path = tmp_path / "bad.mdbc"
    path.write_bytes(b"MDBC" + bytes(20))
    outcome = invoke("dis", path)
    assert (outcome.status, outcome.err) == (
        1,
        f"Error: {path}: Failed to load bytecode: Unexpected EOF\n",
    )
