-- How many points of a grid of n times n stay near 0 for 50 iterations of z -> z * z + c.
local function mandelbrot(n)
    local stay = 0
    for row = 0, n - 1 do
        local ci = 2.0 * row / n - 1.0
        for column = 0, n - 1 do
            local cr = 2.0 * column / n - 1.5
            local zr, zi, iteration = 0.0, 0.0, 0
            while iteration < 50 do
                local rr, ii = zr * zr, zi * zi
                if rr + ii > 4.0 then
                    break
                end
                zi = zr * zi * 2.0 + ci
                zr = rr - ii + cr
                iteration = iteration + 1
            end
            if iteration == 50 then
                stay = stay + 1
            end
        end
    end
    return stay
end

print(string.format("%d", mandelbrot(tonumber(arg[1]))))
