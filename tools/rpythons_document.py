"""The text of docs/other-rpythons.md: the corrections, from the table of
translation/corrections.py.
"""

from __future__ import annotations

from translation.corrections import CORRECTIONS, NEWEST, OLD

HEAD = """\
<!-- Written by tools/make_docs.py from translation/corrections.py and tools/rpythons_document.py. Change those, then run: make docs -->
# Building with another RPython

```
make RPYTHON=/path/to/pypy/rpython/bin/rpython
```

builds mdvm with the RPython of a PyPy source tree. Of PyPy's repository `rpython/`, `py/`, `_pytest/`, `pytest.py` and
`lib-python/2.7` suffice. The usual build, the packages and the CI take RPython 0.2.1 of August 2017, which the tools fetch.

Two are tried: 0.2.1, and PyPy's tree of 5 August 2026 (4eeb73ca959). The same sources are translated with both. What mdvm changes in
RPython is [in one table](#corrections), and each RPython gets of it what it needs. That is found out by looking into the tree, not by its path or
version: a correction is left out where RPython has its own, which a text in its sources tells, and where a part that would be replaced is not
there or takes other arguments. So a tree between the two, or a later one, gets what applies. `make` says which corrections were left
out and why; `mdvm-c --version` names the tree, by its commit where it has a history and by the day of its newest file otherwise.

```
$ ./mdvm-c --version
mdvm-c 0.2.0 (RPython of PyPy 2026-08-05, incminimark GC, x86-64 JIT)
```

`MDVM_RPYTHON_TREE=/path/to/pypy make test-toolchain` builds with that tree in `build/toolchain`, and runs the suites `binary`, `jit` and
`conformance` there. `RPYTHON=... python3 tools/run_tests.py jit` runs the tests of the corrections with that tree and builds nothing.
"""

TAIL = """
## Corrections

The [faults](rpython-faults.md) are described elsewhere. "0.2.1" and "PyPy" tell which of the two needs the correction; "has" is what PyPy's tree
has instead. What has no test makes programs faster.

{corrections}
"""


def needed_by(name: str) -> str:
    return {OLD: "0.2.1", NEWEST: "PyPy"}[name]


def corrections() -> str:
    lines = ["| correction | needed by | without it | test | PyPy has |", "|---|---|---|---|---|"]
    for each in CORRECTIONS:
        needing = ", ".join(needed_by(name) for name in each.needed_by)
        tests = ", ".join(f"`{name}`" for name in each.test.split(", ")) if each.test else ""
        cells = (f"`{each.name}`", needing, each.symptom, tests, each.pypy)
        lines.append("| " + " | ".join(cell.replace("*", "\\\\*") for cell in cells) + " |")
    return "\n".join(lines)


def document() -> str:
    return HEAD + TAIL.format(corrections=corrections())
