/* The standard output of mdvm-c and the signals that end it, and the reading of files.

   The output buffer lives here, and not in RPython, so that the main thread, which otherwise only waits for signals, can write
   out what is in it at any moment, also while the VM's thread runs compiled code.  So a loop needs no check for a pending
   signal, and an interrupt costs nothing until it comes. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "os_support.h"
#include "interruption.h"
#include "memory.h"
#include "standby.h"

#define INTERRUPTED_STATUS 130      /* 128 + SIGINT, as shells report it */

/* ____________________________________________________________ standard output */

#define BUFFER_SIZE 65536
#define PATIENCE_MS 1000            /* how long the end of a process waits for a reader that does not read */
#define AGE_MS 40                   /* what is older is written, whatever the program does */
#define NUDGE_MS 2                  /* how often a write that waits is told to return */

/* Guards what follows.  Nobody waits for a reader with it locked. */
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;
static char buffer[BUFFER_SIZE];
static const char *pending = buffer;        /* the bytes that have not been written: those in the buffer, or a longer text */
static long pending_size = 0;
static long complete_size = 0;              /* how many of them end with a line */
static int is_aging = 0;                    /* whether there were some of them at the last look */
static int is_writing = 0;                  /* whether the VM's thread is in a write, without the lock */
static int is_ending = 0;                   /* whether a signal has come that ends the process */
static int by_line = 0;

static pthread_t vm_thread;

/* With the lock.  Writes some of what is pending, and waits if need be, then without the lock.  Returns 0 or errno. */
static long write_some(void)
{
    const char *bytes = pending;
    long size = pending_size;
    long error = 0;
    ssize_t written;
    is_writing = 1;
    pthread_mutex_unlock(&output);
    written = write(1, bytes, size);
    if (written < 0) {
        error = errno;
        if (error == EAGAIN || error == EWOULDBLOCK) {
            struct pollfd descriptor = {1, POLLOUT, 0};
            poll(&descriptor, 1, -1);
        }
    }
    pthread_mutex_lock(&output);
    is_writing = 0;
    if (written > 0) {
        pending += written;
        pending_size -= written;
        complete_size = complete_size > written ? complete_size - written : 0;
    }
    while (is_ending) {
        /* The other thread writes the rest and ends the process. */
        pthread_mutex_unlock(&output);
        pause();
        pthread_mutex_lock(&output);
    }
    return error == EINTR || error == EAGAIN || error == EWOULDBLOCK ? 0 : error;
}

/* With the lock.  Returns 0 or the errno of what went wrong; what is pending is then given up. */
static long write_pending(void)
{
    long error = 0;
    while (pending_size > 0 && !error)
        error = write_some();
    pending = buffer;
    pending_size = complete_size = 0;
    return error;
}

/* With the lock.  Writes what is pending as far as it is taken at once. */
static void write_without_waiting(void)
{
    while (pending_size > 0 && !is_writing) {
        struct pollfd descriptor = {1, POLLOUT, 0};
        ssize_t written;
        if (poll(&descriptor, 1, 0) <= 0 || !(descriptor.revents & POLLOUT))
            return;
        /* A pipe that is ready takes this much; a longer write might wait. */
        written = write(1, pending, pending_size < PIPE_BUF ? pending_size : PIPE_BUF);
        if (written <= 0)
            return;     /* what is wrong, the VM's thread will find out */
        pending += written;
        pending_size -= written;
        complete_size = complete_size > written ? complete_size - written : 0;
        if (pending_size == 0)
            pending = buffer;
    }
}

/* Returns 0 or the errno of what went wrong; what is pending is then given up. */
long mdvm_flush_output(void)
{
    pthread_mutex_lock(&output);
    long error = write_pending();
    pthread_mutex_unlock(&output);
    return error;
}

/* With the lock, nothing pending.  The same for a text that the buffer does not hold. */
static long write_long_line(const char *bytes, long size, long is_line)
{
    char *whole = malloc(size + is_line);
    long error;
    if (whole == NULL)
        return ENOMEM;
    memcpy(whole, bytes, size);
    if (is_line)
        whole[size] = '\n';
    pending = whole;
    pending_size = complete_size = size + is_line;
    error = write_pending();
    free(whole);
    return error;
}

/* Prints bytes, with the end of a line behind them if is_line.  Returns 0 or an errno. */
long mdvm_write_output(const char *bytes, long size, long is_line)
{
    long error = 0;
    pthread_mutex_lock(&output);
    if (pending + pending_size + size + is_line > buffer + BUFFER_SIZE)
        error = write_pending();
    if (!error && size + is_line > BUFFER_SIZE)
        error = write_long_line(bytes, size, is_line);
    else if (!error) {
        char *at = buffer + (pending - buffer) + pending_size;
        memcpy(at, bytes, size);
        if (is_line)
            at[size] = '\n';
        pending_size += size + is_line;
        if (pending_size > 0 && pending[pending_size - 1] == '\n') {
            complete_size = pending_size;
            if (by_line)
                error = write_pending();
        }
    }
    pthread_mutex_unlock(&output);
    return error;
}

