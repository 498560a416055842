// n updates of a map with 1,000 keys, which are strings.
"use strict";

const KEYS = 1000;

function update(n) {
    const table = new Map(), keys = [];
    for (let i = 0; i < KEYS; i++) {
        const key = "key" + i;
        keys.push(key);
        table.set(key, 0);
    }
    let which = 0;
    for (let i = 0; i < n; i++) {
        const key = keys[which];
        table.set(key, table.get(key) + 1);
        which++;
        if (which >= KEYS)
            which = 0;
    }
    let total = 0;
    for (let i = 0; i < KEYS; i++)
        total += table.get(keys[i]) * i;
    return total;
}

console.log(update(Number(process.argv[2])));
