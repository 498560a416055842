/* n steps of five bodies that pull at each other, each a record of seven floats; two of them are changed at a time.
   The result is a sum of their places, in millionths. */
#include "checked.h"

typedef struct {
    double x, y, z, vx, vy, vz, mass;
} body;

ARRAY(bodies, body *)

static void pull(body *a, body *b)
{
    double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
    double d2 = dx * dx + dy * dy + dz * dz + 0.01;
    double mag = 0.0001 / (d2 * d2);
    double bm = b->mass * mag, am = a->mass * mag;
    a->vx = a->vx - dx * bm;
    a->vy = a->vy - dy * bm;
    a->vz = a->vz - dz * bm;
    b->vx = b->vx + dx * am;
    b->vy = b->vy + dy * am;
    b->vz = b->vz + dz * am;
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), count = 0;
    bodies all = bodies_new(5);
    for (int64_t i = 0; i < 5; i = add(i, 1)) {
        body *b = allocate(1, sizeof(body));
        double f = (double)i;
        *b = (body){f * 2.5 - 3.0, 1.0 + f * f, 0.5 * f, 0.1 * f, 0.2 - 0.1 * f, 0.01 * f, 1.0 + 3.0 * f};
        bodies_set(all, i, b);
    }
    for (int64_t step = 0; step < n; step = add(step, 1)) {
        for (int64_t i = 0; i < 5; i = add(i, 1))
            for (int64_t j = add(i, 1); j < 5; j = add(j, 1))
                pull(bodies_get(all, i), bodies_get(all, j));
        for (int64_t i = 0; i < 5; i = add(i, 1)) {
            body *b = bodies_get(all, i);
            b->x = b->x + 0.0001 * b->vx;
            b->y = b->y + 0.0001 * b->vy;
            b->z = b->z + 0.0001 * b->vz;
        }
    }
    double e = 0.0;
    for (int64_t i = 0; i < 5; i = add(i, 1)) {
        body *b = bodies_get(all, i);
        e = e + b->x + b->y * b->z;
    }
    e = e * 1000000.0;
    for (; e >= 1000000.0; e = e - 1000000.0)
        count = add(count, 1000000);
    for (; e >= 1.0; e = e - 1.0)
        count = add(count, 1);
    return answer(count);
}
