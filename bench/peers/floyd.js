// The shortest ways between all of n places, by rows; the sum of the lengths of all ways.
"use strict";

function shorten(n) {
    let random = 42;
    const ways = [];
    for (let i = 0; i < n; i++) {
        const row = [];
        for (let j = 0; j < n; j++) {
            random = random * 16807 % 2147483647;
            row.push(random % 10000);
        }
        ways.push(row);
    }
    for (let k = 0; k < n; k++) {
        const by = ways[k];
        for (let i = 0; i < n; i++) {
            const row = ways[i], there = row[k];
            for (let j = 0; j < n; j++) {
                const way = by[j] + there;
                if (way < row[j])
                    row[j] = way;
            }
        }
    }
    let total = 0;
    for (const row of ways)
        for (const way of row)
            total += way;
    return total;
}

console.log(shorten(Number(process.argv[2])));
