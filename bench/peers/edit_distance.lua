-- The edit distance of two pseudo-random words of n letters, in a table that is an array of rows.
local function word(n, seed)
    local letters = {}
    for i = 0, n - 1 do
        seed = seed * 16807 % 2147483647
        letters[i] = math.floor(seed / 536870912)
    end
    return letters
end

local function distance(first, second, n)
    local rows = {}
    for i = 0, n do
        rows[i] = {}
        rows[i][0] = i
        for j = 1, n do
            local best = j
            if i > 0 then
                best = rows[i - 1][j - 1]
                if first[i - 1] ~= second[j - 1] then
                    local above, beside = rows[i - 1][j], rows[i][j - 1]
                    if above < best then
                        best = above
                    end
                    if beside < best then
                        best = beside
                    end
                    best = best + 1
                end
            end
            rows[i][j] = best
        end
    end
    return rows[n][n]
end

local n = tonumber(arg[1])
print(string.format("%d", distance(word(n, 42), word(n, 7), n)))
