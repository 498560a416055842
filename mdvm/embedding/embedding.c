/* libmdvm inside another process: who is in the VM, and how a run pauses and ends.

   The embedding process calls the functions here; they call the entry points of mdvm/embedding/entry_points.py in a coroutine (coroutine.c).  They
   call nothing back: a call that has something to say before it is over pauses, and returns what it is, as mdvm/embedding/protocol.py lists
   it: output to be taken, or nothing but room for the handlers of signals.  Then mdvm_resume goes on.  So what a handler or
   a destination of output raises is raised in ordinary code of the embedding process, and mdvm_leave ends what has paused.

   One thread is in the VM at a time: from mdvm_hold to mdvm_leave, or from another call on, to mdvm_leave if that leaves an answer.
   A handler of a signal that runs in that thread meanwhile, between two calls, is refused: it would use up what was prepared for the run
   that follows, or overwrite the answer that has not been read.

   A process may load several copies of the library from files of their own: each is a VM by itself, with its own heap, watcher and
   lock, which can be closed. */

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "src/stack.h"
#include "src/threadlocal.h"
#include "coroutine.h"
#include "embedding.h"
#include "forks.h"
#include "interruption.h"
#include "memory.h"
#include "thread_states.h"
#include "watcher.h"

extern long rpy_fastgil;

void rpython_startup_code(void);
long mdvm_enter_start(void);
long mdvm_enter_request(long what, long number, const char *bytes, long size);
long mdvm_enter_run(long program, long function, const char *bytes, long size, long count, long variant);

/* Of mdvm/embedding/protocol.py. */
#define NO_VALUE 0
#define ASK 16
#define HELD 1024
#define OUTPUT (-10)
#define POLL (-11)
#define WAITING (-12)
#define NESTED (-13)
#define TIMED_OUT (-14)
#define ENDED (-15)
#define UNWATCHED (-16)
#define LOST (-17)
#define GONE (-18)
#define STUCK (-19)
#define HOST_CALL (-21)
#define CROSSED (-22)
#define CLOSED (-23)

/* The reason of a pause that nobody outside hears of. */
#define FORK (-20)

/* ____________________________________________________________ threads */

static pthread_t main_thread;       /* as the embedding process says; libraries of green threads change what Python says */

static __thread int is_known = 0, is_main = 0;

/* Whether handlers of signals run in this thread.  To say so of one where they do not costs a little and harms nothing. */
static int is_main_thread(void)
{
    if (!is_known) {
        is_known = 1;
        is_main = pthread_equal(pthread_self(), main_thread);
        is_main |= mdvm_this_thread() == getpid();
    }
    return is_main;
}

/* RPython keeps for each thread where its stack begins.  For all of them that is our own stack.

   To be called before the VM is entered: for a thread that is new to it RPython takes a lock, which a fork holds from before it waits
   for the VM to pause. */
static void announce_stack(void)
{
    static __thread int announced = 0;
    rpy_stacktoobig.stack_end = mdvm_own_stack_top;
    if (!announced) {
        announced = 1;
        LL_stack_too_big_slowpath((long)mdvm_own_stack_top);
    }
}

/* ____________________________________________________________ who is in the VM */

static long owner = 0;      /* a thread, 0 for none; atomic */
static int is_held = 0;     /* whether it stays there between calls */
static int is_orphaned = 0; /* whether what has paused belongs to a thread that is gone */
static int is_lost = 0;     /* whether such a thread was amid the VM */
static int refused = 0;     /* how many calls out of the output of the owner's run have been refused, and not left yet */
static int is_closing = 0;  /* whether nobody may enter any more; atomic */
static int waiting = 0;     /* how many threads wait; atomic, changed under the gate */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left;

/* ____________________________________________________________ the call that goes on */

static struct call {
    long numbers[4];
    const char *bytes;
    long size;
    long result;
    long paused_for;        /* OUTPUT, POLL or HOST_CALL */
    long long deadline;     /* 0 for none */
    int *ended;             /* where its handle says that it is to end, NULL for none */
    int is_limited;         /* whether it has a deadline or a handle */
    int is_in_main_thread;
    int is_abandoned;
} call;

static int by_line = 1;     /* whether output is wanted line by line: until the first line has been answered */

/* ____________________________________________________________ calls within calls */

/* A run that waits for a function of the embedding process, while that does something else in the VM. */
#define MOST_OUTER 200

static struct outer {
    struct call call;
    struct mdvm_paused coroutine;
    struct mdvm_bytes output;
    int is_held, refused, by_line;
} outer_calls[MOST_OUTER];

