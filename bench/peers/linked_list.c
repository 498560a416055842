/* A linked list of 1,000 cells, n times built, reversed and added up. */
#include "checked.h"

typedef struct cell {
    int64_t number;
    struct cell *rest;
} cell;

static cell *put(int64_t number, cell *rest)
{
    cell *made = allocate(1, sizeof(cell));
    made->number = number;
    made->rest = rest;
    return made;
}

static cell *rest_of(cell *list)
{
    cell *rest = list->rest;
    free(list);
    return rest;
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), total = 0;
    for (int64_t round = 0; round < n; round = add(round, 1)) {
        cell *list = NULL, *reversed = NULL;
        for (int64_t i = 0; i < 1000; i = add(i, 1))
            list = put(add(i, round), list);
        for (; list; list = rest_of(list))
            reversed = put(list->number, reversed);
        for (int64_t i = 0; reversed; i = add(i, 1), reversed = rest_of(reversed))
            total = add(total, mul(reversed->number, i));
    }
    return answer(total);
}
