-- A loop of n iterations whose variables are all global.
i, sum = 0, 0
local n = tonumber(arg[1])
repeat
    sum = sum + i % 7
    i = i + 1
until i >= n
print(string.format("%d", sum))
