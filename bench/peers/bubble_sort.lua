-- Bubble sort of n pseudo-random ints.
local function random_ints(n)
    local array, number = {}, 42
    for i = 0, n - 1 do
        number = (number * 3877 + 29573) % 139968
        array[i] = number
    end
    return array
end

local function sort(array, n)
    for last = n - 1, 1, -1 do
        for i = 0, last - 1 do
            local left, right = array[i], array[i + 1]
            if left > right then
                array[i] = right
                array[i + 1] = left
            end
        end
    end
    return array
end

local n = tonumber(arg[1])
local sorted, total = sort(random_ints(n), n), 0
for i = 0, n - 1 do
    total = total + sorted[i] * i
end
print(string.format("%d", total))
