/* A queue of 1,000 events, a heap of arrays of a time and a number, from which n times the first is taken out. */
#include "checked.h"

ARRAY(ints, int64_t)
ARRAY(heap, ints)

static ints event(int64_t time, int64_t number)
{
    ints made = ints_new(2);
    ints_set(made, 0, time);
    ints_set(made, 1, number);
    return made;
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), count = 1000, random = 42, total = 0;
    heap events = heap_new(count);
    for (int64_t i = 0; i < count; i = add(i, 1))
        heap_set(events, i, event(i, i));
    for (int64_t round = 0; round < n; round = add(round, 1)) {
        ints first = heap_get(events, 0);
        int64_t time = ints_get(first, 0), number = ints_get(first, 1), at = 0;
        total = add(total, mul(time, number));
        random = modulo(mul(random, 16807), 2147483647);
        time = add(add(time, modulo(random, 1000)), 1);
        free(first.items);
        first = event(time, number);
        for (;;) {
            int64_t child = add(mul(at, 2), 1);
            if (child >= count)
                break;
            if (add(child, 1) < count &&
                ints_get(heap_get(events, add(child, 1)), 0) < ints_get(heap_get(events, child), 0))
                child = add(child, 1);
            if (ints_get(heap_get(events, child), 0) >= time)
                break;
            heap_set(events, at, heap_get(events, child));
            at = child;
        }
        heap_set(events, at, first);
    }
    return answer(total);
}
