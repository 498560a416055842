/* The stack that an embedded VM runs on, which it can leave and come back to: see coroutine.c. */
#ifndef MDVM_COROUTINE_H
#define MDVM_COROUTINE_H

extern char *mdvm_own_stack_top;
extern long mdvm_stack_length;      /* of what the VM may use of it */

/* A coroutine that has paused, while another one runs below it on the same stack. */
struct mdvm_paused {
    void *vm_at, *caller_slot, *body_argument;
    void (*body)(void *);
};

int mdvm_make_stack(void);
int mdvm_put_aside(struct mdvm_paused *paused);
void mdvm_take_back(const struct mdvm_paused *paused);
int mdvm_begin_coroutine(void (*function)(void *), void *argument);
int mdvm_continue_coroutine(void);
void mdvm_pause_coroutine(void);
int mdvm_is_in_coroutine(void);
void mdvm_forget_entering_thread(void);
int mdvm_is_paused(void);

#endif
