/* What the system knows of other threads of this process, as Linux tells it: whether they are there, and what they wait for. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "thread_states.h"

static __thread long this_thread = 0;

/* The number of the thread that calls, which no other in the process has; the main thread's is the process's. */
long mdvm_this_thread(void)
{
    if (this_thread == 0)
        this_thread = syscall(SYS_gettid);
    return this_thread;
}

/* To be called in a fork's child, where it has another number. */
void mdvm_forget_this_thread(void)
{
    this_thread = 0;
}

/* Whether there is no such thread any more. */
int mdvm_is_gone(long thread)
{
    return syscall(SYS_tgkill, (long)getpid(), thread, 0L) != 0 && errno == ESRCH;
}

static int read_about(long thread, const char *what, char *text, int size)
{
    char path[64];
    int descriptor, length;
    snprintf(path, sizeof path, "/proc/self/task/%ld/%s", thread, what);
    descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    length = (int)read(descriptor, text, size - 1);
    close(descriptor);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

/* Whether a thread waits, without a limit of time, for another thread of this process to wake it: for a lock, a queue, or the other's
   end.  Says no where the system does not tell.  look: what there is to see, which stays the same as long as it is one wait. */
int mdvm_waits_for_thread(long thread, struct mdvm_look *look)
{
    char status[4096];
    const char *switches;
    unsigned long timeout;
    long call;
    memset(look, 0, sizeof *look);
    /* The number of the system call and its arguments; the fourth of futex is its timeout. */
    if (!read_about(thread, "syscall", look->call, sizeof look->call)
            || sscanf(look->call, "%ld %*x %*x %*x %lx", &call, &timeout) != 2 || call != SYS_futex || timeout != 0)
        return 0;
    if (!read_about(thread, "status", status, sizeof status))
        return 0;
    switches = strstr(status, "\nvoluntary_ctxt_switches:");
    if (switches == NULL)
        return 0;
    look->switches = atol(strchr(switches, ':') + 1);
    return 1;
}
