/* A loop of n iterations whose variables are all global. */
#include "checked.h"

static int64_t i, sum;

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv);
    do {
        sum = add(sum, modulo(i, 7));
        i = add(i, 1);
    } while (i < n);
    return answer(sum);
}
