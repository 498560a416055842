/* A fork copies the VM as it is, and of the threads only the one that forks.  So that the child gets one it can use, a fork waits
   until no thread is amid the VM: those in it pause at the next look at the requests, which takes microseconds, and nobody goes on
   before the fork is over.  What has paused in the child belongs to a thread that is not there, and can be ended: the VM has a stack
   of its own. */

#include <pthread.h>
#include <time.h>
#include "coroutine.h"
#include "forks.h"
#include "interruption.h"
#include "watcher.h"

#define PATIENCE (2 * MDVM_SECOND)      /* for what does not look at the requests; the child has no VM then */

static pthread_mutex_t forking = PTHREAD_MUTEX_INITIALIZER;     /* held during a fork */
static pthread_cond_t stands_still, is_over;
static int is_forking = 0;              /* atomic */
static void (*tell_child)(void);

/* Whether a fork waits for the VM to pause. */
int mdvm_is_forking(void)
{
    return __atomic_load_n(&is_forking, __ATOMIC_SEQ_CST);
}

/* To be called when the VM has been left while a fork waits for that. */
void mdvm_stand_still(void)
{
    pthread_mutex_lock(&forking);
    pthread_cond_signal(&stands_still);
    pthread_mutex_unlock(&forking);
}

/* The same where the VM was to be entered, and waits until it may be. */
void mdvm_wait_for_fork(void)
{
    pthread_mutex_lock(&forking);
    pthread_cond_signal(&stands_still);
    while (mdvm_is_forking())
        pthread_cond_wait(&is_over, &forking);
    pthread_mutex_unlock(&forking);
}

static void before_fork(void)
{
    struct timespec until;
    pthread_mutex_lock(&forking);
    __atomic_store_n(&is_forking, 1, __ATOMIC_SEQ_CST);
    if (!mdvm_is_in_coroutine())
        return;
    mdvm_want_pause();
    mdvm_to_timespec(mdvm_now() + PATIENCE, &until);
    while (mdvm_is_in_coroutine() && pthread_cond_timedwait(&stands_still, &forking, &until) == 0)
        ;
}

static void after_fork(void)
{
    __atomic_store_n(&is_forking, 0, __ATOMIC_SEQ_CST);
    pthread_cond_broadcast(&is_over);
    pthread_mutex_unlock(&forking);
}

static void make_conditions(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&stands_still, &attributes);
    pthread_cond_init(&is_over, NULL);
}

static void after_fork_in_child(void)
{
    pthread_mutex_init(&forking, NULL);
    make_conditions();
    __atomic_store_n(&is_forking, 0, __ATOMIC_SEQ_CST);
    tell_child();
}

/* To be called once.  in_child: is called in the child, when it has a thread again. */
void mdvm_prepare_forks(void (*in_child)(void))
{
    tell_child = in_child;
    make_conditions();
    pthread_atfork(before_fork, after_fork, after_fork_in_child);
}
