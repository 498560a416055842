"""The two flags by which others stop the running program for a moment: whoever raises them may be
held up between the two.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.host.made_programs import TOP
from tests.host.markers import needs_gcc

SYSTEM = TOP / "mdvm" / "system"

# What interruption.c takes of RPython.
STACK_H = """
#define RPY_EXTERN extern
#define MAX_STACK_SIZE (3 << 18)
typedef struct { char *stack_end; long stack_length; } rpy_stacktoobig_t;
extern rpy_stacktoobig_t rpy_stacktoobig;
char LL_stack_too_big_slowpath(long);
"""

# A thread that wants something is the functions that it calls, up to where it is held up.
PROGRAM = r"""
#include <stdio.h>
#include "src/stack.h"
#include "coroutine.h"
#include "interruption.h"

rpy_stacktoobig_t rpy_stacktoobig;
long mdvm_stack_length = 1000;
static char stack[2000];
static int pauses = 0;

/* As RPython's own: there is no room for what is farther from the end than the length. */
char LL_stack_too_big_slowpath(long current)
{
    return rpy_stacktoobig.stack_end - (char *)current > rpy_stacktoobig.stack_length;
}

static long pause(void)
{
    pauses++;
    return 0;
}

/* Prints whether a call fails at a distance from the stack's end, and what that leaves behind. */
static void call_at(long depth)
{
    int fails = mdvm_stack_slowpath((long)(rpy_stacktoobig.stack_end - depth));
    printf("%d %d %ld %ld\n", fails, pauses, rpy_stacktoobig.stack_length, mdvm_ending());
}

int main(void)
{
    rpy_stacktoobig.stack_end = stack + 2000;
    rpy_stacktoobig.stack_length = mdvm_stack_length;
    mdvm_pause = pause;

    mdvm_want_pause();
    call_at(100);

    mdvm_want_pause();
    mdvm_attend();                      /* the program sees the first flag, and lowers both */
    rpy_stacktoobig.stack_length = 0;   /* the second one is raised */
    call_at(100);
    rpy_stacktoobig.stack_length = 0;
    call_at(1001);
    call_at(999);

    mdvm_want_end(MDVM_TIMEOUT);
    call_at(100);
    call_at(100);
    mdvm_clear_requests();
    call_at(100);

    mdvm_pause = NULL;                  /* where nobody pauses the length is RPython's */
    rpy_stacktoobig.stack_length = 50;
    call_at(40);
    call_at(100);
    return 0;
}
"""


@needs_gcc
def test_a_call_has_room_after_what_was_wanted_is_done(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "stack.h").write_text(STACK_H)
    (tmp_path / "program.c").write_text(PROGRAM)
    sources = [str(tmp_path / "program.c"), str(SYSTEM / "interruption.c")]
    folders = [f"-I{tmp_path}", f"-I{SYSTEM}"]
    binary = str(tmp_path / "program")
    subprocess.run(["gcc", "-Wall", *folders, *sources, "-o", binary], check=True)
    printed = subprocess.run([binary], capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == [
        "0 1 1000 0",
        "0 2 1000 0",
        "1 2 0 0",
        "0 2 1000 0",
        "1 2 0 2",
        "1 2 0 2",
        "0 2 1000 0",
        "0 2 50 0",
        "1 2 50 0",
    ]
