"""Programs that run out of memory leave the process that embeds them as it was, and a limit of
memory holds.

Each test that needs a limit of the process runs in one of its own.
"""

from __future__ import annotations

import json

import pytest

from tests.amounts import OUT_OF_MEMORY
from tests.api.samples import only_native, python

pytestmark = only_native

# Programs that need more and more memory, each kind in its own way.
GROWING = {
    "small arrays": """
    LOAD_CONST   r1, 2
    LOAD_CONST   r2, 0
next:
    NEW_ARRAY    r5, r1
    ARRAY_SET    r5, r2, r0
    MOVE         r0, r5
    JUMP         next
""",
    "large arrays": """
    LOAD_CONST   r1, 2
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 1
    LOAD_CONST   r6, 50000
next:
    NEW_ARRAY    r7, r6
    ARRAY_SET    r7, r2, r3
    NEW_ARRAY    r5, r1
    ARRAY_SET    r5, r2, r0
    ARRAY_SET    r5, r3, r7
    MOVE         r0, r5
    JUMP         next
""",
    "an array too large": """
    LOAD_CONST   r1, 1000
    LOAD_CONST   r2, 0
next:
    NEW_ARRAY    r3, r1
    ARRAY_SET    r3, r2, r1
    ADD          r1, r1, r1
    JUMP         next
""",
    "arrays of floats": """
    LOAD_CONST   r1, 1000
    LOAD_CONST   r2, 0
    LOAD_CONST   r3, 2
    LOAD_CONST   r4, 0.5
    LOAD_CONST   r6, 1
next:
    NEW_ARRAY    r7, r1
    ARRAY_SET    r7, r2, r4
    NEW_ARRAY    r5, r3
    ARRAY_SET    r5, r2, r0
    ARRAY_SET    r5, r6, r7
    MOVE         r0, r5
    JUMP         next
""",
    "a dict": """
    LOAD_CONST   r1, 0
    LOAD_CONST   r3, 1
    DICT_NEW     r0
next:
    CAST         r4, r1, string
    DICT_SET     r0, r4, r1
    ADD          r1, r1, r3
    JUMP         next
""",
    "a rope": """
    LOAD_CONST   r0, "abcdefghijklmnop"
    LOAD_CONST   r1, ""
next:
    ADD          r1, r1, r0
    JUMP         next
""",
    "a doubling text": """
    LOAD_CONST   r0, "0123456789abcdef0123456789abcdef"
    LOAD_CONST   r1, "x"
next:
    ADD          r0, r0, r0
    LT           r2, r0, r1
    JUMP         next
""",
    "recursion": """
.func main
    LOAD_CONST   r1, "f"
    LOAD_CONST   r2, 1000
    LOAD_CONST   r3, 0
    NEW_ARRAY    r5, r2
    ARRAY_SET    r5, r3, r3
    CALL         r0, r1(r5)
    RETURN       r0
.func f
    LOAD_CONST   r1, "f"
    LOAD_CONST   r2, 1000
    LOAD_CONST   r3, 0
    NEW_ARRAY    r5, r2
    ARRAY_SET    r5, r3, r3
    CALL         r0, r1(r5)
    ARRAY_LEN    r6, r5
    RETURN       r6
""",
    "globals": """
    LOAD_CONST   r1, 10
    LOAD_CONST   r2, 3
    STORE_GLOBAL r1, "last"
next:
    NEW_ARRAY    r3, r1
    LOAD_GLOBAL  r4, "last"
    ARRAY_SET    r3, r2, r4
    STORE_GLOBAL r3, "last"
    JUMP         next
""",
}

# What the scripts below begin with: programs; run(program, memory, jit), which gives a result or
# the text of the error.
BEGINNING = """
import gc, json, os, resource, sys
import pymdvm
from tests.api.samples import FIBONACCI, fresh, program
MIB = 1 << 20
growing = json.loads(sys.argv[1])
working = program('''
.func main
    LOAD_CONST   r0, 200
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 0
    NEW_ARRAY    r3, r0
next:
    SUB          r0, r0, r1
    ARRAY_SET    r3, r0, r0
    ADD          r2, r2, r0
    JUMP_IF      r0, next
    RETURN       r2
''')

def run(program, memory=None, jit=None):
    try:
        return program.run(jit=jit, max_memory=memory)
    except pymdvm.RunError as error:
        assert isinstance(error, pymdvm.LimitError) == (memory is not None), error
        assert memory is None or error.kind == "memory"
        return str(error).splitlines()[0]

def status(name):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(name + ":")) * 1024

def forget_peak():
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
"""

# Compiled at once, so that memory ends in the middle of compiled loops, and while they are
# compiled.
EAGER = "threshold=3,function_threshold=3,trace_eagerness=2"


def run_script(script: str, kinds: dict[str, str] = GROWING) -> list[str]:
    """What the script prints, its lines."""
    ended = python(BEGINNING + script, json.dumps(kinds))
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


