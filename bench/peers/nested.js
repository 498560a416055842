// n updates of single elements of a matrix of 100 times 100 ints, an array of arrays.
"use strict";

const SIDE = 100;

function update(n) {
    const matrix = [];
    for (let i = 0; i < SIDE; i++)
        matrix.push(new Array(SIDE).fill(0));
    for (let iteration = 0; iteration < n; iteration++) {
        const i = iteration * 7 % SIDE, j = Math.floor(iteration * 13 / SIDE) % SIDE;
        const row = matrix[i];
        row[j] = row[j] + 1;
        matrix[i] = row;
    }
    let total = 0;
    for (let i = 0; i < SIDE; i++)
        for (let j = 0; j < SIDE; j++)
            total += matrix[i][j] * j;
    return total;
}

console.log(update(Number(process.argv[2])));
