// Ackermann's function of 3 and n: calls as arguments of calls, thousands deep.
"use strict";

const n = Number(process.argv[2]);

function ack(m, n) {
    if (m === 0) {
        return n + 1;
    }
    if (n === 0) {
        return ack(m - 1, 1);
    }
    return ack(m - 1, ack(m, n - 1));
}

function main() {
    return ack(3, n);
}

console.log(main());
