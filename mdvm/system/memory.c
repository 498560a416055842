/* Memory that the system gives: how much is left, a reserve for what must not fail, and whether it may hold code.

   The GC keeps to a limit that follows from what is left, so malloc hardly ever fails.  Where it does, as when other parts of an
   embedding process have taken the memory meanwhile, the GC may be in the middle of a collection, where it cannot raise MemoryError.
   So some address space is kept in reserve.  When malloc or mmap fail the reserve is given up and they are tried again; the
   GC, which asks after each collection, then raises MemoryError.  The library is linked with --wrap=malloc and so on, by which its
   own calls come here, and not those of the embedding process.

   So it is also known what the VM has of the system, all of which goes back when it is closed. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __GLIBC__
#  include <malloc.h>
#endif
#include "memory.h"

/* ____________________________________________________________ what is left */

/* Of what the heap has and what is left, the part that it may take.  The rest is for marking, which needs up to a third of the heap, for
   the JIT and for fragmentation. */
#define PART_FOR_THE_HEAP 0.7

#define PLENTY 4e18

/* Reads a small file into text.  Returns 0 if there is none. */
static int read_small(const char *path, char *text, long size)
{
    long have = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return 0;
    for (;;) {
        ssize_t got = read(descriptor, text + have, size - 1 - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += got;
    }
    close(descriptor);
    text[have] = 0;
    return 1;
}

static double smaller(double left, double right)
{
    return left < right ? left : right;
}

/* What is left of a limit of the process when so many pages count. */
static double left_of(int resource, long used_pages)
{
    struct rlimit allowed;
    if (getrlimit(resource, &allowed) != 0 || allowed.rlim_cur == RLIM_INFINITY)
        return PLENTY;
    return (double)allowed.rlim_cur - (double)used_pages * (double)sysconf(_SC_PAGESIZE);
}

/* The number in the file `name` of the folder, `otherwise` if there is none (`max` is none). */
static double number_in(const char *folder, const char *name, double otherwise)
{
    char path[PATH_MAX + 64], text[64], *end;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!read_small(path, text, sizeof text))
        return otherwise;
    double number = strtod(text, &end);
    return end == text ? otherwise : number;
}

/* The number behind a word that begins a line of memory.stat, 0 if there is none. */
static double number_behind(const char *folder, const char *word)
{
    char path[PATH_MAX + 64], text[16384];
    size_t length = strlen(word);
    snprintf(path, sizeof path, "%s/memory.stat", folder);
    if (!read_small(path, text, sizeof text))
        return 0;
    for (char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, word, length) == 0 && line[length] == ' ')
            return strtod(line + length, NULL);
    }
    return 0;
}

/* What is left in one control group, which has at least what is the process's own.  Pages of files that were not used lately are given up when memory is short, so they do not count. */
static double left_in_group(const char *folder, int is_version_2, double own)
{
    double most, used;
    if (is_version_2) {
        most = smaller(number_in(folder, "memory.max", PLENTY), number_in(folder, "memory.high", PLENTY));
        if (most >= PLENTY)
            return PLENTY;
        used = number_in(folder, "memory.current", 0) - number_behind(folder, "inactive_file");
    } else {
        most = number_in(folder, "memory.limit_in_bytes", PLENTY);
        if (most >= PLENTY)
            return PLENTY;
        used = number_in(folder, "memory.usage_in_bytes", 0) - number_behind(folder, "total_inactive_file");
    }
    return most - (used > own ? used : own);
}

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

/* What is left in the control groups of the process, from its own to the outermost.  MDVM_CGROUP_LIST and MDVM_CGROUP_ROOT stand in
   for the files of the system, for tests. */
static double left_in_groups(double own)
{
    char list[8192], folder[PATH_MAX];
    const char *root = setting("MDVM_CGROUP_ROOT", "/sys/fs/cgroup");
    double left = PLENTY;
    if (!read_small(setting("MDVM_CGROUP_LIST", "/proc/self/cgroup"), list, sizeof list))
        return PLENTY;
    for (char *line = list; line && *line; ) {
        char *end = strchr(line, '\n');
        if (end)
            *end = 0;
        /* A line is NUMBER:CONTROLLERS:PATH; version 2 has no controllers. */
        char *controllers = strchr(line, ':');
        char *path = controllers ? strchr(controllers + 1, ':') : NULL;
        if (path) {
            *path++ = 0;
            controllers++;
            int is_version_2 = *controllers == 0;
            char padded[512];
            snprintf(padded, sizeof padded, ",%s,", controllers);
            if (is_version_2 || strstr(padded, ",memory,")) {
                long top = snprintf(folder, sizeof folder, "%s%s", root, is_version_2 ? "" : "/memory");
                if (top + strlen(path) < sizeof folder) {
                    strcpy(folder + top, path);
                    for (;;) {
                        left = smaller(left, left_in_group(folder, is_version_2, own));
                        char *slash = strrchr(folder + top, '/');
                        if (!slash)
                            break;
                        *slash = 0;
                    }
                }
            }
        }
        line = end ? end + 1 : NULL;
    }
    return left;
}

