/* The clearing of arrays: see large_clearing.c. */
#ifndef MDVM_LARGE_CLEARING_H
#define MDVM_LARGE_CLEARING_H

#include <string.h>
#include "linkage.h"

#define MDVM_LARGE_CLEARING (4L << 20)

MDVM_OWN void mdvm_clear_large(char *bytes, long size);

static inline void mdvm_clear(void *bytes, long size)
{
    if (size < MDVM_LARGE_CLEARING)
        memset(bytes, 0, size);
    else
        mdvm_clear_large(bytes, size);
}

#endif
