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

With PyPy's tree of 5 August 2026 and the sources of 29 November 2026 (b380ece), after `make RPYTHON=/path/to/pypy/rpython/bin/rpython`, which took 7 minutes,
on two processors that were busy with other work, mostly with a load of 8 to 18:

| command | passed | |
|---|---:|---|
| `python3 ../shared/conformance/run.py ./mdvm-c` | 1,082 | of 1,082 |
| `RPYTHON=... python3 tools/run_tests.py jit` | 200 | |
| `RPYTHON=... python3 tools/run_tests.py unit2` | 2,183 | |
| `python3 tools/run_tests.py opcodes` | 2,574 | |
| `python3 tools/run_tests.py binary` | 793 | one of them, of SIGHUP, when the test had been mended: it failed under nohup |
| `python3 tools/run_tests.py differential` | 406 | without the four tests that take the conformance cases |
| `python3 tools/run_tests.py host` | 509 | three of them only when run once more, alone |
| `python3 tools/run_tests.py compiler` | 5,708 | six of them, where the REPL had no time to start, only when run once more, alone |
| `python3 tools/run_tests.py api` | 855 | 19 of them, which measure time, only when run once more, alone |
| `python3 tools/run_tests.py limits` | 321 | |
| `python3 tools/run_tests.py commands` | 503 | |
| `python3 -m tests.fuzz programs --seed tree6 --count 5000` | 5,000 | programs, 11,238 runs, none wrong |
| `python3 -m tests.fuzz programs --seed tree8 --time 600` | 5,103 | of 5,104 programs, 11,495 runs; the other one did not answer within 60 s, see the `trace_limit` below |

On earlier sources 40,000 programs (`--seed tree3`, `--seed tree4`) were run; one of them was wrong, see below. In `--seed tree5`, with a load of 40, programs 1090 and 1101
did not answer within 60 s, both with a `trace_limit`; they take 0.2 s of a processor, and with sixteen of that campaign on one processor (`--first 1089 --count 13`) all answered.

Speed, in multiples of the time that the build with 0.2.1 takes: the same sources, earlier ones than above, the benchmarks of [performance](performance.md) at their
full sizes, the user and system time of the best of five interleaved runs, beside other work. `python3 -m bench.builds MDVM-C MDVM-C` measures so. The geometric mean is 0.98.

| | | | | | | |
|---|---|---|---|---|---|---|
| fib 1.00 | count 1.00 | mandelbrot 0.99 | collatz 1.04 | sieve 1.13 | bubble sort 1.04 | matrix 0.99 |
| dict 0.83 | strings 0.99 | nbody 0.91 | trees 0.93 | nested 0.94 | search tree 0.99 | edit distance 0.99 |
| mutual 0.93 | calls 0.99 | lu 0.99 | particles 1.02 | events 0.99 | records 1.01 | linked list 1.11 |
| floyd 0.99 | globals 1.00 | tak 0.90 | dict records 0.99 | hanoi 0.94 | ackermann 0.82 | queens 0.95 |
| sudoku 1.01 | parser 1.03 | tree calls 0.99 | heap 0.98 | quicksort 0.98 | big dict 1.00 | planets 0.89 |
| float texts 1.00 | straight 0.98 | machine 0.97 |  |  |  |  |

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
  3,339 and took 1.4 s. With `trace_limit=1000` both take less than one second. The limit is 80,000 unless somebody asks for less.
* The suites `drop-in`, `commands-python`, `api-ctypes`, `fuzz` and `packaging` were not run to their end on such a build.
* The usual build stays that with 0.2.1: the packages and the tests' golden traces are made with it, and it can be fetched by name.

### Why some programs are faster there

Looked into were the traces (`PYPYLOG=jit-log-opt`) of both builds, for the programs where the tree is faster by a tenth, and the machine code
of dict:

