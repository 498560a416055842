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

With PyPy's tree of 5 August 2026 and the sources of 30 November 2026 (4ce37ab), after `make RPYTHON=/path/to/pypy/rpython/bin/rpython`, which takes
7 to 8 minutes, `RPYTHON=/path/to/pypy/rpython/bin/rpython make test` on two processors that did nothing else: 21,079 passed, 0 failed, 280 skipped, in 13 minutes.

| suite | passed | suite | passed |
|---|---:|---|---:|
| `unit` | 2,400 | `api-ctypes` | 879 |
| `unit2` | 2,389 | `api-python` | 739 |
| `jit` | 200 | `drop-in` | 410 |
| `opcodes` | 2,574 | `fuzz` | 563 |
| `binary` | 820 | `limits` | 321 |
| `differential` | 410 | `scale-out` | 2 |
| `host` | 519 | `packaging` | 56 |
| `compiler` | 5,794 | `toolchain` | 12 |
| `commands` | 514 | `conformance` | 1,082 |
| `commands-python` | 513 | `lint` | 3 |
| `api` | 879 | | |

The random programs 0 to 19,999 of `python3 -m tests.fuzz programs --seed both1` were run on both builds: 59,919 runs on each, none wrong; on the tree's build program 11745
did not answer within 60 s beside other work, see the `trace_limit` below. On earlier sources 50,000 programs were run on the
tree's build (`--seed tree3`, `tree4`, `tree6`, `tree8`); one of them was wrong, see below.

Speed, in multiples of the time that the build with 0.2.1 takes: the same sources, the benchmarks of [performance](performance.md) at their full sizes,
the least user and system time of seven interleaved runs, on a machine that did nothing else. `python3 -m bench.builds MDVM-C MDVM-C MDVM-C MDVM-C --rounds 7` measures so. The geometric mean is 0.96.

| | | | | | | |
|---|---|---|---|---|---|---|
| fib 0.99 | count 1.01 | mandelbrot 1.00 | collatz 1.01 | sieve 1.08 | bubble_sort 1.04 | matrix 1.00 |
| dict 0.83 | strings 1.02 | nbody 0.90 | trees 0.94 | nested 0.95 | search_tree 0.91 | edit_distance 0.96 |
| mutual 0.95 | calls 0.95 | lu 1.00 | particles 0.99 | events 0.98 | records 0.89 | linked_list 1.10 |
| floyd 0.99 | globals 0.72 | tak 0.91 | dict_records 0.99 | hanoi 0.96 | ackermann 0.83 | queens 0.96 |
| sudoku 1.03 | parser 0.99 | tree_calls 1.00 | heap 0.97 | quicksort 1.01 | big_dict 1.01 | planets 0.91 |
| float_texts 1.02 | straight 0.98 | machine 0.96 |  |  |  |  |

What falls short:

* The recorder of traces there asserts that a field holds what it remembers of it, and 0.2.1 does not look. One random program in 40,000
  ended in that: program 5841 of `--seed tree4`, endless recursion through frames of 200 registers, in a process that had run others
  before. The field was `Heap.ceiling`, which the garbage collector writes: NEW_ARRAY read it in traces, and a collection
  that fell between two NEW_ARRAYs of one trace had asked the system for the limit anew. The fault was the VM's, with 0.2.1 too: there a
  compiled loop kept the limit that it had begun with. Traces read none of these fields any more, which `tests/jit/test_translation.py`
  looks through all that a trace can reach for; program 5841 and the 300 around it pass.
