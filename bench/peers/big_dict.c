/* One table of n entries whose keys are strings, and n look-ups of keys that are made anew. */
#include "checked.h"

typedef struct {
    char *key; /* NULL in a free slot */
    uint64_t hash;
    int64_t value;
} slot;

typedef struct {
    slot *slots;
    uint64_t size, used;
} table;

static uint64_t hash_of(const char *key)
{
    uint64_t hash = 14695981039346656037u;
    for (; *key; key++)
        hash = (hash ^ (uint8_t)*key) * 1099511628211u;
    return hash;
}

/* The slot that holds the key, or the free one where it belongs. */
static slot *find(table *t, const char *key, uint64_t hash)
{
    for (uint64_t index = hash;; index++) {
        slot *found = &t->slots[index & (t->size - 1)];
        if (!found->key || (found->hash == hash && !strcmp(found->key, key)))
            return found;
    }
}

static void grow(table *t)
{
    table larger = {allocate(2 * t->size, sizeof(slot)), 2 * t->size, t->used};
    for (uint64_t index = 0; index < t->size; index++)
        if (t->slots[index].key)
            *find(&larger, t->slots[index].key, t->slots[index].hash) = t->slots[index];
    free(t->slots);
    *t = larger;
}

static void set(table *t, const char *key, int64_t value)
{
    uint64_t hash = hash_of(key);
    slot *found = find(t, key, hash);
    if (!found->key) {
        if (2 * ++t->used > t->size) {
            grow(t);
            found = find(t, key, hash);
        }
        found->key = strcpy(allocate(strlen(key) + 1, 1), key);
        found->hash = hash;
    }
    found->value = value;
}

static int64_t get(table *t, const char *key)
{
    slot *found = find(t, key, hash_of(key));
    if (!found->key)
        fail("missing key");
    return found->value;
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), seed = 42, total = 0;
    table entries = {allocate(8, sizeof(slot)), 8, 0};
    char key[32];
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        snprintf(key, sizeof key, "k%" PRId64, i);
        set(&entries, key, i);
    }
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        seed = modulo(mul(seed, 16807), 2147483647);
        snprintf(key, sizeof key, "k%" PRId64, modulo(seed, n));
        total = add(total, get(&entries, key));
    }
    return answer(total);
}
