/* What others want of the running program: see interruption.c. */
#ifndef MDVM_INTERRUPTION_H
#define MDVM_INTERRUPTION_H

#include "linkage.h"

/* 1 or 0: something is wanted, see mdvm_attend.  Bits: a sample is wanted, or a note of what was copied, see
   mdvm/system/interruption.py. */
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
MDVM_OWN struct mdvm_requests mdvm_requests;
MDVM_OWN void *mdvm_requests_address(void);
#define mdvm_requests_address() ((void *)&mdvm_requests)
MDVM_OWN long mdvm_attend(void);
MDVM_OWN long mdvm_ending(void);
MDVM_OWN void mdvm_want_overflow(void);
MDVM_OWN char mdvm_stack_slowpath(long current);
MDVM_OWN void mdvm_set_stack_length(double fraction);

/* For the other C files. */
void mdvm_want_pause(void);
void mdvm_want_end(int why);
void mdvm_clear_requests(void);
int mdvm_end_is_wanted(void);

/* Set where the program can pause: pauses if there is a reason to.  Returns why the program is to end, or 0. */
extern long (*mdvm_pause)(void);

#endif
