-- A binary search tree whose nodes are arrays of a key, a count and two nodes; the sum of the depths of n keys.
local function insert_all(n)
    local random, total, count = 42, 0, 0
    local nodes = {}
    for inserted = 1, n do
        random = random * 16807 % 2147483647
        local key, at, found = random % 100000, 0, false
        while count > 0 do
            local node = nodes[at]
            if key == node[1] then
                node[2] = node[2] + 1
                found = true
                break
            end
            total = total + 1
            local side = key < node[1] and 3 or 4
            if node[side] == -1 then
                node[side] = count
                break
            end
            at = node[side]
        end
        if not found then
            nodes[count] = {key, 1, -1, -1}
            count = count + 1
        end
    end
    return total
end

print(string.format("%d", insert_all(tonumber(arg[1]))))
