"""The control flow of a program as a Graphviz graph: a box for each basic block, an arrow for each
way from one to the next.

Solid arrows are jumps and the way on, dashed ones known calls. Blocks stand in a frame for each
function, as the listing shows them; blocks that nothing leads to are grey.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mdvm import opcodes
from mdvm.analysis.blocks import Blocks, flow_of, jump_target
from mdvm.analysis.components import Components
from mdvm.analysis.fragment import whole_module
from pymdvm.inspection.instruction_locations import InstructionLocations
from pymdvm.inspection.references import References
from pymdvm.vm_text import from_vm

END = "end"  # the node for the index behind the last instruction


def control_flow_graph(module: Any) -> str:
    """The graph in Graphviz's language.  module: a loaded mdvm.loading.module.Module."""
    return _Graph(module).text()


class _Graph:
    def __init__(self, module: Any) -> None:
        self._module = module
        self._code = whole_module(Components(module))
        self._blocks = Blocks(self._code)
        self._locations = InstructionLocations(module)
        self._references = References(module)

    def text(self) -> str:
        arrows = list(self._arrows())
        lines = [
            f"digraph {_quoted(from_vm(self._module.name))} {{",
            "    node [shape=box, fontname=monospace, fontsize=10];",
            "    edge [fontname=monospace, fontsize=9];",
        ]
        lines.extend(self._clusters())
        if any(f"-> {END} " in arrow or arrow.endswith(f"-> {END};") for arrow in arrows):
            lines.append(f"    {END} [shape=plaintext];")
        return "\n".join([*lines, *arrows, "}", ""])

    def _clusters(self) -> Iterator[str]:
        """The blocks, those of one function together."""
        by_function: dict[str, list[int]] = defaultdict(list)
        for block in range(self._blocks.count()):
            by_function[self._locations.function_of(self._blocks.firsts[block])].append(block)
        for number, (function, blocks) in enumerate(by_function.items()):
            yield f"    subgraph cluster_{number} {{"
            yield f"        label={_quoted(function)};"
            for block in blocks:
                yield f"        {_node(block)} [label={self._label(block)}{self._style(block)}];"
            yield "    }"

    def _label(self, block: int) -> str:
        first, end = self._blocks.firsts[block], self._blocks.firsts[block + 1]
        return (
            '"'
            + "".join(
                _escaped(f"{index}  {self._locations.text_of(index)}") + "\\l"
                for index in range(first, end)
            )
            + '"'
        )

    def _style(self, block: int) -> str:
        first = self._blocks.firsts[block]
        is_entry = first == 0 or any(
            function.target_index == first for function in self._module.functions
        )
        if is_entry:
            return ", style=bold"
        return "" if self._blocks.predecessors[block] else ", color=grey, fontcolor=grey"

    def _arrows(self) -> Iterator[str]:
        for block in range(self._blocks.count()):
            last = self._blocks.firsts[block + 1] - 1
            flow = flow_of(self._code, last)
            if flow in (opcodes.ALWAYS_JUMPS, opcodes.MAY_JUMP):
                attributes = ' [label="jump"]' if flow == opcodes.MAY_JUMP else ""
                yield (
                    f"    {_node(block)} -> "
                    f"{self._node_at(jump_target(self._code, last))}{attributes};"
                )
            if flow in (opcodes.NEXT, opcodes.MAY_JUMP):
                yield f"    {_node(block)} -> {self._node_at(last + 1)};"
            yield from self._calls(block)

    def _calls(self, block: int) -> Iterator[str]:
        callees = {
            self._references.callee_of[instruction]: None
            for instruction in range(self._blocks.firsts[block], self._blocks.firsts[block + 1])
            if instruction in self._references.callee_of
        }
        for callee in callees:
            target = self._node_at(self._module.functions[callee].target_index)
            yield f"    {_node(block)} -> {target} [style=dashed, constraint=false];"

    def _node_at(self, instruction: int) -> str:
        entry = self._blocks.entry(instruction)
        return _node(entry) if entry >= 0 else END


def _node(block: int) -> str:
    return f"block{block}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _quoted(text: str) -> str:
    return '"' + _escaped(text) + '"'
