/* The digits of floats: see float_digits.c. */
#ifndef MDVM_FLOAT_DIGITS_H
#define MDVM_FLOAT_DIGITS_H

#include <stdint.h>
#include "linkage.h"

#define MDVM_FIRST_POWER (-292)

/* The powers of ten from MDVM_FIRST_POWER on: 128 bits of each, the first of which is set, rounded up. */
MDVM_OWN const uint64_t mdvm_powers_of_ten[][2];

/* value: a finite float above zero. Returns the digits of the shortest decimal number that reads back as it, as one number
   without zeros at its end, and the power of ten that it is to be multiplied by. */
MDVM_OWN int64_t mdvm_shortest_decimal(double value, long *exponent);

#endif
