// How many points of a grid of n times n stay near 0 for 50 iterations of z -> z * z + c.
"use strict";

function mandelbrot(n) {
    let stay = 0;
    for (let row = 0; row < n; row++) {
        const ci = 2.0 * row / n - 1.0;
        for (let column = 0; column < n; column++) {
            const cr = 2.0 * column / n - 1.5;
            let zr = 0.0, zi = 0.0, iteration = 0;
            for (; iteration < 50; iteration++) {
                const rr = zr * zr, ii = zi * zi;
                if (rr + ii > 4.0)
                    break;
                zi = zr * zi * 2.0 + ci;
                zr = rr - ii + cr;
            }
            if (iteration === 50)
                stay++;
        }
    }
    return stay;
}

console.log(mandelbrot(Number(process.argv[2])));
