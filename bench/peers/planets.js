// n steps of five bodies that pull at each other, each a record of seven floats; two of them are changed at a time.
// The result is a sum of their places, in millionths.
"use strict";

const n = Number(process.argv[2]);

function main() {
    let a, am, b, bm, bodies, count, d2, dx, dy, dz, e, f, mag;
    bodies = new Array(5);
    for (let i = 0; i < 5; i++) {
        f = i;
        bodies[i] = { x: f * 2.5 - 3.0, y: 1.0 + f * f, z: 0.5 * f, vx: 0.1 * f, vy: 0.2 - 0.1 * f, vz: 0.01 * f, mass: 1.0 + 3.0 * f };
    }
    for (let step = 0; step < n; step++) {
        for (let i = 0; i < 5; i++) {
            for (let j = i + 1; j < 5; j++) {
                a = bodies[i];
                b = bodies[j];
                dx = a.x - b.x;
                dy = a.y - b.y;
                dz = a.z - b.z;
                d2 = dx * dx + dy * dy + dz * dz + 0.01;
                mag = 0.0001 / (d2 * d2);
                bm = b.mass * mag;
                am = a.mass * mag;
                a.vx = a.vx - dx * bm;
                a.vy = a.vy - dy * bm;
                a.vz = a.vz - dz * bm;
                b.vx = b.vx + dx * am;
                b.vy = b.vy + dy * am;
                b.vz = b.vz + dz * am;
                bodies[i] = a;
                bodies[j] = b;
            }
        }
        for (let i = 0; i < 5; i++) {
            b = bodies[i];
            b.x = b.x + 0.0001 * b.vx;
            b.y = b.y + 0.0001 * b.vy;
            b.z = b.z + 0.0001 * b.vz;
            bodies[i] = b;
        }
    }
    e = 0.0;
    for (let i = 0; i < 5; i++) {
        b = bodies[i];
        e = e + b.x + b.y * b.z;
    }
    e = e * 1000000.0;
    count = 0;
    while (e >= 1000000.0) {
        e = e - 1000000.0;
        count += 1000000;
    }
    while (e >= 1.0) {
        e = e - 1.0;
        count += 1;
    }
    return count;
}

console.log(main());
