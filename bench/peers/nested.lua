-- n updates of single elements of a matrix of 100 times 100 ints, a table of tables.
local SIDE = 100

local function update(n)
    local matrix = {}
    for i = 0, SIDE - 1 do
        local row = {}
        for j = 0, SIDE - 1 do
            row[j] = 0
        end
        matrix[i] = row
    end
    for iteration = 0, n - 1 do
        local i, j = iteration * 7 % SIDE, math.floor(iteration * 13 / SIDE) % SIDE
        local row = matrix[i]
        row[j] = row[j] + 1
        matrix[i] = row
    end
    local total = 0
    for i = 0, SIDE - 1 do
        for j = 0, SIDE - 1 do
            total = total + matrix[i][j] * j
        end
    end
    return total
end

print(string.format("%d", update(tonumber(arg[1]))))
