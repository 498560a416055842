/* Quicksort of n keys in a global array, recursive for the shorter part. The result depends on their order. */
#include "checked.h"

ARRAY(ints, int64_t)

static ints a;
static int64_t n;

static int64_t sort(int64_t lo, int64_t hi)
{
    int64_t i, j, p, t;
    while (lo < hi) {
        p = ints_get(a, divide(add(lo, hi), 2));
        i = lo;
        j = hi;
        while (i <= j) {
            while (ints_get(a, i) < p) {
                i = add(i, 1);
            }
            while (ints_get(a, j) > p) {
                j = sub(j, 1);
            }
            if (i <= j) {
                t = ints_get(a, i);
                ints_set(a, i, ints_get(a, j));
                ints_set(a, j, t);
                i = add(i, 1);
                j = sub(j, 1);
            }
        }
        if (sub(j, lo) < sub(hi, i)) {
            sort(lo, j);
            lo = i;
        } else {
            sort(i, hi);
            hi = j;
        }
    }
    return 0;
}

static int64_t run(void)
{
    int64_t s, seed;
    a = ints_new(n);
    seed = 42;
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        seed = modulo(mul(seed, 16807), 2147483647);
        ints_set(a, i, seed);
    }
    sort(0, sub(n, 1));
    s = 0;
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        s = modulo(add(mul(s, 31), ints_get(a, i)), 1000000007);
    }
    return s;
}

int main(int argc, char **argv)
{
    n = size_from(argc, argv);
    return answer(run());
}
