// One sudoku that is solved n times by trying: a recursive function that changes a global array.
// The result tells how often a digit was tried.
"use strict";

const n = Number(process.argv[2]);
let grid, tries;

function allowed(cell, v) {
    let c, c0, r, r0;
    r = Math.trunc(cell / 9);
    c = cell % 9;
    for (let i = 0; i < 9; i++) {
        if (grid[r * 9 + i] === v) {
            return false;
        }
        if (grid[i * 9 + c] === v) {
            return false;
        }
    }
    r0 = Math.trunc(r / 3) * 3;
    c0 = Math.trunc(c / 3) * 3;
    for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
            if (grid[(r0 + i) * 9 + c0 + j] === v) {
                return false;
            }
        }
    }
    return true;
}

function solve(cell) {
    while (cell < 81 && grid[cell] !== 0) {
        cell += 1;
    }
    if (cell === 81) {
        return true;
    }
    for (let v = 1; v < 10; v++) {
        tries += 1;
        if (allowed(cell, v)) {
            grid[cell] = v;
            if (solve(cell + 1)) {
                return true;
            }
            grid[cell] = 0;
        }
    }
    return false;
}

function main() {
    let total;
    tries = 0;
    total = 0;
    for (let k = 0; k < n; k++) {
        grid = new Array(81);
        for (let i = 0; i < 81; i++) {
            grid[i] = 0;
        }
        grid[0] = 8;
        grid[11] = 3;
        grid[12] = 6;
        grid[19] = 7;
        grid[22] = 9;
        grid[24] = 2;
        grid[28] = 5;
        grid[32] = 7;
        grid[40] = 4;
        grid[41] = 5;
        grid[42] = 7;
        grid[48] = 1;
        grid[52] = 3;
        grid[56] = 1;
        grid[61] = 6;
        grid[62] = 8;
        grid[65] = 8;
        grid[66] = 5;
        grid[70] = 1;
        grid[73] = 9;
        grid[78] = 4;
        solve(0);
        total += grid[80] * 100 + grid[1];
    }
    return tries * 1000 + total;
}

console.log(main());
