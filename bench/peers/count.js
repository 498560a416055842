// The sum of 1 to n, counted up one by one.
"use strict";

function count(n) {
    let i = 0, total = 0;
    while (i < n) {
        i += 1;
        total += i;
    }
    return total;
}

console.log(count(Number(process.argv[2])));
