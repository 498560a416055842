/* The clearing of arrays: see large_clearing.c. */
#ifndef MDVM_LARGE_CLEARING_H
#define MDVM_LARGE_CLEARING_H

#include <string.h>

#if defined(__GNUC__) && defined(RPY_EXTERN)
#  define MDVM_LOCAL RPY_EXTERN
#else
#  define MDVM_LOCAL extern
#endif

#define MDVM_LARGE_CLEARING (4L << 20)

MDVM_LOCAL void mdvm_clear_large(char *bytes, long size);

static inline void mdvm_clear(void *bytes, long size)
{
    if (size < MDVM_LARGE_CLEARING)
        memset(bytes, 0, size);
    else
        mdvm_clear_large(bytes, size);
}

#endif
