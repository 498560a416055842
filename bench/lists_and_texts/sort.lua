local n = tonumber(arg[1])

local function main()
    local numbers = {}
    local seed = 42
    for _ = 1, n do
        seed = seed * 16807 % 2147483647
        numbers[#numbers + 1] = seed
    end
    table.sort(numbers)
    local total = 0
    for i = 0, n - 1 do
        total = (total + numbers[i + 1] * i) % 2147483647
    end
    return total
end

print(string.format("%d", main()))
