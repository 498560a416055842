/* The thread that watches over the runs of an embedded VM: see watcher.c. */
#ifndef MDVM_WATCHER_H
#define MDVM_WATCHER_H

#define MDVM_SECOND 1000000000LL    /* times are in nanoseconds of CLOCK_MONOTONIC */
#define MDVM_TICK 20000000LL

/* Set by whoever runs programs: whether a run that has been going on for a while has something to pause for. */
extern int (*mdvm_may_pause)(void);

long long mdvm_now(void);
void mdvm_to_timespec(long long time, struct timespec *result);
int mdvm_begin_watch(long long deadline, int *ended);
void mdvm_end_watch(int limited);
void mdvm_end_watched(int *ended);
void mdvm_stop_watch(void);

#endif
