/* The main function of mdvm-c: runs libmdvm's entry point in a thread with a large stack.

   Guest calls use the C stack, so its size decides how deep programs can recurse.  The main thread's stack follows
   `ulimit -s`; a thread's own is what we ask for, takes memory only as far as it is used, and is the only thread RPython
   ever sees.  Main stands by for signals and the like. */

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "memory.h"
#include "standby.h"

int pypy_main_startup(int argc, char *argv[]);

/* Smaller sizes are tried where the process may not have so much memory or address space.  The VM is told which one it got. */
#define LARGEST_STACK (160L << 20)
#define SMALLEST_STACK (1L << 20)

/* What the VM takes at its start besides the stack, most of it address space only: see ROOT_STACK_DEPTH in targetmdvm.py and RESERVE
   in memory.c. */
#define NEEDED_AT_START (336L << 20)

#define WRONG_USAGE 2

static int argument_count;
static char **arguments;

static void *run(void *unused)
{
    (void)unused;
    exit(pypy_main_startup(argument_count, arguments));
}

/* The bytes that a text like 512K, 32M or 1G stands for; 0 for another, which the VM is going to refuse. */
static double size_of(const char *text)
{
    char *end;
    double size = strtod(text, &end);
    double unit = *end == 'K' ? 1 << 10 : *end == 'M' ? 1 << 20 : *end == 'G' ? 1 << 30 : 1;
    if (*end && unit > 1)
        end++;
    return *end || end == text || size < 0 ? 0 : size * unit;
}

/* The GC reads the size of its nursery from the environment when the VM starts, before the VM reads its options.  Returns the bytes
   that were asked for, 0 if none were. */
static double choose_nursery(void)
{
    static const char option[] = "--gc-nursery";
    const size_t length = sizeof option - 1;
    const char *chosen = NULL;
    for (int i = 1; i < argument_count && strcmp(arguments[i], "--") != 0; i++) {
        if (strncmp(arguments[i], option, length) != 0)
            continue;
        if (arguments[i][length] == '=')
            chosen = arguments[i] + length + 1;
        else if (arguments[i][length] == '\0' && i + 1 < argument_count)
            chosen = arguments[i + 1];
    }
    if (chosen == NULL)
        return 0;
    setenv("PYPY_GC_NURSERY", chosen, 1);
    return size_of(chosen);
}

/* Half of what the heap may take, the most that a nursery may: all of it is in use soon. */
static double largest_nursery(void)
{
    return (double)mdvm_memory_limit(0) / 2;
}

static int is_available(long size)
{
    void *memory = malloc(size);    /* never touched, so nothing but address space is taken */
    free(memory);
    return memory != NULL;
}

/* Has the VM's thread allocate where the main thread would. In an arena of its own glibc grows the heap by a page at a time, with a
   system call for each.  MALLOC_ARENA_MAX in the environment says otherwise. */
static void use_main_arena(void)
{
#ifdef M_ARENA_MAX
    if (getenv("MALLOC_ARENA_MAX") == NULL)
        mallopt(M_ARENA_MAX, 1);
#endif
}

int main(int argc, char *argv[])
{
    argument_count = argc;
    arguments = argv;
    use_main_arena();
    double nursery = choose_nursery();
    if (nursery > 0 && (nursery > largest_nursery() || !is_available((long)nursery + NEEDED_AT_START))) {
        fprintf(stderr, "mdvm-c: there is not as much memory as --gc-nursery asks for\n");
        return WRONG_USAGE;
    }
    sigset_t waited;
    mdvm_block_signals(&waited);
    long most = mdvm_most_stack();
    for (long size = LARGEST_STACK; size >= SMALLEST_STACK; size /= 2) {
        pthread_attr_t attributes;
        pthread_t thread;
        char text[32];
        if (size > most && size / 2 >= SMALLEST_STACK)
            continue;
        if (pthread_attr_init(&attributes) || pthread_attr_setstacksize(&attributes, size))
            continue;
        snprintf(text, sizeof text, "%ld", size);
        setenv("MDVM_STACK_SIZE", text, 1);
        if (is_available(size + (long)nursery + NEEDED_AT_START) && pthread_create(&thread, &attributes, run, NULL) == 0) {
            mdvm_stand_by(thread, &waited);
        }
    }
    fprintf(stderr, "mdvm-c: not enough memory to start in; it needs %ld MB of address space\n",
            (SMALLEST_STACK + NEEDED_AT_START) >> 20);
    return 1;
}
