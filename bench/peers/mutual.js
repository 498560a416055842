// Two functions that call each other: Hofstadter's female and male sequences.
"use strict";

function female(n) {
    return n ? n - male(female(n - 1)) : 1;
}

function male(n) {
    return n ? n - female(male(n - 1)) : 0;
}

let total = 0;
for (let i = 0; i < Number(process.argv[2]); i++)
    total += female(i);
console.log(total);
