/* libmdvm inside another process: entering the VM, the stack it runs on, and how a running program is interrupted.

   The embedding process calls the functions here, one at a time (only mdvm_interrupt may come at any moment); they call the
   entry points of mdvm/embed.py.  The VM always runs on one large stack of its own, whichever thread calls: so programs can
   recurse as deep as under mdvm-c, and RPython's check of the stack knows one stack only.  What the VM calls back runs on the
   caller's stack again.

   To interrupt a program costs the running program almost nothing until it happens.  Loops look at mdvm_requests once a turn.  Calls need no look: they check the stack anyway, and an interrupted program has none left. */

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "src/stack.h"
#include "embedding.h"

void rpython_startup_code(void);
long mdvm_enter_start(void);
long mdvm_enter_request(long what, long number, const char *bytes, long size);
long mdvm_enter_run(long program, long function, const char *bytes, long size, long count, long variant);

/* ____________________________________________________________ stacks */

#define LARGEST_STACK (256L << 20)
#define SMALLEST_STACK (1L << 20)
#define GUARD_SIZE 65536L
#define STACK_RESERVE (256L << 10)  /* below the limit: room to report the overflow, and for C functions that do not check */

#define RED_ZONE 256    /* below the stack pointer: code may use it without moving the pointer */

/* Calls function(argument) with the stack pointer at top, a multiple of 16.  *left_at: where the pointer stood. */
static void call_on_stack(char *top, char **left_at, void (*function)(void *), void *argument)
{
#if defined(__x86_64__)
    __asm__ volatile(
        "movq %%rsp, (%[left_at])\n\t"
        "movq %%rsp, %%rbx\n\t"
        "movq %[top], %%rsp\n\t"
        "callq *%[function]\n\t"
        "movq %%rbx, %%rsp"
        : "+D"(argument)
        : [top] "r"(top), [left_at] "r"(left_at), [function] "r"(function)
        : "rbx", "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "cc", "memory",
          "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
          "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
#elif defined(__aarch64__)
    register void *first __asm__("x0") = argument;
    __asm__ volatile(
        "mov x19, sp\n\t"
        "str x19, [%[left_at]]\n\t"
        "mov sp, %[top]\n\t"
        "blr %[function]\n\t"
        "mov sp, x19"
        : "+r"(first)
        : [top] "r"(top), [left_at] "r"(left_at), [function] "r"(function)
        : "x19", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
          "x16", "x17", "x30", "cc", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16", "v17", "v18", "v19",
          "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
#else
    /* No switching here: the VM makes do with the caller's stack. */
    char here;
    (void)top;
    *left_at = &here;
    function(argument);
#endif
}

#if defined(__x86_64__) || defined(__aarch64__)
#  define HAS_OWN_STACK 1
#else
#  define HAS_OWN_STACK 0
#endif

#define DEFAULT_LENGTH (512L << 10) /* of the caller's stack, where there is none of our own */

static char *own_stack_top = NULL;
static long stack_length = DEFAULT_LENGTH;
static char *callers_stack;         /* where the caller's stack pointer stands while the VM runs */

/* Returns 0 if there is no memory for a stack. */
static int make_stack(void)
{
    if (!HAS_OWN_STACK)
        return 1;
    for (long size = LARGEST_STACK; size >= SMALLEST_STACK; size /= 2) {
        char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        if (stack == MAP_FAILED)
            continue;
        mprotect(stack, GUARD_SIZE, PROT_NONE);
        own_stack_top = stack + size;
        stack_length = size - size / 8 - STACK_RESERVE;
        return 1;
    }
    return 0;
}

/* RPython keeps for each thread where its stack begins.  For all of them that is our own stack. */
static void announce_stack(void)
{
    static __thread int announced = 0;
    char here;
    char *top = own_stack_top ? own_stack_top : &here;
    rpy_stacktoobig.stack_end = top;
    if (!announced) {
        announced = 1;
        rpy_stacktoobig.stack_length = stack_length;
        LL_stack_too_big_slowpath((long)top);
    }
}

static void enter(void (*function)(void *), void *argument)
{
    call_on_stack(own_stack_top, &callers_stack, function, argument);
}

/* ____________________________________________________________ interruption */

struct mdvm_requests mdvm_requests;

/* Compiled code that calls no macro takes the function's address. */
#undef mdvm_requests_address
void *mdvm_requests_address(void)
{
    return &mdvm_requests;
}

static pthread_t main_thread;
static volatile sig_atomic_t main_thread_runs = 0;
static struct sigaction embedder_action;    /* what SIGINT did before we came between */

void mdvm_set_main_thread(unsigned long thread)
{
    main_thread = (pthread_t)thread;
}

/* Ends the running program, or else the next.  Safe in a signal handler and in any thread. */
void mdvm_interrupt(void)
{
    *(volatile long *)&mdvm_requests.interruption = 1;
    *(volatile long *)&rpy_stacktoobig.stack_length = 0;
}

void mdvm_end_interruption(void)
{
    *(volatile long *)&mdvm_requests.interruption = 0;
    *(volatile long *)&rpy_stacktoobig.stack_length = stack_length;
}

/* Has a program that runs with PROFILE take a sample, see mdvm/profiler.py.  Safe in any thread. */
void mdvm_request_sample(void)
{
    *(volatile long *)&mdvm_requests.sample = 1;
}

static void on_interrupt(int number, siginfo_t *information, void *context)
{
    if (main_thread_runs)
        mdvm_interrupt();
    if (embedder_action.sa_flags & SA_SIGINFO)
        embedder_action.sa_sigaction(number, information, context);
    else
        embedder_action.sa_handler(number);
}

/* The embedding process may have set another handler since the last time.  Ours calls it, but knows of SIGINT at once. */
static void come_between(void)
{
    struct sigaction action;
    if (sigaction(SIGINT, NULL, &action) != 0 || action.sa_sigaction == on_interrupt
            || action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN)
        return;
    embedder_action = action;
    action.sa_sigaction = on_interrupt;
    action.sa_flags |= SA_SIGINFO;
    sigaction(SIGINT, &action, NULL);
}

/* ____________________________________________________________ answers and output */

struct mdvm_answer mdvm_answer;

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

static mdvm_sink output_sink;

struct output {
    const char *bytes;
    long size;
    long result;
};

static void pass_output(void *argument)
{
    struct output *output = argument;
    output->result = output_sink(output->bytes, output->size);
}

/* Gives the bytes to the embedding process, on the stack that it called us on. */
long mdvm_take_output(const char *bytes, long size)
{
    struct output output = {bytes, size, 0};
    char *left_at;
    char *top = (char *)(((unsigned long)callers_stack - RED_ZONE) & ~15UL);
    call_on_stack(top, &left_at, pass_output, &output);
    return output.result;
}

/* ____________________________________________________________ entry points */

struct call {
    long numbers[4];
    const char *bytes;
    long size;
    long result;
};

static void do_start(void *argument)
{
    struct call *call = argument;
    rpython_startup_code();
    announce_stack();
    call->result = mdvm_enter_start();
}

/* Starts the VM.  Returns 0, or 1 if there is no memory for it. */
long mdvm_start(mdvm_sink sink, unsigned long thread)
{
    struct call call = {{0}, NULL, 0, 0};
    if (!make_stack())
        return 1;
    output_sink = sink;
    mdvm_set_main_thread(thread);
    enter(do_start, &call);
    return call.result;
}

static void do_request(void *argument)
{
    struct call *call = argument;
    announce_stack();
    call->result = mdvm_enter_request(call->numbers[0], call->numbers[1], call->bytes, call->size);
}

/* See mdvm/embed.py. */
long mdvm_request(int what, long number, const char *bytes, int size)
{
    struct call call = {{what, number, 0, 0}, bytes, size, 0};
    enter(do_request, &call);
    return call.result;
}

static void do_run(void *argument)
{
    struct call *call = argument;
    announce_stack();
    call->result = mdvm_enter_run(call->numbers[0], call->numbers[1], call->bytes, call->size, call->numbers[2], call->numbers[3]);
}

/* The same.  Plain ints, because ctypes passes them several times as fast as anything else. */
long mdvm_run(int program, int function, const char *bytes, int size, int count, int variant)
{
    struct call call = {{program, function, count, variant}, bytes, size, 0};
    int in_main_thread = pthread_equal(pthread_self(), main_thread);
    if (in_main_thread) {
        come_between();
        main_thread_runs = 1;
    }
    enter(do_run, &call);
    if (in_main_thread)
        main_thread_runs = 0;
    if (mdvm_requests.interruption)
        mdvm_end_interruption();
    return call.result;
}
