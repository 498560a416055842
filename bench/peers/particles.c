/* n steps of 200 particles in a box, each a record; the result is the sum of the places, in thousandths. */
#include "checked.h"

ARRAY(floats, double)
ARRAY(records, floats)

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), count = 200, random = 42;
    records particles = records_new(count);
    for (int64_t i = 0; i < count; i = add(i, 1)) {
        floats record = floats_new(4);
        for (int64_t j = 0; j < 4; j = add(j, 1)) {
            random = modulo(mul(random, 16807), 2147483647);
            floats_set(record, j, (double)random / 2147483647.0);
        }
        records_set(particles, i, record);
    }
    for (int64_t step = 0; step < n; step = add(step, 1))
        for (int64_t i = 0; i < count; i = add(i, 1)) {
            floats record = records_get(particles, i);
            double x = floats_get(record, 0), speed = floats_get(record, 2);
            x += speed * 0.001;
            if (x < 0.0 || 1.0 < x)
                floats_set(record, 2, 0.0 - speed);
            floats_set(record, 0, x);
            double y = floats_get(record, 1);
            speed = floats_get(record, 3);
            y += speed * 0.001;
            if (y < 0.0 || 1.0 < y)
                floats_set(record, 3, 0.0 - speed);
            floats_set(record, 1, y);
        }
    double total = 0.0;
    for (int64_t i = 0; i < count; i = add(i, 1)) {
        total += floats_get(records_get(particles, i), 0);
        total += floats_get(records_get(particles, i), 1);
    }
    return answer((int64_t)(total * 1000));
}
