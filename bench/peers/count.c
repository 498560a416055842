/* The sum of 1 to n, counted up one by one. */
#include "checked.h"

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), i = 0, total = 0;
    while (i < n) {
        i = add(i, 1);
        total = add(total, i);
    }
    return answer(total);
}
