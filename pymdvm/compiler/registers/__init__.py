"""From MIR to registers: values become registers of the VM, phis become moves, blocks get their
order.

In the order of the work: `convention` (functions with very many parameters), `selection` (MIR to
the machine form of `machine`, with `constants` deciding where constants are loaded), `layout` (the
order of the blocks), `liveness`, `webs` (coalescing), `colouring`, `spilling`, `copies` (parallel
copies). `allocation` runs them.
"""
