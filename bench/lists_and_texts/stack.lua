local n = tonumber(arg[1])

local function main()
    local numbers = {}
    for i = 0, n - 1 do
        numbers[#numbers + 1] = i
    end
    local total = 0
    while #numbers > 0 do
        total = total + numbers[#numbers]
        numbers[#numbers] = nil
    end
    return total
end

print(string.format("%d", main()))
