/* The shortest decimal number that reads back as a given float, by the method of Raffaele Giulietti ("The Schubfach way
   to render doubles"): what lies nearer to the float than to its neighbours is an interval; scaled by a power of ten that
   makes it between one and ten wide, it holds one or two multiples of ten, or else a whole number that is next to the
   float. Three products of 128 by 64 bits find out; all of it is exact.

   The powers of ten stand in a table that float_digits.py writes out. */

#include "float_digits.h"
#include <string.h>

typedef unsigned __int128 wide;

/* How to round downwards: the exponents in the logarithms are between -1500 and 1500. */
static int32_t floor_log10_of_power_of_2(int32_t exponent)
{
    return (exponent * 1262611) >> 22;
}

static int32_t floor_log10_of_three_quarters(int32_t exponent)
{
    return (exponent * 1262611 - 524031) >> 22;
}

static int32_t floor_log2_of_power_of_10(int32_t exponent)
{
    return (exponent * 1741647) >> 19;
}

/* The whole part of power times factor, shifted right by 128 bits; its last bit is set if anything was cut off. */
static uint64_t scaled(const uint64_t power[2], uint64_t factor)
{
    wide low = (wide)power[1] * factor;
    wide high = (wide)power[0] * factor + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

static int64_t without_zeros(uint64_t digits, long *exponent)
{
    while (digits % 10 == 0) {
        digits /= 10;
        ++*exponent;
    }
    return (int64_t)digits;
}

int64_t mdvm_shortest_decimal(double value, long *exponent)
{
    uint64_t bits, fraction, whole;
    int32_t biased, binary, decimal, shift;

    memcpy(&bits, &value, sizeof bits);
    fraction = bits & 0xFFFFFFFFFFFFFu;
    biased = (int32_t)(bits >> 52) & 0x7FF;
    whole = biased ? fraction | 0x10000000000000u : fraction;
    binary = (biased ? biased : 1) - 1075;
    if (binary <= 0 && binary > -53 && (whole & ((UINT64_C(1) << -binary) - 1)) == 0) {
        *exponent = 0;
        return without_zeros(whole >> -binary, exponent); /* a whole number, which is its own shortest */
    }

    /* Half of the way to the neighbours, in quarters: the one below is nearer where an exponent begins. */
    int is_odd = (int)(whole & 1);
    int is_nearer = fraction == 0 && biased > 1;
    decimal = is_nearer ? floor_log10_of_three_quarters(binary) : floor_log10_of_power_of_2(binary);
    shift = binary + floor_log2_of_power_of_10(-decimal) + 1;
    const uint64_t *power = mdvm_powers_of_ten[-decimal - MDVM_FIRST_POWER];
    uint64_t middle = scaled(power, 4 * whole << shift);
    uint64_t lower = scaled(power, (4 * whole - 2 + (uint64_t)is_nearer) << shift) + (uint64_t)is_odd;
    uint64_t upper = scaled(power, (4 * whole + 2) << shift) - (uint64_t)is_odd;

    uint64_t digits = middle / 4;
    if (digits >= 10) {
        uint64_t tens = digits / 10 * 10;
        int below = lower <= 4 * tens;
        int above = 4 * tens + 40 <= upper;
        if (below != above) {
            *exponent = decimal;
            return without_zeros(above ? tens + 10 : tens, exponent);
        }
    }
    int below = lower <= 4 * digits;
    int above = 4 * digits + 4 <= upper;
    if (below != above)
        digits += (uint64_t)above;
    else if (middle > 4 * digits + 2 || (middle == 4 * digits + 2 && (digits & 1)))
        digits += 1;
    *exponent = decimal;
    return without_zeros(digits, exponent);
}
