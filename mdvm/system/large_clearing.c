/* Clears large arrays that the GC has just made, by giving their pages back: when they are touched again, the system gives zeros.
   Their memory comes from malloc, so it is private and belongs to no file. */

#define _DEFAULT_SOURCE
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include "large_clearing.h"

void mdvm_clear_large(char *bytes, long size)
{
    static uintptr_t page = 0;
    if (page == 0)
        page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t)bytes, end = start + size;
    uintptr_t first = (start + page - 1) & -page, last = end & -page;
    /* Locked pages, for one, cannot be given back. */
    if (first >= last || madvise((void *)first, last - first, MADV_DONTNEED) != 0) {
        memset(bytes, 0, size);
        return;
    }
    memset(bytes, 0, first - start);
    memset((void *)last, 0, end - last);
}