int mdvm_level = 0;         /* how many of them there are */

static int put_call_aside(void)
{
    struct outer *outer = &outer_calls[mdvm_level];
    if (mdvm_level == MOST_OUTER || !mdvm_put_aside(&outer->coroutine))
        return 0;
    outer->call = call;
    outer->output = mdvm_output;
    outer->is_held = is_held;
    outer->refused = refused;
    outer->by_line = by_line;
    is_held = refused = 0;
    mdvm_level++;
    return 1;
}

/* Takes the last one back.  What has begun after it has ended. */
static void take_call_back(void)
{
    struct outer *outer = &outer_calls[--mdvm_level];
    mdvm_take_back(&outer->coroutine);
    call = outer->call;
    mdvm_output = outer->output;
    is_held = outer->is_held;
    refused = outer->refused;
    by_line = outer->by_line;
    mdvm_clear_requests();
    mdvm_begin_watch(call.deadline, call.ended);
}


static void abandon_all(void);

static int take_vm(long me)
{
    long nobody = 0;
    if (!__atomic_compare_exchange_n(&owner, &nobody, me, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return 0;
    if (is_orphaned)
        abandon_all();
    return 1;
}

/* The same from a thread that has ended while it was in the VM. */
static int take_vm_of_the_dead(long me, long dead)
{
    if (mdvm_is_in_coroutine() || !__atomic_compare_exchange_n(&owner, &dead, me, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        return 0;
    is_held = refused = 0;
    abandon_all();
    return 1;
}

#define LOOK_EVERY (MDVM_SECOND / 10)
#define PATIENCE (2 * MDVM_SECOND)

static long pauses = 0;             /* how many there have been; atomic */
static int has_been_stuck = 0;      /* in this run: then nobody need be patient again */

/* Whether whoever is in the VM has paused and does nothing but wait for another thread, so that it may be this one.  To be called
   again and again: it must have been one wait for a while. */
static int is_stuck(long other, long long now)
{
    static __thread struct mdvm_look before;
    static __thread long pause_before = 0;
    static __thread long long since = 0, looked_at = 0;
    struct mdvm_look look;
    long pause = __atomic_load_n(&pauses, __ATOMIC_SEQ_CST);
    if (now - looked_at < LOOK_EVERY)
        return 0;
    looked_at = now;
    if (mdvm_is_in_coroutine() || !mdvm_waits_for_thread(other, &look)) {
        since = 0;
        return 0;
    }
    if (since == 0 || pause != pause_before || memcmp(&look, &before, sizeof look) != 0) {
        since = now;
        pause_before = pause;
        before = look;
        return 0;
    }
    if (!has_been_stuck && now - since < PATIENCE)
        return 0;
    has_been_stuck = 1;
    return 1;
}

/* The same as enter, with the gate locked. */
static long wait_for_vm(long me, long long deadline, const int *ended)
{
    int may_hear = is_main_thread();
    for (;;) {
        struct timespec until;
        long long now = mdvm_now(), wakes_at = now + LOOK_EVERY;
        long other = __atomic_load_n(&owner, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&is_closing, __ATOMIC_SEQ_CST))
            return CLOSED;
        if (take_vm(me) || (other && mdvm_is_gone(other) && take_vm_of_the_dead(me, other)))
            return 0;
        if (ended && *ended)
            return ENDED;
        if (deadline && now >= deadline)
            return TIMED_OUT;
        if (may_hear < 0)
            return WAITING;
        if (is_stuck(other, now))
            return STUCK;
        if (may_hear) {
            wakes_at = now + MDVM_TICK;
            may_hear = -1;
        }
        if (deadline && deadline < wakes_at)
            wakes_at = deadline;
        mdvm_to_timespec(wakes_at, &until);
        pthread_cond_timedwait(&left, &gate, &until);
    }
}

/* Whether the thread that is in the VM may make a call of it now.  belongs: whether that belongs to what has begun with mdvm_hold. */
static int may_go_on(int belongs)
{
    if (mdvm_is_paused())
        return call.paused_for == HOST_CALL && put_call_aside();
    return is_held && belongs;
}

/* Lets this thread in.  Returns 0, or one of the numbers above if it is not in: WAITING if it should call again. */
static long enter(long long deadline, const int *ended, int belongs)
{
    long me = mdvm_this_thread(), result;
    if (__atomic_load_n(&is_closing, __ATOMIC_SEQ_CST) && __atomic_load_n(&owner, __ATOMIC_SEQ_CST) != me)
        return CLOSED;
    if (take_vm(me))
        return 0;
    if (is_lost)
        return LOST;
    if (__atomic_load_n(&owner, __ATOMIC_SEQ_CST) == me) {
        if (may_go_on(belongs))
            return 0;
        refused++;
        return NESTED;
    }
    pthread_mutex_lock(&gate);
    __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    result = wait_for_vm(me, deadline, ended);
    __atomic_sub_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_unlock(&gate);
    return result;
}

static void let_others_in(void)
{
    if (mdvm_level > 0) {
        take_call_back();
        return;
    }
    is_held = refused = 0;
    __atomic_store_n(&owner, 0, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST)) {
        pthread_mutex_lock(&gate);
        pthread_cond_broadcast(&left);
        pthread_mutex_unlock(&gate);
    }
}

/* To be called at the end of a call that leaves no answer. */
static void let_others_in_unless_held(void)
{
    if (!is_held && mdvm_level == 0)
        let_others_in();
}

static void make_condition(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&left, &attributes);
}

/* The child of a fork has none of the other threads. */
static void forget_threads(void)
{
    long before = mdvm_this_thread();
    mdvm_forget_this_thread();
    mdvm_forget_entering_thread();
    if (owner == before)
        owner = mdvm_this_thread();
    else if (owner && owner != CLOSED) {
        is_lost = mdvm_is_in_coroutine();
        is_orphaned = mdvm_is_paused() || mdvm_level > 0;
        is_held = refused = 0;
        if (!is_lost)
            owner = 0;
    }
    pthread_mutex_init(&gate, NULL);
    make_condition();
    waiting = 0;
    main_thread = pthread_self();
    is_known = is_main = 1;
}

/* Ends the run of this handle, and its waits, if it goes on or when it begins.  Safe in any thread. */
void mdvm_end(int *ended)
{
    mdvm_end_watched(ended);
    pthread_mutex_lock(&gate);
    pthread_cond_broadcast(&left);
    pthread_mutex_unlock(&gate);
}

/* Has a program that runs with PROFILE take a sample, see mdvm/debugging/profiler.py.  Safe in any thread. */
void mdvm_request_sample(void)
{
    *(volatile long *)&mdvm_requests.sample = 1;
}

/* ____________________________________________________________ answers */

struct mdvm_bytes mdvm_answer;

#define KEPT_SIZE 65536L

static char kept[KEPT_SIZE];
static char *large = NULL;

/* Puts a copy of the bytes into mdvm_answer, where it stays until the next answer. */
void mdvm_give_answer(const char *bytes, long size)
{
    free(large);
    large = NULL;
    mdvm_answer.bytes = kept;
    mdvm_answer.size = size;
    if (size > KEPT_SIZE) {
        large = malloc(size);
        mdvm_answer.bytes = large;
        if (large == NULL)
            mdvm_answer.size = -1;
    }
    if (mdvm_answer.size > 0)
        memcpy((char *)mdvm_answer.bytes, bytes, size);
}

/* ____________________________________________________________ output */

#define BUFFER_SIZE 65536L
#define PATIENCE_MS 1000    /* how long the end of a line waits for a reader that does not read */

static char buffer[BUFFER_SIZE];
static volatile long buffered = 0;

struct mdvm_bytes mdvm_output;  /* what a pause for OUTPUT is for; mdvm_write moves it on */
static int is_within_line = 0;  /* whether mdvm_write has written the beginning of a line and not its end */

static long pause_for(long reason)
{
    call.paused_for = reason;
    __atomic_add_fetch(&pauses, 1, __ATOMIC_SEQ_CST);
    mdvm_pause_coroutine();
    return call.is_abandoned ? MDVM_ABANDONED : 0;
}

static long deliver(const char *bytes, long size)
{
    mdvm_output.bytes = bytes;
    mdvm_output.size = size;
    return pause_for(OUTPUT);
}

/* Returns 0, or MDVM_ABANDONED if nobody wants it. */
static long deliver_buffered(void)
{
    long refused = 0;
    if (buffered > 0 && !call.is_abandoned)
        refused = deliver(buffer, buffered);
    buffered = 0;
    return refused;
}

/* Takes bytes that the program prints, with a line's end behind them if is_line.  Returns 0; 1 if nobody wants them; 2 if there is no
   memory. */
long mdvm_take_output(const char *bytes, long size, long is_line)
{
    if (call.is_abandoned)
        return 1;
    if (size + is_line > BUFFER_SIZE - buffered && deliver_buffered())
        return 1;
    if (size + is_line > BUFFER_SIZE) {
        char *whole = malloc(size + is_line);
        long refused;
        if (whole == NULL)
            return 2;
        memcpy(whole, bytes, size);
        if (is_line)
            whole[size] = '\n';
        refused = deliver(whole, size + is_line);
        free(whole);
        return refused != 0;
    }
    memcpy(buffer + buffered, bytes, size);
    if (is_line)
        buffer[buffered + size] = '\n';
    buffered += size + is_line;
    if (by_line && buffer[buffered - 1] == '\n')
        return deliver_buffered() != 0;
    return 0;
}

/* ____________________________________________________________ functions of the embedding process */

static struct mdvm_bytes reply;

/* Pauses for one: bytes say which, and with which arguments.  Returns the size of its result, which mdvm_reply then gives, or -1 if the
   run is to end. */
long mdvm_call_host(const char *bytes, long size)
{
    long is_ended, gil = rpy_fastgil;
    if (call.is_abandoned || deliver_buffered())
        return -1;
    mdvm_output.bytes = bytes;
    mdvm_output.size = size;
    rpy_fastgil = 0;    /* another run takes RPython's lock, which stands for the one thread that is in the VM */
    is_ended = pause_for(HOST_CALL);
    rpy_fastgil = gil;
    return is_ended ? -1 : reply.size;
}

char *mdvm_reply(void)
{
    return (char *)reply.bytes;
}

/* ____________________________________________________________ writing */

#define GIVEN_UP (-1)

/* Waits until the descriptor takes at least PIPE_BUF bytes.  Returns 0, errno, or GIVEN_UP if the run is to end. */
static int wait_for_reader(int descriptor)
{
    for (;;) {
        struct pollfd ready = {descriptor, POLLOUT, 0};
        int count;
        if (mdvm_end_is_wanted())
            return GIVEN_UP;
        count = poll(&ready, 1, call.is_limited ? (int)(MDVM_TICK / 1000000) : -1);
        if (count < 0)
            return errno;
        if (count > 0)
            return 0;
    }
}

/* Writes what is to be taken, as far as a signal lets it.  Returns 0 when it is all written; errno: EINTR if signals may have come,
   after which the same call goes on; GIVEN_UP if the run is to end and the reader does not read. */
int mdvm_write(int descriptor)
{
    while (mdvm_output.size > 0) {
        long size = mdvm_output.size;
        ssize_t written;
        if (call.is_limited) {
            /* A write must not wait, as its deadline would not be heeded. */
            int problem = wait_for_reader(descriptor);
            if (problem)
                return problem;
            if (size > PIPE_BUF)
                size = PIPE_BUF;
        }
        written = write(descriptor, mdvm_output.bytes, size);
        if (written > 0) {
            mdvm_output.bytes += written;
            mdvm_output.size -= written;
            is_within_line = mdvm_output.bytes[-1] != '\n';
            if (written < size)
                return EINTR;
        }
        else if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            int problem = wait_for_reader(descriptor);
            if (problem)
                return problem;
        }
        else if (written < 0)
            return errno;
    }
    return 0;
}

