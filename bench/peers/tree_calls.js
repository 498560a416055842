// A binary search tree in three global arrays, into which n keys are inserted by a recursive function.
// The result is its depth and how many keys there are.
"use strict";

const n = Number(process.argv[2]);
let count, key, left, right;

function insert(at, k) {
    if (at === -1) {
        key[count] = k;
        left[count] = -1;
        right[count] = -1;
        count += 1;
        return count - 1;
    }
    if (k < key[at]) {
        left[at] = insert(left[at], k);
    } else if (k > key[at]) {
        right[at] = insert(right[at], k);
    }
    return at;
}

function depth(at) {
    let l, r;
    if (at === -1) {
        return 0;
    }
    l = depth(left[at]);
    r = depth(right[at]);
    if (l > r) {
        return l + 1;
    }
    return r + 1;
}

function main() {
    let root, seed;
    key = new Array(n);
    left = new Array(n);
    right = new Array(n);
    count = 0;
    root = -1;
    seed = 42;
    for (let i = 0; i < n; i++) {
        seed = seed * 16807 % 2147483647;
        root = insert(root, seed);
    }
    return depth(root) * 1000000 + count;
}

console.log(main());
