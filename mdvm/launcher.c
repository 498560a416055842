/* The main function of mdvm-c: runs libmdvm's entry point in a thread with a large stack.

   Guest calls use the C stack, so its size decides how deep programs can recurse.  The main thread's stack follows
   `ulimit -s`; a thread's own is what we ask for, takes memory only as far as it is used, and is the only thread RPython
   ever sees.  Main stands by for signals and the like. */

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "standby.h"

int pypy_main_startup(int argc, char *argv[]);

/* Smaller sizes are tried where the process may not have so much address space.  The VM is told which one it got. */
#define LARGEST_STACK (256L << 20)
#define SMALLEST_STACK (1L << 20)

/* What the VM takes at its start besides the stack, most of it address space only: see ROOT_STACK_DEPTH in targetmdvm.py. */
#define NEEDED_AT_START (320L << 20)

static int argument_count;
static char **arguments;

static void *run(void *unused)
{
    (void)unused;
    exit(pypy_main_startup(argument_count, arguments));
}

/* The GC reads the size of its nursery from the environment when the VM starts, before the VM reads its options. */
static void choose_nursery(void)
{
    static const char option[] = "--gc-nursery";
    const size_t length = sizeof option - 1;
    for (int i = 1; i < argument_count && strcmp(arguments[i], "--") != 0; i++) {
        if (strncmp(arguments[i], option, length) != 0)
            continue;
        if (arguments[i][length] == '=')
            setenv("PYPY_GC_NURSERY", arguments[i] + length + 1, 1);
        else if (arguments[i][length] == '\0' && i + 1 < argument_count)
            setenv("PYPY_GC_NURSERY", arguments[i + 1], 1);
    }
}

static int is_available(long size)
{
    void *memory = malloc(size);    /* never touched, so nothing but address space is taken */
    free(memory);
    return memory != NULL;
}

int main(int argc, char *argv[])
{
    argument_count = argc;
    arguments = argv;
    choose_nursery();
    sigset_t waited;
    mdvm_block_signals(&waited);
    for (long size = LARGEST_STACK; size >= SMALLEST_STACK; size /= 2) {
        pthread_attr_t attributes;
        pthread_t thread;
        char text[32];
        if (pthread_attr_init(&attributes) || pthread_attr_setstacksize(&attributes, size))
            continue;
        snprintf(text, sizeof text, "%ld", size);
        setenv("MDVM_STACK_SIZE", text, 1);
        if (is_available(size + NEEDED_AT_START) && pthread_create(&thread, &attributes, run, NULL) == 0) {
            mdvm_stand_by(thread, &waited);
        }
    }
    fprintf(stderr, "mdvm-c: not enough memory to start in; it needs %ld MB of address space\n",
            (SMALLEST_STACK + NEEDED_AT_START) >> 20);
    return 1;
}