* With a `trace_limit` that one instruction nearly fills, endless recursion is traced for ever. The tree marks a place whose trace was too long: it is
  traced again as soon as it is reached, and that trace is ended between two instructions once it has four fifths of the limit. An instruction that
  records more than the last fifth jumps over that, and the next trace is too long again. Program 24 of `--seed tree7 --family endless_recursion`,
  calls of functions with 200 registers, which record some 600 operations each, began 59,995 traces with
  `trace_limit=100,threshold=5,function_threshold=5,trace_eagerness=1` and took 29 s of a processor until its `Stack overflow`; 0.2.1 began
  3,339 and took 1.4 s. With `trace_limit=1000` both take less than one second; program 11745 of `--seed both1` takes 24 s of a processor with that limit,
  and 12 s with 0.2.1. The limit is 80,000 if nobody asks for less.
* The usual build stays that with 0.2.1: the packages and the tests' golden traces are made with it, and it can be fetched by name.

### What its optimiser does that 0.2.1's does not

`python3 -m bench.traces MDVM-C MDVM-C` counts what the JITs of two builds make of each program: loops and bridges, the operations that are recorded, and those that are
left when a trace has been optimised. Known bits, closer bounds of ints, bridges that begin with what their guard knew, and a cache of items at variable indexes that is
kept for each kind all show in the last. With PyPy's tree between 0.92 and 1.02 of the operations of 0.2.1 are left in all programs but fib (4.3) and the parser (1.4), whose calls its
recorder inlines otherwise, and which take the same time. In 20 of 38 programs the two differ by less than 1 %.

Of what could be taken from there:

* **Known bits and closer bounds of ints** leave out tests of overflow and comparisons that are known to hold: of edit distance 75 of 957 operations, of the program that hands an
  array to a function 4 of 117. All but six of these are in bridges, and those programs are no faster with the tree.
* **Bridges that begin with what their guard knew** (88497d899d6, February 2018): in tak 64 unboxings, 65 tests of a class and 34 of an overflow less of 7,869 operations, which makes it faster by a
  tenth; in sudoku 14 tests of a class of 990, in quicksort 16 of 925, which are no faster.
* **The opencoder**, which records a trace in a compact form: 0.2.1 has it too, with a limit of size that mdvm sets high enough. Recording takes the same time in both.
* **Items at variable indexes**: 0.2.1 gets that by `redundant_array_loads`, which keeps 16 items of all kinds together. With 16 of each kind, as the tree has it, six of 1,072 operations went
  out of planets and none of eleven other programs, and planets took 1.01 of the time. So it stayed as it is.
* **The register allocator that looks ahead** (`Lifetime`, `LifetimeManager` and `reghint.py`, 1,388 lines of differences in `llsupport/regalloc.py` and 520 in the x86-64 one) is what
  makes dict, Ackermann, n-body and planets faster there, whose operations are the same: the loop of dict with 0.2.1 writes a pointer to the frame and reads it back in every
  iteration. It is no part that could be replaced in 0.2.1: its `fm`, `rm` and `xrm`, and all that asks them, change with it.

## Without the corrections that are for speed

`make STOCK=1`, with either RPython, leaves out the corrections whose symptom begins with "slow:" in the table below. Built so, both pass
1,082 of 1,082 conformance cases. In multiples of the time of the usual build, that with 0.2.1 and all corrections, measured in the same run as the table above:
with 0.2.1 the geometric mean is 1.33.

| | | | | | | |
|---|---|---|---|---|---|---|
| fib 1.10 | count 1.01 | mandelbrot 1.02 | collatz 1.05 | sieve 1.13 | bubble_sort 1.07 | matrix 1.26 |
| dict 0.82 | strings 1.17 | nbody 1.05 | trees 2.71 | nested 1.05 | search_tree 1.06 | edit_distance 1.11 |
| mutual 2.17 | calls 1.74 | lu 0.85 | particles 1.05 | events 1.05 | records 0.91 | linked_list 1.12 |
| floyd 1.01 | globals 0.83 | tak 4.66 | dict_records 1.28 | hanoi 1.91 | ackermann 3.79 | queens 1.34 |
| sudoku 1.32 | parser 23.1 | tree_calls 1.04 | heap 1.08 | quicksort 1.07 | big_dict 1.01 | planets 1.03 |
| float_texts 1.00 | straight 1.23 | machine 0.91 |  |  |  |  |

