/* The shortest ways between all of n places, by rows; the result is the sum of the lengths of all ways. */
#include "checked.h"

ARRAY(ints, int64_t)
ARRAY(rows, ints)

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), random = 42, total = 0;
    rows ways = rows_new(n);
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        ints row = ints_new(n);
        for (int64_t j = 0; j < n; j = add(j, 1)) {
            random = modulo(mul(random, 16807), 2147483647);
            ints_set(row, j, modulo(random, 10000));
        }
        rows_set(ways, i, row);
    }
    for (int64_t k = 0; k < n; k = add(k, 1)) {
        ints by = rows_get(ways, k);
        for (int64_t i = 0; i < n; i = add(i, 1)) {
            ints row = rows_get(ways, i);
            int64_t there = ints_get(row, k);
            for (int64_t j = 0; j < n; j = add(j, 1)) {
                int64_t way = add(ints_get(by, j), there);
                if (way < ints_get(row, j))
                    ints_set(row, j, way);
            }
        }
    }
    for (int64_t i = 0; i < n; i = add(i, 1))
        for (int64_t j = 0; j < n; j = add(j, 1))
            total = add(total, ints_get(rows_get(ways, i), j));
    return answer(total);
}
