/* A state machine that reads a text n times over and counts its words, numbers and comments. */
#include "checked.h"

enum { LENGTH = 10000 };

ARRAY(text, char)

static text make_text(int64_t length)
{
    text made = text_new(length), alphabet = {10, "abc 01() d"};
    int64_t number = 42;
    for (int64_t i = 0; i < length; i = add(i, 1)) {
        number = modulo(add(mul(number, 3877), 29573), 139968);
        text_set(made, i, text_get(alphabet, divide(number, 13997)));
    }
    return made;
}

static __attribute__((noipa)) int64_t scan(text characters)
{
    int64_t state = 0, words = 0, numbers = 0, comments = 0; /* 0 between, 1 word, 2 number, 3 comment */
    for (int64_t i = 0; i < characters.length; i = add(i, 1)) {
        char character = text_get(characters, i);
        if (state == 3) {
            if (character == ')')
                state = 0;
        } else if (character == ' ' || character == ')') {
            state = 0;
        } else if (character == '(') {
            comments = add(comments, 1);
            state = 3;
        } else if (character == '0' || character == '1') {
            if (!state) {
                numbers = add(numbers, 1);
                state = 2;
            }
        } else if (state != 1) {
            words = add(words, 1);
            state = 1;
        }
    }
    return add(mul(add(mul(words, 1000), numbers), 1000), comments);
}

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), total = 0;
    text characters = make_text(LENGTH);
    for (int64_t i = 0; i < n; i = add(i, 1))
        total = add(total, scan(characters));
    return answer(total);
}