With PyPy's tree it is 1.22, where all corrections make it 0.96.

| | | | | | | |
|---|---|---|---|---|---|---|
| fib 0.93 | count 1.00 | mandelbrot 1.03 | collatz 1.05 | sieve 1.19 | bubble_sort 1.09 | matrix 1.06 |
| dict 0.84 | strings 1.34 | nbody 1.00 | trees 2.02 | nested 1.03 | search_tree 1.05 | edit_distance 1.05 |
| mutual 1.44 | calls 1.77 | lu 0.80 | particles 1.11 | events 1.03 | records 1.00 | linked_list 1.04 |
| floyd 1.06 | globals 0.99 | tak 1.14 | dict_records 1.08 | hanoi 1.73 | ackermann 3.18 | queens 1.22 |
| sudoku 1.18 | parser 16.1 | tree_calls 0.96 | heap 1.05 | quicksort 1.03 | big_dict 1.03 | planets 1.01 |
| float_texts 1.03 | straight 1.21 | machine 0.92 |  |  |  |  |

The loop over globals and the dict updates are faster without. Their traces have the same operations in both builds; what differs is where
the machine code lies and which registers it takes. In one build in which single corrections can be left out, user time, best of four:

| | all | without `loop_alignment` | without `resume_where_a_guard_fails` |
|---|---:|---:|---:|
| globals, 200,000,000 | 0.202 | 0.136 | 0.150 |
| globals, compiler-shaped | 0.142 | 0.141 | 0.138 |
| dict, 100,000,000 | 0.120 | 0.097 | 0.090 |
| dict, compiler-shaped | 0.124 | 0.096 | 0.091 |

Other loops are slower without them, as the sieve without `loop_alignment` (1.43) and the matrix product without `resume_where_a_guard_fails`
(1.25), on a busy machine, so both stay. What could be mended is that each global was read again after a store into another one
(`tell_constants_apart`): the compiler-shaped loop over globals takes 0.74 of the time that it took.

What a correction is worth by itself can be measured where it has a switch: `python3 -m bench.sweep without=known-items,large-pages,irregular-recursion`, for another build with
`MDVM_BINARY=.../mdvm-c` before it. Time without it in multiples of that with it, 0.2.1 and tree, of the programs where it is more than a tenth in either, on an idle machine; (c) is the
compiler-shaped form:

| correction | 0.2.1, tree |
|---|---|
| `redundant_array_loads` | dict records 1.25, 1.20; dict records (c) 1.21, 1.24; edit distance 1.03, 1.19; matrix 1.00, 1.18; mean of all 1.01, 1.00 |
| `large_pages` | array through calls (c) 1.71, 1.77; mean of all 1.02, 1.00 |
| `irregular_recursion` | parser 7.1, 5.5; parser (c) 10.9, 10.4; Ackermann 3.2, 3.9; Ackermann (c) 2.9, 4.0; mutual recursion 2.1, 1.8; mutual recursion (c) 2.1, 1.9; recursive search tree 1.28, 1.19; queens 1.23, 1.20; sudoku 1.20, 1.12; mean of all 1.13, 1.11 |

