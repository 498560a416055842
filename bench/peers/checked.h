/* What the C programs share: arithmetic that ends the program on overflow and arrays that check their bounds, as the VM does. */
#ifndef CHECKED_H
#define CHECKED_H

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline __attribute__((noreturn, cold)) void fail(const char *message)
{
    fprintf(stderr, "%s\n", message);
    exit(1);
}

static inline int64_t add(int64_t a, int64_t b)
{
    int64_t result;
    if (__builtin_expect(__builtin_add_overflow(a, b, &result), 0))
        fail("overflow");
    return result;
}

static inline int64_t sub(int64_t a, int64_t b)
{
    int64_t result;
    if (__builtin_expect(__builtin_sub_overflow(a, b, &result), 0))
        fail("overflow");
    return result;
}

static inline int64_t mul(int64_t a, int64_t b)
{
    int64_t result;
    if (__builtin_expect(__builtin_mul_overflow(a, b, &result), 0))
        fail("overflow");
    return result;
}

static inline int64_t divide(int64_t a, int64_t b)
{
    if (__builtin_expect(b == 0 || (b == -1 && a == INT64_MIN), 0))
        fail("division");
    return a / b;
}

static inline int64_t modulo(int64_t a, int64_t b)
{
    if (__builtin_expect(b == 0 || (b == -1 && a == INT64_MIN), 0))
        fail("division");
    return a % b;
}

static inline void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        fail("memory");
    return memory;
}

/* ARRAY(ints, int64_t) makes the type `ints` with ints_new, ints_get and ints_set. */
#define ARRAY(name, type)                                                      \
    typedef struct {                                                           \
        int64_t length;                                                        \
        type *items;                                                           \
    } name;                                                                    \
    static inline name name##_new(int64_t length)                              \
    {                                                                          \
        name array = {length, allocate((size_t)length, sizeof(type))};         \
        return array;                                                          \
    }                                                                          \
    static inline type name##_get(name array, int64_t index)                   \
    {                                                                          \
        if (__builtin_expect((uint64_t)index >= (uint64_t)array.length, 0))    \
            fail("bounds");                                                    \
        return array.items[index];                                             \
    }                                                                          \
    static inline void name##_set(name array, int64_t index, type value)       \
    {                                                                          \
        if (__builtin_expect((uint64_t)index >= (uint64_t)array.length, 0))    \
            fail("bounds");                                                    \
        array.items[index] = value;                                            \
    }

static inline int64_t size_from(int argc, char **argv)
{
    if (argc != 2)
        fail("which size?");
    return strtoll(argv[1], NULL, 10);
}

static inline int answer(int64_t value)
{
    printf("%" PRId64 "\n", value);
    return 0;
}

#endif
