/* The standard output of mdvm-c and its SIGINT, how much memory it may use, and the reading of files.

   The output buffer lives here, and not in RPython, so that the signal handler can write out what is in it at any moment,
   also while compiled code runs.  So a loop needs no check for a pending signal, and an interrupt costs nothing until it
   comes.  A handler may only use async-signal-safe functions: it calls write, poll and _exit. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "host.h"

#define BUFFER_SIZE 65536
#define INTERRUPTED_STATUS 130      /* 128 + SIGINT, as shells report it */
#define PATIENCE_MS 1000            /* how long an interrupted program waits for a reader that does not read */

static char buffer[BUFFER_SIZE];
static volatile long pending_from = 0;      /* buffer[pending_from:pending_to] has not been written */
static volatile long pending_to = 0;
static volatile sig_atomic_t writing = 0;
static volatile sig_atomic_t interrupted = 0;
static int by_line = 0;

/* Writes bytes[from:to] without waiting for ever, and ends the process. */
static void exit_interrupted(const char *bytes, long from, long to)
{
    while (from < to) {
        struct pollfd descriptor = {1, POLLOUT, 0};
        if (poll(&descriptor, 1, PATIENCE_MS) <= 0)
            break;
        /* A pipe that is ready takes this much; a longer write might block. */
        long size = to - from < PIPE_BUF ? to - from : PIPE_BUF;
        ssize_t written = write(1, bytes + from, size);
        if (written < 0)
            break;
        from += written;
    }
    _exit(INTERRUPTED_STATUS);
}

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
    if (!writing)
        exit_interrupted(buffer, pending_from, pending_to);
    /* Else the write returns early, and flushing goes on in exit_interrupted with exact bounds. */
}

/* Writes bytes[*from:to] to fd 1.  Returns 0 or errno. */
static long write_all(const char *bytes, volatile long *from, long to)
{
    long error = 0;
    writing = 1;
    while (*from < to && !interrupted) {
        ssize_t written = write(1, bytes + *from, to - *from);
        if (written >= 0)
            *from += written;
        else if (errno == EAGAIN) {
            struct pollfd descriptor = {1, POLLOUT, 0};
            poll(&descriptor, 1, -1);
        }
        else if (errno != EINTR) {
            error = errno;
            break;
        }
    }
    writing = 0;
    if (interrupted)
        exit_interrupted(bytes, *from, to);
    return error;
}

/* Readies the output and the handling of SIGINT. */
void mdvm_start_output(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_IGN;        /* a closed pipe is an error of write, not the end of the process */
    sigaction(SIGPIPE, &action, NULL);
    struct sigaction before;
    action.sa_handler = on_interrupt;   /* without SA_RESTART: a write that blocks must return */
    if (sigaction(SIGINT, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGINT, &action, NULL);
    by_line = isatty(1);
}

/* Returns 0 or the errno of what went wrong; what is pending is then given up. */
long mdvm_flush_output(void)
{
    long error = write_all(buffer, &pending_from, pending_to);
    pending_from = pending_to = 0;
    return error;
}

/* Returns 0 or an errno. */
long mdvm_write_output(const char *bytes, long size)
{
    if (size > BUFFER_SIZE - pending_to) {
        long error = mdvm_flush_output();
        if (error)
            return error;
        if (size > BUFFER_SIZE) {
            volatile long from = 0;
            return write_all(bytes, &from, size);
        }
    }
    memcpy(buffer + pending_to, bytes, size);
    pending_to += size;
    if (by_line && size > 0 && bytes[size - 1] == '\n')
        return mdvm_flush_output();
    return 0;
}

/* What is left of a limit when `used` pages are taken, all in bytes; `otherwise` where there is no limit. */
static double left_of(int resource, long used_pages, double otherwise)
{
    struct rlimit allowed;
    if (getrlimit(resource, &allowed) != 0 || allowed.rlim_cur == RLIM_INFINITY)
        return otherwise;
    double left = (double)allowed.rlim_cur - (double)used_pages * (double)sysconf(_SC_PAGESIZE);
    return left < 0 ? 0 : left < otherwise ? left : otherwise;
}

/* The GC looks at its limit only when a major collection ends.  Until then a program that makes nothing but lasting objects
   grows on, to 2.5 times the limit as measured with a chain of arrays, and what it cannot get then ends the process.  So the
   limit is this part of what there is. */
#define PART_OF_MACHINE 0.4
#define PART_OF_ALLOWED 0.33

/* The bytes that the heap may take, of what the machine has and what the process is still allowed. */
long mdvm_memory_limit(void)
{
    long size_pages = 0, data_pages = 0;
    FILE *statistics = fopen("/proc/self/statm", "r");
    if (statistics) {
        if (fscanf(statistics, "%ld %*d %*d %*d %*d %ld", &size_pages, &data_pages) != 2)
            size_pages = data_pages = 0;
        fclose(statistics);
    }
    double machine = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    double limit = machine > 0 ? machine * PART_OF_MACHINE : 4e18;
    limit = left_of(RLIMIT_AS, size_pages, limit / PART_OF_ALLOWED) * PART_OF_ALLOWED;
    limit = left_of(RLIMIT_DATA, data_pages, limit / PART_OF_ALLOWED) * PART_OF_ALLOWED;
    return limit < 1 ? 1 : (long)limit;
}

static char small_file[65536];
static char *file_bytes = small_file;

/* Reads a whole file.  Returns how many bytes mdvm_file_bytes() has, or -errno. */
long mdvm_read_file(const char *path)
{
    long size = 0, room = sizeof small_file;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return -errno;
    for (;;) {
        ssize_t got = read(descriptor, file_bytes + size, room - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            long error = got < 0 ? -errno : 0;
            close(descriptor);
            if (error)
                mdvm_forget_file();
            return error ? error : size;
        }
        size += got;
        if (size == room) {
            char *larger = realloc(file_bytes == small_file ? NULL : file_bytes, 2 * room);
            if (larger == NULL) {
                close(descriptor);
                mdvm_forget_file();
                return -ENOMEM;
            }
            if (file_bytes == small_file)
                memcpy(larger, small_file, size);
            file_bytes = larger;
            room *= 2;
        }
    }
}

char *mdvm_file_bytes(void)
{
    return file_bytes;
}

/* Gives the memory of the last file back. */
void mdvm_forget_file(void)
{
    if (file_bytes != small_file)
        free(file_bytes);
    file_bytes = small_file;
}

#define SECOND 1000000000L

static long file_stamp[5];

static long nanoseconds(const struct timespec *time)
{
    return time->tv_sec * SECOND + time->tv_nsec;
}

/* Notes what tells a file and its content from others: device, inode, size, and the time when it was last changed, which nobody can
   set.  The fifth is 1 when that is so long ago that a change from now on would get another time; systems without
   fractions of a second are given longer.  Returns 0 or errno. */
long mdvm_stamp_file(const char *path)
{
    struct stat status;
    struct timespec now;
    if (stat(path, &status) != 0)
        return errno;
    clock_gettime(CLOCK_REALTIME, &now);
    file_stamp[0] = (long)status.st_dev;
    file_stamp[1] = (long)status.st_ino;
    file_stamp[2] = (long)status.st_size;
    file_stamp[3] = nanoseconds(&status.st_ctim);
    file_stamp[4] = nanoseconds(&now) - file_stamp[3] > (status.st_ctim.tv_nsec ? SECOND / 10 : 3 * SECOND);
    return 0;
}

long mdvm_stamp(long which)
{
    return file_stamp[which];
}
