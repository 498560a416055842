/* How many points of a grid of n times n stay near 0 for 50 iterations of z -> z * z + c. */
#include "checked.h"

int main(int argc, char **argv)
{
    int64_t n = size_from(argc, argv), stay = 0;
    for (int64_t row = 0; row < n; row = add(row, 1)) {
        double ci = 2.0 * (double)row / (double)n - 1.0;
        for (int64_t column = 0; column < n; column = add(column, 1)) {
            double cr = 2.0 * (double)column / (double)n - 1.5, zr = 0.0, zi = 0.0;
            int64_t iteration = 0;
            for (; iteration < 50; iteration = add(iteration, 1)) {
                double rr = zr * zr, ii = zi * zi;
                if (rr + ii > 4.0)
                    break;
                zi = zr * zi * 2.0 + ci;
                zr = rr - ii + cr;
            }
            if (iteration == 50)
                stay = add(stay, 1);
        }
    }
    return answer(stay);
}
