// An array of n ints is handed to a function and back n times, and the function stores one element.
"use strict";

function store(array, index) {
    array[index] = index + index;
    return array;
}

function main(n) {
    let array = new Array(n).fill(0), total = 0;
    for (let i = 0; i < n; i++)
        array = store(array, i);
    for (let i = 0; i < n; i++)
        total += array[i];
    return total;
}

console.log(main(Number(process.argv[2])));
