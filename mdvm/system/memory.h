/* Memory that the system gives, and what is done when it gives no more: see memory.c. */
#ifndef MDVM_MEMORY_H
#define MDVM_MEMORY_H

#if defined(__GNUC__) && defined(RPY_EXTERN)
#  define MDVM_OWN RPY_EXTERN
#else
#  define MDVM_OWN extern
#endif

/* The launcher of a wheel's mdvm-c finds these two in the library. */
#if defined(__GNUC__)
#  define MDVM_SHOWN extern __attribute__((visibility("default")))
#else
#  define MDVM_SHOWN extern
#endif

MDVM_SHOWN long mdvm_memory_limit(long held);
MDVM_SHOWN long mdvm_most_stack(void);
MDVM_SHOWN void mdvm_allow_memory(long bytes);
MDVM_OWN void mdvm_fill_reserve(void);
MDVM_OWN long mdvm_reserve_is_used(void);
MDVM_OWN void mdvm_exhausted(void);
MDVM_OWN void mdvm_return_memory(void);
MDVM_OWN long mdvm_may_make_code(void);
MDVM_OWN void mdvm_free_everything(void);

/* What mdvm_exhausted calls, for a process that is the VM's own: it ends it.  NULL in other processes. */
extern void (*mdvm_end_exhausted)(void);

#endif
