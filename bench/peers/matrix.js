// The product of two matrices of n times n floats, each one flat array.
"use strict";

function matrix(n, factor) {
    const made = new Array(n * n).fill(0.5);
    for (let i = 0; i < made.length; i++)
        made[i] = i * factor % 11;
    return made;
}

function multiply(left, right, n) {
    const product = new Array(n * n).fill(0.5);
    for (let row = 0; row < n; row++) {
        for (let column = 0; column < n; column++) {
            let sum = 0.0, inLeft = row * n, inRight = column;
            for (let k = 0; k < n; k++) {
                sum += left[inLeft] * right[inRight];
                inLeft += 1;
                inRight += n;
            }
            product[row * n + column] = sum;
        }
    }
    return product;
}

const n = Number(process.argv[2]);
console.log(multiply(matrix(n, 3), matrix(n, 5), n).reduce((sum, element) => sum + element, 0));
