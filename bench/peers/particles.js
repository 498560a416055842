// n steps of 200 particles in a box, each a record; the sum of the places, in thousandths.
"use strict";

const COUNT = 200;

function simulate(n) {
    let random = 42;
    const particles = [];
    for (let i = 0; i < COUNT; i++) {
        const record = [];
        for (let j = 0; j < 4; j++) {
            random = random * 16807 % 2147483647;
            record.push(random / 2147483647.0);
        }
        particles.push(record);
    }
    for (let step = 0; step < n; step++)
        for (let i = 0; i < COUNT; i++) {
            const record = particles[i];
            let x = record[0], speed = record[2];
            x += speed * 0.001;
            if (x < 0.0 || x > 1.0)
                record[2] = 0.0 - speed;
            record[0] = x;
            let y = record[1];
            speed = record[3];
            y += speed * 0.001;
            if (y < 0.0 || y > 1.0)
                record[3] = 0.0 - speed;
            record[1] = y;
        }
    let total = 0.0;
    for (const record of particles) {
        total += record[0];
        total += record[1];
    }
    return Math.trunc(total * 1000);
}

console.log(simulate(Number(process.argv[2])));
