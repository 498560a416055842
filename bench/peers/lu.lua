-- The LU decomposition, with row pivots, of a matrix of n rows; the sum of the diagonal, in thousandths.
local function decompose(n)
    local random = 42
    local m = {}
    for i = 0, n - 1 do
        local row = {}
        for j = 0, n - 1 do
            random = random * 16807 % 2147483647
            row[j] = (random % 2001 - 1000) / 100.0
        end
        m[i] = row
    end
    for k = 0, n - 1 do
        local pivot, best = k, -1.0
        for i = k, n - 1 do
            local x = math.abs(m[i][k])
            if best < x then
                pivot, best = i, x
            end
        end
        m[k], m[pivot] = m[pivot], m[k]
        for i = k + 1, n - 1 do
            local top, row = m[k], m[i]
            local factor = row[k] / top[k]
            for j = k, n - 1 do
                row[j] = row[j] - top[j] * factor
            end
        end
    end
    local total = 0.0
    for i = 0, n - 1 do
        total = total + math.abs(m[i][i])
    end
    return math.floor(total * 1000)
end

print(string.format("%d", decompose(tonumber(arg[1]))))
