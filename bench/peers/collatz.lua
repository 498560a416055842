-- Which start below n has the longest Collatz sequence.
local function collatz(n)
    local longest, best = 0, 0
    for start = 1, n - 1 do
        local value, steps = start, 0
        while value > 1 do
            steps = steps + 1
            if value % 2 ~= 0 then
                value = value * 3 + 1
            else
                value = value / 2
            end
        end
        if steps > longest then
            longest, best = steps, start
        end
    end
    return best
end

print(string.format("%d", collatz(tonumber(arg[1]))))
