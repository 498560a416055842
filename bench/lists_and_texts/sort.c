/* n ints in no order are sorted by qsort; the sum of each times its place, modulo a prime. */
#include "checked.h"

ARRAY(ints, int64_t)

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), seed = 42, total = 0;
    ints numbers = ints_new(n);
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        seed = modulo(mul(seed, 16807), 2147483647);
        ints_set(numbers, i, seed);
    }
    qsort(numbers.items, (size_t)n, sizeof(int64_t), compare);
    for (int64_t i = 0; i < n; i = add(i, 1))
        total = modulo(add(total, mul(ints_get(numbers, i), i)), 2147483647);
    return answer(total);
}
