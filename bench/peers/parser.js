// A recursive-descent parser: four functions that call each other read a text of about n characters, an array of their
// codes, 20 times from the beginning and compute what it says.
"use strict";

const n = Number(process.argv[2]);
let at, seed, source;

function factor() {
    let c, v;
    c = source[at];
    if (c === 40) {
        at += 1;
        v = expr();
        at += 1;
        return v;
    }
    if (c === 45) {
        at += 1;
        return (1000003 - factor()) % 1000003;
    }
    v = 0;
    while (c >= 48 && c <= 57) {
        v = v * 10 + c - 48;
        at += 1;
        c = source[at];
    }
    return v;
}

function term() {
    let c, v;
    v = factor();
    while (true) {
        c = source[at];
        if (c === 42) {
            at += 1;
            v = v * factor() % 1000003;
        } else if (c === 47) {
            at += 1;
            v = Math.trunc(v / (factor() * factor() % 7 + 8));
        } else {
            return v;
        }
    }
}

function expr() {
    let c, v;
    v = term();
    while (true) {
        c = source[at];
        if (c === 43) {
            at += 1;
            v = (v + term()) % 1000003;
        } else if (c === 45) {
            at += 1;
            v = (v + 1000003 - term()) % 1000003;
        } else {
            return v;
        }
    }
}

function gen(depth) {
    let k;
    seed = seed * 16807 % 2147483647;
    k = Math.trunc(seed / 8) % 8;
    if (depth === 0 || k === 0) {
        source[at] = 49 + Math.trunc(seed / 64) % 9;
        at += 1;
        if (k < 4) {
            source[at] = 48 + Math.trunc(seed / 64) % 10;
            at += 1;
        }
        return 0;
    }
    if (k === 1) {
        source[at] = 45;
        at += 1;
        return gen(depth - 1);
    }
    if (k < 5) {
        source[at] = 40;
        at += 1;
    }
    gen(depth - 1);
    if (k % 2 === 0) {
        source[at] = 43;
    } else if (k === 3) {
        source[at] = 45;
    } else {
        source[at] = 42;
    }
    at += 1;
    gen(depth - 1);
    if (k < 5) {
        source[at] = 41;
        at += 1;
    }
    return 0;
}

function main() {
    let total;
    source = new Array(n + 3000);
    at = 0;
    seed = 42;
    while (at < n) {
        gen(9);
        source[at] = 43;
        at += 1;
    }
    source[at] = 49;
    at += 1;
    source[at] = 0;
    total = at;
    for (let i = 0; i < 20; i++) {
        at = 0;
        total = total + expr();
    }
    return total;
}

console.log(main());
