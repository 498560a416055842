/* What others want of the running program: see interruption.c. */
#ifndef MDVM_INTERRUPTION_H
#define MDVM_INTERRUPTION_H

#if defined(__GNUC__) && defined(RPY_EXTERN)
#  define MDVM_SHARED RPY_EXTERN
#else
#  define MDVM_SHARED extern
#endif

/* 1 or 0: something is wanted, see mdvm_attend; a sample is wanted, see mdvm/debugging/profiler.py. */
struct mdvm_requests {
    long interruption;
    long sample;
};

/* Why a program is to end.  The first two are kinds of limits in mdvm/embedding/protocol.py. */
#define MDVM_TIMEOUT 2
#define MDVM_ENDED 3
#define MDVM_OVERFLOW 4     /* of the stack, as far as the GC keeps account of it: heap.frames_overflow */
#define MDVM_ABANDONED 9

/* For mdvm/system/interruption.py. */
MDVM_SHARED struct mdvm_requests mdvm_requests;
MDVM_SHARED void *mdvm_requests_address(void);
#define mdvm_requests_address() ((void *)&mdvm_requests)
MDVM_SHARED long mdvm_attend(void);
MDVM_SHARED long mdvm_ending(void);
MDVM_SHARED void mdvm_want_overflow(void);
MDVM_SHARED char mdvm_stack_slowpath(long current);
MDVM_SHARED void mdvm_set_stack_length(double fraction);

/* For the other C files. */
void mdvm_want_pause(void);
void mdvm_want_end(int why);
void mdvm_clear_requests(void);
int mdvm_end_is_wanted(void);

/* Set where the program can pause: pauses if there is a reason to.  Returns why the program is to end, or 0. */
extern long (*mdvm_pause)(void);

#endif
