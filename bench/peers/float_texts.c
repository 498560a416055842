/* The lengths of n floats when they are written with as many digits as it takes to read them back. */
#include "checked.h"

static int64_t length_of_shortest(double value)
{
    char text[32];
    for (int digits = 15; digits < 17; digits++) {
        int length = snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return length;
    }
    return snprintf(text, sizeof text, "%.17g", value);
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), total = 0;
    double x = 0.5;
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        x = x * 3.9 * (1.0 - x);
        total = add(total, length_of_shortest(x * 1000.0));
    }
    return answer(total);
}
