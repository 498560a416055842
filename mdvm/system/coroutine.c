/* The VM of an embedding process is a coroutine: it has a large stack of its own, whichever thread calls, and can pause amid
   whatever it does, which returns to the caller, until the caller has it go on.

   So programs can recurse as deep as under mdvm-c, RPython's check of the stack knows one stack only, and nothing of the
   embedding process is ever called with frames of the VM below it. */

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include "coroutine.h"
#include "forks.h"
#include "memory.h"

#define LARGEST_STACK (160L << 20)
#define SMALLEST_STACK (1L << 20)
#define GUARD_SIZE 65536L
#define STACK_RESERVE (256L << 10)  /* below the limit: room to report the overflow, and for C functions that do not check */

/* What the VM takes at its start besides the stack, most of it address space only, and somewhat more: see ROOT_STACK_DEPTH in
   targetmdvm.py and RESERVE in memory.c.  RPython ends the process where it is refused that. */
#define NEEDED_AT_START (288L << 20)

char *mdvm_own_stack_top = NULL;
long mdvm_stack_length = 0;

static int is_available(long size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return 0;
    munmap(memory, size);
    return 1;
}

/* Returns 0 if there is no memory for a stack and for the VM. */
int mdvm_make_stack(void)
{
    long most = mdvm_most_stack();
    for (long size = LARGEST_STACK; size >= SMALLEST_STACK; size /= 2) {
        if (size > most && size / 2 >= SMALLEST_STACK)
            continue;
        char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        if (stack == MAP_FAILED)
            continue;
        if (!is_available(NEEDED_AT_START)) {
            munmap(stack, size);
            continue;
        }
        mprotect(stack, GUARD_SIZE, PROT_NONE);
        mdvm_own_stack_top = stack + size;
        mdvm_stack_length = size - size / 8 - STACK_RESERVE;
        return 1;
    }
    return 0;
}

/* ____________________________________________________________ the switch */

void mdvm_run_body(void) __attribute__((visibility("hidden"), used));

#if defined(__x86_64__) || defined(__aarch64__)

/* Leaves the registers that a function must keep on the stack, *left_at pointing to them, and takes those at `enter_at`. */
void mdvm_switch_stack(void **left_at, void *enter_at) __attribute__((visibility("hidden")));

/* Where the coroutine begins: calls mdvm_run_body, which does not return.

   Debuggers and profilers walk up the stack by the directives below.  Behind the switch the layout is the same on either stack.  The
   beginning tells them to go on where the caller was left, which stands above it on the coroutine's stack; that it looks like the
   frame of a signal's handler lets them go on to another stack, whether it lies above this one or below. */
void mdvm_begin_stack(void) __attribute__((visibility("hidden")));

#define CALLER_AT (*(void **)caller_slot)

static char *caller_slot = NULL;        /* 16 bytes below the top of the stack, or of what a coroutine put aside has left of it */

#if defined(__x86_64__)

#define KEPT_WORDS 6

