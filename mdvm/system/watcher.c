/* One thread watches over the runs of an embedded VM.  It ends the run that is beyond its deadline, and no other; and at every tick
   it has a run pause that has output to deliver or signals to listen to.

   It is made when the first program runs, one a process and anew in a fork's child, takes no signals and touches nothing of the
   embedding process.  When nothing has run for a tick it sleeps until a run begins: only then does a run have to wake it. */

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include "coroutine.h"
#include "interruption.h"
#include "watcher.h"

#define WATCHER_STACK (128L << 10)
#define NEVER 0x7FFFFFFFFFFFFFFFLL

int (*mdvm_may_pause)(void) = NULL;

/* Guards what follows but for runs, running and is_asleep, which are atomic. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static int is_started = 0;
static int is_stopping = 0;
static pthread_t watcher;
static long long deadline = NEVER;      /* of the run that goes on */
static int *ended = NULL;               /* where its handle says whether it is to end */
static long long wakes_at = NEVER;

static long runs = 0;
static int running = 0;
static int is_asleep = 0;

long long mdvm_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * MDVM_SECOND + now.tv_nsec;
}

void mdvm_to_timespec(long long time, struct timespec *result)
{
    result->tv_sec = time / MDVM_SECOND;
    result->tv_nsec = time % MDVM_SECOND;
}

static void *watch(void *unused)
{
    long seen = -1;
    (void)unused;
    pthread_mutex_lock(&mutex);
    while (!is_stopping) {
        struct timespec next;
        long long now = mdvm_now();
        if (now >= deadline) {
            deadline = NEVER;
            mdvm_want_end(MDVM_TIMEOUT);
        }
        if (__atomic_load_n(&running, __ATOMIC_SEQ_CST)) {
            if (mdvm_is_in_coroutine() && mdvm_may_pause())
                mdvm_want_pause();
        }
        else if (__atomic_load_n(&runs, __ATOMIC_SEQ_CST) == seen) {
            __atomic_store_n(&is_asleep, 1, __ATOMIC_SEQ_CST);
            while (!is_stopping && !__atomic_load_n(&running, __ATOMIC_SEQ_CST) && __atomic_load_n(&runs, __ATOMIC_SEQ_CST) == seen)
                pthread_cond_wait(&changed, &mutex);
            __atomic_store_n(&is_asleep, 0, __ATOMIC_SEQ_CST);
            now = mdvm_now();
        }
        seen = __atomic_load_n(&runs, __ATOMIC_SEQ_CST);
        wakes_at = now + MDVM_TICK < deadline ? now + MDVM_TICK : deadline;
        mdvm_to_timespec(wakes_at, &next);
        if (!is_stopping)
            pthread_cond_timedwait(&changed, &mutex, &next);
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* The child of a fork has none of the other threads, whatever they were about. */
static void forget_thread(void)
{
    pthread_mutex_init(&mutex, NULL);
    is_started = 0;
    is_asleep = 0;
    wakes_at = NEVER;
}

static void prepare(void)
{
    static int is_prepared = 0;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    if (!is_prepared)
        pthread_atfork(NULL, NULL, forget_thread);
    is_prepared = 1;
}

/* With the mutex held.  Returns whether there is a thread. */
static int start_thread(void)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    if (is_started)
        return 1;
    prepare();
    if (pthread_attr_init(&attributes))
        return 0;
    pthread_attr_setstacksize(&attributes, WATCHER_STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);    /* which the thread inherits */
    is_started = pthread_create(&watcher, &attributes, watch, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return is_started;
}

/* A run begins or goes on.  until: its deadline, 0 for none.  flag: not 0 there ends it; NULL for none.  Returns 0 if nobody can
   watch over it. */
int mdvm_begin_watch(long long until, int *flag)
{
    int is_watched = 1;
    __atomic_store_n(&running, 1, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&runs, 1, __ATOMIC_SEQ_CST);
    if (until == 0 && flag == NULL && is_started && !__atomic_load_n(&is_asleep, __ATOMIC_SEQ_CST))
        return 1;
    pthread_mutex_lock(&mutex);
    is_watched = start_thread();
    if (until)
        deadline = until;
    ended = flag;
    if (flag && *flag)
        mdvm_want_end(MDVM_ENDED);
    if (is_watched && (is_asleep || deadline < wakes_at))
        pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    return is_watched;
}

/* The run has ended.  limited: whether it had a deadline or a handle. */
void mdvm_end_watch(int limited)
{
    __atomic_store_n(&running, 0, __ATOMIC_SEQ_CST);
    if (!limited)
        return;
    pthread_mutex_lock(&mutex);
    deadline = NEVER;
    ended = NULL;
    pthread_mutex_unlock(&mutex);
}

/* Sets *flag, and ends the run that was begun with it. */
void mdvm_end_watched(int *flag)
{
    pthread_mutex_lock(&mutex);
    *flag = 1;
    if (ended == flag)
        mdvm_want_end(MDVM_ENDED);
    pthread_mutex_unlock(&mutex);
}

/* Ends the thread, for good. */
void mdvm_stop_watch(void)
{
    int is_there;
    pthread_mutex_lock(&mutex);
    is_stopping = 1;
    is_there = is_started;
    is_started = 0;
    if (is_there)
        pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    if (is_there)
        pthread_join(watcher, NULL);
}
