/* A binary search tree in three global arrays, into which n keys are inserted by a recursive function.
   The result is its depth and how many keys there are. */
#include "checked.h"

ARRAY(ints, int64_t)

static ints key, left, right;
static int64_t n, count;

static int64_t insert(int64_t at, int64_t k)
{
    if (at == -1) {
        ints_set(key, count, k);
        ints_set(left, count, -1);
        ints_set(right, count, -1);
        count = add(count, 1);
        return sub(count, 1);
    }
    if (k < ints_get(key, at)) {
        ints_set(left, at, insert(ints_get(left, at), k));
    } else if (k > ints_get(key, at)) {
        ints_set(right, at, insert(ints_get(right, at), k));
    }
    return at;
}

static int64_t depth(int64_t at)
{
    int64_t l, r;
    if (at == -1) {
        return 0;
    }
    l = depth(ints_get(left, at));
    r = depth(ints_get(right, at));
    if (l > r) {
        return add(l, 1);
    }
    return add(r, 1);
}

static int64_t run(void)
{
    int64_t root, seed;
    key = ints_new(n);
    left = ints_new(n);
    right = ints_new(n);
    count = 0;
    root = -1;
    seed = 42;
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        seed = modulo(mul(seed, 16807), 2147483647);
        root = insert(root, seed);
    }
    return add(mul(depth(root), 1000000), count);
}

int main(int argc, char **argv)
{
    n = size_from(argc, argv);
    return answer(run());
}
