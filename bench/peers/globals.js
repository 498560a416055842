// A loop of n iterations whose variables are all global.
"use strict";

globalThis.i = 0;
globalThis.sum = 0;
const n = Number(process.argv[2]);
do {
    globalThis.sum += globalThis.i % 7;
    globalThis.i++;
} while (globalThis.i < n);
console.log(globalThis.sum);
