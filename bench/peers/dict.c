/* n updates of a hash table with 1,000 keys, which are strings. */
#include "checked.h"

enum { KEYS = 1000, SLOTS = 2048 };

typedef struct {
    size_t length;
    char bytes[16];
} string;

typedef struct {
    const string *key; /* NULL in a free slot */
    uint64_t hash;
    int64_t value;
} slot;

ARRAY(strings, string *)

static uint64_t hash_of(const string *key)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < key->length; i++)
        hash = (hash ^ (uint8_t)key->bytes[i]) * 1099511628211u;
    return hash;
}

/* The slot that holds the key, or the free one where it belongs. */
static __attribute__((noinline)) slot *find(slot *table, const string *key)
{
    uint64_t hash = hash_of(key);
    for (uint64_t index = hash;; index++) {
        slot *found = &table[index % SLOTS];
        if (!found->key) {
            found->hash = hash;
            return found;
        }
        if (found->hash == hash && found->key->length == key->length
            && !memcmp(found->key->bytes, key->bytes, key->length))
            return found;
    }
}

static int64_t get(slot *table, const string *key)
{
    slot *found = find(table, key);
    if (!found->key)
        fail("missing key");
    return found->value;
}

static void set(slot *table, const string *key, int64_t value)
{
    slot *found = find(table, key);
    found->key = key;
    found->value = value;
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), total = 0;
    slot *table = allocate(SLOTS, sizeof(slot));
    strings keys = strings_new(KEYS);
    for (int64_t i = 0; i < KEYS; i = add(i, 1)) {
        string *key = allocate(1, sizeof(string));
        key->length = (size_t)snprintf(key->bytes, sizeof key->bytes, "key%" PRId64, i);
        strings_set(keys, i, key);
        set(table, key, 0);
    }
    int64_t which = 0;
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        const string *key = strings_get(keys, which);
        set(table, key, add(get(table, key), 1));
        which = add(which, 1);
        if (which >= KEYS)
            which = 0;
    }
    for (int64_t i = 0; i < KEYS; i = add(i, 1))
        total = add(total, mul(get(table, strings_get(keys, i)), i));
    return answer(total);
}
