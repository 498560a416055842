/* Binary trees up to a depth of n, built, counted and dropped again. */
#include "checked.h"

typedef struct node {
    int64_t length;
    struct node *items[2];
} node;

static node **item(node *tree, int64_t index)
{
    if (__builtin_expect((uint64_t)index >= (uint64_t)tree->length, 0))
        fail("bounds");
    return &tree->items[index];
}

static node *build(int64_t depth)
{
    node *tree = allocate(1, sizeof(node));
    tree->length = 2;
    if (depth) {
        *item(tree, 0) = build(sub(depth, 1));
        *item(tree, 1) = build(sub(depth, 1));
    }
    return tree;
}

static int64_t count(node *tree)
{
    if (!*item(tree, 0))
        return 1;
    return add(add(count(*item(tree, 0)), count(*item(tree, 1))), 1);
}

static void drop(node *tree)
{
    if (*item(tree, 0)) {
        drop(*item(tree, 0));
        drop(*item(tree, 1));
    }
    free(tree);
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), total = 0;
    node *lasting = build(n);
    for (int64_t depth = 4; depth <= n; depth = add(depth, 2)) {
        int64_t trees = (int64_t)1 << (n - depth + 4);
        for (int64_t i = 0; i < trees; i = add(i, 1)) {
            node *tree = build(depth);
            total = add(total, count(tree));
            drop(tree);
        }
    }
    total = add(total, count(lasting));
    drop(lasting);
    return answer(total);
}
