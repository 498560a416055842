-- Takeuchi's function of n, 2 n / 3 and n / 3.
local function tak(x, y, z)
    if y >= x then
        return z
    end
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))
end

local n = tonumber(arg[1])
local third = math.floor(n / 3)
print(string.format("%d", tak(n, third * 2, third)))
