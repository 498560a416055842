// Binary trees up to a depth of n, built, counted and dropped again; a node is an array of two.
"use strict";

function build(depth) {
    const node = [null, null];
    if (depth) {
        node[0] = build(depth - 1);
        node[1] = build(depth - 1);
    }
    return node;
}

function count(node) {
    return node[0] === null ? 1 : count(node[0]) + count(node[1]) + 1;
}

const n = Number(process.argv[2]);
const lasting = build(n);
let total = 0;
for (let depth = 4; depth <= n; depth += 2)
    for (let i = 0; i < 2 ** (n - depth + 4); i++)
        total += count(build(depth));
console.log(total + count(lasting));
