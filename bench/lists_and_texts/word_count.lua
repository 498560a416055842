local n = tonumber(arg[1])

local function main()
    local words = {}
    for i = 0, n - 1 do
        words[#words + 1] = "w" .. i * 7919 % 1000
    end
    local text = table.concat(words, " ")
    local counts = {}
    for word in text:gmatch("[^ ]+") do
        if counts[word] then
            counts[word] = counts[word] + 1
        else
            counts[word] = 1
        end
    end
    local total = 0
    for _, count in pairs(counts) do
        total = total + count * count
    end
    return total
end

print(string.format("%d", main()))
