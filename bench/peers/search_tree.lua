-- A binary search tree in three global arrays; the result is the sum of the depths at which n keys arrive.
local n = tonumber(arg[1])
key, left, right = {}, {}, {}

local function insert(value, node)
    key[node] = value
    left[node] = -1
    right[node] = -1
    local depth, at = 0, 0
    if node == 0 then
        return depth
    end
    while true do
        local side = right
        if value < key[at] then
            side = left
        end
        local next = side[at]
        depth = depth + 1
        if next == -1 then
            side[at] = node
            return depth
        end
        at = next
    end
end

local value, total = 42, 0
for node = 0, n - 1 do
    value = value * 16807 % 2147483647
    total = total + insert(value, node)
end
print(string.format("%d", total))
