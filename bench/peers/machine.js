// A state machine that reads a text n times over and counts its words, numbers and comments.
"use strict";

const LENGTH = 10000;

function makeText(length) {
    const alphabet = [..."abc 01() d"], made = [];
    let number = 42;
    for (let i = 0; i < length; i++) {
        number = (number * 3877 + 29573) % 139968;
        made.push(alphabet[Math.floor(number / 13997)]);
    }
    return made;
}

function scan(text) {
    let state = 0, words = 0, numbers = 0, comments = 0; // the state: 0 between, 1 word, 2 number, 3 comment
    for (let i = 0; i < text.length; i++) {
        const character = text[i];
        if (state === 3) {
            if (character === ")")
                state = 0;
        } else if (character === " " || character === ")") {
            state = 0;
        } else if (character === "(") {
            comments++;
            state = 3;
        } else if (character === "0" || character === "1") {
            if (state === 0) {
                numbers++;
                state = 2;
            }
        } else if (state !== 1) {
            words++;
            state = 1;
        }
    }
    return (words * 1000 + numbers) * 1000 + comments;
}

const text = makeText(LENGTH);
let total = 0;
for (let i = 0; i < Number(process.argv[2]); i++)
    total += scan(text);
console.log(total);