/* What the machine, the limits of the process and its control groups leave. */
static double left_of_everything(void)
{
    char text[256];
    long size = 0, resident = 0, data = 0;
    if (!read_small("/proc/self/statm", text, sizeof text)
            || sscanf(text, "%ld %ld %*d %*d %*d %ld", &size, &resident, &data) != 3)
        size = resident = data = 0;
    double pages = (double)sysconf(_SC_PHYS_PAGES) - (double)resident;
    double left = sysconf(_SC_PHYS_PAGES) > 0 ? pages * (double)sysconf(_SC_PAGESIZE) : PLENTY;
    left = smaller(left, left_of(RLIMIT_AS, size));
    left = smaller(left, left_of(RLIMIT_DATA, data));
    left = smaller(left, left_in_groups((double)resident * (double)sysconf(_SC_PAGESIZE)));
    return left < 0 ? 0 : left;
}

/* What mdvm_most_stack has found, for the heap's first look, which comes at once: it takes a part of the time of a start.  Negative
   if there is nothing. */
static double found_at_start = -1;

/* What the embedding process allows. */
static double most_allowed = PLENTY;

void mdvm_allow_memory(long bytes)
{
    most_allowed = (double)bytes;
}

/* The bytes that the heap, which holds so many, may hold. */
long mdvm_memory_limit(long held)
{
    double left = found_at_start < 0 ? left_of_everything() : found_at_start;
    double limit = smaller(((double)held + left) * PART_FOR_THE_HEAP, most_allowed);
    found_at_start = -1;
    return limit < 1 ? 1 : (long)limit;
}

/* The bytes that the VM's stack, which is no part of the heap, may have: the rest is for the heap, and the system ends what goes
   beyond the limit of a control group. */
long mdvm_most_stack(void)
{
    found_at_start = left_of_everything();
    return (long)(found_at_start * PART_FOR_THE_HEAP / 3);
}

/* ____________________________________________________________ the reserve */

/* What the GC may need from one look to the next: the objects of a nursery, and lists of them. */
#define RESERVE (16L << 20)

/* What is larger is asked for by those who can do without. */
#define LARGEST_OF_RESERVE (4L << 20)

static char *reserve = NULL;
static long reserve_is_used = 0;

void (*mdvm_end_exhausted)(void) = NULL;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void *__real_mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset);
int __real_munmap(void *address, size_t size);

/* ____________________________________________________________ what the VM has of the system */

/* Stands in front of each block that malloc has given; as large as malloc's blocks are aligned. */
struct block {
    struct block *before, *after;
} __attribute__((aligned(16)));

static struct block blocks = {&blocks, &blocks};

static void *keep_block(struct block *block)
{
    if (block == NULL)
        return NULL;
    block->before = &blocks;
    block->after = blocks.after;
    blocks.after->before = block;
    blocks.after = block;
    return block + 1;
}

static struct block *block_of(void *memory)
{
    struct block *block = (struct block *)memory - 1;
    block->before->after = block->after;
    block->after->before = block->before;
    return block;
}

/* What mmap has given and munmap has not got back. */
struct mapping {
    struct mapping *next;
    char *start, *end;
};

static struct mapping *mappings = NULL;

/* Returns 0 if there is no memory to note it. */
static int keep_mapping(char *start, char *end)
{
    struct mapping *mapping = __real_malloc(sizeof *mapping);
    if (mapping == NULL)
        return 0;
    mapping->next = mappings;
    mapping->start = start;
    mapping->end = end;
    mappings = mapping;
    return 1;
}

