// The edit distance of two pseudo-random words of n letters, in a table that is an array of rows.
"use strict";

function word(n, seed) {
    const letters = new Array(n).fill(0);
    for (let i = 0; i < n; i++) {
        seed = seed * 16807 % 2147483647;
        letters[i] = Math.floor(seed / 536870912);
    }
    return letters;
}

function distance(first, second) {
    const height = first.length + 1, width = second.length + 1;
    const table = new Array(height).fill(null);
    for (let i = 0; i < height; i++) {
        table[i] = new Array(width).fill(0);
        table[i][0] = i;
        for (let j = 1; j < width; j++) {
            let best = j;
            if (i > 0) {
                best = table[i - 1][j - 1];
                if (first[i - 1] !== second[j - 1]) {
                    const above = table[i - 1][j], beside = table[i][j - 1];
                    if (above < best)
                        best = above;
                    if (beside < best)
                        best = beside;
                    best++;
                }
            }
            table[i][j] = best;
        }
    }
    return table[height - 1][width - 1];
}

const n = Number(process.argv[2]);
console.log(distance(word(n, 42), word(n, 7)));
