"""How many points of a grid of n times n stay near 0 for 50 iterations of z -> z * z + c."""

import sys


def mandelbrot(n: int) -> int:
    stay = 0
    row = 0
    while row < n:
        ci = 2.0 * row / n - 1.0
        column = 0
        while column < n:
            cr = 2.0 * column / n - 1.5
            zr = zi = 0.0
            iteration = 0
            while iteration < 50:
                rr = zr * zr
                ii = zi * zi
                if rr + ii > 4.0:
                    break
                zi = zr * zi * 2.0 + ci
                zr = rr - ii + cr
                iteration += 1
            else:
                stay += 1
            column += 1
        row += 1
    return stay


print(mandelbrot(int(sys.argv[1])))
