-- One table of n entries whose keys are strings, and n look-ups of keys that are made anew.
local n = tonumber(arg[1])

local function main()
    local d, key, seed, total
    d = {  }
    for i = 0, n - 1 do
        key = "k" .. i
        d[key] = i
    end
    seed = 42
    total = 0
    for i = 0, n - 1 do
        seed = seed * 16807 % 2147483647
        key = "k" .. seed % n
        total = total + d[key]
    end
    return total
end

print(string.format("%d", main()))
