/* An array of n ints is handed to a function and back n times, and the function stores one element. */
#include "checked.h"

ARRAY(ints, int64_t)

static __attribute__((noinline)) ints store(ints array, int64_t index)
{
    ints_set(array, index, add(index, index));
    return array;
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), total = 0;
    ints array = ints_new(n);
    for (int64_t i = 0; i < n; i = add(i, 1))
        array = store(array, i);
    for (int64_t i = 0; i < n; i = add(i, 1))
        total = add(total, ints_get(array, i));
    return answer(total);
}
