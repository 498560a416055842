-- The shortest ways between all of n places, by rows; the sum of the lengths of all ways.
local function shorten(n)
    local random = 42
    local ways = {}
    for i = 0, n - 1 do
        local row = {}
        for j = 0, n - 1 do
            random = random * 16807 % 2147483647
            row[j] = random % 10000
        end
        ways[i] = row
    end
    for k = 0, n - 1 do
        local by = ways[k]
        for i = 0, n - 1 do
            local row = ways[i]
            local there = row[k]
            for j = 0, n - 1 do
                local way = by[j] + there
                if way < row[j] then
                    row[j] = way
                end
            end
        end
    end
    local total = 0
    for i = 0, n - 1 do
        for j = 0, n - 1 do
            total = total + ways[i][j]
        end
    end
    return total
end

print(string.format("%d", shorten(tonumber(arg[1]))))
