"""The whole VM is RPython: the target annotates and rtypes.

This finds in half a minute what a translation would find after a minute and before another eight.
"""

import imp
import os

from rpython.config.translationoption import get_combined_translation_config
from rpython.translator.driver import TranslationDriver

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def test_target_annotates_and_rtypes():
    target = imp.load_source("targetmdvm", os.path.join(TOP, "targetmdvm.py"))
    config = get_combined_translation_config(
        overrides={
            "translation.jit": True,
            "translation.type_system": "lltype",
            "translation.gc": "incminimark",
            "translation.gcrootfinder": "shadowstack",
            "translation.list_comprehension_operations": True,
        },
        translating=True,
    )
    driver = TranslationDriver(config=config)
    entry_point, _ = target.target(driver, [])
    driver.setup(entry_point, None)
    driver.proceed(["annotate", "rtype_lltype"])
    graphs = [graph.name for graph in driver.translator.graphs]
    assert "main" in graphs
    # The entry points of an embedded VM.
    entry_points = [function.c_name for function, _ in driver.secondary_entrypoints]
    assert sorted(entry_points) == ["mdvm_enter_request", "mdvm_enter_run", "mdvm_enter_start"]
    # The interpreter is one graph with every opcode's function behind it.
    from mdvm.interp import HANDLERS

    handlers = [handler.__name__ for _, handler in HANDLERS]
    missing = [
        name
        for name in handlers
        if not any(graph == name or graph.startswith(name + "__") for graph in graphs)
    ]
    assert missing == []
    _check_what_is_elidable(driver.translator.graphs)
    _check_what_traces_read(driver.translator.graphs)


# What changes fields that traces read, by the names of its graphs: what is charged, the text of a
# rope, what is known of a text's characters.
CHANGES = ["_charge_instructions", "_flatten", "_make_index"]


def _check_what_is_elidable(graphs):
    """A trace takes a call of an elidable function for one that changes nothing. If that is not so,
    the tracer finds another value in a field than it knows, and aborts.

    Those of a Code lower functions, and ask for texts, but only for those of constants, which are
    no ropes.
    """
    found = []
    checked = 0
    for graph in graphs:
        is_elidable = getattr(getattr(graph, "func", None), "_elidable_function_", False)
        if is_elidable and not graph.name.startswith("Code."):
            checked += 1
            for callee in _graphs_behind(graph):
                if _plain_name(callee.name) in CHANGES:
                    found.append((graph.name, callee.name))
    names = set(_plain_name(graph.name) for graph in graphs)
    assert names.issuperset(CHANGES)
    assert checked > 3
    assert found == []


# What the GC writes in mdvm.system.heap.heap, and when a trace is recorded too.
WRITTEN_BY_THE_GC = ["held", "frames_overflow", "limit", "ceiling", "look_at"]


def _check_what_traces_read(graphs):
    """A trace takes a field that nothing in it changes for one that stays as it is. The GC changes
    some at any time: the tracer finds another value there than it knows, and aborts.
    """
    from mdvm import interp

    looked_into = set()
    for graph in graphs:
        if getattr(graph, "func", None) is interp.run:
            looked_into |= _graphs_behind(graph, _is_looked_into)
    assert "array_of_size" in [_plain_name(graph.name) for graph in looked_into]
    found = []
    for graph in looked_into:
        for block in graph.iterblocks():
            for operation in block.operations:
                if operation.opname == "getfield":
                    name = operation.args[1].value
                    if name in ["inst_" + attribute for attribute in WRITTEN_BY_THE_GC]:
                        found.append((graph.name, name))
    assert found == []


def _is_looked_into(graph):
    """As RPython's own policy has it for functions of the VM."""
    function = getattr(graph, "func", None)
    return getattr(function, "_jit_look_inside_", True) and not getattr(
        function, "_elidable_function_", False
    )


def _plain_name(name):
    """That of the function: a graph's has its class before it, or the types of its arguments behind
    it.
    """
    return name.split(".")[-1].split("__")[0]


def _graphs_behind(graph, is_followed=lambda graph: True):
    """-> set of all graphs that a call of it may reach, through those that are followed."""
    seen = set()
    work = [graph]
    while work:
        for block in work.pop().iterblocks():
            for operation in block.operations:
                for callee in _callees(operation):
                    if callee not in seen and is_followed(callee):
                        seen.add(callee)
                        work.append(callee)
    return seen


def _callees(operation):
    if operation.opname == "direct_call":
        callee = getattr(operation.args[0].value._obj, "graph", None)
        return [] if callee is None else [callee]
    if operation.opname == "indirect_call":
        return operation.args[-1].value or []
    return []
