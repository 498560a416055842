/* A recursive-descent parser: four functions that call each other read a text of about n characters, an array of their
   codes, 20 times from the beginning and compute what it says. */
#include "checked.h"

ARRAY(ints, int64_t)

static ints source;
static int64_t n, at, seed;

static int64_t expr(void);

static int64_t factor(void)
{
    int64_t c, v;
    c = ints_get(source, at);
    if (c == 40) {
        at = add(at, 1);
        v = expr();
        at = add(at, 1);
        return v;
    }
    if (c == 45) {
        at = add(at, 1);
        return modulo(sub(1000003, factor()), 1000003);
    }
    v = 0;
    while (c >= 48 && c <= 57) {
        v = sub(add(mul(v, 10), c), 48);
        at = add(at, 1);
        c = ints_get(source, at);
    }
    return v;
}

static int64_t term(void)
{
    int64_t c, v;
    v = factor();
    while (1) {
        c = ints_get(source, at);
        if (c == 42) {
            at = add(at, 1);
            v = modulo(mul(v, factor()), 1000003);
        } else if (c == 47) {
            at = add(at, 1);
            v = divide(v, add(modulo(mul(factor(), factor()), 7), 8));
        } else {
            return v;
        }
    }
}

static int64_t expr(void)
{
    int64_t c, v;
    v = term();
    while (1) {
        c = ints_get(source, at);
        if (c == 43) {
            at = add(at, 1);
            v = modulo(add(v, term()), 1000003);
        } else if (c == 45) {
            at = add(at, 1);
            v = modulo(sub(add(v, 1000003), term()), 1000003);
        } else {
            return v;
        }
    }
}

static int64_t gen(int64_t depth)
{
    int64_t k;
    seed = modulo(mul(seed, 16807), 2147483647);
    k = modulo(divide(seed, 8), 8);
    if (depth == 0 || k == 0) {
        ints_set(source, at, add(49, modulo(divide(seed, 64), 9)));
        at = add(at, 1);
        if (k < 4) {
            ints_set(source, at, add(48, modulo(divide(seed, 64), 10)));
            at = add(at, 1);
        }
        return 0;
    }
    if (k == 1) {
        ints_set(source, at, 45);
        at = add(at, 1);
        return gen(sub(depth, 1));
    }
    if (k < 5) {
        ints_set(source, at, 40);
        at = add(at, 1);
    }
    gen(sub(depth, 1));
    if (modulo(k, 2) == 0) {
        ints_set(source, at, 43);
    } else if (k == 3) {
        ints_set(source, at, 45);
    } else {
        ints_set(source, at, 42);
    }
    at = add(at, 1);
    gen(sub(depth, 1));
    if (k < 5) {
        ints_set(source, at, 41);
        at = add(at, 1);
    }
    return 0;
}

static int64_t run(void)
{
    int64_t total;
    source = ints_new(add(n, 3000));
    at = 0;
    seed = 42;
    while (at < n) {
        gen(9);
        ints_set(source, at, 43);
        at = add(at, 1);
    }
    ints_set(source, at, 49);
    at = add(at, 1);
    ints_set(source, at, 0);
    total = at;
    for (int64_t i = 0; i < 20; i = add(i, 1)) {
        at = 0;
        total = add(total, expr());
    }
    return total;
}

int main(int argc, char **argv)
{
    n = size_from(argc, argv);
    return answer(run());
}