static void forget_mapping(char *start, char *end)
{
    struct mapping **link = &mappings;
    while (*link) {
        struct mapping *mapping = *link;
        char *first = mapping->start, *last = mapping->end;
        if (end <= first || last <= start) {
            link = &mapping->next;
            continue;
        }
        *link = mapping->next;
        __real_free(mapping);
        /* What is left of it on either side; where that cannot be noted it is left to the end of the process. */
        if (first < start)
            keep_mapping(first, start);
        if (end < last)
            keep_mapping(end, last);
    }
}

/* Gives all of it back.  The VM is not used any more. */
void mdvm_free_everything(void)
{
    while (blocks.after != &blocks)
        __real_free(block_of(blocks.after + 1));
    while (mappings) {
        struct mapping *mapping = mappings;
        mappings = mapping->next;
        __real_munmap(mapping->start, mapping->end - mapping->start);
        __real_free(mapping);
    }
    mdvm_return_memory();
}

/* Takes the reserve anew, where there is memory for it. */
void mdvm_fill_reserve(void)
{
    if (reserve == NULL) {
        char *memory = __real_mmap(NULL, RESERVE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED)
            return;
        if (!keep_mapping(memory, memory + RESERVE)) {
            __real_munmap(memory, RESERVE);
            return;
        }
        reserve = memory;
    }
    reserve_is_used = 0;
}

/* Whether something has been taken from the reserve since it was filled. */
long mdvm_reserve_is_used(void)
{
    return reserve_is_used;
}

/* Returns 0 if there is none. */
static int give_up_reserve(void)
{
    reserve_is_used = 1;
    if (reserve == NULL)
        return 0;
    munmap(reserve, RESERVE);
    reserve = NULL;
    return 1;
}

/* There is no memory for what must not fail.  Does not return in a process of the VM's own. */
void mdvm_exhausted(void)
{
    if (mdvm_end_exhausted)
        mdvm_end_exhausted();
}

void *__wrap_malloc(size_t size)
{
    struct block *block;
    if (size > LONG_MAX - sizeof *block)
        return NULL;
    block = __real_malloc(sizeof *block + size);
    if (block == NULL && size <= LARGEST_OF_RESERVE && give_up_reserve())
        block = __real_malloc(sizeof *block + size);
    return keep_block(block);
}

void *__wrap_calloc(size_t count, size_t size)
{
    struct block *block;
    if (size != 0 && count > (LONG_MAX - sizeof *block) / size)
        return NULL;
    size *= count;
    block = __real_calloc(1, sizeof *block + size);
    if (block == NULL && size <= LARGEST_OF_RESERVE && give_up_reserve())
        block = __real_calloc(1, sizeof *block + size);
    return keep_block(block);
}

void __wrap_free(void *memory)
{
    if (memory != NULL)
        __real_free(block_of(memory));
}

void *__wrap_realloc(void *old, size_t size)
{
    struct block *before, *block;
    if (old == NULL)
        return __wrap_malloc(size);
    if (size > LONG_MAX - sizeof *block)
        return NULL;
    before = block_of(old);
    block = __real_realloc(before, sizeof *block + size);
    if (block == NULL && size <= LARGEST_OF_RESERVE && give_up_reserve())
        block = __real_realloc(before, sizeof *block + size);
    if (block == NULL) {
        keep_block(before);
        return NULL;
    }
    return keep_block(block);
}

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset)
{
    char *memory = __real_mmap(address, size, protection, flags, descriptor, offset);
    if (memory == MAP_FAILED && errno == ENOMEM && size <= LARGEST_OF_RESERVE && give_up_reserve())
        memory = __real_mmap(address, size, protection, flags, descriptor, offset);
    if (memory != MAP_FAILED && !keep_mapping(memory, memory + size)) {
        __real_munmap(memory, size);
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return memory;
}

/* The same function where an off_t has 64 bits anyway. */
void *__wrap_mmap64(void *address, size_t size, int protection, int flags, int descriptor, off_t offset)
{
    return __wrap_mmap(address, size, protection, flags, descriptor, offset);
}

int __wrap_munmap(void *address, size_t size)
{
    int result = __real_munmap(address, size);
    if (result == 0)
        forget_mapping(address, (char *)address + size);
    return result;
}

/* ____________________________________________________________ giving back, and code */

/* Gives the pages of freed memory back to the system. */
void mdvm_return_memory(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

/* Whether the system gives memory that can be written and executed, which the JIT needs: a policy may forbid that. */
long mdvm_may_make_code(void)
{
    long size = sysconf(_SC_PAGESIZE);
    void *memory = __real_mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return errno == ENOMEM;
    munmap(memory, size);
    return 1;
}
