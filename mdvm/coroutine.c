/* The VM of an embedding process is a coroutine: it has a large stack of its own, whichever thread calls, and can pause amid
   whatever it does, which returns to the caller, until the caller has it go on.

   So programs can recurse as deep as under mdvm-c, RPython's check of the stack knows one stack only, and nothing of the
   embedding process is ever called with frames of the VM below it. */

#include <stddef.h>
#include <sys/mman.h>
#include "coroutine.h"

#define LARGEST_STACK (256L << 20)
#define SMALLEST_STACK (1L << 20)
#define GUARD_SIZE 65536L
#define STACK_RESERVE (256L << 10)  /* below the limit: room to report the overflow, and for C functions that do not check */

char *mdvm_own_stack_top = NULL;
long mdvm_stack_length = 0;

/* Returns 0 if there is no memory for a stack. */
int mdvm_make_stack(void)
{
    for (long size = LARGEST_STACK; size >= SMALLEST_STACK; size /= 2) {
        char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        if (stack == MAP_FAILED)
            continue;
        mprotect(stack, GUARD_SIZE, PROT_NONE);
        mdvm_own_stack_top = stack + size;
        mdvm_stack_length = size - size / 8 - STACK_RESERVE;
        return 1;
    }
    return 0;
}

/* ____________________________________________________________ the switch */

static void run_body(void);

#if defined(__x86_64__) || defined(__aarch64__)

/* Leaves the registers that a function must keep on the stack, *left_at pointing to them, and takes those at `enter_at`. */
void mdvm_switch_stack(void **left_at, void *enter_at) __attribute__((visibility("hidden")));

#if defined(__x86_64__)

#define KEPT_WORDS 6

__asm__(
    ".pushsection .text\n\t"
    ".p2align 4\n\t"
    ".globl mdvm_switch_stack\n\t"
    ".hidden mdvm_switch_stack\n\t"
    ".type mdvm_switch_stack, @function\n"
    "mdvm_switch_stack:\n\t"
    "pushq %rbp\n\t"
    "pushq %rbx\n\t"
    "pushq %r12\n\t"
    "pushq %r13\n\t"
    "pushq %r14\n\t"
    "pushq %r15\n\t"
    "movq %rsp, (%rdi)\n\t"
    "movq %rsi, %rsp\n\t"
    "popq %r15\n\t"
    "popq %r14\n\t"
    "popq %r13\n\t"
    "popq %r12\n\t"
    "popq %rbx\n\t"
    "popq %rbp\n\t"
    "ret\n\t"
    ".size mdvm_switch_stack, . - mdvm_switch_stack\n\t"
    ".popsection");

/* -> what mdvm_switch_stack is to enter in order to call run_body at the top of the stack. */
static void *first_frame(void)
{
    void **top = (void **)mdvm_own_stack_top;
    *--top = NULL;                      /* where run_body would return to: the end for who walks up the stack */
    *--top = (void *)run_body;
    for (int word = 0; word < KEPT_WORDS; word++)
        *--top = NULL;
    return top;
}

#else

#define KEPT_WORDS 20                   /* x19 to x30, d8 to d15 */

__asm__(
    ".pushsection .text\n\t"
    ".p2align 4\n\t"
    ".globl mdvm_switch_stack\n\t"
    ".hidden mdvm_switch_stack\n\t"
    ".type mdvm_switch_stack, %function\n"
    "mdvm_switch_stack:\n\t"
    "stp x19, x20, [sp, #-160]!\n\t"
    "stp x21, x22, [sp, #16]\n\t"
    "stp x23, x24, [sp, #32]\n\t"
    "stp x25, x26, [sp, #48]\n\t"
    "stp x27, x28, [sp, #64]\n\t"
    "stp x29, x30, [sp, #80]\n\t"
    "stp d8, d9, [sp, #96]\n\t"
    "stp d10, d11, [sp, #112]\n\t"
    "stp d12, d13, [sp, #128]\n\t"
    "stp d14, d15, [sp, #144]\n\t"
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
    "ret\n\t"
    ".size mdvm_switch_stack, . - mdvm_switch_stack\n\t"
    ".popsection");

static void *first_frame(void)
{
    void **frame = (void **)mdvm_own_stack_top - KEPT_WORDS;
    for (int word = 0; word < KEPT_WORDS; word++)
        frame[word] = NULL;
    frame[11] = (void *)run_body;       /* x30, where `ret` goes */
    return frame;
}

#endif

static void *vm_at, *caller_at;         /* where each of the two was left */

static void prepare(void)
{
    vm_at = first_frame();
}

static void enter_vm(void)
{
    mdvm_switch_stack(&caller_at, vm_at);
}

static void leave_vm(void)
{
    mdvm_switch_stack(&vm_at, caller_at);
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
    makecontext(&vm_at, run_body, 0);
}

static void enter_vm(void)
{
    swapcontext(&caller_at, &vm_at);
}

static void leave_vm(void)
{
    swapcontext(&vm_at, &caller_at);
}

#endif

/* ____________________________________________________________ the coroutine */

static void (*body)(void *);
static void *body_argument;
static int is_alive = 0;
static int is_inside = 0;

static void run_body(void)
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

/* Goes on with what has paused, in the same thread.  Returns the same. */
int mdvm_continue_coroutine(void)
{
    is_inside = 1;
    enter_vm();
    is_inside = 0;
    return is_alive;
}

/* To be called by the coroutine: returns when it is to go on. */
void mdvm_pause_coroutine(void)
{
    leave_vm();
}

int mdvm_is_in_coroutine(void)
{
    return is_inside;
}

int mdvm_is_paused(void)
{
    return is_alive && !is_inside;
}
