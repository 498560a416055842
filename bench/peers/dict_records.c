/* n steps of eight bodies on a line that pull at their neighbours; the result is the sum of the places, in millionths. */
#include "checked.h"

typedef struct {
    double place, speed, mass;
} body;

ARRAY(bodies, body *)

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), count = 8;
    bodies all = bodies_new(count);
    for (int64_t i = 0; i < count; i = add(i, 1)) {
        body *made = allocate(1, sizeof(body));
        made->place = (double)mul(i, i);
        made->mass = (double)add(i, 1);
        bodies_set(all, i, made);
    }
    for (int64_t step = 0; step < n; step = add(step, 1))
        for (int64_t i = 0; i < count; i = add(i, 1)) {
            body *one = bodies_get(all, i), *other = bodies_get(all, modulo(add(i, 1), count));
            one->speed = one->speed * 0.5 + (other->place - one->place) * other->mass * 0.001;
            one->place += one->speed * 0.001;
        }
    double total = 0.0;
    for (int64_t i = 0; i < count; i = add(i, 1))
        total += bodies_get(all, i)->place;
    return answer((int64_t)(total * 1000000));
}
