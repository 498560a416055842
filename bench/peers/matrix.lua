-- The product of two matrices of n times n floats, each one flat table.
local function matrix(n, factor)
    local made = {}
    for i = 0, n * n - 1 do
        made[i] = i * factor % 11
    end
    return made
end

local function multiply(left, right, n)
    local product = {}
    for row = 0, n - 1 do
        for column = 0, n - 1 do
            local sum, in_left, in_right = 0.0, row * n, column
            for _ = 1, n do
                sum = sum + left[in_left] * right[in_right]
                in_left = in_left + 1
                in_right = in_right + n
            end
            product[row * n + column] = sum
        end
    end
    return product
end

local n = tonumber(arg[1])
local product, total = multiply(matrix(n, 3), matrix(n, 5), n), 0.0
for i = 0, n * n - 1 do
    total = total + product[i]
end
print(string.format("%d", total))
