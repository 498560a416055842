/* A binary search tree whose nodes are arrays of a key, a count and two nodes; the result is the sum of the depths of n keys. */
#include "checked.h"

ARRAY(ints, int64_t)
ARRAY(records, ints)

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), random = 42, total = 0, count = 0;
    records nodes = records_new(n);
    for (int64_t inserted = 0; inserted < n; inserted = add(inserted, 1)) {
        random = modulo(mul(random, 16807), 2147483647);
        int64_t key = modulo(random, 100000), at = 0;
        int found = 0;
        while (count) {
            ints node = records_get(nodes, at);
            if (key == ints_get(node, 0)) {
                ints_set(node, 1, add(ints_get(node, 1), 1));
                found = 1;
                break;
            }
            total = add(total, 1);
            int64_t side = key < ints_get(node, 0) ? 2 : 3, next = ints_get(node, side);
            if (next == -1) {
                ints_set(node, side, count);
                break;
            }
            at = next;
        }
        if (found)
            continue;
        ints node = ints_new(4);
        ints_set(node, 0, key);
        ints_set(node, 1, 1);
        ints_set(node, 2, -1);
        ints_set(node, 3, -1);
        records_set(nodes, count, node);
        count = add(count, 1);
    }
    return answer(total);
}
