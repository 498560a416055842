/* Memory that the system gives, and what is done when it gives no more: see memory.c. */
#ifndef MDVM_MEMORY_H
#define MDVM_MEMORY_H

#include "linkage.h"

/* The launcher of a wheel's mdvm-c finds these two in the library. */

MDVM_EXPORTED long mdvm_memory_limit(long held);
MDVM_EXPORTED long mdvm_most_stack(void);
MDVM_EXPORTED void mdvm_allow_memory(long bytes);
MDVM_OWN void mdvm_fill_reserve(void);
MDVM_OWN long mdvm_reserve_is_used(void);
MDVM_OWN void mdvm_exhausted(void);
MDVM_OWN void mdvm_return_memory(void);
MDVM_OWN long mdvm_may_make_code(void);
MDVM_OWN void mdvm_free_everything(void);

/* What mdvm_exhausted calls, for a process that is the VM's own: it ends it.  NULL in other processes. */
extern void (*mdvm_end_exhausted)(void);

#endif
