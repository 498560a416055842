/* Two functions that call each other: Hofstadter's female and male sequences. */
#include "checked.h"

static int64_t male(int64_t n);

static int64_t female(int64_t n)
{
    if (!n)
        return 1;
    return sub(n, male(female(sub(n, 1))));
}

static int64_t male(int64_t n)
{
    if (!n)
        return 0;
    return sub(n, female(male(sub(n, 1))));
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), total = 0;
    for (int64_t i = 0; i < n; i = add(i, 1))
        total = add(total, female(i));
    return answer(total);
}
