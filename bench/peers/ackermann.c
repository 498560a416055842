/* Ackermann's function of 3 and n: calls as arguments of calls, thousands deep. */
#include "checked.h"

ARRAY(ints, int64_t)

static int64_t n;

static int64_t ack(int64_t m, int64_t n)
{
    if (m == 0) {
        return add(n, 1);
    }
    if (n == 0) {
        return ack(sub(m, 1), 1);
    }
    return ack(sub(m, 1), ack(m, sub(n, 1)));
}

static int64_t run(void)
{
    return ack(3, n);
}

int main(int argc, char **argv)
{
    n = size_from(argc, argv);
    return answer(run());
}