/* Writes the end of a line whose beginning is written, unless its reader does not read. */
static void complete_line(int descriptor)
{
    const char *end = memchr(mdvm_output.bytes, '\n', mdvm_output.size);
    long size = end ? end + 1 - mdvm_output.bytes : mdvm_output.size;
    while (size > 0) {
        struct pollfd ready = {descriptor, POLLOUT, 0};
        int count = poll(&ready, 1, PATIENCE_MS);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        ssize_t written = write(descriptor, mdvm_output.bytes, size < PIPE_BUF ? size : PIPE_BUF);
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return;
        if (written > 0) {
            mdvm_output.bytes += written;
            size -= written;
        }
    }
}

/* ____________________________________________________________ pauses and ends */

static int may_pause(void)
{
    return buffered > 0 || call.is_in_main_thread || mdvm_is_forking();
}

static long pause_if_reasonable(void)
{
    if (call.is_abandoned)
        return MDVM_ABANDONED;
    if (mdvm_is_forking())
        return pause_for(FORK);
    if (buffered > 0)
        return deliver_buffered();
    return call.is_in_main_thread ? pause_for(POLL) : 0;
}

static void finish(void)
{
    mdvm_end_watch(call.is_limited);
    buffered = 0;
}

/* is_paused: whether the call has paused, and not ended.  Returns why, or what it has ended with. */
static long say(int is_paused)
{
    while (is_paused && call.paused_for == FORK)
        is_paused = mdvm_continue_coroutine();      /* when the fork is over */
    if (is_paused)
        return call.paused_for;
    finish();
    return call.result;
}

