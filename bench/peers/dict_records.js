// n steps of eight bodies on a line that pull at their neighbours; the sum of the places, in millionths.
"use strict";

const COUNT = 8;

function simulate(n) {
    const bodies = [];
    for (let i = 0; i < COUNT; i++)
        bodies.push({place: i * i, speed: 0.0, mass: i + 1});
    for (let step = 0; step < n; step++)
        for (let i = 0; i < COUNT; i++) {
            const one = bodies[i], other = bodies[(i + 1) % COUNT];
            one.speed = one.speed * 0.5 + (other.place - one.place) * other.mass * 0.001;
            one.place += one.speed * 0.001;
        }
    let total = 0.0;
    for (const body of bodies)
        total += body.place;
    return Math.trunc(total * 1000000);
}

console.log(simulate(Number(process.argv[2])));
