// n times two characters are appended to a string.
"use strict";

function append(n) {
    let text = "";
    for (let i = 0; i < n; i++)
        text = text + "ab";
    return text.length;
}

console.log(append(Number(process.argv[2])));