__asm__(
    ".pushsection .text\n\t"
    ".p2align 4\n\t"
    ".globl mdvm_switch_stack\n\t"
    ".hidden mdvm_switch_stack\n\t"
    ".type mdvm_switch_stack, @function\n"
    "mdvm_switch_stack:\n\t"
    ".cfi_startproc\n\t"
    "pushq %rbp\n\t"
    ".cfi_def_cfa_offset 16\n\t"
    ".cfi_offset %rbp, -16\n\t"
    "pushq %rbx\n\t"
    ".cfi_def_cfa_offset 24\n\t"
    ".cfi_offset %rbx, -24\n\t"
    "pushq %r12\n\t"
    ".cfi_def_cfa_offset 32\n\t"
    ".cfi_offset %r12, -32\n\t"
    "pushq %r13\n\t"
    ".cfi_def_cfa_offset 40\n\t"
    ".cfi_offset %r13, -40\n\t"
    "pushq %r14\n\t"
    ".cfi_def_cfa_offset 48\n\t"
    ".cfi_offset %r14, -48\n\t"
    "pushq %r15\n\t"
    ".cfi_def_cfa_offset 56\n\t"
    ".cfi_offset %r15, -56\n\t"
    "movq %rsp, (%rdi)\n\t"
    "movq %rsi, %rsp\n\t"
    "popq %r15\n\t"
    ".cfi_def_cfa_offset 48\n\t"
    ".cfi_restore %r15\n\t"
    "popq %r14\n\t"
    ".cfi_def_cfa_offset 40\n\t"
    ".cfi_restore %r14\n\t"
    "popq %r13\n\t"
    ".cfi_def_cfa_offset 32\n\t"
    ".cfi_restore %r13\n\t"
    "popq %r12\n\t"
    ".cfi_def_cfa_offset 24\n\t"
    ".cfi_restore %r12\n\t"
    "popq %rbx\n\t"
    ".cfi_def_cfa_offset 16\n\t"
    ".cfi_restore %rbx\n\t"
    "popq %rbp\n\t"
    ".cfi_def_cfa_offset 8\n\t"
    ".cfi_restore %rbp\n\t"
    "ret\n\t"
    ".cfi_endproc\n\t"
    ".size mdvm_switch_stack, . - mdvm_switch_stack\n\t"

    ".p2align 4\n\t"
    ".globl mdvm_begin_stack\n\t"
    ".hidden mdvm_begin_stack\n\t"
    ".type mdvm_begin_stack, @function\n\t"
    ".cfi_startproc\n\t"
    ".cfi_signal_frame\n\t"
    /* The frame's end is *%rsp + 56: DW_CFA_def_cfa_expression, 5 bytes: breg7 (%rsp) 0, deref, plus_uconst 56. */
    ".cfi_escape 0x0f, 5, 0x77, 0, 0x06, 0x23, 56\n\t"
    ".cfi_offset %rbp, -16\n\t"
    ".cfi_offset %rbx, -24\n\t"
    ".cfi_offset %r12, -32\n\t"
    ".cfi_offset %r13, -40\n\t"
    ".cfi_offset %r14, -48\n\t"
    ".cfi_offset %r15, -56\n\t"
    "nop\n"                             /* who looks for the call looks before where it returns to */
    "mdvm_begin_stack:\n\t"
    "callq mdvm_run_body\n\t"
    "ud2\n\t"
    ".cfi_endproc\n\t"
    ".size mdvm_begin_stack, . - mdvm_begin_stack\n\t"
    ".popsection");

/* -> what mdvm_switch_stack is to enter in order to begin at the top of the stack, below CALLER_AT. */
static void *first_frame(void)
{
    void **top = (void **)&CALLER_AT;
    *--top = (void *)mdvm_begin_stack;
    for (int word = 0; word < KEPT_WORDS; word++)
        *--top = NULL;
    return top;
}

#else

#define KEPT_WORDS 20                   /* x19 to x30, d8 to d15 */

#define KEPT_REGISTERS \
    ".cfi_offset x19, -160\n\t" \
    ".cfi_offset x20, -152\n\t" \
    ".cfi_offset x21, -144\n\t" \
    ".cfi_offset x22, -136\n\t" \
    ".cfi_offset x23, -128\n\t" \
    ".cfi_offset x24, -120\n\t" \
    ".cfi_offset x25, -112\n\t" \
    ".cfi_offset x26, -104\n\t" \
    ".cfi_offset x27, -96\n\t" \
    ".cfi_offset x28, -88\n\t" \
    ".cfi_offset x29, -80\n\t" \
    ".cfi_offset x30, -72\n\t" \
    ".cfi_offset d8, -64\n\t" \
    ".cfi_offset d9, -56\n\t" \
    ".cfi_offset d10, -48\n\t" \
    ".cfi_offset d11, -40\n\t" \
    ".cfi_offset d12, -32\n\t" \
    ".cfi_offset d13, -24\n\t" \
    ".cfi_offset d14, -16\n\t" \
    ".cfi_offset d15, -8\n\t"

