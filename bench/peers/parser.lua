-- A recursive-descent parser: four functions that call each other read a text of about n characters, an array of their
-- codes, 20 times from the beginning and compute what it says.
local n = tonumber(arg[1])
local at, seed, source, factor, term, expr, gen, main

local function divide(a, b)
    local quotient = a / b
    return quotient < 0 and math.ceil(quotient) or math.floor(quotient)
end

function factor()
    local c, v
    c = source[at]
    if c == 40 then
        at = at + 1
        v = expr()
        at = at + 1
        return v
    end
    if c == 45 then
        at = at + 1
        return (1000003 - factor()) % 1000003
    end
    v = 0
    while c >= 48 and c <= 57 do
        v = v * 10 + c - 48
        at = at + 1
        c = source[at]
    end
    return v
end

function term()
    local c, v
    v = factor()
    while true do
        c = source[at]
        if c == 42 then
            at = at + 1
            v = v * factor() % 1000003
        elseif c == 47 then
            at = at + 1
            v = divide(v, factor() * factor() % 7 + 8)
        else
            return v
        end
    end
end

function expr()
    local c, v
    v = term()
    while true do
        c = source[at]
        if c == 43 then
            at = at + 1
            v = (v + term()) % 1000003
        elseif c == 45 then
            at = at + 1
            v = (v + 1000003 - term()) % 1000003
        else
            return v
        end
    end
end

function gen(depth)
    local k
    seed = seed * 16807 % 2147483647
    k = divide(seed, 8) % 8
    if depth == 0 or k == 0 then
        source[at] = 49 + divide(seed, 64) % 9
        at = at + 1
        if k < 4 then
            source[at] = 48 + divide(seed, 64) % 10
            at = at + 1
        end
        return 0
    end
    if k == 1 then
        source[at] = 45
        at = at + 1
        return gen(depth - 1)
    end
    if k < 5 then
        source[at] = 40
        at = at + 1
    end
    gen(depth - 1)
    if k % 2 == 0 then
        source[at] = 43
    elseif k == 3 then
        source[at] = 45
    else
        source[at] = 42
    end
    at = at + 1
    gen(depth - 1)
    if k < 5 then
        source[at] = 41
        at = at + 1
    end
    return 0
end

function main()
    local total
    source = {}
    at = 0
    seed = 42
    while at < n do
        gen(9)
        source[at] = 43
        at = at + 1
    end
    source[at] = 49
    at = at + 1
    source[at] = 0
    total = at
    for i = 0, 19 do
        at = 0
        total = total + expr()
    end
    return total
end

print(string.format("%d", main()))
