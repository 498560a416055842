// n steps of five bodies that attract each other; the force falls with the distance.
"use strict";

const BODIES = 5;

function spread(count, factor) {
    const made = [];
    for (let i = 0; i < count; i++)
        made.push((i + 1) * (i + 1) * factor % 11 * 0.5);
    return made;
}

function simulate(n) {
    const x = spread(BODIES, 3), y = spread(BODIES, 5), z = spread(BODIES, 7);
    const vx = spread(BODIES, 0), vy = spread(BODIES, 0), vz = spread(BODIES, 0);
    const mass = spread(BODIES, 2), time = 0.001;
    for (let step = 0; step < n; step++) {
        for (let i = 0; i < BODIES; i++) {
            for (let j = i + 1; j < BODIES; j++) {
                const dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
                const force = time / (dx * dx + dy * dy + dz * dz + 0.01);
                const onI = mass[j] * force, onJ = mass[i] * force;
                vx[i] = vx[i] - dx * onI;
                vy[i] = vy[i] - dy * onI;
                vz[i] = vz[i] - dz * onI;
                vx[j] = vx[j] + dx * onJ;
                vy[j] = vy[j] + dy * onJ;
                vz[j] = vz[j] + dz * onJ;
            }
        }
        for (let i = 0; i < BODIES; i++) {
            x[i] = x[i] + vx[i] * time;
            y[i] = y[i] + vy[i] * time;
            z[i] = z[i] + vz[i] * time;
        }
    }
    let total = 0.0;
    for (let i = 0; i < BODIES; i++) {
        total += x[i];
        total += y[i];
        total += z[i];
    }
    return Math.trunc(total * 1000000.0);
}

console.log(simulate(Number(process.argv[2])));