@pytest.mark.parametrize("jit", ["default", EAGER, "off"])
def test_programs_that_run_out_of_memory_one_after_the_other(jit: str) -> None:
    """Of all kinds in turn, each followed by a program that works."""
    lines = run_script(f"""
for _ in range({OUT_OF_MEMORY} // len(growing) + 1):
    for name, text in growing.items():
        assert run(program(text), 3 * MIB, {jit!r}) == "Out of memory", name
        assert run(working) == 19900
        assert fresh(FIBONACCI).call("fib", 10) == 55
print("done")
""")
    assert lines == ["done"]


def test_the_process_may_run_out_of_memory_too() -> None:
    """Not only a run with a limit of its own."""
    lines = run_script("""
run(working)
size = status("VmSize") + 200 * MIB
resource.setrlimit(resource.RLIMIT_AS, (size, size))
for turn in range(3):
    for name, text in growing.items():
        assert run(program(text)) == "Out of memory", name
        assert run(working) == 19900
print("done")
""")
    assert lines == ["done"]


@pytest.mark.parametrize("left", [100, 50, 30])
def test_a_process_that_has_taken_memory_since_the_vm_started(left: int) -> None:
    lines = run_script(f"""
run(working)
size = status("VmSize") + 400 * MIB
resource.setrlimit(resource.RLIMIT_AS, (size, size))
taken = bytearray({400 - left} * MIB)
for name, text in growing.items():
    assert run(program(text)) == "Out of memory", name
    assert run(working) == 19900
del taken
for name, text in growing.items():
    assert run(program(text)) == "Out of memory", name
    assert run(working) == 19900
print("done")
""")
    assert lines == ["done"]


@pytest.mark.parametrize("name", GROWING)
def test_a_limit_holds(name: str) -> None:
    """Up to the nursery and what the compiler takes, and not so much sooner that less would have
    been the limit.
    """
    lines = run_script(
        """
run(working)
for megabytes in (20, 100):
    forget_peak()
    before = status("VmRSS")
    assert run(program(list(growing.values())[0]), megabytes * MIB) == "Out of memory"
    print(megabytes, (status("VmHWM") - before) // MIB)
""",
        {name: GROWING[name]},
    )
    for line in lines:
        limit, taken = map(int, line.split())
        assert taken < 1.06 * limit + 30, line
        # those have no use for the last part of it
        if "large" not in name and "doubling" not in name:
            assert taken > 0.7 * limit - 4, line


def test_what_is_let_go_does_not_count() -> None:
    lines = run_script(
        """
garbage = program('''
    LOAD_CONST   r0, 3000
    LOAD_CONST   r1, 1
    LOAD_CONST   r2, 100000
    LOAD_CONST   r4, 0
next:
    NEW_ARRAY    r3, r2
    ARRAY_SET    r3, r4, r0
    STORE_GLOBAL r3, "last"
    SUB          r0, r0, r1
    JUMP_IF      r0, next
    RETURN       r0
''')
for turn in range(3):
    print(run(garbage, 10 * MIB), run(garbage, 700_000))
""",
        {},
    )
    assert lines == ["0 Out of memory"] * 3


def test_what_others_hold_does_not_count() -> None:
    """Globals of other programs stay; a run has what its own limit says beside them."""
    lines = run_script(
        """
keeping = '''
    LOAD_CONST   r0, %d
    NEW_ARRAY    r1, r0
    LOAD_CONST   r2, 0
    ARRAY_SET    r1, r2, r2
    STORE_GLOBAL r1, "kept"
    RETURN       r0
'''
kept = [fresh(keeping % 1_000_000) for _ in range(30)]
print({run(each, 10 * MIB) for each in kept})
print(run(fresh(keeping % 3_000_000), 10 * MIB))
print({each.globals["kept"][0] for each in kept})
""",
        {},
    )
    assert lines == ["{1000000}", "Out of memory", "{0}"]


def test_memory_goes_back_to_the_system() -> None:
    lines = run_script(
        """
run(working)
before = status("VmRSS")
for name, text in growing.items():
    forget_peak()
    run(program(text), 500 * MIB)
    assert status("VmHWM") - before > 250 * MIB, name
    assert status("VmRSS") - before < 60 * MIB, (name, (status("VmRSS") - before) // MIB)
print("done")
""",
        {name: GROWING[name] for name in ("small arrays", "large arrays", "a dict")},
    )
    assert lines == ["done"]


AT_START = """
import ctypes, resource
import pymdvm
from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from pymdvm.engines.native import find_library

program = write(assemble('LOAD_CONST r0, 7\\nRETURN r0'))
ctypes.CDLL(str(find_library()))
(size,) = [line for line in open("/proc/self/status") if line.startswith("VmSize")]
limit = (int(size.split()[1]) << 10) + ({megabytes} << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    print(pymdvm.loads(program).run())
except pymdvm.EngineError as error:
    print(error)
"""


@pytest.mark.parametrize("megabytes", [30, 100, 200, 250, 270, 280, 290, 300, 305, 310, 330, 500])
def test_a_process_with_too_little_memory_cannot_start_the_vm(megabytes: int) -> None:
    done = python(AT_START.format(megabytes=megabytes))
    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.strip()
    assert told in ("7", "there is not enough memory to start the VM in")
    assert told == "7" or megabytes < 310
