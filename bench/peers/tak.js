// Takeuchi's function of n, 2 n / 3 and n / 3.
"use strict";

function tak(x, y, z) {
    if (y >= x)
        return z;
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

const n = Number(process.argv[2]), third = Math.trunc(n / 3);
console.log(tak(n, third * 2, third));
