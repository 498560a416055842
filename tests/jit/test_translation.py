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
