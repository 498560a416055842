/* What the system knows of other threads of this process: see thread_states.c. */
#ifndef MDVM_THREAD_STATES_H
#define MDVM_THREAD_STATES_H

/* A thread as it was when it was looked at. */
struct mdvm_look {
    char call[256];     /* the system call that it is in, with its arguments */
    long switches;      /* how often it has waited */
};

long mdvm_this_thread(void);
void mdvm_forget_this_thread(void);
int mdvm_is_gone(long thread);
int mdvm_waits_for_thread(long thread, struct mdvm_look *look);

#endif
