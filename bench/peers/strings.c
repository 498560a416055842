/* n times two characters are appended to a string, which is a value: each append makes a new one. */
#include "checked.h"

typedef struct {
    size_t length;
    char bytes[];
} string;

static string *string_of(const char *bytes, size_t length)
{
    string *made = malloc(sizeof(string) + length);
    if (!made)
        fail("memory");
    made->length = length;
    memcpy(made->bytes, bytes, length);
    return made;
}

static __attribute__((noinline)) string *concatenate(const string *left, const string *right)
{
    string *made = malloc(sizeof(string) + left->length + right->length);
    if (!made)
        fail("memory");
    made->length = left->length + right->length;
    memcpy(made->bytes, left->bytes, left->length);
    memcpy(made->bytes + left->length, right->bytes, right->length);
    return made;
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv);
    string *text = string_of("", 0), *part = string_of("ab", 2);
    for (int64_t i = 0; i < n; i = add(i, 1)) {
        string *longer = concatenate(text, part);
        free(text);
        text = longer;
    }
    return answer((int64_t)text->length);
}
