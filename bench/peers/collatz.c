/* Which start below n has the longest Collatz sequence. */
#include "checked.h"

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), longest = 0, best = 0;
    for (int64_t start = 1; start < n; start = add(start, 1)) {
        int64_t value = start, steps = 0;
        while (value > 1) {
            steps = add(steps, 1);
            if (modulo(value, 2))
                value = add(mul(value, 3), 1);
            else
                value = divide(value, 2);
        }
        if (steps > longest) {
            longest = steps;
            best = start;
        }
    }
    return answer(best);
}
