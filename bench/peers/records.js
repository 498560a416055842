// A binary search tree whose nodes are arrays of a key, a count and two nodes; the sum of the depths of n keys.
"use strict";

function insertAll(n) {
    let random = 42, total = 0;
    const nodes = [];
    for (let inserted = 0; inserted < n; inserted++) {
        random = random * 16807 % 2147483647;
        const key = random % 100000;
        let at = 0, found = false;
        while (nodes.length) {
            const node = nodes[at];
            if (key === node[0]) {
                node[1]++;
                found = true;
                break;
            }
            total++;
            const side = key < node[0] ? 2 : 3;
            if (node[side] === -1) {
                node[side] = nodes.length;
                break;
            }
            at = node[side];
        }
        if (!found)
            nodes.push([key, 1, -1, -1]);
    }
    return total;
}

console.log(insertAll(Number(process.argv[2])));
