-- A table of n ints is handed to a function and back n times, and the function stores one element.
local function store(array, index)
    array[index] = index + index
    return array
end

local n, array, total = tonumber(arg[1]), {}, 0
for i = 0, n - 1 do
    array[i] = 0
end
for i = 0, n - 1 do
    array = store(array, i)
end
for i = 0, n - 1 do
    total = total + array[i]
end
print(string.format("%d", total))
