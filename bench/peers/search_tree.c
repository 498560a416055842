/* A binary search tree in three global arrays; the result is the sum of the depths at which n keys arrive. */
#include "checked.h"

ARRAY(ints, int64_t)

static ints key, left, right;

static int64_t insert(int64_t value, int64_t node)
{
    int64_t depth = 0, at = 0;
    ints_set(key, node, value);
    ints_set(left, node, -1);
    ints_set(right, node, -1);
    if (node == 0)
        return depth;
    for (;;) {
        ints side = value < ints_get(key, at) ? left : right;
        int64_t next = ints_get(side, at);
        depth = add(depth, 1);
        if (next == -1) {
            ints_set(side, at, node);
            return depth;
        }
        at = next;
    }
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), value = 42, total = 0;
    key = ints_new(n);
    left = ints_new(n);
    right = ints_new(n);
    for (int64_t node = 0; node < n; node = add(node, 1)) {
        value = modulo(mul(value, 16807), 2147483647);
        total = add(total, insert(value, node));
    }
    return answer(total);
}
