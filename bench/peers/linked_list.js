// A linked list of 1,000 cells, n times built, reversed and added up.
"use strict";

function run(n) {
    let total = 0;
    for (let round = 0; round < n; round++) {
        let list = null, reversed = null;
        for (let i = 0; i < 1000; i++)
            list = [i + round, list];
        for (; list; list = list[1])
            reversed = [list[0], reversed];
        for (let i = 0; reversed; i++, reversed = reversed[1])
            total += reversed[0] * i;
    }
    return total;
}

console.log(run(Number(process.argv[2])));
