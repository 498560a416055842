// Quicksort of n keys in a global array, recursive for the shorter part. The result depends on their order.
"use strict";

const n = Number(process.argv[2]);
let a;

function sort(lo, hi) {
    let i, j, p, t;
    while (lo < hi) {
        p = a[Math.trunc((lo + hi) / 2)];
        i = lo;
        j = hi;
        while (i <= j) {
            while (a[i] < p) {
                i += 1;
            }
            while (a[j] > p) {
                j -= 1;
            }
            if (i <= j) {
                t = a[i];
                a[i] = a[j];
                a[j] = t;
                i += 1;
                j -= 1;
            }
        }
        if (j - lo < hi - i) {
            sort(lo, j);
            lo = i;
        } else {
            sort(i, hi);
            hi = j;
        }
    }
    return 0;
}

function main() {
    let s, seed;
    a = new Array(n);
    seed = 42;
    for (let i = 0; i < n; i++) {
        seed = seed * 16807 % 2147483647;
        a[i] = seed;
    }
    sort(0, n - 1);
    s = 0;
    for (let i = 0; i < n; i++) {
        s = (s * 31 + a[i]) % 1000000007;
    }
    return s;
}

console.log(main());
