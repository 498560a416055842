/* What others want of the running program: that it ends, or that it pauses, so that output is delivered or signals are heard.

   Asking costs a program almost nothing until it happens.  Loops look at mdvm_requests once an iteration.  Calls need no look:
   they check the stack anyway; whoever asks takes its length down to nothing, and the slow path of the check, which is here, sees
   what is wanted.  A program that has only paused goes on from there. */

#include <stddef.h>
#include "src/stack.h"
#include "coroutine.h"
#include "interruption.h"

#define WANT_PAUSE 1L
#define WANT_END(why) (2L << (why))

struct mdvm_requests mdvm_requests;
long (*mdvm_pause)(void) = NULL;

static long wanted = 0;
static long ending = 0;     /* why the program is to end.  Then the flags stay raised until it has. */

/* Compiled code that calls no macro takes the function's address. */
#undef mdvm_requests_address
void *mdvm_requests_address(void)
{
    return &mdvm_requests;
}

static void raise_flags(void)
{
    __atomic_store_n(&mdvm_requests.interruption, 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&rpy_stacktoobig.stack_length, 0, __ATOMIC_SEQ_CST);
}

static void lower_flags(void)
{
    __atomic_store_n(&mdvm_requests.interruption, 0, __ATOMIC_SEQ_CST);
    /* Where nobody pauses the length is not ours, and nobody has asked for anything but the end. */
    if (mdvm_pause)
        __atomic_store_n(&rpy_stacktoobig.stack_length, mdvm_stack_length, __ATOMIC_SEQ_CST);
}

/* First what is wanted, then the flags; mdvm_attend lowers the flags first: so nothing is overlooked. */
static void want(long what)
{
    __atomic_or_fetch(&wanted, what, __ATOMIC_SEQ_CST);
    raise_flags();
}

/* Has the running program, or else the next, pause soon if it has a reason to.  Safe in a signal handler and in any thread. */
void mdvm_want_pause(void)
{
    want(WANT_PAUSE);
}

/* Ends it.  The same. */
void mdvm_want_end(int why)
{
    want(WANT_END(why));
}

/* The same for the GC, which must not raise an error wherever an object is made. */
void mdvm_want_overflow(void)
{
    want(WANT_END(MDVM_OVERFLOW));
}

/* Forgets what was wanted, before a program begins. */
void mdvm_clear_requests(void)
{
    ending = 0;
    if (mdvm_requests.interruption) {
        lower_flags();
        __atomic_store_n(&wanted, 0, __ATOMIC_SEQ_CST);
    }
}

/* Whether the program is to end, although it may not have seen that yet. */
int mdvm_end_is_wanted(void)
{
    return ending || __atomic_load_n(&wanted, __ATOMIC_SEQ_CST) > WANT_PAUSE;
}

static long end(long why)
{
    ending = why;
    raise_flags();
    return why;
}

/* Does what is wanted.  Returns why the program is to end, or 0. */
long mdvm_attend(void)
{
    if (ending)
        return ending;
    lower_flags();
    long what = __atomic_exchange_n(&wanted, 0, __ATOMIC_SEQ_CST);
    if (what & WANT_END(MDVM_ENDED))
        return end(MDVM_ENDED);
    if (what & WANT_END(MDVM_TIMEOUT))
        return end(MDVM_TIMEOUT);
    if (what & WANT_END(MDVM_OVERFLOW))
        return end(MDVM_OVERFLOW);
    if (what & WANT_PAUSE && mdvm_pause) {
        long why = mdvm_pause();
        if (why)
            return end(why);
    }
    return 0;
}

/* Why the program is to end, 0 if nobody wants it to. */
long mdvm_ending(void)
{
    return ending;
}

/* The length is what it is while nobody wants anything.  If somebody has raised the first flag before it is looked at here, the
   length is nothing again; if later, then the second one too. */
static void restore_length(void)
{
    __atomic_store_n(&rpy_stacktoobig.stack_length, mdvm_stack_length, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&mdvm_requests.interruption, __ATOMIC_SEQ_CST))
        __atomic_store_n(&rpy_stacktoobig.stack_length, 0, __ATOMIC_SEQ_CST);
}

/* In the place of RPython's LL_stack_too_big_slowpath, see translation/calls.py: whether there is no room for a call at `current`.
   An end is told as that too.

   The length may be nothing although nobody wants anything: whoever asked was held up between the two flags, while the program
   saw the first one, did what was wanted, and lowered both. */
char mdvm_stack_slowpath(long current)
{
    int is_wanted = mdvm_requests.interruption != 0;
    if (is_wanted && mdvm_attend())
        return LL_stack_too_big_slowpath(current);
    if ((is_wanted || mdvm_pause)
            && (unsigned long)(rpy_stacktoobig.stack_end - (char *)current) <= (unsigned long)mdvm_stack_length) {
        if (mdvm_pause)
            restore_length();
        return 0;
    }
    return LL_stack_too_big_slowpath(current);
}

/* In the place of RPython's LL_stack_set_length_fraction, of the RPythons that limit the length to the system's stack: the VM runs on
   one that it has made. */
void mdvm_set_stack_length(double fraction)
{
    rpy_stacktoobig.stack_length = (long)(MAX_STACK_SIZE * fraction);
}
