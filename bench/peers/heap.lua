-- A binary heap of n keys: an array that two functions get, change and give back. The result depends on the order in
-- which the keys come out.
local n = tonumber(arg[1])
local push, pop, main

local function divide(a, b)
    return (a - a % b) / b
end

function push(h, size, x)
    local i, p
    i = size
    while i > 0 do
        p = divide(i - 1, 2)
        if h[p] <= x then
            break
        end
        h[i] = h[p]
        i = p
    end
    h[i] = x
    return h
end

function pop(h, size)
    local c, i, last, x
    last = size - 1
    x = h[last]
    i = 0
    while true do
        c = 2 * i + 1
        if c >= last then
            break
        end
        if c + 1 < last and h[c + 1] < h[c] then
            c = c + 1
        end
        if x <= h[c] then
            break
        end
        h[i] = h[c]
        i = c
    end
    h[i] = x
    return h
end

function main()
    local h, seed, total
    h = {}
    seed = 42
    for i = 0, n - 1 do
        seed = seed * 16807 % 2147483647
        h = push(h, i, seed)
    end
    total = 0
    for i = 0, n - 1 do
        total = (total * 31 + h[0]) % 1000000007
        h = pop(h, n - i)
    end
    return total
end

print(string.format("%d", main()))
