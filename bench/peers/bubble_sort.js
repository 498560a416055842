// Bubble sort of n pseudo-random ints.
"use strict";

function randomInts(n) {
    const array = new Array(n).fill(0);
    let number = 42;
    for (let i = 0; i < n; i++) {
        number = (number * 3877 + 29573) % 139968;
        array[i] = number;
    }
    return array;
}

function sort(array) {
    for (let last = array.length - 1; last > 0; last--) {
        for (let i = 0; i < last; i++) {
            const left = array[i], right = array[i + 1];
            if (left > right) {
                array[i] = right;
                array[i + 1] = left;
            }
        }
    }
    return array;
}

const sorted = sort(randomInts(Number(process.argv[2])));
let total = 0;
for (let i = 0; i < sorted.length; i++)
    total += sorted[i] * i;
console.log(total);