The other corrections for speed have no switch, and are known together only. [Performance](performance.md#parameters-and-optimisations) has all parameters, with 0.2.1.

## For aarch64

```
dpkg --add-architecture arm64 && apt-get update && apt-get download libffi-dev:arm64 && dpkg -x libffi-dev_*_arm64.deb ffi
python3 tools/translate_for.py aarch64 --libffi ffi
RPYTHON=/path/to/pypy/rpython/bin/rpython python3 tools/translate_for.py aarch64 --libffi ffi --jit
```

translate for aarch64 on an x86-64 machine, into `build/aarch64`: with `gcc-aarch64-linux-gnu` and `libc6-dev-arm64-cross`, and `qemu-user-static` for what RPython asks
the machine. `python3 tools/make_wheels.py --for aarch64` makes a wheel of what is there. No real processor was at hand; all was tried in the emulator (qemu 7.2).

Without the JIT, by RPython 0.2.1, on 29 November 2026:

| command | |
|---|---|
| `python3 tools/translate_for.py aarch64 --libffi ffi` | 83 s of a processor |
| `python3 tools/make_wheels.py --for aarch64` | `manylinux_2_17_aarch64`, 1.4 MB, with the module in C |
| `pip install` of that wheel, by the pip of a CPython 3.11 of Debian for arm64 | taken; what `tests/packaging` runs in a clean environment does the same there, with the native engine, calls through the module in C, and a VM of its own |
| `python3 ../shared/conformance/run.py "qemu-aarch64-static -L /usr/aarch64-linux-gnu mdvm-c"`, with the `mdvm-c` of the wheel | 1,082 of 1,082 |
| `python3 -m tests.fuzz programs --seed arm1 --count 5000 --library build/aarch64/libmdvm.so --python "qemu-aarch64-static -L ROOT ROOT/usr/bin/python3.11"` | 5,000 programs, 11,268 runs, four findings: 2747 and 2847 did not answer within 60 s beside other work, and do alone; 2922 and 2923 ended with `Stack overflow` where nothing was called |

ROOT is a folder with Debian's `libpython3.11-stdlib`, `python3.11-minimal` and what they take, for arm64, unpacked by `dpkg -x`. `tests/api` was not run there.

The last one was a fault of the VM's, with x86-64 too: a thread that wants something of a running program (a pause for its output, say) raises two flags, and if
it is held up between them, the program has granted the request and lowered both before the second is raised. That one, the length of the stack, then stayed
at nothing, and calls were refused until the next request. Threads that did nothing else met it on x86-64 in one of six runs of 300,000 requests. It is
mended since (`tests/host/test_interruption_flags.py`): a call that finds no room looks whether anybody still wants anything. With the sources of 30 November
the conformance cases pass, and the programs 2740 to 2849 and 2915 to 2929, those four among them.

With the JIT, by PyPy's tree, on 30 November 2026, in the same emulator, translated in six minutes: `mdvm-c` passes 1,082 of 1,082 conformance cases, and the programs of
`tests/fuzz/regressions` give what they give on x86-64, with the usual parameters and eager ones. 10,000 random programs (`--seed armjit1 --count 3000`, `--seed armjit2 --count 7000`, 29,973 runs) were run on
`libmdvm`: none was wrong; program 2669 of `armjit1`, endless recursion with `trace_limit=100`, did not answer within 60 s, as above. It has not been tried on a processor, and no wheel has it.

## For musl

```
apt-get install musl-tools
python3 tools/translate_for.py musl --libffi ffi
python3 tools/make_wheels.py --for musl
```

translate for the C library of Alpine, into `build/musl`, with Debian's `musl-gcc` (musl 1.2.3); the first comment of `tools/translate_for.py` says how libffi is made for it. On 30 November 2026 that
took 14 minutes beside other work. `mdvm-c` passes 1,082 of 1,082 conformance cases, with the JIT. The wheel, `musllinux_1_2_x86_64`, 3.4 MB, was installed by pip in a CPython 3.11.2
that was built with `musl-gcc` (its pip takes musllinux wheels and no manylinux ones), and calls go through the module in C.

Of `tests/api`, run there with the library and the module of that wheel, 869 tests pass, 13 are skipped and nine fail: four that expect a closed VM to leave nothing, as musl never unloads a library and each `pymdvm.VM` that was closed
leaves 6 MB; two that read the loader's text of an error, which is another one; two in which gdb is to read the C library's frames; and one of an example with sqlite3, which that CPython was built without.

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
