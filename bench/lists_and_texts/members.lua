local n = tonumber(arg[1])

local function main()
    local members = {}
    for i = 0, 999 do
        members[i * 3] = true
    end
    local total = 0
    for i = 0, n - 1 do
        local number = i % 3001
        if members[number] then
            total = total + number
        end
    end
    return total
end

print(string.format("%d", main()))
