/* The ways to place n queens on a board: a recursive function that changes three arrays which are its arguments. */
#include "checked.h"

ARRAY(ints, int64_t)

static int64_t n;

static int64_t place(int64_t row, int64_t n, ints cols, ints rising, ints falling)
{
    int64_t count;
    if (row == n) {
        return 1;
    }
    count = 0;
    for (int64_t c = 0; c < n; c = add(c, 1)) {
        if (ints_get(cols, c) == 0 && ints_get(rising, add(row, c)) == 0 && ints_get(falling, add(sub(row, c), n)) == 0) {
            ints_set(cols, c, 1);
            ints_set(rising, add(row, c), 1);
            ints_set(falling, add(sub(row, c), n), 1);
            count = add(count, place(add(row, 1), n, cols, rising, falling));
            ints_set(cols, c, 0);
            ints_set(rising, add(row, c), 0);
            ints_set(falling, add(sub(row, c), n), 0);
        }
    }
    return count;
}

static ints zeros(int64_t n)
{
    ints a;
    a = ints_new(n);
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        ints_set(a, i, 0);
    }
    return a;
}

static int64_t run(void)
{
    return place(0, n, zeros(n), zeros(mul(2, n)), zeros(add(mul(2, n), 1)));
}

int main(int argc, char **argv)
{
    n = size_from(argc, argv);
    return answer(run());
}
