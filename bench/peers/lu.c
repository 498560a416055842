/* The LU decomposition, with row pivots, of a matrix of n rows; the result is the sum of the diagonal, in thousandths. */
#include "checked.h"

ARRAY(floats, double)
ARRAY(rows, floats)

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), random = 42;
    rows m = rows_new(n);
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        floats row = floats_new(n);
        for (int64_t j = 0; j < n; j = add(j, 1)) {
            random = modulo(mul(random, 16807), 2147483647);
            floats_set(row, j, (double)sub(modulo(random, 2001), 1000) / 100.0);
        }
        rows_set(m, i, row);
    }
    for (int64_t k = 0; k < n; k = add(k, 1)) {
        int64_t pivot = k;
        double best = -1.0;
        for (int64_t i = k; i < n; i = add(i, 1)) {
            double x = floats_get(rows_get(m, i), k);
            if (x < 0.0)
                x = 0.0 - x;
            if (best < x) {
                best = x;
                pivot = i;
            }
        }
        floats row = rows_get(m, k);
        rows_set(m, k, rows_get(m, pivot));
        rows_set(m, pivot, row);
        for (int64_t i = add(k, 1); i < n; i = add(i, 1)) {
            floats top = rows_get(m, k), row = rows_get(m, i);
            double factor = floats_get(row, k) / floats_get(top, k);
            for (int64_t j = k; j < n; j = add(j, 1))
                floats_set(row, j, floats_get(row, j) - floats_get(top, j) * factor);
        }
    }
    double total = 0.0;
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        double x = floats_get(rows_get(m, i), i);
        if (x < 0.0)
            x = 0.0 - x;
        total += x;
    }
    return answer((int64_t)(total * 1000));
}