/* Goes on with the call that has paused.  lines: whether output is wanted line by line from now on.  GONE if nothing has paused in
   this thread. */
long mdvm_resume(int lines)
{
    if (__atomic_load_n(&owner, __ATOMIC_SEQ_CST) != mdvm_this_thread() || !mdvm_is_paused())
        return GONE;
    refused = 0;
    if (call.paused_for == OUTPUT)
        by_line = lines;
    is_within_line = 0;
    return say(mdvm_continue_coroutine());
}

/* Goes on with the call that has paused at that level for a function of this process: with its result. */
long mdvm_give_result(int level, const char *bytes, long size)
{
    if (__atomic_load_n(&owner, __ATOMIC_SEQ_CST) != mdvm_this_thread())
        return GONE;
    if (level != mdvm_level)
        return CROSSED;
    if (!mdvm_is_paused() || call.paused_for != HOST_CALL)
        return GONE;
    refused = 0;
    reply.bytes = bytes;
    reply.size = size;
    is_within_line = 0;
    return say(mdvm_continue_coroutine());
}

/* Ends what has paused. */
static void abandon(void)
{
    announce_stack();
    is_orphaned = 0;
    is_within_line = 0;
    call.is_abandoned = 1;
    mdvm_want_end(MDVM_ENDED);
    while (mdvm_continue_coroutine())
        ;
    finish();
}

