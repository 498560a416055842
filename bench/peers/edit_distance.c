/* The edit distance of two pseudo-random words of n letters, in a table that is an array of rows. */
#include "checked.h"

ARRAY(ints, int64_t)
ARRAY(rows, ints)

static ints word(int64_t n, int64_t seed)
{
    ints letters = ints_new(n);
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        seed = modulo(mul(seed, 16807), 2147483647);
        ints_set(letters, i, divide(seed, 536870912));
    }
    return letters;
}

static int64_t distance(ints first, ints second)
{
    int64_t height = add(first.length, 1), width = add(second.length, 1);
    rows table = rows_new(height);
    for (int64_t i = 0; i < height; i = add(i, 1)) {
        rows_set(table, i, ints_new(width));
        ints_set(rows_get(table, i), 0, i);
        for (int64_t j = 1; j < width; j = add(j, 1)) {
            int64_t best = j;
            if (i > 0) {
                best = ints_get(rows_get(table, sub(i, 1)), sub(j, 1));
                if (ints_get(first, sub(i, 1)) != ints_get(second, sub(j, 1))) {
                    int64_t above = ints_get(rows_get(table, sub(i, 1)), j);
                    int64_t beside = ints_get(rows_get(table, i), sub(j, 1));
                    if (above < best)
                        best = above;
                    if (beside < best)
                        best = beside;
                    best = add(best, 1);
                }
            }
            ints_set(rows_get(table, i), j, best);
        }
    }
    return ints_get(rows_get(table, sub(height, 1)), sub(width, 1));
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv);
    return answer(distance(word(n, 42), word(n, 7)));
}
