-- The sum of 1 to n, counted up one by one.
local n = tonumber(arg[1])
local i, total = 0, 0
while i < n do
    i = i + 1
    total = total + i
end
print(string.format("%d", total))
