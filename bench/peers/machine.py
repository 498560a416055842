"""A state machine that reads a text n times over and counts its words, numbers and comments."""

from __future__ import annotations

import sys

LENGTH = 10000


def make_text(length: int) -> list[str]:
    alphabet = list("abc 01() d")
    number = 42
    made = []
    for _ in range(length):
        number = (number * 3877 + 29573) % 139968
        made.append(alphabet[number // 13997])
    return made


def scan(text: list[str]) -> int:
    # the state: 0 between, 1 in a word, 2 in a number, 3 in a comment
    state = words = numbers = comments = 0
    i = 0
    while i < len(text):
        character = text[i]
        if state == 3:
            if character == ")":
                state = 0
        elif character == " " or character == ")":
            state = 0
        elif character == "(":
            comments += 1
            state = 3
        elif character == "0" or character == "1":
            if not state:
                numbers += 1
                state = 2
        elif state != 1:
            words += 1
            state = 1
        i += 1
    return (words * 1000 + numbers) * 1000 + comments


def main(n: int) -> int:
    text = make_text(LENGTH)
    total = 0
    for _ in range(n):
        total += scan(text)
    return total


print(main(int(sys.argv[1])))