/* The same with all that it is within, of a thread that is gone. */
static void abandon_all(void)
{
    for (;;) {
        if (mdvm_is_paused())
            abandon();
        if (mdvm_level == 0)
            break;
        take_call_back();
    }
    is_held = refused = 0;
}

/* To be called after each call, whatever it has come to: ends what has paused, and lets others in.  Nothing happens in a thread that is
   not in the VM, and after a call that was refused because the thread is in it with another. */
void mdvm_leave(void)
{
    if (__atomic_load_n(&owner, __ATOMIC_SEQ_CST) != mdvm_this_thread())
        return;
    if (refused > 0) {
        refused--;
        return;
    }
    if (mdvm_is_paused()) {
        if (call.paused_for == OUTPUT && is_within_line)
            complete_line(1);
        abandon();
    }
    let_others_in();
}

/* ____________________________________________________________ entry points */

static void do_start(void *unused)
{
    (void)unused;
    rpython_startup_code();
    rpy_stacktoobig.stack_length = mdvm_stack_length;
    announce_stack();
    call.result = mdvm_enter_start();
}

/* Starts the VM, if it does not run yet: all copies of the package and all interpreters of a process share it.  thread: the one where
   signals are heard, 0 if the caller does not know.  Returns 0, or 1 if there is no memory for it. */
long mdvm_start(unsigned long thread)
{
    static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;
    static int is_started = 0;
    static long result = 0;
    pthread_mutex_lock(&starting);
    if (!is_started && mdvm_make_stack()) {
        is_started = 1;
        make_condition();
        mdvm_prepare_forks(forget_threads);
        mdvm_begin_coroutine(do_start, NULL);
        result = call.result;
        mdvm_pause = pause_if_reasonable;
        mdvm_may_pause = may_pause;
    }
    if (thread)
        main_thread = (pthread_t)thread;
    pthread_mutex_unlock(&starting);
    return is_started ? result : 1;
}

/* Ends this VM for good: what runs in it, as its handle would, and gives back all the memory that it has.  Every call is CLOSED from
   now on.  Returns 0; NESTED if this thread is in the VM; WAITING if another one still is, and this is to be called again.

   The owner is from then on one that is no thread. */