/* ____________________________________________________________ the main thread */

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
static long long deadline_ms = 0;           /* guarded by `output`; 0 for none */
static pthread_t main_thread;
static int has_main_thread = 0;

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void do_nothing(int number)
{
    (void)number;
}

/* Blocks, in this thread and those that it makes, the signals that end a process which has output pending; *waited: those. */
void mdvm_block_signals(sigset_t *waited)
{
    struct sigaction action;
    sigemptyset(waited);
    for (size_t index = 0; index < sizeof ending_signals / sizeof *ending_signals; index++) {
        if (sigaction(ending_signals[index], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(waited, ending_signals[index]);
    }
    pthread_sigmask(SIG_BLOCK, waited, NULL);
    memset(&action, 0, sizeof action);
    action.sa_handler = do_nothing;     /* without SA_RESTART: a write or sigtimedwait that waits must return */
    sigaction(SIGURG, &action, NULL);
    sigset_t nudge;
    sigemptyset(&nudge);
    sigaddset(&nudge, SIGURG);
    pthread_sigmask(SIG_UNBLOCK, &nudge, NULL);
    main_thread = pthread_self();
    has_main_thread = 1;
}

/* Writes what is pending without waiting for ever, and ends the process as the signal has it. */
static void end_by_signal(int number)
{
    pthread_mutex_lock(&output);
    is_ending = 1;
    while (is_writing) {
        pthread_mutex_unlock(&output);
        pthread_kill(vm_thread, SIGURG);
        poll(NULL, 0, NUDGE_MS);
        pthread_mutex_lock(&output);
    }
    while (complete_size > 0) {
        struct pollfd descriptor = {1, POLLOUT, 0};
        if (poll(&descriptor, 1, PATIENCE_MS) <= 0)
            break;
        ssize_t written = write(1, pending, complete_size < PIPE_BUF ? complete_size : PIPE_BUF);
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            break;
        if (written > 0) {
            pending += written;
            complete_size -= written;
        }
    }
    if (number == SIGINT)
        _exit(INTERRUPTED_STATUS);
    signal(number, SIG_DFL);
    sigset_t its_set;
    sigemptyset(&its_set);
    sigaddset(&its_set, number);
    pthread_kill(pthread_self(), number);
    pthread_sigmask(SIG_UNBLOCK, &its_set, NULL);
    _exit(128 + number);
}

/* What the main thread does while the VM runs in its own, thread: it waits for signals, writes output that has grown old, and ends a
   program whose time is over.  It never returns: the VM's thread ends the process. */
void mdvm_stand_by(pthread_t thread, const sigset_t *waited)
{
    vm_thread = thread;
    for (;;) {
        pthread_mutex_lock(&output);
        long long wait_ms = AGE_MS, left = deadline_ms ? deadline_ms - now_ms() : AGE_MS;
        if (deadline_ms && left <= 0) {
            deadline_ms = 0;
            mdvm_want_end(MDVM_TIMEOUT);
            left = AGE_MS;
        }
        if (is_aging)
            write_without_waiting();
        is_aging = pending_size > 0;
        pthread_mutex_unlock(&output);
        if (left < wait_ms)
            wait_ms = left;
        struct timespec patience = {0, wait_ms * 1000000};
        int number = sigtimedwait(waited, NULL, &patience);
        if (number > 0)
            end_by_signal(number);
    }
}

/* The program may run for so many seconds from now on; then it is ended. */
void mdvm_limit_time(double seconds)
{
    pthread_mutex_lock(&output);
    deadline_ms = now_ms() + (long long)(seconds * 1000) + 1;
    pthread_mutex_unlock(&output);
    if (has_main_thread)
        pthread_kill(main_thread, SIGURG);
}

/* See mdvm_exhausted in memory.c.  Takes no memory. */
static void exit_exhausted(void)
{
    static const char text[] = "Runtime error: Out of memory\n";
    mdvm_flush_output();
    ssize_t written = write(2, text, sizeof text - 1);
    (void)written;
    _exit(1);
}

/* Readies the output. */
void mdvm_start_output(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_IGN;        /* a closed pipe is an error of write, not the end of the process */
    sigaction(SIGPIPE, &action, NULL);
    by_line = isatty(1);
    mdvm_end_exhausted = exit_exhausted;
}

/* ____________________________________________________________ memory and files */

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
