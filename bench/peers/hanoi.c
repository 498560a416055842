/* The towers of Hanoi with n discs: a call of four ints twice in itself. The result weighs each move by its rods. */
#include "checked.h"

ARRAY(ints, int64_t)

static int64_t n;

static int64_t hanoi(int64_t n, int64_t a, int64_t b, int64_t c)
{
    if (n == 0) {
        return 0;
    }
    return add(add(add(hanoi(sub(n, 1), a, c, b), mul(a, 3)), b), hanoi(sub(n, 1), c, b, a));
}

static int64_t run(void)
{
    return hanoi(n, 1, 2, 3);
}

int main(int argc, char **argv)
{
    n = size_from(argc, argv);
    return answer(run());
}
