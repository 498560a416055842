/* The product of two matrices of n times n floats. */
#include "checked.h"

ARRAY(floats, double)

static floats matrix(int64_t n, int64_t factor)
{
    floats made = floats_new(mul(n, n));
    for (int64_t i = 0; i < made.length; i = add(i, 1))
        floats_set(made, i, (double)modulo(mul(i, factor), 11));
    return made;
}

static __attribute__((noinline)) floats multiply(floats left, floats right, int64_t n)
{
    floats product = floats_new(mul(n, n));
    for (int64_t row = 0; row < n; row = add(row, 1)) {
        for (int64_t column = 0; column < n; column = add(column, 1)) {
            double sum = 0.0;
            int64_t in_left = mul(row, n), in_right = column;
            for (int64_t k = 0; k < n; k = add(k, 1)) {
                sum += floats_get(left, in_left) * floats_get(right, in_right);
                in_left = add(in_left, 1);
                in_right = add(in_right, n);
            }
            floats_set(product, add(mul(row, n), column), sum);
        }
    }
    return product;
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv);
    floats product = multiply(matrix(n, 3), matrix(n, 5), n);
    double total = 0.0;
    for (int64_t i = 0; i < product.length; i = add(i, 1))
        total += floats_get(product, i);
    return answer((int64_t)total);
}
