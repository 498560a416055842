// A queue of 1,000 events, a heap of arrays of a time and a number, from which n times the first is taken.
"use strict";

const COUNT = 1000;

function run(n) {
    let random = 42, total = 0;
    const events = [];
    for (let i = 0; i < COUNT; i++)
        events.push([i, i]);
    for (let round = 0; round < n; round++) {
        let time = events[0][0], at = 0;
        const number = events[0][1];
        total += time * number;
        random = random * 16807 % 2147483647;
        time += random % 1000 + 1;
        for (;;) {
            let child = at * 2 + 1;
            if (child >= COUNT)
                break;
            if (child + 1 < COUNT && events[child + 1][0] < events[child][0])
                child++;
            if (events[child][0] >= time)
                break;
            events[at] = events[child];
            at = child;
        }
        events[at] = [time, number];
    }
    return total;
}

console.log(run(Number(process.argv[2])));
