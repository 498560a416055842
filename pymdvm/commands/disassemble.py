"""`mdvm dis`: the listing of a program, and its control flow as a graph."""

from __future__ import annotations

import click

from pymdvm.commands.console import standard_output
from pymdvm.commands.output_files import write_text
from pymdvm.commands.programs import files_read, program_argument, program_file
from pymdvm.inspection.control_flow_graph import control_flow_graph
from pymdvm.inspection.listing import listing_lines
from pymdvm.inspection.references import References


@click.command("dis")
@program_argument
@click.option(
    "--cfg",
    "graph",
    metavar="OUT.dot",
    type=click.Path(allow_dash=True),
    help="Write the control-flow graph for Graphviz instead, - for standard output.",
)
@click.option("--plain", is_flag=True, help="Leave out the cross references.")
def command(program: str, graph: str | None, plain: bool) -> None:
    """List a program, with its labels, functions, and from where they are reached.

    The listing is assembler text: `mdvm asm` makes the same program of it.

    \b
    Examples:
      mdvm dis examples/fibonacci.mdasm
      mdvm dis --cfg fibonacci.dot examples/fibonacci.mdasm
      dot -Tsvg fibonacci.dot -o fibonacci.svg
    """
    file = program_file(program)
    if graph is not None:
        write_text(graph, control_flow_graph(file.module), files_read(program))
        return
    output = standard_output()
    for line in listing_lines(
        file.module, None if plain else References(file.module), file.described
    ):
        output.assembly(line.text)
