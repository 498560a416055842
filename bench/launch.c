/* Runs a command and tells what it took.
 *
 *     launch FD SECONDS COMMAND [ARGUMENT ...]
 *
 * Writes one line to the file descriptor FD, which the command does not get: its wait status, its user, system and wall time
 * in microseconds and its peak memory in KiB. After SECONDS of wall time the command is killed. A process of its own, because
 * the kernel counts the memory of the process that starts a command as the command's, and a Python is large.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child;

static void too_long(int signal_number)
{
    (void)signal_number;
    kill(child, SIGKILL);
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static long long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000LL + time.tv_usec;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: launch FD SECONDS COMMAND [ARGUMENT ...]\n");
        return 2;
    }
    int report = atoi(argv[1]), status;
    struct rusage usage;
    fcntl(report, F_SETFD, FD_CLOEXEC);
    long long started = now();
    child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        execvp(argv[3], argv + 3);
        perror(argv[3]);
        _exit(127);
    }
    signal(SIGALRM, too_long);
    alarm((unsigned)atoi(argv[2]));
    signal(SIGINT, SIG_IGN); /* the command gets it too, and its end is still to be told */
    if (wait4(child, &status, 0, &usage) != child) {
        perror("wait4");
        return 1;
    }
    dprintf(report, "%d %lld %lld %lld %ld\n", status, microseconds(usage.ru_utime), microseconds(usage.ru_stime),
            now() - started, usage.ru_maxrss);
    return 0;
}
