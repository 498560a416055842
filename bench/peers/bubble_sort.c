/* Bubble sort of n pseudo-random ints. */
#include "checked.h"

ARRAY(ints, int64_t)

static ints random_ints(int64_t n)
{
    ints array = ints_new(n);
    int64_t number = 42;
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        number = modulo(add(mul(number, 3877), 29573), 139968);
        ints_set(array, i, number);
    }
    return array;
}

static __attribute__((noinline)) ints sort(ints array)
{
    for (int64_t last = sub(array.length, 1); last > 0; last = sub(last, 1)) {
        for (int64_t i = 0; i < last;) {
            int64_t next = add(i, 1), left = ints_get(array, i), right = ints_get(array, next);
            if (left > right) {
                ints_set(array, i, right);
                ints_set(array, next, left);
            }
            i = next;
        }
    }
    return array;
}

int main(int argc, char **argv)
{
    ints array = sort(random_ints(size_from(argc, argv)));
    int64_t total = 0;
    for (int64_t i = 0; i < array.length; i = add(i, 1))
        total = add(total, mul(ints_get(array, i), i));
    return answer(total);
}
