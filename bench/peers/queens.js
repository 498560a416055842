// The ways to place n queens on a board: a recursive function that changes three arrays which are its arguments.
"use strict";

const n = Number(process.argv[2]);

function place(row, n, cols, up, down) {
    let count;
    if (row === n) {
        return 1;
    }
    count = 0;
    for (let c = 0; c < n; c++) {
        if (cols[c] === 0 && up[row + c] === 0 && down[row - c + n] === 0) {
            cols[c] = 1;
            up[row + c] = 1;
            down[row - c + n] = 1;
            count += place(row + 1, n, cols, up, down);
            cols[c] = 0;
            up[row + c] = 0;
            down[row - c + n] = 0;
        }
    }
    return count;
}

function zeros(n) {
    let a;
    a = new Array(n);
    for (let i = 0; i < n; i++) {
        a[i] = 0;
    }
    return a;
}

function main() {
    return place(0, n, zeros(n), zeros(2 * n), zeros(2 * n + 1));
}

console.log(main());
