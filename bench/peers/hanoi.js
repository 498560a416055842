// The towers of Hanoi with n discs: a call of four ints twice in itself. The result weighs each move by its rods.
"use strict";

const n = Number(process.argv[2]);

function hanoi(n, a, b, c) {
    if (n === 0) {
        return 0;
    }
    return hanoi(n - 1, a, c, b) + a * 3 + b + hanoi(n - 1, c, b, a);
}

function main() {
    return hanoi(n, 1, 2, 3);
}

console.log(main());
