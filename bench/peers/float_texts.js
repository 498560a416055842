// The lengths of n floats when they are written with as many digits as it takes to read them back.
"use strict";

const n = Number(process.argv[2]);

function main() {
    let total, x;
    x = 0.5;
    total = 0;
    for (let i = 0; i < n; i++) {
        x = x * 3.9 * (1.0 - x);
        total += String(x * 1000.0).length;
    }
    return total;
}

console.log(main());
