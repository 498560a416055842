// A binary search tree in three global arrays; the result is the sum of the depths at which n keys arrive.
"use strict";

const n = Number(process.argv[2]);
const key = new Array(n).fill(0), left = new Array(n).fill(0), right = new Array(n).fill(0);

function insert(value, node) {
    key[node] = value;
    left[node] = -1;
    right[node] = -1;
    let depth = 0, at = 0;
    if (node === 0)
        return depth;
    for (;;) {
        const side = value < key[at] ? left : right;
        const next = side[at];
        depth++;
        if (next === -1) {
            side[at] = node;
            return depth;
        }
        at = next;
    }
}

let value = 42, total = 0;
for (let node = 0; node < n; node++) {
    value = value * 16807 % 2147483647;
    total += insert(value, node);
}
console.log(total);