long mdvm_close(void)
{
    long me = mdvm_this_thread(), result = WAITING;
    long long now, until = mdvm_now() + MDVM_TICK;
    if (__atomic_load_n(&owner, __ATOMIC_SEQ_CST) == me)
        return NESTED;
    __atomic_store_n(&is_closing, 1, __ATOMIC_SEQ_CST);
    if (mdvm_own_stack_top == NULL || __atomic_load_n(&owner, __ATOMIC_SEQ_CST) == CLOSED)
        return 0;
    pthread_mutex_lock(&gate);
    pthread_cond_broadcast(&left);
    __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    while (result == WAITING && (now = mdvm_now()) < until) {
        struct timespec next;
        long other = __atomic_load_n(&owner, __ATOMIC_SEQ_CST);
        if (take_vm(CLOSED) || (other > 0 && mdvm_is_gone(other) && take_vm_of_the_dead(CLOSED, other)))
            result = 0;
        else {
            mdvm_want_end(MDVM_ENDED);      /* again and again: the next run may just have begun */
            mdvm_to_timespec(now + MDVM_TICK / 10, &next);
            pthread_cond_timedwait(&left, &gate, &next);
        }
    }
    __atomic_sub_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_unlock(&gate);
    if (result == 0) {
        mdvm_stop_watch();
        pthread_key_delete(pypy_threadlocal_key);   /* its destructor must not be called when the library is gone */
        large = NULL;
        mdvm_free_everything();
    }
    return result;
}

static void begin_call(long first, long second, const char *bytes, long size)
{
    call.numbers[0] = first;
    call.numbers[1] = second;
    call.bytes = bytes;
    call.size = size;
    call.is_limited = 0;
    call.deadline = 0;
    call.ended = NULL;
    call.is_abandoned = 0;
    call.is_in_main_thread = is_main_thread();
    buffered = 0;
    has_been_stuck = 0;
    announce_stack();
    mdvm_clear_requests();
}

static void do_request(void *unused)
{
    (void)unused;
    call.result = mdvm_enter_request(call.numbers[0], call.numbers[1], call.bytes, call.size);
}

/* See mdvm/embedding/entry_points.py. */
long mdvm_request(int what, long number, const char *bytes, long size)
{
    long result = enter(0, NULL, what & HELD);
    if (result)
        return result;
    what &= ~HELD;
    begin_call(what, number, bytes, size);
    mdvm_begin_watch(0, NULL);
    result = say(mdvm_begin_coroutine(do_request, NULL));
    if (result >= 0 && what < ASK)
        let_others_in_unless_held();
    return result;
}

static void do_run(void *unused)
{
    (void)unused;
    call.result = mdvm_enter_run(call.numbers[0], call.numbers[1], call.bytes, call.size, call.numbers[2], call.numbers[3]);
    deliver_buffered();     /* before the run is over */
}

static long begin_run(int program, int function, const char *bytes, int size, int count, int variant, long long deadline, int *ended)
{
    long result;
    begin_call(program, function, bytes, size);
    call.numbers[2] = count;
    call.numbers[3] = variant & ~HELD;
    if (mdvm_level > 0) {
        /* A run within another one has no more time than that, and ends with it. */
        const struct call *outer = &outer_calls[mdvm_level - 1].call;
        if (outer->deadline && (deadline == 0 || outer->deadline < deadline))
            deadline = outer->deadline;
        if (ended == NULL)
            ended = outer->ended;
    }
    call.is_limited = deadline != 0 || ended != NULL;
    call.deadline = deadline;
    call.ended = ended;
    by_line = 1;
    if (!mdvm_begin_watch(deadline, ended) && call.is_limited) {
        finish();
        let_others_in_unless_held();
        return UNWATCHED;
    }
    result = say(mdvm_begin_coroutine(do_run, NULL));
    if (result == NO_VALUE)
        let_others_in_unless_held();
    return result;
}

/* The same.  Plain ints, because ctypes passes them several times as fast as anything else. */
long mdvm_run(int program, int function, const char *bytes, int size, int count, int variant)
{
    long result = enter(0, NULL, variant & HELD);
    return result ? result : begin_run(program, function, bytes, size, count, variant, 0, NULL);
}

/* The same with a deadline of CLOCK_MONOTONIC, 0 for none, and where a handle says that the run is to end, NULL for none. */
long mdvm_run_limited(int program, int function, const char *bytes, int size, int count, int variant,
                      int seconds, int nanoseconds, int *ended)
{
    long long deadline = seconds * MDVM_SECOND + nanoseconds;
    long result = enter(deadline, ended, variant & HELD);
    return result ? result : begin_run(program, function, bytes, size, count, variant, deadline, ended);
}

/* Enters the VM, as that would, and stays there until mdvm_leave.  Returns 0, or one of the numbers above if it is not in. */
long mdvm_hold(int seconds, int nanoseconds, int *ended)
{
    long result = enter(seconds * MDVM_SECOND + nanoseconds, ended, 0);
    if (result == 0)
        is_held = 1;
    return result;
}
