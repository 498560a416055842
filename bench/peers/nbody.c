/* n steps of five bodies that attract each other; the force falls with the distance. */
#include "checked.h"

enum { BODIES = 5 };

ARRAY(floats, double)

static floats spread(int64_t count, int64_t factor)
{
    floats made = floats_new(count);
    for (int64_t i = 0; i < count; i = add(i, 1)) {
        int64_t next = add(i, 1);
        floats_set(made, i, (double)modulo(mul(mul(next, next), factor), 11) * 0.5);
    }
    return made;
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv);
    floats x = spread(BODIES, 3), y = spread(BODIES, 5), z = spread(BODIES, 7);
    floats vx = spread(BODIES, 0), vy = spread(BODIES, 0), vz = spread(BODIES, 0);
    floats mass = spread(BODIES, 2);
    double time = 0.001;
    for (int64_t step = 0; step < n; step = add(step, 1)) {
        for (int64_t i = 0; i < BODIES; i = add(i, 1)) {
            for (int64_t j = add(i, 1); j < BODIES; j = add(j, 1)) {
                double dx = floats_get(x, i) - floats_get(x, j);
                double dy = floats_get(y, i) - floats_get(y, j);
                double dz = floats_get(z, i) - floats_get(z, j);
                double force = time / (dx * dx + dy * dy + dz * dz + 0.01);
                double on_i = floats_get(mass, j) * force, on_j = floats_get(mass, i) * force;
                floats_set(vx, i, floats_get(vx, i) - dx * on_i);
                floats_set(vy, i, floats_get(vy, i) - dy * on_i);
                floats_set(vz, i, floats_get(vz, i) - dz * on_i);
                floats_set(vx, j, floats_get(vx, j) + dx * on_j);
                floats_set(vy, j, floats_get(vy, j) + dy * on_j);
                floats_set(vz, j, floats_get(vz, j) + dz * on_j);
            }
        }
        for (int64_t i = 0; i < BODIES; i = add(i, 1)) {
            floats_set(x, i, floats_get(x, i) + floats_get(vx, i) * time);
            floats_set(y, i, floats_get(y, i) + floats_get(vy, i) * time);
            floats_set(z, i, floats_get(z, i) + floats_get(vz, i) * time);
        }
    }
    double total = 0.0;
    for (int64_t i = 0; i < BODIES; i = add(i, 1)) {
        total += floats_get(x, i);
        total += floats_get(y, i);
        total += floats_get(z, i);
    }
    return answer((int64_t)(total * 1000000.0));
}