| program | time | operations, 0.2.1 and tree | why |
|---|---|---|---|
| dict | 0.82 | 88, 86; in the loop the same | registers: the loop of 0.2.1 writes a pointer to the frame and reads it back in every iteration |
| ackermann | 0.77 | 1,417, 1,417 | registers, as nothing else differs |
| n-body | 0.92 | 521, 519 | the same |
| planets | 0.88 | 868, 862 | the same; and six stores of what is there already, since 0.2.1's `redundant_array_loads` keeps 16 items of all kinds together, the tree's 16 of each |
| tak | 0.90 | 5,058, 4,807 | a bridge that ends the function begins with what its guard knew (88497d899d6, February 2018): 64 unboxings, 65 tests of a class and 34 of an overflow less |

(Times of three interleaved runs.) The register allocator that looks ahead (`Lifetime`, `LifetimeManager` and `reghint.py`, 1,388 lines
of differences in `llsupport/regalloc.py` and 520 in the x86-64 one) is no part that could be replaced in 0.2.1: its `fm`, `rm` and `xrm`, and all that
asks them, change with it. What bridges know, and the items of each kind, are a few lines each, and what they are worth in 0.2.1 is not measured.

## Without the corrections that are for speed

`make STOCK=1`, with either RPython, leaves out the corrections whose symptom begins with "slow:" in the table below. Built with 0.2.1 it passes
1,082 of 1,082 conformance cases. In multiples of the time of the usual build, measured in the same run as the table above, the geometric mean is 1.31:

| | | | | | | |
|---|---|---|---|---|---|---|
| fib 1.11 | count 1.01 | mandelbrot 1.03 | collatz 1.07 | sieve 1.10 | bubble sort 1.06 | matrix 1.25 |
| dict 0.85 | strings 1.16 | nbody 1.06 | trees 2.46 | nested 1.06 | search tree 0.96 | edit distance 1.12 |
| mutual 2.09 | calls 1.74 | lu 1.01 | particles 1.06 | events 1.05 | records 1.08 | linked list 1.17 |
| floyd 1.03 | globals 0.82 | tak 2.53 | dict records 1.28 | hanoi 1.91 | ackermann 3.53 | queens 1.35 |
| sudoku 1.29 | parser 24.87 | tree calls 1.03 | heap 1.09 | quicksort 1.04 | big dict 1.07 | planets 1.04 |
| float texts 1.01 | straight 0.97 | machine 0.90 |  |  |  |  |

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

What each correction is worth by itself, as far as it has a switch, is in [performance](performance.md#parameters-and-optimisations). A build of PyPy's tree without
them was not made.

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

The last one was a fault of the VM's, with x86-64 too: who wants something of a running program (a pause for its output, say) raises two flags, and if
that thread is held up between them, the program has granted the request and lowered both before the second is raised. That one, the length of the stack, then stayed
at nothing, and calls were refused until the next request. Threads that did nothing else met it on x86-64 in one of six runs of 300,000 requests. It is
mended since (`tests/host/test_interruption_flags.py`): a call that finds no room looks whether anybody still wants anything.

With the JIT, by PyPy's tree, `mdvm-c` passed 1,082 of 1,082 conformance cases too, of earlier sources. What remains before the JIT there can be relied on: the
corrections of the machine code in `floats.py` are made for x86-64 only, so a guard on a float constant may take NaN for any and -0.0 for 0.0; and no
random programs were run.

## For musl

```
apt-get install musl-tools
python3 tools/translate_for.py musl --libffi ffi
python3 tools/make_wheels.py --for musl
```

translate for the C library of Alpine, into `build/musl`, with Debian's `musl-gcc`; the first comment of `tools/translate_for.py` says how libffi is made for it. The first of these commands was seen to go as far as RPython's
layout of the data (annotation, rtyping, the JIT and the optimisations), where it was ended: the machine was busy. What was tried with musl 1.2.3 is the C code of the usual
translation, compiled with `musl-gcc -O1`: `mdvm-c` passes 1,082 of 1,082 conformance cases, with the JIT. The wheel made of it,
`musllinux_1_2_x86_64`, was installed by pip in a CPython 3.11 that was built with `musl-gcc` (its pip takes musllinux wheels and no manylinux ones): programs, VMs of their own, threads, forks, and the limits of time, memory
and depth work there, and calls go through the module in C. `tests/api` was not run to its end. What differs: musl never unloads a library, so each `pymdvm.VM` that was closed leaves 6 MB.

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
