/* n updates of single elements of a matrix of 100 times 100 ints, an array of arrays. */
#include "checked.h"

enum { SIDE = 100 };

ARRAY(ints, int64_t)
ARRAY(rows, ints)

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), total = 0;
    rows matrix = rows_new(SIDE);
    for (int64_t i = 0; i < SIDE; i = add(i, 1))
        rows_set(matrix, i, ints_new(SIDE));
    for (int64_t iteration = 0; iteration < n; iteration = add(iteration, 1)) {
        int64_t i = modulo(mul(iteration, 7), SIDE), j = modulo(divide(mul(iteration, 13), SIDE), SIDE);
        ints row = rows_get(matrix, i);
        ints_set(row, j, add(ints_get(row, j), 1));
        rows_set(matrix, i, row);
    }
    for (int64_t i = 0; i < SIDE; i = add(i, 1)) {
        ints row = rows_get(matrix, i);
        for (int64_t j = 0; j < SIDE; j = add(j, 1))
            total = add(total, mul(ints_get(row, j), j));
    }
    return answer(total);
}