__asm__(
    ".pushsection .text\n\t"
    ".p2align 4\n\t"
    ".globl mdvm_switch_stack\n\t"
    ".hidden mdvm_switch_stack\n\t"
    ".type mdvm_switch_stack, %function\n"
    "mdvm_switch_stack:\n\t"
    ".cfi_startproc\n\t"
    "stp x19, x20, [sp, #-160]!\n\t"
    ".cfi_def_cfa_offset 160\n\t"
    "stp x21, x22, [sp, #16]\n\t"
    "stp x23, x24, [sp, #32]\n\t"
    "stp x25, x26, [sp, #48]\n\t"
    "stp x27, x28, [sp, #64]\n\t"
    "stp x29, x30, [sp, #80]\n\t"
    "stp d8, d9, [sp, #96]\n\t"
    "stp d10, d11, [sp, #112]\n\t"
    "stp d12, d13, [sp, #128]\n\t"
    "stp d14, d15, [sp, #144]\n\t"
    KEPT_REGISTERS
    "mov x9, sp\n\t"
    "str x9, [x0]\n\t"
    "mov sp, x1\n\t"
    "ldp x21, x22, [sp, #16]\n\t"
    "ldp x23, x24, [sp, #32]\n\t"
    "ldp x25, x26, [sp, #48]\n\t"
    "ldp x27, x28, [sp, #64]\n\t"
    "ldp x29, x30, [sp, #80]\n\t"
    "ldp d8, d9, [sp, #96]\n\t"
    "ldp d10, d11, [sp, #112]\n\t"
    "ldp d12, d13, [sp, #128]\n\t"
    "ldp d14, d15, [sp, #144]\n\t"
    "ldp x19, x20, [sp], #160\n\t"
    ".cfi_def_cfa_offset 0\n\t"
    ".cfi_restore x19\n\t"
    ".cfi_restore x20\n\t"
    ".cfi_restore x21\n\t"
    ".cfi_restore x22\n\t"
    ".cfi_restore x23\n\t"
    ".cfi_restore x24\n\t"
    ".cfi_restore x25\n\t"
    ".cfi_restore x26\n\t"
    ".cfi_restore x27\n\t"
    ".cfi_restore x28\n\t"
    ".cfi_restore x29\n\t"
    ".cfi_restore x30\n\t"
    ".cfi_restore d8\n\t"
    ".cfi_restore d9\n\t"
    ".cfi_restore d10\n\t"
    ".cfi_restore d11\n\t"
    ".cfi_restore d12\n\t"
    ".cfi_restore d13\n\t"
    ".cfi_restore d14\n\t"
    ".cfi_restore d15\n\t"
    "ret\n\t"
    ".cfi_endproc\n\t"
    ".size mdvm_switch_stack, . - mdvm_switch_stack\n\t"

    ".p2align 4\n\t"
    ".globl mdvm_begin_stack\n\t"
    ".hidden mdvm_begin_stack\n\t"
    ".type mdvm_begin_stack, %function\n\t"
    ".cfi_startproc\n\t"
    ".cfi_signal_frame\n\t"
    /* The same with *sp + 160: breg31 (sp) 0, deref, plus_uconst 160. */
    ".cfi_escape 0x0f, 6, 0x8f, 0, 0x06, 0x23, 0xa0, 1\n\t"
    KEPT_REGISTERS
    "nop\n"
    "mdvm_begin_stack:\n\t"
    "bl mdvm_run_body\n\t"
    "brk #1\n\t"
    ".cfi_endproc\n\t"
    ".size mdvm_begin_stack, . - mdvm_begin_stack\n\t"
    ".popsection");

static void *first_frame(void)
{
    void **frame = (void **)&CALLER_AT - KEPT_WORDS;
    for (int word = 0; word < KEPT_WORDS; word++)
        frame[word] = NULL;
    frame[11] = (void *)mdvm_begin_stack;       /* x30, where `ret` goes */
    return frame;
}

#endif

static void *vm_at;                     /* where the coroutine was left, as CALLER_AT is where its caller was */

static void prepare(void)
{
    if (caller_slot == NULL)
        caller_slot = mdvm_own_stack_top - 16;
    vm_at = first_frame();
}

static void enter_vm(void)
{
    mdvm_switch_stack(&CALLER_AT, vm_at);
}

static void leave_vm(void)
{
    mdvm_switch_stack(&vm_at, CALLER_AT);
}

