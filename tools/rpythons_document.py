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
## What was measured

With PyPy's tree of 5 August 2026:

| | |
|---|---|
| conformance | 1,082 of 1,082 |
| `binary` | 780 passed |
| `opcodes` | 1,651 passed |
| `jit` | what was run passed, but it was never run whole; the loops of `test_traces.py` are left with the same operations as by 0.2.1 |
| `api` | of 376 that were run (of 384), one failed, about -0.0 in a dict: a list of -0.0, corrected since. Two failed beside other work and passed alone |
| random programs | of 2,000, one had a wrong result: the same. Of 3,000 with the build that corrects it, three ended in an assertion and one took too long, see below |

Speed, in multiples of the time that the build with 0.2.1 takes: the same sources, the benchmarks of [performance](performance.md) at their
full sizes, the user and system time of the best of five interleaved runs. The geometric mean is 0.96.

| | | | | | | |
|---|---|---|---|---|---|---|
| fib 1.00 | counting loop 1.00 | mandelbrot 0.99 | collatz 1.02 | sieve 1.08 | bubble sort 1.05 | matrix 1.03 |
| dict 0.81 | strings 1.04 | nbody 0.90 | trees 0.91 | nested 1.04 | search tree 0.78 | edit distance 0.99 |
| mutual 0.66 | calls 0.98 | lu 0.98 | particles 1.07 | events 0.98 | records 0.84 | linked list 1.11 |
| floyd 0.97 | globals 1.01 | tak 0.86 | dict of records 1.04 | straight 0.97 | machine 0.97 | hello 0.94 |

What falls short:

* One program in a thousand ends in `AssertionError` in `NotVirtualStateInfoInt._generate_guards_unkown`: what is known of the single bits of an int at
  a label is not only what its bounds say. Known bits are later than 0.2.1, which has no such assertion. `python3 -m tests.fuzz programs --seed tree2
  --first 1198 --count 1` is such a program: a loop with two beginnings, which guards the remainder of a counter by 2. So the usual
  build stays that with 0.2.1. The cause: an int that is an input argument of a trace, and at its end only a field of a virtual object, keeps its
  bounds behind the label. They are the same object as in the label's virtual state, and what the loop guards of the int's bits is added to it.
* With `trace_limit=100`, endless recursion took 8.8 s of a processor until its `Stack overflow`, and 0.6 s with 0.2.1 (number 620 of the same seed).
* The translation takes twice as long: 1,207 s where 0.2.1 took 651 s, both on two busy cores.
* There is no build without the corrections that are for speed only, so what each of them is worth with PyPy's tree is not known. Its
  backends for other machines than x86-64 are not tried.

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
