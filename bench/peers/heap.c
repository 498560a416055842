/* A binary heap of n keys: an array that two functions get, change and give back. The result depends on the order in
   which the keys come out. */
#include "checked.h"

ARRAY(ints, int64_t)

static int64_t n;

static ints push(ints h, int64_t size, int64_t x)
{
    int64_t i, p;
    i = size;
    while (i > 0) {
        p = divide(sub(i, 1), 2);
        if (ints_get(h, p) <= x) {
            break;
        }
        ints_set(h, i, ints_get(h, p));
        i = p;
    }
    ints_set(h, i, x);
    return h;
}

static ints pop(ints h, int64_t size)
{
    double x;
    int64_t c, i, last;
    last = sub(size, 1);
    x = ints_get(h, last);
    i = 0;
    while (1) {
        c = add(mul(2, i), 1);
        if (c >= last) {
            break;
        }
        if (add(c, 1) < last && ints_get(h, add(c, 1)) < ints_get(h, c)) {
            c = add(c, 1);
        }
        if (x <= ints_get(h, c)) {
            break;
        }
        ints_set(h, i, ints_get(h, c));
        i = c;
    }
    ints_set(h, i, x);
    return h;
}

static int64_t run(void)
{
    ints h;
    int64_t seed, total;
    h = ints_new(n);
    seed = 42;
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        seed = modulo(mul(seed, 16807), 2147483647);
        h = push(h, i, seed);
    }
    total = 0;
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        total = (mul(total, 31) + ints_get(h, 0)) % 1000000007;
        h = pop(h, sub(n, i));
    }
    return total;
}

int main(int argc, char **argv)
{
    n = size_from(argc, argv);
    return answer(run());
}