#define SPACE_BETWEEN 256L      /* more than any processor has functions use below the stack's end */

static int begin_below(struct mdvm_paused *paused)
{
    paused->vm_at = vm_at;
    paused->caller_slot = caller_slot;
    caller_slot = (char *)(((uintptr_t)vm_at - SPACE_BETWEEN) & ~(uintptr_t)15);
    return 1;
}

static void end_below(const struct mdvm_paused *paused)
{
    vm_at = paused->vm_at;
    caller_slot = paused->caller_slot;
}

#else   /* other processors: as POSIX has it, which keeps the signal mask too and takes a system call each time */

#include <ucontext.h>

static ucontext_t vm_at, caller_at;

static void prepare(void)
{
    getcontext(&vm_at);
    vm_at.uc_stack.ss_sp = mdvm_own_stack_top - mdvm_stack_length - STACK_RESERVE;
    vm_at.uc_stack.ss_size = mdvm_stack_length + STACK_RESERVE;
    vm_at.uc_link = NULL;
    makecontext(&vm_at, mdvm_run_body, 0);
}

static void enter_vm(void)
{
    swapcontext(&caller_at, &vm_at);
}

static void leave_vm(void)
{
    swapcontext(&vm_at, &caller_at);
}

static int begin_below(struct mdvm_paused *paused)
{
    (void)paused;
    return 0;
}

static void end_below(const struct mdvm_paused *paused)
{
    (void)paused;
}

#endif

/* ____________________________________________________________ the coroutine */

static void (*body)(void *);
static void *body_argument;
static int is_alive = 0;

/* Whether a thread runs the coroutine.  ENTERING: one is about to, unless it sees that a fork waits, or is under way. */
enum { OUTSIDE, ENTERING, INSIDE };
static int state = OUTSIDE;     /* atomic */

void mdvm_run_body(void)
{
    body(body_argument);
    is_alive = 0;
    leave_vm();
}

/* Calls function(argument) as the coroutine.  Returns 0 when that has returned, 1 when it has paused before. */
int mdvm_begin_coroutine(void (*function)(void *), void *argument)
{
    body = function;
    body_argument = argument;
    is_alive = 1;
    prepare();
    return mdvm_continue_coroutine();
}

/* Goes on with what has paused, in whichever thread.  Returns the same. */
int mdvm_continue_coroutine(void)
{
    for (;;) {
        __atomic_store_n(&state, ENTERING, __ATOMIC_SEQ_CST);
        if (!mdvm_is_forking())
            break;
        __atomic_store_n(&state, OUTSIDE, __ATOMIC_SEQ_CST);
        mdvm_wait_for_fork();
    }
    __atomic_store_n(&state, INSIDE, __ATOMIC_SEQ_CST);
    enter_vm();
    __atomic_store_n(&state, OUTSIDE, __ATOMIC_SEQ_CST);
    if (mdvm_is_forking())
        mdvm_stand_still();
    return is_alive;
}

/* To be called by the coroutine: returns when it is to go on. */
void mdvm_pause_coroutine(void)
{
    leave_vm();
}

/* Also if a thread is about to enter it. */
int mdvm_is_in_coroutine(void)
{
    return __atomic_load_n(&state, __ATOMIC_SEQ_CST) != OUTSIDE;
}

/* To be called in a fork's child: the thread that was about to enter the coroutine is not there. */
void mdvm_forget_entering_thread(void)
{
    if (state == ENTERING)
        state = OUTSIDE;
}

/* What has paused waits in *paused while others begin, and end.  Returns 0 where that cannot be. */
int mdvm_put_aside(struct mdvm_paused *paused)
{
    if (!begin_below(paused))
        return 0;
    paused->body = body;
    paused->body_argument = body_argument;
    is_alive = 0;
    return 1;
}

/* Nothing has begun since that has not ended. */
void mdvm_take_back(const struct mdvm_paused *paused)
{
    end_below(paused);
    body = paused->body;
    body_argument = paused->body_argument;
    is_alive = 1;
}

int mdvm_is_paused(void)
{
    return is_alive && !mdvm_is_in_coroutine();
}
