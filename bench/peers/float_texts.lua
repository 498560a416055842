-- The lengths of n floats when they are written with as many digits as it takes to read them back.
local n = tonumber(arg[1])

local function shortest(x)
    for digits = 15, 16 do
        local text = string.format("%." .. digits .. "g", x)
        if tonumber(text) == x then
            return text
        end
    end
    return string.format("%.17g", x)
end

local function main()
    local total, x
    x = 0.5
    total = 0
    for i = 0, n - 1 do
        x = x * 3.9 * (1.0 - x)
        total = total + #shortest(x * 1000.0)
    end
    return total
end

print(string.format("%d", main()))
