/* Takeuchi's function of n, 2 n / 3 and n / 3. */
#include "checked.h"

static int64_t tak(int64_t x, int64_t y, int64_t z)
{
    if (y >= x)
        return z;
    return tak(tak(sub(x, 1), y, z), tak(sub(y, 1), z, x), tak(sub(z, 1), x, y));
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), third = divide(n, 3);
    return answer(tak(n, mul(third, 2), third));
}
