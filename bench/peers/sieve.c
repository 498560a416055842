/* How many primes there are below n, by the sieve of Eratosthenes. */
#include "checked.h"

ARRAY(flags, uint8_t)

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), primes = 0;
    flags crossed_out = flags_new(n);
    for (int64_t candidate = 2; candidate < n; candidate = add(candidate, 1)) {
        if (flags_get(crossed_out, candidate))
            continue;
        primes = add(primes, 1);
        for (int64_t multiple = mul(candidate, candidate); multiple < n; multiple = add(multiple, candidate))
            flags_set(crossed_out, multiple, 1);
    }
    return answer(primes);
}
