// One table of n entries whose keys are strings, and n look-ups of keys that are made anew.
"use strict";

const n = Number(process.argv[2]);

function main() {
    let d, key, seed, total;
    d = new Map();
    for (let i = 0; i < n; i++) {
        key = "k" + i;
        d.set(key, i);
    }
    seed = 42;
    total = 0;
    for (let i = 0; i < n; i++) {
        seed = seed * 16807 % 2147483647;
        key = "k" + seed % n;
        total += d.get(key);
    }
    return total;
}

console.log(main());
