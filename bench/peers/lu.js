// The LU decomposition, with row pivots, of a matrix of n rows; the sum of the diagonal, in thousandths.
"use strict";

function decompose(n) {
    let random = 42;
    const m = [];
    for (let i = 0; i < n; i++) {
        const row = [];
        for (let j = 0; j < n; j++) {
            random = random * 16807 % 2147483647;
            row.push((random % 2001 - 1000) / 100.0);
        }
        m.push(row);
    }
    for (let k = 0; k < n; k++) {
        let pivot = k, best = -1.0;
        for (let i = k; i < n; i++) {
            const x = Math.abs(m[i][k]);
            if (best < x) {
                pivot = i;
                best = x;
            }
        }
        const swapped = m[k];
        m[k] = m[pivot];
        m[pivot] = swapped;
        for (let i = k + 1; i < n; i++) {
            const top = m[k], row = m[i];
            const factor = row[k] / top[k];
            for (let j = k; j < n; j++)
                row[j] -= top[j] * factor;
        }
    }
    let total = 0.0;
    for (let i = 0; i < n; i++)
        total += Math.abs(m[i][i]);
    return Math.trunc(total * 1000);
}

console.log(decompose(Number(process.argv[2])));
