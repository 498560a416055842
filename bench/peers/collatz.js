// Which start below n has the longest Collatz sequence.
"use strict";

function collatz(n) {
    let longest = 0, best = 0;
    for (let start = 1; start < n; start++) {
        let value = start, steps = 0;
        while (value > 1) {
            steps++;
            value = value % 2 ? value * 3 + 1 : value / 2;
        }
        if (steps > longest) {
            longest = steps;
            best = start;
        }
    }
    return best;
}

console.log(collatz(Number(process.argv[2])));
