// A binary heap of n keys: an array that two functions get, change and give back. The result depends on the order in
// which the keys come out.
"use strict";

const n = Number(process.argv[2]);

function push(h, size, x) {
    let i, p;
    i = size;
    while (i > 0) {
        p = Math.trunc((i - 1) / 2);
        if (h[p] <= x) {
            break;
        }
        h[i] = h[p];
        i = p;
    }
    h[i] = x;
    return h;
}

function pop(h, size) {
    let c, i, last, x;
    last = size - 1;
    x = h[last];
    i = 0;
    while (true) {
        c = 2 * i + 1;
        if (c >= last) {
            break;
        }
        if (c + 1 < last && h[c + 1] < h[c]) {
            c += 1;
        }
        if (x <= h[c]) {
            break;
        }
        h[i] = h[c];
        i = c;
    }
    h[i] = x;
    return h;
}

function main() {
    let h, seed, total;
    h = new Array(n);
    seed = 42;
    for (let i = 0; i < n; i++) {
        seed = seed * 16807 % 2147483647;
        h = push(h, i, seed);
    }
    total = 0;
    for (let i = 0; i < n; i++) {
        total = (total * 31 + h[0]) % 1000000007;
        h = pop(h, n - i);
    }
    return total;
}

console.log(main());
